/**
 * Personal information in text: which spans of a string the detectors claim, and whether a string is worth reading at
 * all. All detectors of a policy are run over a text together; where two claim the same characters, the stronger wins.
 */
import type { Detector, Prefilter, Span, Triggers } from '../contracts.ts'
import type { DetectorRule } from '../policy/plan.ts'
import { type Census, census, holdsCode, shortestCode } from './census.ts'
import { placesOf, plainReading } from './plain-reading.ts'

/** A span and the type of what stands there. */
export type Found = Span & { readonly type: number }

const none: readonly Found[] = []

export class Detection {
  readonly #rules: readonly DetectorRule[]
  readonly #needsNothing: boolean
  /** What `mayMatch` looks for. */
  readonly prefilter: Prefilter

  /** Rules come strongest first. */
  constructor(rules: readonly DetectorRule[]) {
    this.#rules = rules
    this.#needsNothing = rules.some(({ detector }) => needsNothing(detector.triggers))
    this.prefilter = prefilterOf(rules.map(({ detector }) => detector.triggers))
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
    if (this.#rules.length === 0) return none
    const has = census(text)
    if (this.#isBelowAll(has, text.length)) return none
    const reading = this.prefilter.wide && has.wide > 0 ? plainReading(text) : null
    const hasPlain = reading === null ? null : census(reading.text)
    let found = none
    for (const { type, detector } of this.#rules) {
      const spans = meets(has, detector.triggers, text) ? detector.find(text) : none
      if (spans.length > 0) found = merge(found, spans, type)
      if (hasPlain === null || !meets(hasPlain, detector.triggers, reading!.text)) continue
      const others = detector.find(reading!.text)
      if (others.length > 0) found = merge(found, placesOf(reading!, others), type)
    }
    return found
  }

  /** Whether no detector can match in a text that has so little. */
  #isBelowAll({ digits, at, wide }: Census, length: number): boolean {
    return !this.#needsNothing && digits < this.prefilter.digits && at === 0 && wide === 0 && length < shortestCode
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

function meets(has: Census, { digits = 0, joined, at = 0, wide = 0, code }: Triggers, text: string): boolean {
  if ((joined === true ? has.joined : has.digits) < digits || has.at < at || has.wide < wide) return false
  return code !== true || has.code === true || (has.code ??= holdsCode(text.length, index => text.charCodeAt(index)))
}
