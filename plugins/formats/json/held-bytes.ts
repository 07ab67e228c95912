/** Bytes that are held over from one piece of a body to the next. */

/** Grows by doubling, so that a scalar in many pieces is not copied for each of them. */
export class HeldBytes {
  #bytes = Buffer.alloc(0)
  /** How many there are. */
  length = 0

  /** All of them; they stay what they are until the next call. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.length)
  }

  /** Puts a piece behind them. */
  add(piece: Uint8Array): void {
    const length = this.length + piece.length
    if (length > this.#bytes.length) {
      const wider = Buffer.allocUnsafeSlow(length * 2)
      this.#bytes.copy(wider, 0, 0, this.length)
      this.#bytes = wider
    }
    this.#bytes.set(piece, this.length)
    this.length = length
  }

  /** Holds the bytes of a buffer from a position on, and nothing else. The buffer may be these very bytes. */
  holdOnly(buffer: Buffer, from: number): void {
    const rest = buffer.length - from
    if (this.#bytes.length < rest) this.#bytes = Buffer.allocUnsafeSlow(Math.max(1024, rest * 2))
    if (rest > 0) buffer.copy(this.#bytes, 0, from)
    this.length = rest
  }
}
