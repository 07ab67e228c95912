/**
 * The memory of the compiled reader (../wasm/layout.ts says where things are, and must agree). One memory serves all
 * readers of a process in turn: a reader runs only inside `write` and `end`, which nothing interrupts. So a thousand slow
 * bodies cost what each has to keep, and no more.
 */
import { readFileSync } from 'node:fs'
import type {
  ByteRule,
  FieldCursor,
  MaskedValue,
  Prefilter,
  Room,
  SettledPeople,
  Triggers,
} from '../../../../gateway/contracts.ts'
import { Automata } from './automata.ts'
import { HeldTexts } from './held-texts.ts'
import type { FastReader } from './reader.ts'
import { groupOf, groupsOf, mayTrigger, numberKinds, type ShapeGroup } from './shapes.ts'

/** Indices of 32-bit words; the names are those of layout.ts. */
export const word = {
  expect: 0x100,
  depth: 0x101,
  read: 0x102,
  sought: 0x103,
  length: 0x104,
  done: 0x105,
  badEscape: 0x10a,
  place: 0x10b,
  member: 0x10c,
  comma: 0x10d,
  nameFrom: 0x10e,
  nameTo: 0x10f,
  skip: 0x111,
  newline: 0x112,
  nesting: 0x113,
  firstRow: 0x114,
  moreRows: 0x115,
  rowTyped: 0x116,
  documentTyped: 0x117,
  held: 0x119,
  pinned: 0x11a,
  rowMet: 0x11b,
  written: 0x130,
  untouched: 0x131,
  from: 0x132,
  keepName: 0x133,
  nameOutcome: 0x134,
  ordinal: 0x135,
  met: 0x136,
  settled: 0x137,
  known: 0x138,
  spoken: 0x139,
  settles: 0x13a,
  nameRoles: 0x13c,
  stack: 0x200,
  counts: 0x1200,
} as const

export const address = {
  state: 0x400,
  stateEnd: 0x470,
  stack: 0x800,
  /** The labels of objects, so many bytes a level. */
  labels: 0x4c00,
  labelsOfLevel: 128,
  replacement: 0x8000,
  newName: 0xc000,
  /** Bytes of either. */
  textSize: 0x4000,
  output: 0x10000,
  /** The log of people, the values known, and the people settled. */
  met: 0x40000,
  held: 0x44000,
  pinned: 0x46000,
  known: 0xa40000,
  spoken: 0xac0000,
  settled: 0xb40000,
  end: 0xba0000,
} as const
const automata = 0x80000
const slots = 0x6a0000
const slotSize = 0x24000
const slotCount = 24
const ruleSize = 64
const shapesIn = 0x4000
const mostShapes = 32
const needsIn = 0x4200
const mostDigits = 0x7fffffff
const numbersIn = 0x22000
const momentsIn = 0x23800
/** Behind a slot's rules begin its names and places, which are cleared; entries are only found through the first, and the hash. */
const rulesSize = 0x5000
const clearedSize = 0xa060
const maxRules = 255
/** Bytes of `SettledPeople` for each of them, and how many the output has room for. */
const bytesOfPerson = 24
const mostWritten = 8192
/** In how many bytes a value known has: that it is its own normalisation. A negative number: one of them is not ASCII. */
const normal = 0x40000000
export const lengthBits = 0xffff
export const ruleBits = 0xff
export const maxDepth = 1023

/** Zeros before the window and behind it: loops look a little over both ends. */
const margin = 128
const page = 1 << 16
const firstCapacity = 1 << 18

type Exports = {
  readonly memory: WebAssembly.Memory
  setWindow(input: number, quotes: number): void
  copyWindow(): void
  use(slot: number, scalar: number, depth: number, lines: number): void
  forgetPeople(): void
  logPeople(): void
  restoreValues(count: number, end: number): void
  writeSettled(first: number, count: number, begin: number): void
  push(more: number, last: number): number
}

/** What is remembered of one plan. */
type Slot = { plan: object | null; used: number; rules: ByteRule[]; readonly shapes: ShapeGroup[] }

/** What is known of the people of a body while another is read. */
export type SavedPeople = {
  /** By which their values go. */
  readonly rules: readonly ByteRule[]
  readonly known: Int32Array
  readonly spoken: Buffer
  readonly settled: Int32Array
  /** The row under way: values, and their bytes. */
  readonly held: Int32Array
  readonly pinned: Buffer
  readonly hold: HeldTexts | null
  readonly people: (object | null)[]
  readonly masked: MaskedValue[]
}

export class Memory {
  readonly #exports: Exports
  bytes: Buffer = Buffer.alloc(0)
  words: Int32Array = new Int32Array(0)
  input = 0
  quotes = 0
  #capacity = 0
  readonly #slots: Slot[] = Array.from({ length: slotCount }, () => ({ plan: null, used: 0, rules: [], shapes: [] }))
  #slot: Slot = this.#slots[0]!
  #clock = 0
  readonly #automata = new Automata(automata, slots)
  /** What the cursor made of the values that say who a person is, by their numbers. */
  people: (object | null)[] = []
  /** The same of what it made of values that it masks. */
  masked: MaskedValue[] = []
  /** Where values stand of which no string was made. */
  #held: HeldTexts | null = null
  /** The bytes of values known from some on, each as a character. */
  #spoken = ''
  #spokenFrom = 0
  /** Whose state is in memory. */
  owner: FastReader | null = null
  /** Whether a reader is at work: another, inside one of its values, must be of the other kind. */
  busy = false

