/**
 * Closes a file of a log for good: compressed, read again and compared, read-only; only then is the plain one removed.
 * Between the two steps its hash goes on record. It waits for the disk: for a thread of its own.
 */
import { createHash, type Hash } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { collectHeap, collectYoung } from '../memory.ts'
import type { SealDraft } from './drafts.ts'
import { isDamage } from './file-bytes.ts'
import { type FileOfLog, sealedName } from './files.ts'
import { syncFolderNow } from './proof-folder.ts'
import { FrameWriter, givesBack, piecesOf, Room, readFrameTable, readInto } from './seekable.ts'

/**
 * After so many pieces what is young is collected, as their buffers stand outside of the heap, and after so many everything:
 * Node frees what Zstandard worked in, of which V8 knows nothing, only then. That is 45 million instructions, of 35 million for
 * each piece; twice as often would save 6 MB of memory, and never would take 30 MB more.
 */
const [piecesBetween, piecesBetweenAll] = [4, 16]

function collectAfter(pieces: number): void {
  if (pieces % piecesBetweenAll === 0) collectHeap()
  else if (pieces % piecesBetween === 0) collectYoung()
}

/**
 * Compresses the bytes of a file that count, and checks the result, a MiB at a time: all of it at once would take more
 * memory than all else that a gateway does. Null: it holds no entry. Throws where what was written does not come back.
 */
export function compress(file: FileOfLog, end: number = Number.POSITIVE_INFINITY): SealDraft | null {
  const path = draftName(file.path)
  const plain = openSync(file.path, 'r')
  try {
    const bytes = Math.min(end, fstatSync(plain).size)
    dropDraft(file.path)
    const first = firstEntry(plain, bytes)
    if (first === null) return null
    // A frame that is not that of its batch cannot be made again from it: then all are kept as they stand.
    for (const derives of [true, false]) {
      const { entries, tables } = writeDraft(plain, bytes, path, derives)
      const hashes = checkDraft(plain, bytes, path, tables)
      if (hashes !== null)
        return { kind: 'seal', file: file.number, first, last: first + entries - 1, bytes, ...hashes }
      dropDraft(file.path)
    }
    throw new Error('a sealed file does not come back')
  } finally {
    closeSync(plain)
  }
}

/** Its own number; null where there is no entry. */
function firstEntry(fd: number, bytes: number): number | null {
  const start = Buffer.alloc(Math.min(128, bytes))
  readInto(fd, 0, start)
  const match = /"seq":(\d{1,15}),/.exec(start.toString('latin1'))
  return match && Number(match[1])
}

/** `tables`: what stands behind the last frame. */
function writeDraft(
  plain: number,
  bytes: number,
  path: string,
  derives: boolean,
): { readonly entries: number; readonly tables: Buffer } {
  const frames = new FrameWriter(derives)
  const draft = openSync(path, 'wx', 0o600)
  try {
    for (const { piece, last } of piecesOf(plain, bytes)) {
      writeWhole(draft, frames.add(piece, last))
      collectAfter(frames.count)
    }
    const tables = frames.end()
    writeWhole(draft, tables)
    fsyncSync(draft)
    return { entries: frames.entries, tables }
  } finally {
    closeSync(draft)
  }
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
}

type Hashes = Pick<SealDraft, 'sha256' | 'stored' | 'storedSha256'>

/**
 * Reads the draft again, and beside it the plain file: each frame has to give to a reader what stands there, byte for byte.
 * What is hashed are the bytes that were compared. Null: they differ.
 */
function checkDraft(plain: number, bytes: number, path: string, tables: Buffer): Hashes | null {
  const [ofPlain, ofStored] = [createHash('sha256'), createHash('sha256')]
  const draft = openSync(path, 'r')
  try {
    const { size } = fstatSync(draft)
    const table = readFrameTable(draft, size) ?? []
    if (table.at(-1)?.plain !== bytes) return null
    const [pieces, frames] = [new Room(), new Room()]
    for (let nth = 1; nth < table.length; nth++) {
      const [here, next] = [table[nth - 1]!, table[nth]!]
      const piece = readAgain(plain, here.plain, next.plain, pieces)
      const frame = readAgain(draft, here.stored, next.stored, frames)
      if (!givesBack(frame, piece)) return null
      ofPlain.update(piece)
      ofStored.update(frame)
      collectAfter(nth)
    }
    const end = readAgain(draft, table.at(-1)!.stored, size, frames)
    if (!end.equals(tables)) return null
    ofStored.update(end)
    return { stored: size, sha256: digestOf(ofPlain), storedSha256: digestOf(ofStored) }
  } catch (error) {
    if (isDamage(error)) return null
    throw error
  } finally {
    closeSync(draft)
  }
}

function readAgain(fd: number, from: number, until: number, into: Room): Buffer {
  const bytes = into.of(until - from)
  if (readInto(fd, from, bytes) < bytes.length) throw new Error('a file of the log is shorter than it was')
  return bytes
}

function digestOf(hash: Hash): string {
  return `sha256:${hash.digest('hex')}`
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
