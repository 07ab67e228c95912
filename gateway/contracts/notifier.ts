import type { Bilingual, PluginOf } from './words.ts'

/** What somebody is told: names and numbers, as they are on record. */
export type Notice = {
  /** The same in each attempt to tell it. */
  readonly id: string
  /** UTC, as in records: of what is told. */
  readonly time: string
  /** The rule. */
  readonly rule: string
  /** A sentence in both languages, on one line. */
  readonly words: Bilingual
  readonly consumer: string | null
  readonly operator: string | null
  readonly address: string | null
  readonly amount: number
  readonly limit: number
  /** `log:seq` of the record it is about. */
  readonly record: string
}

/** Resolves once whoever is told has taken it; rejects otherwise, and is then tried again. Ends when the signal says so. */
export type Notify = (notice: Notice, signal: AbortSignal) => Promise<void>

/**
 * Tells people elsewhere. An option whose name ends in `_file` is given as a path and handed to `create` as that file's
 * text: for all that is secret.
 */
// biome-ignore lint/suspicious/noExplicitAny: as for masks
export type NotifierPlugin<Options = any> = PluginOf<'notifier'> & {
  create(options: Options): Notify
}