  constructor(module: WebAssembly.Module, host: WebAssembly.ModuleImports) {
    this.#exports = new WebAssembly.Instance(module, { host }).exports as Exports
    this.#widen(firstCapacity)
  }

  /** Makes room for a window of so many bytes; what is in it, and its bitmap, move along. */
  reserve(bytes: number): void {
    if (bytes + margin > this.#capacity) this.#widen(2 ** Math.ceil(Math.log2(bytes + margin)))
  }

  #widen(capacity: number): void {
    const { memory } = this.#exports
    const from = Math.max(memory.buffer.byteLength, address.end)
    const input = Math.ceil((from + capacity / 8 + 2 * margin) / 64) * 64
    memory.grow(Math.ceil((input + capacity + margin - memory.buffer.byteLength) / page))
    this.bytes = Buffer.from(memory.buffer)
    this.words = new Int32Array(memory.buffer)
    if (this.#capacity > 0) {
      this.bytes.copyWithin(from, this.quotes, this.quotes + this.#capacity / 8)
      this.bytes.copyWithin(input, this.input, this.input + this.#capacity)
    }
    this.quotes = from
    this.input = input
    this.#capacity = capacity
    this.#exports.setWindow(input, from)
  }

  /** Makes ready for the next bytes of a body under these fields, of whose people nothing is known. */
  use(fields: FieldCursor, lines: boolean): void {
    const { plan, limits, prefilter } = fields
    const slot = this.#slotOf(plan, prefilter)
    this.#slot = slot
    this.#exports.use(this.#slots.indexOf(slot), limits.scalar, limits.depth, lines ? 1 : 0)
    this.forgetPeople()
  }

  /** To be called when the log of people is empty: the values on it go by other numbers from now on. */
  forgetPeople(): void {
    this.dropPeople()
    this.#exports.forgetPeople()
  }

  dropPeople(): void {
    this.#held?.keep()
    this.#held = null
    this.people = []
    this.masked = []
    this.#spoken = ''
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
    const at = slots + this.#slots.indexOf(slot) * slotSize
    this.bytes.fill(0, at + rulesSize, at + clearedSize)
    this.bytes.fill(0, at + numbersIn, at + slotSize)
    this.words.set([0, 0, 0, 0, mostDigits, 0], (at + needsIn) >> 2)
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
    const at = slots + this.#slots.indexOf(this.#slot) * slotSize + number * ruleSize
    const ends = typeof action === 'string' ? { head: 0, tail: 0, cover: '*', until: null } : action
    const cover = Buffer.alloc(4)
    const coverBytes = cover.write(ends.cover, 'utf8')
    const until = Buffer.alloc(4)
    until.write(head?.last ?? ends.until ?? '', 'utf8')
    const code = typeof action === 'string' ? actions[action] : actions.cover
    const wanted = this.#wanted(guard?.shaped ?? [])
    // Without its automaton a shape cannot be looked for, so that what triggers it is enough.
    const others = guard === null || wanted === 0 ? guard : guard.shapeless
    this.words.set(
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
    return expression === undefined ? 0 : (this.#automata.of([expression], this.bytes)?.at ?? 0)
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
    const automaton = this.#automata.of(
      group.members.map(({ shape }) => shape!),
      this.bytes,
    )
    if (automaton === null || shapes.length === mostShapes) return false
    const at = slots + this.#slots.indexOf(this.#slot) * slotSize
    this.words.set([automaton.at, group.digits, group.needs], (at + shapesIn + shapes.length * 16) >> 2)
    for (let kind = 0; kind < numberKinds; kind++) {
      if (automaton.numbers[kind] === 1) this.words[((at + numbersIn) >> 2) + kind]! |= 1 << shapes.length
    }
    for (const [kind, may] of automaton.moments.entries()) {
      if (may === 1 && mayTrigger(group, kind)) this.words[((at + momentsIn) >> 2) + kind]! |= 1 << shapes.length
    }
    const needs = (at + needsIn) >> 2
    const bit = 1 << shapes.length
    for (const [word, need] of [1, 2, 16, 8].entries()) if ((group.needs & need) !== 0) this.words[needs + word]! |= bit
    if ((group.needs & 32) !== 0) this.words[needs + 5]! |= bit
    if ((group.needs & 8) !== 0) this.words[needs + 4] = Math.min(this.words[needs + 4]!, group.digits)
    shapes.push(group)
    return true
  }

  /** The rule by which a value known is one, and its text. */
  ruleOf(value: number): ByteRule {
    return this.#slot.rules[(this.words[(address.known >> 2) + value * 4]! & ruleBits) - 1]!
  }

  textOf(value: number): string {
    const at = (address.known >> 2) + value * 4
    const from = this.words[at + 2]!
    return this.bytes.toString('utf8', from, from + (this.words[at + 3]! & lengthBits))
  }

  /** Whom a value known stands for, as the cursor says. */
  someone(value: number, fields: FieldCursor): object {
    return (this.people[value] ??= this.#someone(value, fields))
  }

  #someone(value: number, fields: FieldCursor): object {
    const at = (address.known >> 2) + value * 4
    const length = this.words[at + 3]!
    if (length < 0 || (length & normal) === 0) return fields.person(this.ruleOf(value), this.#personOf(value))
    const from = this.words[at + 2]! - address.spoken
    return fields.personIn(this.ruleOf(value), this.#hold, from, length & lengthBits)
  }

  get #hold(): HeldTexts {
    return (this.#held ??= new HeldTexts(this))
  }

  /** Numbers of values known, from 1, three for each person settled; 0: there is none. */
  get settledNumbers(): Int32Array {
    const from = address.settled >> 2
    return this.words.subarray(from, from + this.words[word.settled]! * 3)
  }

  /** To be called when the log of people is empty. */
  savePeople(): SavedPeople {
    const { bytes, words } = this
    const saved = {
      rules: this.#slot.rules,
      known: words.slice(address.known >> 2, (address.known >> 2) + words[word.known]! * 4),
      spoken: Buffer.copyBytesFrom(bytes, address.spoken, words[word.spoken]! - address.spoken),
      settled: this.settledNumbers.slice(),
      held: words.slice(address.held >> 2, (address.held >> 2) + words[word.held]! * 4),
      pinned: Buffer.copyBytesFrom(bytes, address.pinned, words[word.pinned]),
      hold: this.#held,
      people: this.people,
      masked: this.masked,
    }
    this.dropPeople()
    return saved
  }

  /** After `use`; false where the rules by which these people's values go are no longer known. */
  restorePeople(saved: SavedPeople): boolean {
    const { rules, known, spoken, settled, held, pinned, hold, people, masked } = saved
    if (rules !== this.#slot.rules) return false
    const { bytes, words } = this
    words.set(known, address.known >> 2)
    words.set(settled, address.settled >> 2)
    words.set(held, address.held >> 2)
    bytes.set(spoken, address.spoken)
    bytes.set(pinned, address.pinned)
    words[word.settled] = settled.length / 3
    this.#exports.restoreValues(known.length >> 2, address.spoken + spoken.length)
    hold?.return(this)
    this.#held = hold
    this.people = people
    this.masked = masked
    return true
  }

  /** Whom the reader has settled, and the values known to it. The output must have been taken. */
  settledPeople(): SettledPeople {
    const { words } = this
    const count = words[word.settled]!
    const begin = count * bytesOfPerson
    const values = words[word.spoken]! - address.spoken
    const bytes = Buffer.allocUnsafe(begin + values)
    for (let first = 0; first < count; first += mostWritten) {
      const many = Math.min(mostWritten, count - first)
      this.#exports.writeSettled(first, many, begin)
      this.bytes.copy(bytes, first * bytesOfPerson, address.output, address.output + many * bytesOfPerson)
    }
    this.bytes.copy(bytes, begin, address.spoken, address.spoken + values)
    return { count, bytes, rules: this.#slot.rules }
  }

  /** The same where many are asked for one after another: those of ASCII are made of one text. */
  #personOf(value: number): string {
    const at = (address.known >> 2) + value * 4
    const length = this.words[at + 3]!
    if (length < 0) return this.textOf(value)
    const from = this.words[at + 2]!
    if (from < this.#spokenFrom || from + length > this.#spokenFrom + this.#spoken.length) {
      this.#spokenFrom = from
      this.#spoken = this.bytes.toString('latin1', from, this.words[word.spoken]!)
    }
    return this.#spoken.slice(from - this.#spokenFrom, from - this.#spokenFrom + length)
  }

  /** Tells a cursor how often each byte rule was carried out. */
  takeCounts(fields: FieldCursor): void {
    const { rules } = this.#slot
    for (let number = 1; number <= rules.length; number++) {
      const times = this.words[word.counts + number]!
      if (times === 0) continue
      fields.carriedOut(rules[number - 1]!, times)
      this.words[word.counts + number] = 0
    }
  }

  /** A copy of some bytes. Short ones come from Node's pool, which spares each an allocation of its own. */
  copy(from: number, length: number, room: Room | undefined): Buffer {
    const copy = room === undefined ? Buffer.allocUnsafe(length) : room.room(length)
    this.bytes.copy(copy, 0, from, from + length)
    return copy
  }

  /** What of the row under way is on the list gets on the log, if rows are not settled. */
  logPeople(): void {
    this.#exports.logPeople()
  }

  copyWindow(): void {
    this.#exports.copyWindow()
  }

  push(more: number, last: boolean): number {
    return this.#exports.push(more, last ? 1 : 0)
  }
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

/** The compiled reader. Throws where it cannot run: it is not there, the machine has no vector instructions. */
export function loadModule(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL('../wasm/json.wasm', import.meta.url)))
}
