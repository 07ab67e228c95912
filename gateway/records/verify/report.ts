/** One finding of `records verify`. Its keys and codes are part of what `--json` prints. */
import type { Bilingual } from '../../contracts.ts'
import { verifyWords } from './words.ts'

export type ProblemKind = keyof typeof verifyWords

/** What it took to see it: the log alone, a key, or a witness. Whoever can write to the folder can forge the first. */
export type ShownBy = 'log' | 'key' | 'witness'

export type Found = {
  readonly code: ProblemKind
  /** Number of the file, and the byte in it; null where it is about no one file. */
  readonly file: number | null
  readonly offset: number | null
  /** Another file of the folder, by its name there. */
  readonly at: string | null
  /** First and last record concerned. */
  readonly records: readonly [number, number] | null
  readonly shownBy: ShownBy
  readonly words: Bilingual
}

export function found(code: ProblemKind, place: Partial<Omit<Found, 'code' | 'words'>> = {}): Found {
  const { file = null, offset = null, at = null, records = null, shownBy = 'log' } = place
  return { code, file, offset, at, records, shownBy, words: verifyWords[code] }
}
