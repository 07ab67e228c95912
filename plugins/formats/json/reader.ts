/**
 * JSON as it comes, in pieces: each is scanned and walked in slices, what is decided leaves, and the rest is held until more has
 * come. The plain reader, for what the compiled one does not read: ../README.md says which.
 */
import type { FieldCursor, Reader } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { lengthAhead } from './head.ts'
import { HeldBytes } from './held-bytes.ts'
import { Output } from './output.ts'
import { positionMask, Scanner } from './scan.ts'
import { Walk } from './walk.ts'

/** Bytes are scanned and read in slices of this size, so that the tape stays in the processor's cache. */
const slice = 1 << 16
/** Larger pieces are taken in parts: positions have 26 bits. */
const largestPiece = 1 << 20

/** Reads one body. `lines`: whether several texts may follow one another, one a line (NDJSON). */
export class JsonReader implements Reader {
  readonly #limit: number
  readonly #lines: boolean
  readonly #scanner: Scanner
  readonly #output = new Output()
  readonly #walk: Walk
  readonly #held = new HeldBytes()
  #started = false

  constructor(fields: FieldCursor, lines: boolean) {
    this.#limit = fields.limits.scalar
    this.#lines = lines
    this.#scanner = new Scanner(fields.digitsNeeded)
    this.#walk = new Walk(fields, lines, this.#scanner, this.#output)
  }

  write(chunk: Uint8Array): Uint8Array[] {
    if (chunk.length <= largestPiece) return this.#piece(chunk, false)
    const out: Uint8Array[] = []
    for (let at = 0; at < chunk.length; at += largestPiece) {
      out.push(...this.#piece(chunk.subarray(at, at + largestPiece), false))
    }
    return out
  }

  end(): Uint8Array[] {
    const out = this.#piece(new Uint8Array(0), true)
    if (!this.#walk.isOver) throw fault('malformed')
    return out
  }

  #piece(chunk: Uint8Array, last: boolean): Uint8Array[] {
    const shared = this.#held.length === 0
    if (!shared) this.#held.add(chunk)
    const bytes = shared ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : this.#held.bytes
    if (!this.#started && !this.#passHead(bytes, last)) return []
    if (bytes.length > positionMask) throw fault('scalar_too_large')
    this.#output.begin(bytes)
    const keep = this.#readSlices(bytes, last)
    this.#walk.cutSkipped(keep)
    const out = this.#output.finish(keep, shared)
    this.#walk.rebase(bytes, keep)
    this.#scanner.give(0, keep)
    this.#held.holdOnly(bytes, keep)
    return out
  }

  /** Passes over what stands ahead of the text. False while too little has come to tell. */
  #passHead(bytes: Buffer, last: boolean): boolean {
    const ahead = lengthAhead(bytes, this.#lines, last)
    if (ahead < 0) {
      this.#held.holdOnly(bytes, 0)
      return false
    }
    this.#started = true
    this.#scanner.scanned = ahead
    return true
  }

  /** Returns from where bytes must be held. */
  #readSlices(bytes: Buffer, last: boolean): number {
    for (;;) {
      const to = Math.min(bytes.length, this.#scanner.scanned + slice)
      const ended = to === bytes.length
      this.#scanner.reserve(to - this.#scanner.scanned)
      this.#scanner.scan(bytes, to)
      const used = this.#walk.read(bytes, to, last && ended)
      const keep = this.#walk.heldFrom(this.#firstUnread(used))
      this.#scanner.give(used, 0)
      if (ended) return keep
    }
  }

  #firstUnread(used: number): number {
    const { tape, count, scanned } = this.#scanner
    const unread = used < count ? tape[used]! & positionMask : scanned
    if (scanned - unread > this.#limit) throw fault('scalar_too_large')
    return unread
  }
}
