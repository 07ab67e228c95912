/** What the compiled reader (../wasm/rules.ts, ../wasm/shapes.ts) knows of plans: their byte rules, and the shapes to look for. */
import type { ByteRule, Prefilter, Triggers } from '../../../../gateway/contracts.ts'
import { Automata } from './automata.ts'
import { automata, slots, type Views } from './layout.ts'
import { groupOf, groupsOf, mayTrigger, numberKinds, type ShapeGroup } from './shapes.ts'

const ruleSize = 64
const maxRules = 255
const mostShapes = 32
const mostDigits = 0x7fffffff

/** What is remembered of one plan. */
type Slot = {
  readonly number: number
  plan: object | null
  used: number
  rules: ByteRule[]
  readonly shapes: ShapeGroup[]
}

/** A slot is written when the first body under its plan comes; the one that was not used for longest makes room. */
export class Plans {
  readonly #memory: Views
  readonly #slots: readonly Slot[]
  #slot: Slot
  #clock = 0
  readonly #automata = new Automata(automata, slots.at)

  constructor(memory: Views) {
    this.#memory = memory
    this.#slots = Array.from({ length: slots.count }, (_, number) => ({
      number,
      plan: null,
      used: 0,
      rules: [],
      shapes: [],
    }))
    this.#slot = this.#slots[0]!
  }

  /** The byte rules of the plan at hand: that of number 1, and so on. */
  get rules(): readonly ByteRule[] {
    return this.#slot.rules
  }

  /** Takes a plan at hand; returns the number of its slot. */
  use(plan: object, prefilter: Prefilter): number {
    this.#slot = this.#slotOf(plan, prefilter)
    return this.#slot.number
  }

  #slotOf(plan: object, prefilter: Prefilter): Slot {
    this.#clock++
    let oldest = this.#slots[0]!
    for (const slot of this.#slots) {
      if (slot.plan === plan) {
        slot.used = this.#clock
        return slot
      }
      if (slot.used < oldest.used) oldest = slot
    }
    if (this.#automata.isCrowded) this.#forgetPlans()
    this.#prepare(oldest, plan, prefilter)
    if (!this.#automata.isCrowded) return oldest
    this.#forgetPlans()
    this.#prepare(oldest, plan, prefilter)
    return oldest
  }

  #prepare(slot: Slot, plan: object, prefilter: Prefilter): void {
    slot.plan = plan
    slot.used = this.#clock
    slot.rules = []
    const at = addressOf(slot)
    const { bytes, words } = this.#memory
    bytes.fill(0, at + slots.rules, at + slots.cleared)
    bytes.fill(0, at + slots.numbers, at + slots.size)
    words.set([0, 0, 0, 0, mostDigits, 0], (at + slots.needs) >> 2)
    slot.shapes.length = 0
    this.#slot = slot
    for (const group of groupsOf(prefilter.shaped)) this.#writeShape(group)
    this.#writeRule(0, { action: 'keep', guard: prefilter, person: null })
  }

  /** Where there is no room for all automata, what is known of plans is written anew when their next body comes. */
  #forgetPlans(): void {
    for (const slot of this.#slots) slot.plan = null
    this.#automata.clear()
  }

  /** The number of a byte rule in the plan at hand, from 1; 0 where there are too many, or none can be written. */
  ruleNumber(rule: ByteRule): number {
    const { rules } = this.#slot
    const known = rules.indexOf(rule)
    if (known >= 0) return known + 1
    if (rules.length === maxRules || !isWritable(rule)) return 0
    const number = rules.push(rule)
    this.#writeRule(number, rule)
    return number
  }

  /** A rule as ../wasm/rules.ts reads it. */
  #writeRule(number: number, { action, guard, person, normal, head }: ByteRule): void {
    const at = addressOf(this.#slot) + number * ruleSize
    const ends = typeof action === 'string' ? { head: 0, tail: 0, cover: '*', until: null } : action
    const cover = Buffer.alloc(4)
    const coverBytes = cover.write(ends.cover, 'utf8')
    const until = Buffer.alloc(4)
    until.write(head?.last ?? ends.until ?? '', 'utf8')
    const code = typeof action === 'string' ? actions[action] : actions.cover
    const wanted = this.#wanted(guard?.shaped ?? [])
    // Without its automaton a shape cannot be looked for, so that what triggers it is enough.
    const others = guard === null || wanted === 0 ? guard : guard.shapeless
    this.#memory.words.set(
      [
        ...[
          code,
          ends.head,
          ends.tail,
          until.readInt32LE(),
          cover.readInt32LE(),
          coverBytes,
          digitsOf(guard),
          seeksOf(guard),
        ],
        ...[person ?? 0, wanted, digitsOf(others), seeksOf(others)],
        ...[this.#addressOf(normal), this.#addressOf(head?.match)],
        ...[wideBytesOf(guard), wanted === 0 ? 0 : this.#fewOf(guard!, wanted)],
      ],
      at >> 2,
    )
  }

  /** Bits of the shapes that could be found in a few characters of Han; 0 where what has no shape could be as well. */
  #fewOf({ shapeless }: Prefilter, wanted: number): number {
    if (shapeless?.wide) return 0
    const able = this.#slot.shapes.map(({ digits, needs }, at) =>
      digits === 0 && (needs & ~(2 | 32)) === 0 ? 1 << at : 0,
    )
    return wanted & able.reduce((bits, bit) => bits | bit, 0)
  }

  /** Of the automaton of an expression; 0 where there is none, or no room for it. */
  #addressOf(expression: RegExp | undefined): number {
    return expression === undefined ? 0 : (this.#automata.of([expression], this.#memory.bytes)?.at ?? 0)
  }

  /** Bits of the automata of the slot that look for all of these; 0 where there are none, or no room for all. */
  #wanted(shaped: readonly Triggers[]): number {
    const { shapes } = this.#slot
    const left = new Set(shaped)
    let bits = 0
    for (const [index, { members }] of shapes.entries()) {
      if (!members.every(one => shaped.includes(one)) || !members.some(one => left.has(one))) continue
      for (const one of members) left.delete(one)
      bits |= 1 << index
    }
    for (const one of left) {
      if (!this.#writeShape(groupOf([one]))) return 0
      bits |= 1 << (shapes.length - 1)
    }
    return bits
  }

  /** Adds to the list of the slot's shapes, as ../wasm/shapes.ts reads it; false where there is no room. */
  #writeShape(group: ShapeGroup): boolean {
    const { shapes } = this.#slot
    const { bytes, words } = this.#memory
    const automaton = this.#automata.of(
      group.members.map(({ shape }) => shape!),
      bytes,
    )
    if (automaton === null || shapes.length === mostShapes) return false
    const at = addressOf(this.#slot)
    words.set([automaton.at, group.digits, group.needs], (at + slots.shapes + shapes.length * 16) >> 2)
    for (let kind = 0; kind < numberKinds; kind++) {
      if (automaton.numbers[kind] === 1) words[((at + slots.numbers) >> 2) + kind]! |= 1 << shapes.length
    }
    for (const [kind, may] of automaton.moments.entries()) {
      if (may === 1 && mayTrigger(group, kind)) words[((at + slots.moments) >> 2) + kind]! |= 1 << shapes.length
    }
    const needs = (at + slots.needs) >> 2
    const bit = 1 << shapes.length
    for (const [word, need] of [1, 2, 16, 8].entries()) if ((group.needs & need) !== 0) words[needs + word]! |= bit
    if ((group.needs & 32) !== 0) words[needs + 5]! |= bit
    if ((group.needs & 8) !== 0) words[needs + 4] = Math.min(words[needs + 4]!, group.digits)
    shapes.push(group)
    return true
  }
}

