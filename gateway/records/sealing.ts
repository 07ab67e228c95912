/**
 * Closes a file of a log for good: compressed, read again and compared, read-only; only then is the plain one removed.
 * Between the two steps its hash goes on record. It waits for the disk: for a thread of its own.
 */
import { hash } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { SealDraft } from './drafts.ts'
import { readNow } from './file-bytes.ts'
import { type FileOfLog, sealedName } from './files.ts'
import { isFrameLine } from './lines.ts'
import { syncFolderNow } from './proof-folder.ts'
import { compressFrames, readFrames, readFrameTable } from './seekable.ts'

/**
 * Compresses the bytes of a file that count, and checks the result. Null: it holds no entry. Throws where what was
 * written does not come back.
 */
export function compress(file: FileOfLog, end: number | undefined): SealDraft | null {
  const bytes = readNow(file.path).subarray(0, end)
  const span = spanOf(bytes)
  if (span === null) return null
  const stored = compressFrames(bytes)
  const draft = draftName(file.path)
  dropDraft(file.path)
  writeFileSync(draft, stored, { mode: 0o600, flush: true })
  if (!readFileSync(draft).equals(stored) || !comesBack(draft, bytes))
    throw new Error('a sealed file does not come back')
  return {
    kind: 'seal',
    file: file.number,
    ...span,
    bytes: bytes.length,
    sha256: `sha256:${hash('sha256', bytes)}`,
    stored: stored.length,
    storedSha256: `sha256:${hash('sha256', stored)}`,
  }
}

/** Frame by frame: all of it at once would take more memory than all else that a gateway does. */
function comesBack(path: string, bytes: Buffer): boolean {
  const fd = openSync(path, 'r')
  try {
    const table = readFrameTable(fd, fstatSync(fd).size)
    if (table === null || table.at(-1)!.plain !== bytes.length) return false
    return table.slice(1).every(({ plain: until }, nth) => {
      const from = table[nth]!.plain
      return readFrames(fd, table, from, until).equals(bytes.subarray(from, until))
    })
  } finally {
    closeSync(fd)
  }
}

/** Puts the compressed file in the place of the plain one, once its hash is on record. */
export function replacePlain(path: string): void {
  const sealed = sealedName(path)
  chmodSync(draftName(path), 0o400)
  renameSync(draftName(path), sealed)
  syncFolderNow(dirname(path))
  unlinkSync(path)
  syncFolderNow(dirname(path))
}

/** Takes away what was compressed and will not be used. */
export function dropDraft(path: string): void {
  rmSync(draftName(path), { force: true })
}

function draftName(path: string): string {
  return `${sealedName(path)}.new`
}

/** First and last entry, by their own numbers. */
function spanOf(bytes: Buffer): { first: number; last: number } | null {
  let [first, count] = [-1, 0]
  for (let from = 0, to = bytes.indexOf(10); to >= 0; from = to + 1, to = bytes.indexOf(10, from)) {
    const line = bytes.subarray(from, to)
    if (isFrameLine(line)) continue
    if (first < 0) first = Number(/"seq":(\d{1,15}),/.exec(line.toString('latin1', 0, 128))?.[1] ?? -1)
    count++
  }
  return first < 0 ? null : { first, last: first + count - 1 }
}
