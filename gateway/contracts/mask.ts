import type { KeyRing, PluginOf } from './words.ts'

/** For whom and in what a value is masked; a mask may make its result depend on these, and on nothing else. */
export type Scope = {
  readonly consumer: string
  readonly purpose: string
  readonly dataType: string
}

export type Mask = {
  /**
   * The masked text, or null where the value is too short or too odd for enough of it to stay hidden: the next
   * stricter form is then used. Total on every string and deterministic for one scope. Never returns the value itself
   * unless the value is made of covers only.
   */
  mask(value: string, scope: Scope): string | null
  /** Set by a mask that only covers what stands between the ends, so that a reader can do it without making a string. */
  readonly ends?: Ends
  /** Set by a mask that keeps what a text begins with. */
  readonly head?: Head
  /**
   * Whether a text has the look of what this mask makes, so that writing it back would destroy the value it stands for.
   * Left out: it cannot be told.
   */
  isMasked?(text: string): boolean
  /**
   * Whether a text is to the character what this mask makes of some value, so that it is known for that where nothing says that
   * the value was of its type. Left out: values look so too.
   */
  couldMake?(text: string): boolean
  /** The value of a token this mask made; throws where the token is forged or from another scope. */
  restore?(token: string, scope: Scope): string
}

/**
 * What `mask` does to text of which every character is printable ASCII or U+4E00 to U+9FA5: keeps `head` and `tail`
 * characters and puts `cover` for each one between. Space and punctuation (Unicode P and Z) count for nothing: they do not
 * use up the ends, and of the others at least one and a third of all must be covered, else `mask` returns null. With
 * `until`, only what stands before its last occurrence is such text; it and what follows, whatever it is, stays.
 */
export type Ends = {
  readonly head: number
  readonly tail: number
  readonly cover: string
  readonly until: string | null
}

/**
 * What `mask` does to a text that begins as `match` says, by a beginning of U+4E00 to U+9FA5 alone: it stays up to its first
 * `last`, which is one of these characters and within that beginning, and the rest goes. `match` is of what shapes are made of
 * (`Triggers.shape`); it may leave any text out.
 */
export type Head = {
  readonly match: RegExp
  readonly last: string
}

export type MaskExample<Options> = {
  readonly options: Options
  readonly in: string
  /** null: not enough would stay hidden. */
  readonly out: string | null
  readonly why?: string
}

// biome-ignore lint/suspicious/noExplicitAny: a list of plugins holds each with its own options
export type MaskPlugin<Options = any> = PluginOf<'mask'> & {
  readonly examples: readonly MaskExample<Options>[]
  create(options: Options, keys: KeyRing): Mask
}
