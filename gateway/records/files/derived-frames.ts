/**
 * Frames that follow from what stands before them. A sealed file keeps of such a frame, in its place, the line `"XXXX"`
 * with the first four characters of its `sha256`: all else in it is counted and hashed again when it is read, which saves
 * the 32 bytes of each hash that nothing can compress. Whoever changes a record changes the hash that is made again, so
 * that it does not begin with these four, nor lead to the whole frame that ends each file.
 */
import { createHash, hash } from 'node:crypto'
import type { Frame } from '../log/frame.ts'
import { isFrameIn } from './lines.ts'

const [lineFeed, quote] = [10, 34]
const keptCharacters = 4
const keptPattern = /^"([\w-]{4})"$/
const framePattern =
  /^\{"batch":(\d{1,15}),"first":(\d{1,15}),"n":(\d{1,9}),"prev":"([\w-]{43})","sha256":"([\w-]{43})"\}$/
/** No batch is larger: what has no frame until then is handed on as it is. */
const mostHeld = 16 * 1024 * 1024

/** A sealed file is not what was sealed: what stands for a frame does not match the records before it. */
export class DerivedFrameFault extends Error {
  constructor() {
    super('a frame does not follow from the records before it')
    this.name = 'DerivedFrameFault'
  }
}

type Known = Pick<Frame, 'batch' | 'first' | 'n' | 'sha256'>

/**
 * The bytes of whole batches with each frame derived but the first, and where `last` is set, the last; and how many entries
 * there are. A frame that does not follow in its numbers and `prev`, and anything that is no batch, stays as it is. That a
 * `sha256` is that of its batch is not looked at: who leaves frames out has to see that they come back.
 *
 * @param into where the bytes are put, as many as there are at most.
 */
export function deriveFrames(
  bytes: Buffer,
  last: boolean,
  into: Buffer = Buffer.allocUnsafe(bytes.length),
): { derived: Buffer; entries: number } {
  const whole = last ? bytes.lastIndexOf('\n{"batch":') + 1 : bytes.length
  let known = null as Frame | null
  let [copied, put, n, entries] = [0, 0, 0, 0]
  for (let from = 0, to = bytes.indexOf(lineFeed); to >= 0; from = to + 1, to = bytes.indexOf(lineFeed, from)) {
    if (!isFrameIn(bytes, from, to)) {
      n++
      continue
    }
    const found = read(bytes.toString('latin1', from, to))
    if (found !== null && known !== null && from < whole && follows(known, found, n)) {
      put += bytes.copy(into, put, copied, from)
      put += into.write(`"${found.sha256.slice(0, keptCharacters)}"\n`, put, 'latin1')
      copied = to + 1
    }
    known = found
    entries += n
    n = 0
  }
  put += bytes.copy(into, put, copied)
  return { derived: into.subarray(0, put), entries: entries + n }
}

/** Puts derived frames back. Files without any, as they were sealed before, come out as they are. */
export class FrameRestorer {
  #known: Known | null = null
  /** The batch that has no frame yet, and how far it was looked through. */
  #held: Buffer = Buffer.alloc(0)
  #looked = 0
  #n = 0

  /** What has no frame. */
  get rest(): Buffer {
    return this.#held
  }

  /** All batches that are whole now. Throws DerivedFrameFault with the first that is wrong, once those before it were handed over. */
  *push(chunk: Buffer): Generator<Buffer> {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    let [copied, batch, from] = [0, 0, this.#looked]
    for (let to = bytes.indexOf(lineFeed, from); to >= 0; from = to + 1, to = bytes.indexOf(lineFeed, from)) {
      const isKept = bytes[from] === quote
      if (!isKept && !isFrameIn(bytes, from, to)) {
        this.#n++
        continue
      }
      if (isKept) {
        const line = this.#derived(bytes.subarray(batch, from), bytes.toString('latin1', from, to))
        if (line === null) {
          if (batch > copied) yield bytes.subarray(copied, batch)
          throw new DerivedFrameFault()
        }
        if (from > copied) yield bytes.subarray(copied, from)
        yield line
        copied = to + 1
      } else this.#known = read(bytes.toString('latin1', from, to))
      batch = to + 1
      this.#n = 0
    }
    const isTooMuch = bytes.length - batch > mostHeld
    if (isTooMuch) this.#known = null
    const held = isTooMuch ? bytes.length : batch
    if (held > copied) yield bytes.subarray(copied, held)
    this.#held = Buffer.from(bytes.subarray(held))
    this.#looked = Math.max(0, from - held)
  }

  #derived(entries: Buffer, kept: string): Buffer | null {
    const made = this.#known && next(this.#known, entries, this.#n)
    if (made === null || keptPattern.exec(kept)?.[1] !== made.known.sha256.slice(0, keptCharacters)) return null
    this.#known = made.known
    return made.line
  }
}

/** All of what was sealed at once. Throws DerivedFrameFault. */
export function restoreFrames(bytes: Buffer): Buffer {
  return Buffer.concat([...restoring(bytes)])
}

/** The same in parts. */
export function* restoring(bytes: Buffer): Generator<Buffer> {
  const restorer = new FrameRestorer()
  yield* restorer.push(bytes)
  yield restorer.rest
}

type Made = { readonly known: Known; readonly line: Buffer }

/** The frame of the batch with these entries, so many, which follows on the one before. */
function next(before: Known, entries: Buffer, n: number): Made {
  const [batch, first] = [before.batch + 1, before.first + before.n]
  const start = `{"batch":${batch},"first":${first},"n":${n},"prev":"${before.sha256}"`
  const sha256 = hashOf(entries, start)
  return { known: { batch, first, n, sha256 }, line: Buffer.from(`${start},"sha256":"${sha256}"}\n`) }
}

/** Small batches are copied, as one call of `hash` costs less than the four of a hash that takes parts; large ones are not. */
const scratch = Buffer.alloc(32 * 1024)

function hashOf(entries: Buffer, start: string): string {
  const length = entries.length + start.length
  if (length > scratch.length) return createHash('sha256').update(entries).update(start).digest('base64url')
  entries.copy(scratch)
  scratch.write(start, entries.length, 'latin1')
  return hash('sha256', scratch.subarray(0, length), 'base64url')
}

/** Whether of the frame `found`, of `n` entries, nothing but its hash is left to be made from the one before. */
function follows(before: Frame, found: Frame, n: number): boolean {
  return (
    found.batch === before.batch + 1 &&
    found.first === before.first + before.n &&
    found.n === n &&
    found.prev === before.sha256
  )
}

function read(line: string): Frame | null {
  const match = framePattern.exec(line)
  return (
    match && {
      batch: Number(match[1]),
      first: Number(match[2]),
      n: Number(match[3]),
      prev: match[4]!,
      sha256: match[5]!,
    }
  )
}
