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
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { collectHeap, collectYoung } from '../memory.ts'
import type { SealDraft } from './drafts.ts'
import { type FileOfLog, sealedName } from './files.ts'
import { isFrameLine } from './lines.ts'
import { syncFolderNow } from './proof-folder.ts'
import { FrameWriter, piecesOf, readFrames, readFrameTable } from './seekable.ts'

/**
 * After so many pieces all garbage is collected, 5 ms in the small heap of the notary's thread, and after the others what
 * is young: their buffers stand outside of that heap, and V8 would let go of them when there are 64 MB.
 */
const piecesBetween = 4

function collectAfter(pieces: number): void {
  if (pieces % piecesBetween === 0) collectHeap()
  else collectYoung()
}

/**
 * Compresses the bytes of a file that count, and checks the result, a MiB at a time: all of it at once would take more
 * memory than all else that a gateway does. Null: it holds no entry. Throws where what was written does not come back.
 */
export function compress(file: FileOfLog, end: number = Number.POSITIVE_INFINITY): SealDraft | null {
  dropDraft(file.path)
  const fd = openSync(file.path, 'r')
  try {
    const bytes = Math.min(end, fstatSync(fd).size)
    const made = writeDraft(fd, bytes, draftName(file.path))
    if (made.span === null) {
      dropDraft(file.path)
      return null
    }
    const { span, ...hashes } = made
    checkDraft(draftName(file.path), bytes, hashes)
    const { stored, sha256, storedSha256 } = hashes
    return { kind: 'seal', file: file.number, ...span, bytes, sha256, stored, storedSha256 }
  } finally {
    closeSync(fd)
  }
}

type Hashes = { readonly sha256: string; readonly stored: number; readonly storedSha256: string }

/** `span`: null where there is no entry. */
function writeDraft(fd: number, bytes: number, path: string): Hashes & { readonly span: Span | null } {
  const [plain, compressed] = [createHash('sha256'), createHash('sha256')]
  const frames = new FrameWriter()
  const draft = openSync(path, 'wx', 0o600)
  let stored = 0
  let span: Span | null = null
  const put = (part: Buffer) => {
    writeWhole(draft, part)
    compressed.update(part)
    stored += part.length
  }
  try {
    for (const { piece, last } of piecesOf(fd, bytes)) {
      plain.update(piece)
      span = spanWith(span, piece)
      put(frames.add(piece, last))
      collectAfter(frames.count)
    }
    put(frames.end())
    fsyncSync(draft)
  } finally {
    closeSync(draft)
  }
  return { span, sha256: digestOf(plain), stored, storedSha256: digestOf(compressed) }
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
}

/** Reads the draft again: it has to be what was written, and to give what was read. */
function checkDraft(path: string, bytes: number, made: Hashes): void {
  const [plain, compressed] = [createHash('sha256'), createHash('sha256')]
  const fd = openSync(path, 'r')
  try {
    const { size } = fstatSync(fd)
    const table = readFrameTable(fd, size) ?? []
    const isWhole = size === made.stored && table.at(-1)?.plain === bytes
    for (let nth = 1; isWhole && nth < table.length; nth++) {
      plain.update(readFrames(fd, table, table[nth - 1]!.plain, table[nth]!.plain))
      collectAfter(nth)
    }
    const part = Buffer.allocUnsafe(256 * 1024)
    for (let got = 1; isWhole && got > 0; ) {
      got = readSync(fd, part, 0, part.length, null)
      compressed.update(part.subarray(0, got))
    }
  } finally {
    closeSync(fd)
  }
  if (digestOf(plain) !== made.sha256 || digestOf(compressed) !== made.storedSha256)
    throw new Error('a sealed file does not come back')
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

/** First and last entry, by their own numbers. */
type Span = { readonly first: number; readonly last: number }

/** With the entries of one more piece. */
function spanWith(before: Span | null, piece: Buffer): Span | null {
  let span = before
  for (let from = 0, to = piece.indexOf(10); to >= 0; from = to + 1, to = piece.indexOf(10, from)) {
    const line = piece.subarray(from, to)
    if (isFrameLine(line)) continue
    const first = span?.first ?? Number(/"seq":(\d{1,15}),/.exec(line.toString('latin1', 0, 128))?.[1] ?? -1)
    if (first >= 0) span = { first, last: span === null ? first : span.last + 1 }
  }
  return span
}
