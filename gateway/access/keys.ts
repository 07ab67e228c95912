/** Secrets on disk: files in the keys folder, made at first use, readable by nobody but the gateway's user. */
import { hkdfSync, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { KeyRing } from '../contracts.ts'
import { KeyFault, keyWords, makeKeyFile, makeKeyFolder, readKeyFile } from './key-files.ts'
import { type Generation, makeGeneration, readGenerations, rotated, stateOf } from './key-generations.ts'
import { beginMonths, monthlyKey, monthOfPurpose } from './monthly-keys.ts'

export { KeyFault } from './key-files.ts'

export type KeyFolder = {
  /**
   * Secrets by purpose: of the rotated ones the current generation, of `blind index YYYY-MM` the month's, of all others
   * derived from the master key. That of a month throws KeyFault where it was destroyed or cannot be made.
   */
  readonly ring: KeyRing & { readable(purpose: string): readonly Uint8Array[] }
  /** Whether the master key did not exist before: then an entry of kind `key` is due. */
  readonly made: boolean
  /** Names of rotated keys whose first generation was made now: an entry is due for each. */
  readonly madeKeys: readonly string[]
  /**
   * A secret that others must know too, as text of 43 characters (256 bits): the file `NAME.secret`, so that whoever
   * sets up the other side can read it there. `name` is of letters, digits, `.`, `_` and `-`.
   */
  shared(name: string): Promise<string>
}

/**
 * Opens the keys folder; makes it (0700), the master key and the first generation of each rotated key (0600) where they
 * are missing. What is rotated while the folder is open counts from when it is opened next. Throws KeyFault where a file
 * is readable by group or others, damaged, or cannot be read or made. `now` is asked each time an older key is wanted;
 * `overlapDays` is for how long at most one is read (`key_overlap_days`).
 */
export async function openKeys(
  directory: string,
  now: () => number = Date.now,
  overlapDays = Number.POSITIVE_INFINITY,
): Promise<KeyFolder> {
  await makeKeyFolder(directory)
  const { secret, made } = await readOrMake(join(directory, 'master.secret'))
  if (made) beginMonths(directory, now())
  const madeKeys = await makeMissing(directory, now())
  const generations = await readGenerations(directory)
  for (const [name, [current]] of generations) {
    if (current?.secret == null) throw new KeyFault(keyWords.damaged(join(directory, `${name}.*.key`)))
  }
  return {
    ring: ringOf(directory, keyRing(secret), generations, now, overlapDays),
    made,
    madeKeys,
    async shared(name) {
      if (!/^[\p{L}\p{N}._-]{1,128}$/u.test(name)) throw new TypeError('not a name of a secret')
      return (await readOrMake(join(directory, `${name}.secret`))).secret.toString('base64url')
    },
  }
}

/** The keys of one master key (32 bytes): HKDF-SHA-256 (RFC 5869) with the purpose as `info`. */
export function keyRing(master: Uint8Array): KeyRing {
  return { secret: purpose => new Uint8Array(hkdfSync('sha256', master, 'veilgate key ring v1', purpose, 32)) }
}

function ringOf(
  directory: string,
  master: KeyRing,
  generations: ReadonlyMap<string, readonly Generation[]>,
  now: () => number,
  overlapDays: number,
): KeyFolder['ring'] {
  const byPurpose = new Map([...rotated].map(([name, purpose]) => [purpose, generations.get(name)!]))
  return {
    secret(purpose) {
      const [current] = byPurpose.get(purpose) ?? []
      if (current !== undefined) return current.secret!
      const month = monthOfPurpose(purpose)
      const derived = () => master.secret(purpose)
      return month === null ? derived() : monthlyKey(directory, month, derived)
    },
    readable(purpose) {
      const all = byPurpose.get(purpose)
      if (all === undefined) return [master.secret(purpose)]
      const time = now()
      return all.flatMap(one => (/current|readable/.test(stateOf(all, one, time, overlapDays)) ? [one.secret!] : []))
    },
  }
}

async function makeMissing(directory: string, now: number): Promise<string[]> {
  const made: string[] = []
  for (const [name, all] of await readGenerations(directory)) {
    if (all.length > 0) continue
    const first = await makeGeneration(directory, name, { number: 1, overlapDays: 0, now })
    if (first !== null) made.push(name)
  }
  return made
}

async function readOrMake(path: string): Promise<{ secret: Buffer; made: boolean }> {
  const found = await read(path)
  if (found !== null) return { secret: found, made: false }
  const made = await makeKeyFile(path, randomBytes(32).toString('base64url'))
  // Somebody else may have made it at the same moment: what is on disk counts.
  const secret = await read(path)
  if (secret === null) throw new KeyFault(keyWords.unreadable(path, 'ENOENT'))
  return { secret, made }
}

async function read(path: string): Promise<Buffer | null> {
  const text = await readKeyFile(path)
  if (text === null) return null
  const secret = Buffer.from(text, 'base64url')
  if (secret.length !== 32 || secret.toString('base64url') !== text) throw new KeyFault(keyWords.damaged(path))
  return secret
}
