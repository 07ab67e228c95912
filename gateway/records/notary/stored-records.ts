/**
 * Reads a log again from its disk: what was written, after it was written. Nothing is signed that did not come from
 * here, and that did not prove to be what the writer acknowledged. For threads and commands of their own: it waits.
 */
import { hash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { constants, zstdDecompressSync } from 'node:zlib'
import { readNow, readPart } from '../files/file-bytes.ts'
import { type FileOfLog, filesNow } from '../files/files.ts'
import { isFrameIn, isFrameLine } from '../files/lines.ts'
import { Room } from '../files/seekable.ts'
import { beforeFirst } from '../log/frame.ts'

/** How far a log is durable. */
export type Durable = {
  /** Number of the file that is being written. */
  readonly file: number
  /** Its bytes. */
  readonly size: number
  /** Of the next entry: so many there are. */
  readonly seq: number
  /** `sha256` of the last batch. */
  readonly prev: string
}

/** What is stored is not what was acknowledged, or is not there. Nothing may be signed any more. */
export class StoredFault extends Error {
  constructor(why: 'changed' | 'missing') {
    super(why)
    this.name = 'StoredFault'
  }
}

const frame = /^\{"batch":\d{1,15},"first":(\d{1,15}),"n":(\d{1,9}),"prev":"([\w-]{43})"(,"sha256":"([\w-]{43})"\})$/
const lineFeed = 10
/** So much of a plain file is read at once; more where that holds no whole batch. A sealed one is decompressed once, as a whole. */
const partBytes = 1024 * 1024

/** Where an entry's line stands, in bytes that may be written to. */
type OnEntry = (bytes: Buffer, from: number, to: number) => void

export class StoredRecords {
  readonly #directory: string
  readonly #log: string
  /** Of files that were left behind: how many of their bytes count. */
  readonly #ends: Map<number, number>
  /** Sequence number of the first entry of each file whose first line was read. */
  readonly #firsts = new Map<number, number>()
  #at: Durable | null = null
  /** What a second's long answers leave is 15 MB: in a buffer of its own each time, thrice that is waiting to be collected. */
  readonly #room = new Room()

  constructor(directory: string, log: string, ends: ReadonlyMap<number, number>) {
    this.#directory = directory
    this.#log = log
    this.#ends = new Map(ends)
  }

  /** From now on a file ends there, whatever is after it. */
  endsAt(file: number, size: number): void {
    this.#ends.set(file, size)
  }

  /** Of a sealed file all bytes count. */
  isSealed(file: number): void {
    this.#ends.delete(file)
  }

  endOf(file: number): number | undefined {
    return this.#ends.get(file)
  }

  /**
   * Reads on to what is durable now, from where the last call ended (first: from the batch that begins with `from`), and
   * tells where each entry's line is, once its batch was checked. Throws StoredFault; where the disk does not let it read, what
   * it had told by then counts for nothing: `forget`.
   */
  follow(from: number, to: Durable, onEntry: OnEntry): void {
    this.#at ??= from === 0 ? { file: 0, size: 0, seq: 0, prev: beforeFirst } : this.#find(from, to)
    for (const file of filesNow(this.#directory, this.#log)) {
      if (file.number < this.#at.file || file.number > to.file) continue
      const start = file.number === this.#at.file ? this.#at.size : 0
      const end = file.number === to.file ? to.size : (this.#ends.get(file.number) ?? Number.POSITIVE_INFINITY)
      this.#at = this.#read(file, { ...this.#at, file: file.number, size: start }, end, onEntry)
    }
    if (this.#at.seq !== to.seq || this.#at.prev !== to.prev) throw new StoredFault('changed')
  }

  /** The next `follow` reads from where it says. */
  forget(): void {
    this.#at = null
  }

  /** Lines of these entries, without their line feeds. Throws StoredFault where one is not there. */
  lines(from: number, until: number): Buffer[] {
    const lines: Buffer[] = []
    const files = filesNow(this.#directory, this.#log)
    for (const file of files.slice(this.#lastBefore(files, from))) {
      const first = this.firstOf(file)
      if (first === null) continue
      if (first >= until) break
      const bytes = readNow(file.path).subarray(0, this.#ends.get(file.number))
      let seq = first
      for (const line of linesIn(bytes)) {
        if (isFrameLine(line)) continue
        if (seq >= from && seq < until) lines.push(line)
        seq++
      }
    }
    if (lines.length !== until - from) throw new StoredFault('missing')
    return lines
  }

  /** Index of the last file that begins at or before this entry: first entries grow with the files. */
  #lastBefore(files: readonly FileOfLog[], seq: number): number {
    let [low, high] = [0, Math.max(0, files.length - 1)]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      let at = middle
      while (at > low && this.firstOf(files[at]!) === null) at--
      if ((this.firstOf(files[at]!) ?? 0) <= seq) low = middle
      else high = at - 1
    }
    while (low > 0 && this.firstOf(files[low]!) === null) low--
    return low
  }

  /** All whole batches of a file from `start` on, a part after the other; returns where they end. */
  #read(file: FileOfLog, start: Durable, end: number, onEntry: OnEntry): Durable {
    let at = start
    const least = file.sealed ? Number.POSITIVE_INFINITY : partBytes
    for (let part = least; at.size < end; ) {
      const bytes = readPart(file.path, at.size, Math.min(end, at.size + part), this.#room)
      const next = this.#check(bytes, at, onEntry)
      const isWhole = next.size > at.size
      if (!isWhole && bytes.length < part) break
      part = isWhole ? least : 2 * part
      at = next
    }
    return at
  }

  /** Whole batches in bytes that stand there; returns where they end. */
  #check(bytes: Buffer, at: Durable, onEntry: OnEntry): Durable {
    let { seq, prev } = at
    let batch = 0
    /** Where each line of the batch begins and ends. */
    let entries: number[] = []
    for (let from = 0, to = bytes.indexOf(lineFeed); to >= 0; from = to + 1, to = bytes.indexOf(lineFeed, from)) {
      if (!isFrameIn(bytes, from, to)) {
        entries.push(from, to)
        continue
      }
      const match = frame.exec(bytes.toString('latin1', from, to))
      const covered = bytes.subarray(batch, to - (match?.[4]?.length ?? 0))
      const follows = match?.[3] === prev && Number(match[1]) === seq && Number(match[2]) === entries.length / 2
      if (!follows || hash('sha256', covered, 'base64url') !== match[5]) throw new StoredFault('changed')
      for (let at = 0; at < entries.length; at += 2) onEntry(bytes, entries[at]!, entries[at + 1]!)
      seq += entries.length / 2
      prev = match[5]!
      entries = []
      batch = to + 1
    }
    return { file: at.file, size: at.size + batch, seq, prev }
  }

  /** Where the batch that begins with this entry stands. */
  #find(seq: number, to: Durable): Durable {
    if (seq === to.seq) return to
    for (const file of filesNow(this.#directory, this.#log).toReversed()) {
      const first = this.firstOf(file)
      if (first === null || first > seq || file.number > to.file) continue
      const bytes = readNow(file.path).subarray(0, this.#ends.get(file.number))
      let [from, batch] = [0, 0]
      for (let end = bytes.indexOf(lineFeed); end >= 0; from = end + 1, end = bytes.indexOf(lineFeed, from)) {
        const match = isFrameIn(bytes, from, end) ? frame.exec(bytes.toString('latin1', from, end)) : null
        if (match === null) continue
        if (Number(match[1]) === seq) return { file: file.number, size: batch, seq, prev: match[3]! }
        batch = end + 1
        // The next batch is the first of another file.
        if (Number(match[1]) + Number(match[2]) === seq && bytes.indexOf(lineFeed, batch) < 0)
          return { file: file.number, size: batch, seq, prev: match[5]! }
      }
    }
    throw new StoredFault('missing')
  }

  /** Sequence number of the first entry of a file that counts; null where it has none. */
  firstOf(file: FileOfLog): number | null {
    const known = this.#firsts.get(file.number)
    if (known !== undefined) return known
    if (this.#ends.get(file.number) === 0) return null
    const line = firstLine(file)
    const match = /^\{"v":1,"log":"[a-z0-9-]+","seq":(\d{1,15}),/.exec(line)
    if (match === null) return null
    this.#firsts.set(file.number, Number(match[1]))
    return Number(match[1])
  }
}

function* linesIn(bytes: Buffer): Generator<Buffer> {
  for (let from = 0, to = bytes.indexOf(lineFeed); to >= 0; from = to + 1, to = bytes.indexOf(lineFeed, from))
    yield bytes.subarray(from, to)
}

function firstLine(file: FileOfLog): string {
  const handle = openSync(file.path, 'r')
  try {
    const start = Buffer.alloc(file.sealed ? 256 * 1024 : 256)
    const bytes = start.subarray(0, readSync(handle, start, 0, start.length, 0))
    // Cut short on purpose: the first block is enough.
    const plain = file.sealed ? zstdDecompressSync(bytes, { finishFlush: constants.ZSTD_e_flush }) : bytes
    return plain.toString('latin1', 0, 256)
  } finally {
    closeSync(handle)
  }
}
