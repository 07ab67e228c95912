/**
 * The keys of the blind index: one for each month, random, in a file of its own, so that destroying the file makes that
 * month's people unlinkable for good. Before these files there were keys derived from the master key: months older than
 * the first file still have those, and the first file of an older installation holds the derived one.
 */
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { codeOf, KeyFault, keyWords } from './key-files.ts'

const purposePattern = /^blind index (\d{4}-\d{2})$/
const filePattern = /^blind-index-(\d{4}-\d{2})\.secret$/
/** What a file says whose key was destroyed. */
export const destroyedText = 'destroyed'
/** What a file says whose key only the trace authority has now. */
export const forgottenText = 'forgotten'

/** `2026-11` of a purpose that is a month's, else null. */
export function monthOfPurpose(purpose: string): string | null {
  return purposePattern.exec(purpose)?.[1] ?? null
}

export function monthFile(directory: string, month: string): string {
  return join(directory, `blind-index-${month}.secret`)
}

/** Months that have a key of their own, destroyed or not, oldest first. */
export function storedMonths(directory: string): string[] {
  return readdirSync(directory)
    .flatMap(name => filePattern.exec(name)?.[1] ?? [])
    .sort()
}

/**
 * The key of a month, made where it has none yet. Waits for the disk: it is asked for once a month.
 *
 * @param derived the key that the master key gives for the month.
 * @throws KeyFault where it was destroyed, is damaged, open to others, or cannot be read or made.
 */
export function monthlyKey(directory: string, month: string, derived: () => Uint8Array): Uint8Array {
  const path = monthFile(directory, month)
  const [first] = storedMonths(directory)
  if (!existsSync(path)) {
    if (first !== undefined && month < first) return derived()
    make(path, first === undefined ? derived() : randomBytes(32))
  }
  return read(path)
}

/** Marks a new installation, so that none of its months is derived from the master key. */
export function beginMonths(directory: string, now: number): void {
  const path = monthFile(directory, new Date(now - 86_400_000).toISOString().slice(0, 7))
  if (storedMonths(directory).length === 0) make(path, randomBytes(32))
}

function read(path: string): Uint8Array {
  let text: string
  try {
    const found = statSync(path)
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) throw new KeyFault(keyWords.fileOpen(path))
    text = readFileSync(path, 'utf8').trimEnd()
  } catch (error) {
    if (error instanceof KeyFault) throw error
    throw new KeyFault(keyWords.unreadable(path, codeOf(error)))
  }
  if (text === forgottenText) throw new KeyFault(keyWords.forgotten(path))
  const secret = Buffer.from(text, 'base64url')
  if (secret.length !== 32 || secret.toString('base64url') !== text) throw new KeyFault(keyWords.damaged(path))
  return new Uint8Array(secret)
}

/** Whole and synced under another name, then linked: somebody else's that came first stays. */
function make(path: string, secret: Uint8Array): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`
  try {
    const file = openSync(draft, 'wx', 0o600)
    try {
      writeSync(file, `${Buffer.from(secret).toString('base64url')}\n`)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    chmodSync(draft, 0o600)
    linkSync(draft, path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw new KeyFault(keyWords.unmakeable(path, codeOf(error)))
  } finally {
    if (existsSync(draft)) unlinkSync(draft)
  }
}
