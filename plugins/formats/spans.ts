/** A body that comes in pieces and is edited where it stands: what nobody replaces leaves as it came. */

const nothing = Buffer.alloc(0)

export class SpanEditor {
  /** What has come and is not given out yet; only the first `length` bytes of it. */
  bytes: Buffer = nothing
  length = 0
  #held: Buffer = nothing
  #shared = true
  /** A text and not its bytes: a Buffer takes more memory than what stands in it, and there are some for each row. */
  #edits: { readonly from: number; readonly to: number; readonly text: string }[] = []
  /** By how many bytes what is given out grows by the edits. */
  #growth = 0

  /** Adds a piece behind what is held. It must not change before `give`. */
  take(chunk: Uint8Array): void {
    if (this.length === 0) {
      this.#shared = true
      this.bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
      this.length = chunk.length
      return
    }
    const length = this.length + chunk.length
    if (length > this.#held.length) {
      const wider = Buffer.allocUnsafeSlow(length * 2)
      this.#held.copy(wider, 0, 0, this.length)
      this.#held = wider
    }
    this.#held.set(chunk, this.length)
    this.bytes = this.#held
    this.length = length
    this.#shared = false
  }

  /** Puts a text in the place of `from` to `to`. Edits come in order and do not overlap. */
  replace(from: number, to: number, text: string): void {
    this.#edits.push({ from, to, text })
    this.#growth += Buffer.byteLength(text) - (to - from)
  }

  /** Gives out what stands before `to`, edited; the rest is held, and all positions count from `to` from then on. */
  give(to: number): Uint8Array[] {
    const out = this.#edited(to)
    this.#edits = []
    this.#growth = 0
    const rest = this.length - to
    if (!this.#shared) this.#held.copyWithin(0, to, this.length)
    else if (rest > 0) {
      if (this.#held.length < rest) this.#held = Buffer.allocUnsafeSlow(Math.max(1024, rest * 2))
      this.bytes.copy(this.#held, 0, to, this.length)
    }
    this.bytes = this.#held
    this.#shared = false
    this.length = rest
    return out
  }

  #edited(to: number): Uint8Array[] {
    if (this.#edits.length === 0) {
      if (to === 0) return []
      const range = this.bytes.subarray(0, to)
      return [this.#shared ? range : Buffer.from(range)]
    }
    const size = to + this.#growth
    const out = Buffer.allocUnsafe(size)
    let done = 0
    let w = 0
    for (const edit of this.#edits) {
      w += this.bytes.copy(out, w, done, edit.from)
      w += out.write(edit.text, w)
      done = edit.to
    }
    this.bytes.copy(out, w, done, to)
    return size === 0 ? [] : [out]
  }
}
