/**
 * Where masked bytes wait for their record. A buffer of its own for each piece would be dear (`lending.ts`); so readers write
 * into blocks, which are used again once what is in them is with the kernel.
 */
import type { Room } from '../../contracts.ts'
import { Lending } from '../lending.ts'

/** Bytes of a block: no power of two, else the beginnings of all would take the same places of the processor's cache. */
const blockBytes = 260 * 1024
/** Those of as many callers as are usually answered at once are kept. */
const lending = new Lending(blockBytes, 64)
/** Up to so many bytes stay where they are: for an answer of 10 KB a block is no gain. */
const mostLoose = 24 * 1024

/** The masked bytes of one answer, or of one window of it. A block is in one piece at most, and only this answer's. */
export class Blocks implements Room {
  #pieces: Uint8Array[] = []
  #loose: Uint8Array[] = []
  #looseSize = 0
  #block: Buffer | null = null
  /** Up to where the block holds what was added. */
  #used = 0
  /** Up to where room in it was given. */
  #given = 0

  /** To be added by `add` once it is written. Nobody else is given the same bytes, whether it is or not. */
  room(bytes: number): Buffer {
    if (bytes > blockBytes / 2 || this.#mayBeLoose(bytes)) return Buffer.allocUnsafe(bytes)
    if (this.#block !== null && this.#given + bytes > blockBytes) {
      // what is there is still to be added
      if (this.#given > this.#used) return Buffer.allocUnsafe(bytes)
      this.#close()
    }
    if (this.#block === null) this.#open()
    this.#given += bytes
    return this.#block!.subarray(this.#given - bytes, this.#given)
  }

  /**
   * What is in order in the block stays there. Any other is copied, 50 µs for a megabyte; kept as it is while all of it is
   * little, or where it is larger than a block.
   */
  add(piece: Uint8Array): void {
    if (this.#block !== null && piece.buffer === this.#block.buffer && piece.byteOffset === this.#used) {
      this.#used += piece.length
    } else if (this.#mayBeLoose(piece.length)) {
      this.#loose.push(piece)
      this.#looseSize += piece.length
    } else {
      // room behind it was given, and what is there is still to be added
      if (this.#block !== null && this.#given > this.#used) this.#close()
      if (this.#block === null) this.#open()
      if (piece.length <= blockBytes) this.#copy(piece)
      else {
        this.#close()
        this.#pieces.push(piece)
      }
    }
  }

  /** What was added since the last call, a piece for each block. Whoever has written one says so by `giveBack`. */
  take(): Uint8Array[] {
    if (this.#block !== null) this.#close()
    const pieces = this.#loose.length > 0 ? this.#loose : this.#pieces
    this.#pieces = []
    this.#loose = []
    this.#looseSize = 0
    return pieces
  }

  #mayBeLoose(bytes: number): boolean {
    return this.#looseSize + bytes <= mostLoose && this.#block === null && this.#pieces.length === 0
  }

  /** What was loose goes ahead. */
  #open(): void {
    this.#block = lending.lend()
    const loose = this.#loose
    this.#loose = []
    this.#looseSize = 0
    for (const piece of loose) this.#copy(piece)
  }

  #copy(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      this.#block ??= lending.lend()
      const many = Math.min(piece.length - at, blockBytes - this.#used)
      this.#block.set(at === 0 && many === piece.length ? piece : piece.subarray(at, at + many), this.#used)
      this.#used += many
      at += many
      if (this.#used === blockBytes) this.#close()
    }
    this.#given = this.#used
  }

  #close(): void {
    const block = this.#block!
    if (this.#used > 0) this.#pieces.push(block.subarray(0, this.#used))
    else if (this.#given === 0) giveBack(block)
    this.#block = null
    this.#used = 0
    this.#given = 0
  }
}

/** A piece is with the kernel, whole: its block may be overwritten. What is no block, or was given back, is left alone. */
export function giveBack(piece: Uint8Array): void {
  lending.giveBack(piece)
}

/** Whether it stands in a block that waits for being given back. */
export function isLent(piece: Uint8Array): boolean {
  return lending.lent(piece)
}

/** All of an answer in one piece, which is given back by whoever has written it. */
export function wholeOf(pieces: readonly Uint8Array[]): Buffer {
  const [only] = pieces
  if (pieces.length === 1 && only instanceof Buffer) return only
  const whole = Buffer.concat(pieces)
  for (const piece of pieces) giveBack(piece)
  return whole
}

/** The same bytes in a buffer of their own; what they were in is given back. For what is kept, or written who knows when. */
export function ownCopy(whole: Buffer): Buffer {
  if (!isLent(whole)) return whole
  const copy = Buffer.from(whole)
  giveBack(whole)
  return copy
}
