/**
 * Personal information in text: which spans of a string the detectors claim, and whether a string is worth reading at
 * all. All detectors of a policy are run over a text together; where two claim the same characters, the stronger wins.
 */
import type { Detector, Prefilter, Span, Triggers } from '../contracts.ts'
import type { DetectorRule } from '../policy/plan.ts'
import { census, holdsCode } from './census.ts'
import { placesOf, plainReading } from './plain-reading.ts'
import { Triggered } from './triggered.ts'

/** A span and the type of what stands there. */
export type Found = Span & { readonly type: number }

const none: readonly Found[] = []
const nobody = new Int32Array(0)

export class Detection {
  readonly #rules: readonly DetectorRule[]
  /** Who is able to find something in a text as it is written, and as it reads. */
  readonly #written: Triggered
  readonly #read: Triggered
  /** What `mayMatch` looks for. */
  readonly prefilter: Prefilter

  /** Rules come strongest first. */
  constructor(rules: readonly DetectorRule[]) {
    this.#rules = rules
    const triggers = rules.map(({ detector }) => detector.triggers)
    this.#written = new Triggered(triggers)
    this.#read = new Triggered(triggers)
    this.prefilter = prefilterOf(triggers)
  }

  /** The fewest digits with which any digit detector can match; Infinity where there is none. */
  get digitsNeeded(): number {
    return this.prefilter.digits
  }

  /** The same without the detectors of one type. */
  without(type: number): Detection {
    return new Detection(this.#rules.filter(rule => rule.type !== type))
  }

  /** Whether `mayMatch` says of every text in which this detector finds something that it is worth reading. */
  looksFor(one: Detector | null): boolean {
    return one !== null && !needsNothing(one.triggers) && this.#rules.some(({ detector }) => detector === one)
  }

  get idle(): boolean {
    return this.#rules.length === 0
  }

  /**
   * Disjoint spans in order, of the text as it is written and as it reads. The latter only where a detector reads more than ASCII,
   * as those of names and addresses do: else nobody looks at such text. Linear as the detectors are.
   */
  find(text: string): readonly Found[] {
    const has = census(text)
    const reading = has.isOdd && this.prefilter.wide ? plainReading(text) : null
    const able = this.#written.by(text, has)
    const ableToRead = reading === null ? nobody : this.#read.by(reading.text, census(reading.text))
    let found = none
    for (let word = 0; word < able.length; word++) {
      const [bits, others] = [able[word]!, ableToRead[word] ?? 0]
      for (let left = bits | others; left !== 0; left &= left - 1) {
        const bit = 31 - Math.clz32(left & -left)
        const { type, detector } = this.#rules[word * 32 + bit]!
        const spans = (bits >>> bit) & 1 ? detector.find(text) : none
        if (spans.length > 0) found = merge(found, spans, type)
        const spansRead = (others >>> bit) & 1 ? detector.find(reading!.text) : none
        if (spansRead.length > 0) found = merge(found, placesOf(reading!, spansRead), type)
      }
    }
    return found
  }

  /** Whether text in these UTF-8 bytes could hold anything: wrong only by saying yes. */
  mayMatch(bytes: Uint8Array, from: number, to: number): boolean {
    const { digits: needed, at, wide, code } = this.prefilter
    let digits = 0
    for (let i = from; i < to; i++) {
      const byte = bytes[i]!
      if (byte >= 0x30 && byte <= 0x39) {
        if (++digits >= needed) return true
      } else if (byte >= 0x80) {
        // EF leads the full-width digits and the full-width commercial at.
        if (wide || (byte === 0xef && ++digits >= needed)) return true
        if (byte === 0xef && at) return true
      } else if (byte === 0x40 && at) return true
    }
    return code && holdsCode(to - from, index => bytes[from + index]!)
  }
}

/**
 * Adds spans to those of stronger types. Where they overlap the stronger keeps its part, and what is left of the weaker is
 * still the weaker's: of `13800138000@139.com` the number is a number, and the rest of the address an address. Both
 * lists are ordered and disjoint, so one walk over both is enough.
 */
function merge(held: readonly Found[], spans: readonly Span[], type: number): readonly Found[] {
  const merged: Found[] = []
  let next = 0
  for (const { start, end } of spans) {
    let from = start
    while (next < held.length && held[next]!.start < end) {
      const other = held[next++]!
      if (from < other.start) merged.push({ start: from, end: other.start, type })
      merged.push(other)
      from = Math.max(from, other.end)
    }
    if (from < end) merged.push({ start: from, end, type })
  }
  while (next < held.length) merged.push(held[next++]!)
  return merged
}

/** What these detectors look for together. */
function prefilterOf(triggers: readonly Triggers[]): Prefilter {
  // Of all that one detector needs the rarest is looked for.
  const coded = triggers.filter(({ code }) => code === true)
  const wide = triggers.filter(one => one.code !== true && (one.wide !== undefined || needsNothing(one)))
  const counted = triggers.filter(one => one.code !== true && one.wide === undefined && one.digits !== undefined)
  const shaped = triggers.filter(({ shape }) => shape !== undefined)
  const shapeless = triggers.filter(({ shape }) => shape === undefined)
  return {
    digits: Math.min(Number.POSITIVE_INFINITY, ...counted.map(({ digits }) => digits!)),
    joined: counted.every(({ joined }) => joined === true),
    at: triggers.some(({ at, digits, wide, code }) => at !== undefined && !digits && !wide && !code),
    wide: wide.length > 0,
    code: coded.length > 0,
    shaped,
    shapeless: shaped.length === 0 || shapeless.length === 0 ? null : prefilterOf(shapeless),
  }
}

function needsNothing({ digits, at, wide, code }: Triggers): boolean {
  return digits === undefined && at === undefined && wide === undefined && code === undefined
}
