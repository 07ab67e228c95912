/**
 * The memory of the compiled reader (../wasm/layout.ts says where things are, and must agree). One memory serves all
 * readers of a process in turn: a reader runs only inside `write` and `end`, which nothing interrupts. So a thousand slow
 * bodies cost what each has to keep, and no more.
 */
import { readFileSync } from 'node:fs'
import type { ByteRule, FieldCursor, Prefilter } from '../../../../gateway/contracts.ts'
import type { FastReader } from './reader.ts'

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
  written: 0x130,
  untouched: 0x131,
  from: 0x132,
  keepName: 0x133,
  nameOutcome: 0x134,
  ordinal: 0x135,
  stack: 0x200,
  counts: 0x1200,
} as const

export const address = {
  state: 0x400,
  stateEnd: 0x460,
  stack: 0x800,
  replacement: 0x8000,
  newName: 0xc000,
  /** Bytes of either. */
  textSize: 0x4000,
  output: 0x10000,
} as const
const slots = 0x40000
const slotSize = 0x20000
const slotCount = 24
/** A slot's names and places begin behind its rules, and are cleared; names are only read through their entries. */
const rulesSize = 0x2000
const clearedSize = 0xf000
const maxRules = 255
export const maxDepth = 1023

/** Zeros before the window and behind it: loops look a little over both ends. */
const margin = 128
const page = 1 << 16
const firstCapacity = 1 << 18

type Exports = {
  readonly memory: WebAssembly.Memory
  setWindow(input: number, quotes: number): void
  copyWindow(): void
  use(slot: number, scalar: number, depth: number, lines: number, digits: number, seeks: number): void
  push(more: number, last: number): number
}

/** What is remembered of one plan. */
type Slot = { plan: object | null; used: number; readonly rules: ByteRule[] }

export class Memory {
  readonly #exports: Exports
  bytes: Buffer = Buffer.alloc(0)
  words: Int32Array = new Int32Array(0)
  input = 0
  quotes = 0
  #capacity = 0
  readonly #slots: Slot[] = Array.from({ length: slotCount }, () => ({ plan: null, used: 0, rules: [] }))
  #slot: Slot = this.#slots[0]!
  #clock = 0
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
    const from = Math.max(memory.buffer.byteLength, slots + slotCount * slotSize)
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

  /** Makes ready for the next bytes of a body under these fields. */
  use(fields: FieldCursor, lines: boolean): void {
    const { plan, limits, prefilter } = fields
    const slot = this.#slotOf(plan)
    this.#slot = slot
    const digits = Number.isFinite(prefilter.digits) ? prefilter.digits : -1
    const seeks = seeksOf(prefilter)
    this.#exports.use(this.#slots.indexOf(slot), limits.scalar, limits.depth, lines ? 1 : 0, digits, seeks)
  }

  #slotOf(plan: object): Slot {
    this.#clock++
    let oldest = this.#slots[0]!
    for (const slot of this.#slots) {
      if (slot.plan === plan) {
        slot.used = this.#clock
        return slot
      }
      if (slot.used < oldest.used) oldest = slot
    }
    oldest.plan = plan
    oldest.used = this.#clock
    oldest.rules.length = 0
    const at = slots + this.#slots.indexOf(oldest) * slotSize
    this.bytes.fill(0, at + rulesSize, at + clearedSize)
    return oldest
  }

  /** The number of a byte rule in the plan at hand, from 1; 0 where there are too many, or none can be written. */
  ruleNumber(rule: ByteRule): number {
    const { rules } = this.#slot
    const known = rules.indexOf(rule)
    if (known >= 0) return known + 1
    if (rules.length === maxRules || !isWritable(rule)) return 0
    const number = rules.push(rule)
    this.#writeRule((slots + this.#slots.indexOf(this.#slot) * slotSize + number * 32) >> 2, rule)
    return number
  }

  /** A rule as ../wasm/strings.ts reads it. */
  #writeRule(at: number, { action, guard }: ByteRule): void {
    const ends = typeof action === 'string' ? { head: 0, tail: 0, cover: '*', until: null } : action
    const cover = Buffer.alloc(4)
    const coverBytes = cover.write(ends.cover, 'utf8')
    const digits = guard !== null && Number.isFinite(guard.digits) ? guard.digits : -1
    const flags = guard === null ? 0 : seeksOf(guard) | 4
    const until = ends.until === null ? 0 : ends.until.charCodeAt(0)
    const code = action === 'keep' ? 1 : action === 'redact' ? 2 : 3
    this.words.set([code, ends.head, ends.tail, until, cover.readInt32LE(), coverBytes, digits, flags], at)
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

  copyWindow(): void {
    this.#exports.copyWindow()
  }

  push(more: number, last: boolean): number {
    return this.#exports.push(more, last ? 1 : 0)
  }
}

/** What is sought, as ../wasm/window.ts reads it. */
function seeksOf({ at, wide, joined, code }: Prefilter): number {
  return (at ? 1 : 0) | (wide ? 2 : 0) | (joined ? 8 : 0) | (code ? 16 : 0)
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
