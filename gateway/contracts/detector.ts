import type { KeyRing, PluginOf } from './words.ts'

/** UTF-16 offsets into the text that was read. */
export type Span = { readonly start: number; readonly end: number }

/**
 * What a text must hold at least before a detector can match in it, so that most texts are never decoded. Counts are of
 * characters; a full-width digit counts as a digit and ＠ as at, any character outside ASCII counts as wide.
 */
export type Triggers = {
  readonly digits?: number
  /**
   * So many digits of a match stand in a row: between two there are spaces, low lines, `) * + , - . /` and characters
   * outside ASCII only, and of those none of U+4000 to U+9FFF (Han).
   */
  readonly joined?: true
  readonly at?: number
  readonly wide?: number
  /**
   * The text holds fifteen ASCII capitals and digits in a row, three full stops each behind an ASCII digit, four colons, or
   * five hyphens.
   */
  readonly code?: true
  /**
   * What a match looks like, so that most texts with digits are never decoded either: every text with a match in it that is
   * made of ASCII, U+3001 to U+9FFF, ！（），：；？ and “”‘’… alone matches this expression. It may match where nothing
   * is found, never the other way round; left out: any text may hold a match. Of literals, classes, `(?:…)`, `|`,
   * `? * + {m,n}`, `^` and `$` only, without flags: it is compiled to an automaton over bytes.
   */
  readonly shape?: RegExp
  /** Every text with a match in it has one of these marks. */
  readonly marks?: Marks
}

/** What one function tells of a text for several detectors at once, so that those are not asked of which nothing stands in it. */
export type Marks = {
  /** The same function for all that share it. Marks are below 1,024; what it returns is good until it is asked about the next text. */
  readonly of: (text: string) => readonly number[]
  /** By mark, 1 for those that count here. */
  readonly wanted: Uint8Array
}

export type Detector = {
  readonly triggers: Triggers
  /** Whether a check (checksum or strict shape) stands behind a match, so that it may overrule what a field is called. */
  readonly checked: boolean
  /** Ordered, disjoint, in range; linear in the length of the text whatever it holds. */
  find(text: string): readonly Span[]
  /**
   * Whether all of a value may be one, where an ambiguous name of its field says so, though nothing in the text does. Left out: only
   * what `find` claims is one there.
   */
  mayBe?(value: string): boolean
  /** One spelling for all spellings of the same value, for blind indexes; the value itself where it is not recognised. */
  normalize(value: string): string
  /**
   * ASCII that matches this is what `normalize` makes of it, so that a reader can tell without making a string. Of what shapes
   * are made of (`Triggers.shape`). Left out: it cannot be told.
   */
  readonly normal?: RegExp
}

export type DetectorExample = { readonly in: string; readonly finds: readonly string[]; readonly why?: string }

// biome-ignore lint/suspicious/noExplicitAny: as for masks
export type DetectorPlugin<Options = any> = PluginOf<'detector'> & {
  readonly examples: readonly DetectorExample[]
  create(options: Options, keys: KeyRing): Detector
}
