/**
 * Whether a text holds anything for detectors, told by its bytes as the compiled reader of JSON tells it (json/wasm/strings.ts): with
 * the shapes of matches, so that ordinary Chinese and most numbers need no string. Only rules out; what it does not is for the cursor.
 */
import type { ByteRule, FieldCursor } from '../../gateway/contracts.ts'
import { address, type Views } from './json/fast/layout.ts'
import { loadModule } from './json/fast/memory.ts'
import { Plans } from './json/fast/plans.ts'

/** Texts are looked at where they stand among others: so much is copied at once. Longer ones are for the cursor. */
const window = 1 << 15
/** Zeros before the window and behind it, as loops look a little over both ends. */
const margin = 128
const pageBits = 16
const quotationMark = 0x22
const backslash = 0x5c
/** The number under which the compiled reader has what makes a text worth reading at a `read` place. */
const unnamed = 0

type Exports = {
  readonly memory: WebAssembly.Memory
  use(slot: number, scalar: number, depth: number, lines: number): void
  mayTextMatter(rule: number, from: number, to: number): number
}

/** One for all bodies: it keeps of them what it was last asked about. */
class Screen {
  readonly #exports: Exports
  /** Taken out of what the module exports, where it would be looked up by its name each time. */
  readonly #mayMatter: Exports['mayTextMatter']
  readonly #memory: Views
  readonly #plans: Plans
  readonly #at = address.output + margin
  #plan: object | null = null
  /** What the window is a copy of. */
  #bytes: Buffer | null = null
  #from = 0
  #to = 0

  constructor() {
    const host = new Proxy({}, { get: () => unasked })
    this.#exports = new WebAssembly.Instance(loadModule(), { host }).exports as Exports
    this.#mayMatter = this.#exports.mayTextMatter
    const { memory } = this.#exports
    memory.grow((address.end - memory.buffer.byteLength) >> pageBits)
    this.#memory = { bytes: Buffer.from(memory.buffer), words: new Int32Array(memory.buffer) }
    this.#plans = new Plans(this.#memory)
  }

  /** As below. */
  mayMatter({ plan, prefilter }: FieldCursor, rule: ByteRule | null, bytes: Buffer, from: number, to: number): boolean {
    // A string of JSON is one once more only where its quotation marks are escaped, as the compiled reader sees them.
    if (bytes[from] === quotationMark) return true
    if (plan !== this.#plan) this.#use(plan, prefilter)
    const number = rule === null ? unnamed : this.#plans.ruleNumber(rule)
    if (rule !== null && number === 0) return true
    if (bytes !== this.#bytes || from < this.#from || to > this.#to) {
      if (to - from > window) return true
      this.#copy(bytes, from)
    }
    const at = this.#at - this.#from
    return this.#mayMatter(number, at + from, at + to) !== 0
  }

  /** As `mayTextMatter`, of a text of which all is put to where the window is. */
  mayTextMatter({ plan, prefilter }: FieldCursor, rule: ByteRule | null, text: string): boolean {
    this.#bytes = null
    const to = encode(text, this.#memory.bytes, this.#at)
    if (to < 0) return true
    if (plan !== this.#plan) this.#use(plan, prefilter)
    const number = rule === null ? unnamed : this.#plans.ruleNumber(rule)
    return (rule !== null && number === 0) || this.#mayMatter(number, this.#at, to) !== 0
  }

  #use(plan: object, prefilter: FieldCursor['prefilter']): void {
    this.#plan = plan
    this.#exports.use(this.#plans.use(plan, prefilter), 0, 0, 0)
  }

  #copy(bytes: Buffer, from: number): void {
    this.#bytes = bytes
    this.#from = from
    this.#to = Math.min(from + window, bytes.length)
    bytes.copy(this.#memory.bytes, this.#at, from, this.#to)
  }
}

function unasked(): never {
  throw new Error('nothing is asked of a host here')
}

/** To make automata of shapes takes a fifth of a second, which so many texts do not take: a command that masks one body goes without. */
const fewTexts = 1024

let screen: Screen | null | undefined
let asked = 0

/**
 * Whether a text could hold anything: wrong only by saying yes. With a rule, whether its guard stands in the way (`ByteRule`); without one, as
 * `mayMatch` says it, structured text included. `from` to `to` is not empty, UTF-8 without control characters and
 * backslashes, and the bytes must not change while this Buffer is asked about.
 */
export function mayMatter(
  fields: FieldCursor,
  rule: ByteRule | null,
  bytes: Buffer,
  from: number,
  to: number,
): boolean {
  if (screen === undefined && ++asked > fewTexts) screen = screenIfAble()
  if (screen != null) return screen.mayMatter(fields, rule, bytes, from, to)
  return rule !== null || opensStructure(bytes[from]!) || fields.mayMatch(bytes, from, to)
}

/** Longer strings are for the cursor. */
const longestString = 4096
const scratch = new Uint8Array(longestString * 3)

/** The same of a string that is not empty; of one that holds control characters or backslashes it is said that it could. */
export function mayTextMatter(fields: FieldCursor, rule: ByteRule | null, text: string): boolean {
  if (text.length > longestString || text.charCodeAt(0) === quotationMark) return true
  if (screen === undefined && ++asked > fewTexts) screen = screenIfAble()
  if (screen != null) return screen.mayTextMatter(fields, rule, text)
  if (rule !== null) return true
  const to = encode(text, scratch, 0)
  return to < 0 || opensStructure(scratch[0]!) || fields.mayMatch(scratch, 0, to)
}

/** Puts a text as UTF-8 to a place in bytes, and says where it ends; -1: it holds what stands in no string of JSON as it is. */
function encode(text: string, bytes: Uint8Array, from: number): number {
  let to = from
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) {
      if (unit < 0x20 || unit === backslash) return -1
      bytes[to++] = unit
    } else if (unit < 0x800) {
      bytes[to++] = 0xc0 | (unit >> 6)
      bytes[to++] = 0x80 | (unit & 0x3f)
    } else {
      // Characters of two units are few.
      if (unit >= 0xd800 && unit <= 0xdfff) return -1
      bytes[to++] = 0xe0 | (unit >> 12)
      bytes[to++] = 0x80 | ((unit >> 6) & 0x3f)
      bytes[to++] = 0x80 | (unit & 0x3f)
    }
  }
  return to
}

/** Whether structured text can begin with a byte, or with white space that does. */
function opensStructure(byte: number): boolean {
  return byte === 0x5b || byte === 0x7b || byte === 0x3c || byte === quotationMark || byte >= 0x80 || byte <= 0x20
}

function screenIfAble(): Screen | null {
  try {
    return new Screen()
  } catch {
    return null
  }
}
