import type { Bilingual } from '../contracts.ts'

export type Language = 'zh' | 'en'

/** What a command may touch of the process, so that tests can run it in theirs. */
export type Io = {
  readonly stdin: AsyncIterable<Uint8Array>
  readonly stdout: (text: string | Uint8Array) => void
  readonly stderr: (text: string) => void
  readonly lang: Language
  /** Paths in arguments are relative to this: where the user stood, also under `npm run` (INIT_CWD). */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** The account of the admin listener that this is run for; left out: whoever runs it at the operating system. */
  readonly reader?: string
}

/** Exit statuses everywhere: all well; the thing checked is wrong; could not run. */
export const exit = { well: 0, wrong: 1, unable: 2 } as const

export type Command = {
  /** As typed, e.g. `records query`. */
  readonly name: string
  readonly summary: Bilingual
  /** What follows the name, and each option on a line of its own; printed by --help. In English: usage-zh.ts has it in Chinese. */
  readonly usage: string
  /** Returns the exit status. May throw UsageError; anything else thrown is a bug and ends with 2. */
  run(args: readonly string[], io: Io): Promise<number>
}

/** The command line itself is wrong; the message says what to write instead. */
export class UsageError extends Error {
  readonly words: Bilingual

  constructor(words: Bilingual) {
    super(words.en)
    this.name = 'UsageError'
    this.words = words
  }
}

/** Picks one of two languages. */
export function say(words: Bilingual, lang: Language): string {
  return words[lang]
}

/** Says why the command could not run; returns that exit status. */
export function unable(why: Bilingual, io: Io): number {
  io.stderr(`${say(why, io.lang)}\n`)
  return exit.unable
}
