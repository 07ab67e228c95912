/** For readers that carry out what becomes of a value by its bytes, without making a string of it. */
import type { Triggers } from './detector.ts'
import type { Ends, Head } from './mask.ts'

/**
 * What makes a text worth reading for detectors: at least so many digits (Infinity: none read digits), a commercial at,
 * anything outside ASCII, or a code. In bytes, EF leads the full-width ones and counts as a digit and an at.
 */
export type Prefilter = {
  readonly digits: number
  /** Whether the digits have to stand in a row (`Triggers.joined`). */
  readonly joined: boolean
  readonly at: boolean
  readonly wide: boolean
  /** Whether codes are sought (`Triggers.code`). */
  readonly code: boolean
  /** The detectors that have a shape (`Triggers.shape`). If there are any, a text with the above may be looked at for it. */
  readonly shaped: readonly Triggers[]
  /** What makes a text worth reading for the others, if there are detectors of both kinds; else null. */
  readonly shapeless: Prefilter | null
}

/**
 * What `scalar` would do with any string at a place that is not empty, so that a reader may do it itself and say so by
 * `carriedOut`: `keep` it, `redact` it (numbers and booleans as well), `remove` it, cover what is between its ends, or do what
 * `maskBy` says. Not with one that meets the guard or, where there is one, may be structured text (it begins with `{`, `[` or
 * `<` and ends with their counterpart) or hold encoded text (masking/may-be-encoded.ts); nor with one that `ends` does not speak of.
 */
export type ByteRule = {
  readonly action: 'keep' | 'redact' | 'remove' | 'mask' | Ends
  /** null: no detector reads the value, nor is it looked into. */
  readonly guard: Prefilter | null
  /**
   * The value says who a person is, and has to be told by `passedRows`. 1 is strongest: of those met in one row since the
   * cursor was last told, the weaker ones may be left out. null: it says nothing.
   */
  readonly person: number | null
  /** ASCII that matches this is its own normalisation, and `personIn` may be asked; left out: that cannot be told. */
  readonly normal?: RegExp
  /** Where the action is `mask`: the `head` of the mask, if it has one. */
  readonly head?: Head
}

/** Where a reader keeps strings that were not made. */
export type TextHold = {
  /** UTF-8. Another object once the reader has gone on, with the same in the same places. */
  readonly bytes: Uint8Array
}

/** What becomes of a string by a rule whose action is `mask`. */
export type MaskedValue = {
  readonly outcome: 'text' | 'redact' | 'remove'
  readonly text: string
  /** It counts as its rule does, so that the reader may count it with what else that rule was carried out on. */
  readonly asRule: boolean
  /** Of whom it says who they are, as `person` has it; null: of nobody. */
  readonly person: object | null
}

/** A reader that settles by itself who is in a row. */
export type SettlingReader = {
  /** Tells by `passedRows` of everybody met so far, also in the row under way; what comes then it no longer settles. */
  tellPeople(): void
}

/** People whom a reader has settled, each once, in the order in which they were met. */
export type SettledPeople = {
  readonly count: number
  /** `PeopleRanges.bytes` of gateway/subject.ts, with rules for kinds. */
  readonly bytes: Uint8Array
  /** By their numbers, from 1. */
  readonly rules: readonly ByteRule[]
}

/** What became of rows since the cursor was last told, where a reader carries byte rules out on its own. */
export type RowProgress = {
  /** Whether the row that was under way has ended, and whether byte rules were carried out in it. */
  readonly ended: boolean
  readonly typed: boolean
  /** Rows in which byte rules were carried out, that began and ended since. */
  readonly more: number
  /** Whether byte rules were carried out in the row that is under way now; outside all rows. */
  readonly typedNow: boolean
  readonly typedOutside: boolean
  /**
   * What `person` made of the values that say who a person is, in order, each time one was met; null where a row ended in
   * which there were such. These rows are neither the one that `ended` nor among `more`.
   */
  readonly people: readonly (object | null)[]
  /**
   * Whom the reader has settled by itself (`FieldCursor.settles`), ahead of `people`: three for each person, of the
   * strongest value and two others, null where there are none.
   */
  readonly settled: readonly (object | null)[]
  /** The same as `people` of those outside all rows. */
  readonly peopleOutside: readonly object[]
  /** Array elements around the reader now. */
  readonly nesting: number
}
