/**
 * Where the masked bytes of a long answer wait for their record. A piece of its own for each chunk would live through two
 * collections of the young generation, become old, and be freed whenever V8 next looks at all of the heap: tens of
 * megabytes later. So they are copied, 50 µs for a megabyte, into blocks that are used again and again.
 */

/** Bytes of a block. */
const blockBytes = 256 * 1024
/** Free blocks that are kept, for all answers together. */
const mostFree = 16

const free: Buffer[] = []
/** In use: only such a block can be given back, and only once. */
const lent = new WeakSet<ArrayBufferLike>()

function lend(): Buffer {
  const block = free.pop() ?? Buffer.allocUnsafeSlow(blockBytes)
  lent.add(block.buffer)
  return block
}

/** The blocks of one window. */
export class Blocks {
  #full: Buffer[] = []
  #block: Buffer | null = null
  #used = 0

  add(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      this.#block ??= lend()
      const many = Math.min(piece.length - at, blockBytes - this.#used)
      this.#block.set(at === 0 && many === piece.length ? piece : piece.subarray(at, at + many), this.#used)
      this.#used += many
      at += many
      if (this.#used === blockBytes) this.#close()
    }
  }

  /** What was added since the last call, a piece for each block. Whoever has written one says so by `giveBack`. */
  take(): Buffer[] {
    if (this.#block !== null) this.#close()
    const pieces = this.#full
    this.#full = []
    return pieces
  }

  #close(): void {
    this.#full.push(this.#block!.subarray(0, this.#used))
    this.#block = null
    this.#used = 0
  }
}

/**
 * A piece is with the kernel, whole, and nobody will read it again: its block may be overwritten. What is no block, or was
 * given back, is left alone; a block that nobody gives back is garbage like any other.
 */
export function giveBack({ buffer }: Uint8Array): void {
  if (lent.delete(buffer) && free.length < mostFree) free.push(Buffer.from(buffer as ArrayBuffer))
}
