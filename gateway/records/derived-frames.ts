/**
 * Frames that follow from what stands before them. A sealed file keeps of such a frame, in its place, the line `"XXXX"`
 * with the first four characters of its `sha256`: all else in it is counted and hashed again when it is read, which saves
 * the 32 bytes of each hash that nothing can compress. Whoever changes a record changes the hash that is made again, so
 * that it does not begin with these four, nor lead to the whole frame that ends each file.
 */
import { hash } from 'node:crypto'
import { isFrameLine } from './lines.ts'

const [lineFeed, quote] = [10, 34]
const keptCharacters = 4
const keptPattern = /^"([\w-]{4})"$/
const framePattern =
  /^\{"batch":(\d{1,15}),"first":(\d{1,15}),"n":(\d{1,9}),"prev":"[\w-]{43}","sha256":"([\w-]{43})"\}$/
/** No batch is larger: what has no frame until then is handed on as it is. */
const mostHeld = 16 * 1024 * 1024

/** A sealed file is not what was sealed: what stands for a frame does not match the records before it. */
export class DerivedFrameFault extends Error {
  constructor() {
    super('a frame does not follow from the records before it')
    this.name = 'DerivedFrameFault'
  }
}

type Known = { readonly batch: number; readonly first: number; readonly n: number; readonly sha256: string }

/**
 * The bytes of whole batches with each frame derived but the first, and where `last` is set, the last. A frame that does
 * not follow, and anything that is no batch, stays as it is.
 */
export function deriveFrames(bytes: Buffer, last: boolean): Buffer {
  const whole = last ? bytes.lastIndexOf('\n{"batch":') + 1 : bytes.length
  const parts: Buffer[] = []
  let known = null as Known | null
  let [copied, batch, n] = [0, 0, 0]
  for (let from = 0, to = bytes.indexOf(lineFeed); to >= 0; from = to + 1, to = bytes.indexOf(lineFeed, from)) {
    const line = bytes.subarray(from, to)
    if (!isFrameLine(line)) {
      n++
      continue
    }
    const made: Made | null = known && next(known, bytes.subarray(batch, from), n)
    if (made !== null && from < whole && line.equals(made.line)) {
      parts.push(bytes.subarray(copied, from), Buffer.from(`"${made.known.sha256.slice(0, keptCharacters)}"\n`))
      copied = to + 1
      known = made.known
    } else known = read(line)
    ;[batch, n] = [to + 1, 0]
  }
  return Buffer.concat([...parts, bytes.subarray(copied)])
}

/** Puts derived frames back. Files without any, as they were sealed before, come out as they are. */
export class FrameRestorer {
  private known: Known | null = null
  /** The batch that has no frame yet, and how far it was looked through. */
  private held: Buffer = Buffer.alloc(0)
  private looked = 0
  private n = 0

  /** What has no frame. */
  get rest(): Buffer {
    return this.held
  }

  /** All batches that are whole now. Throws DerivedFrameFault with the first that is wrong, once those before it were handed over. */
  *push(chunk: Buffer): Generator<Buffer> {
    const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk])
    let [copied, batch, from] = [0, 0, this.looked]
    for (let to = bytes.indexOf(lineFeed, from); to >= 0; from = to + 1, to = bytes.indexOf(lineFeed, from)) {
      const isKept = bytes[from] === quote
      if (!isKept && !isFrameLine(bytes.subarray(from, to))) {
        this.n++
        continue
      }
      if (isKept) {
        const line = this.derived(bytes.subarray(batch, from), bytes.toString('latin1', from, to))
        if (line === null) {
          if (batch > copied) yield bytes.subarray(copied, batch)
          throw new DerivedFrameFault()
        }
        if (from > copied) yield bytes.subarray(copied, from)
        yield line
        copied = to + 1
      } else this.known = read(bytes.subarray(from, to))
      batch = to + 1
      this.n = 0
    }
    const isTooMuch = bytes.length - batch > mostHeld
    if (isTooMuch) this.known = null
    const held = isTooMuch ? bytes.length : batch
    if (held > copied) yield bytes.subarray(copied, held)
    this.held = Buffer.from(bytes.subarray(held))
    this.looked = Math.max(0, from - held)
  }

  private derived(entries: Buffer, kept: string): Buffer | null {
    const made = this.known && next(this.known, entries, this.n)
    if (made === null || keptPattern.exec(kept)?.[1] !== made.known.sha256.slice(0, keptCharacters)) return null
    this.known = made.known
    return Buffer.concat([made.line, Buffer.of(lineFeed)])
  }
}

/** All of what was sealed at once. Throws DerivedFrameFault. */
export function restoreFrames(bytes: Buffer): Buffer {
  const restorer = new FrameRestorer()
  const parts = [...restorer.push(bytes)]
  return Buffer.concat([...parts, restorer.rest])
}

type Made = { readonly known: Known; readonly line: Buffer }

/** The frame of the batch with these entries, so many, which follows on the one before. */
function next(before: Known, entries: Buffer, n: number): Made {
  const [batch, first] = [before.batch + 1, before.first + before.n]
  const start = Buffer.from(`{"batch":${batch},"first":${first},"n":${n},"prev":"${before.sha256}"`)
  const sha256 = hash('sha256', Buffer.concat([entries, start]), 'base64url')
  return { known: { batch, first, n, sha256 }, line: Buffer.concat([start, Buffer.from(`,"sha256":"${sha256}"}`)]) }
}

function read(frame: Buffer): Known | null {
  const match = framePattern.exec(frame.toString('latin1'))
  return match && { batch: Number(match[1]), first: Number(match[2]), n: Number(match[3]), sha256: match[4]! }
}