function addressOf({ number }: Slot): number {
  return slots.at + number * slots.size
}

const actions = { keep: 1, redact: 2, cover: 3, remove: 4, mask: 5 } as const

/** What is sought, as ../wasm/rules.ts reads it: -1 digits where none read them. */
function digitsOf(prefilter: Prefilter | null): number {
  return prefilter !== null && Number.isFinite(prefilter.digits) ? prefilter.digits : -1
}

function seeksOf(prefilter: Prefilter | null): number {
  if (prefilter === null) return 0
  const { at, wide, joined, code } = prefilter
  return (at ? 1 : 0) | (wide ? 2 : 0) | 4 | (joined ? 8 : 0) | (code ? 16 : 0)
}

/**
 * The fewest bytes outside ASCII with which a detector that reads such could find something: of two a character at the least. -1: none
 * does; 0: any text is enough.
 */
function wideBytesOf(prefilter: Prefilter | null): number {
  if (prefilter === null || prefilter.digits === 0) return 0
  if (!prefilter.wide) return -1
  if (prefilter.shapeless?.wide) return 0
  const reading = prefilter.shaped.filter(
    ({ code, wide, digits, at }) => !code && (wide !== undefined || (digits ?? at) === undefined),
  )
  return 2 * Math.min(...reading.map(({ wide = 0 }) => wide))
}

/** Only covers that stand in a JSON string as they are, and an end that is one ASCII character. */
function isWritable({ action }: ByteRule): boolean {
  if (typeof action === 'string') return true
  const { cover, until } = action
  const plainCover = /^[^\u0000-\u001f"\\\ud800-\udfff]$/.test(cover) || /^[\ud800-\udbff][\udc00-\udfff]$/.test(cover)
  return plainCover && (until === null || /^[\u0020-\u007e]$/.test(until))
}
