/**
 * Closes a file of a log for good: compressed, read again and compared, read-only; only then is the plain one removed.
 * Between the two steps its hash goes on record. It waits for the disk: for a process or thread of its own.
 */
import { createHash, type Hash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { collectHeap, collectYoung } from '../../memory.ts'
import type { SealDraft } from '../drafts.ts'
import { isDamage } from '../files/file-bytes.ts'
import { type FileOfLog, nameOfFile, sealedName } from '../files/files.ts'
import { FrameWriter, givesBack, piecesOf, Room, readFrameTable, readInto } from '../files/seekable.ts'
import { syncFolderNow } from '../notary/proof-folder.ts'

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

/** What tells drafts apart: none is ever written by two, also where one was given up and its process does not know yet. */
export type DraftId = string

export function newDraftId(): DraftId {
  return randomBytes(6).toString('hex')
}

/** Where the draft of a sealed file stands, by the plain one's path. */
export function draftPath(path: string, id: DraftId): string {
  return `${sealedName(path)}.${id}.new`
}

/** Compresses a file as `drafting` does, without a pause. */
export function compress(file: FileOfLog, id: DraftId, end?: number): SealDraft | null {
  const steps = drafting(file, id, end)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/**
 * Compresses the bytes of a file that count, and checks the result, a MiB with each step: all of it at once would take more
 * memory than all else that a gateway does. Returns null where it holds no entry. Throws what the disk does, and where what
 * was written does not come back. Unless it returns a draft, also where it is ended between two steps, no file is left.
 */
export function* drafting(
  file: FileOfLog,
  id: DraftId,
  end: number = Number.POSITIVE_INFINITY,
): Generator<void, SealDraft | null, void> {
  const path = draftPath(file.path, id)
  const plain = openSync(file.path, 'r')
  let isKept = false
  try {
    const bytes = Math.min(end, fstatSync(plain).size)
    const first = firstEntry(plain, bytes)
    if (first === null) return null
    // A frame that is not that of its batch cannot be made again from it: then all are kept as they stand.
    for (const derives of [true, false]) {
      // of one that was killed over the same draft
      rmSync(path, { force: true })
      const { entries, tables } = yield* writeDraft(plain, bytes, path, derives)
      const hashes = yield* checkDraft(plain, bytes, path, tables)
      if (hashes === null) continue
      isKept = true
      return { kind: 'seal', file: file.number, first, last: first + entries - 1, bytes, ...hashes }
    }
    throw new Error('a sealed file does not come back')
  } finally {
    closeSync(plain)
    if (!isKept) rmSync(path, { force: true })
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
function* writeDraft(
  plain: number,
  bytes: number,
  path: string,
  derives: boolean,
): Generator<void, { readonly entries: number; readonly tables: Buffer }, void> {
  const frames = new FrameWriter(derives)
  const draft = openSync(path, 'wx', 0o600)
  try {
    for (const { piece, last } of piecesOf(plain, bytes)) {
      writeWhole(draft, frames.add(piece, last))
      collectAfter(frames.count)
      yield
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
function* checkDraft(plain: number, bytes: number, path: string, tables: Buffer): Generator<void, Hashes | null, void> {
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
      yield
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

/** Puts a draft in the place of the plain file, once its hash is on record. */
export function replacePlain(path: string, id: DraftId): void {
  const draft = draftPath(path, id)
  chmodSync(draft, 0o400)
  renameSync(draft, sealedName(path))
  syncFolderNow(dirname(path))
  unlinkSync(path)
  syncFolderNow(dirname(path))
}

/** Takes away what was compressed and will not be used. */
export function dropDraft(path: string, id: DraftId): void {
  rmSync(draftPath(path, id), { force: true })
}

const draftName = /^(.+\.jsonl\.zst)(?:\.[0-9a-f]{12})?\.new$/

/** Takes away every draft of a log: of one that ended, whoever made them. */
export function dropDrafts(directory: string, log: string): void {
  for (const name of readdirSync(directory)) {
    const sealed = draftName.exec(name)?.[1]
    if (sealed !== undefined && nameOfFile(sealed)?.log === log) rmSync(join(directory, name), { force: true })
  }
}
