/** A body that comes in pieces and is edited where it stands: what nobody replaces leaves as it came. */

const nothing = Buffer.alloc(0)
/** Fewer bytes are copied one by one: to ask the runtime for a copy takes as long as some sixty. */
const few = 64

export class SpanEditor {
  /** What has come and is not given out yet; only the first `length` bytes of it. */
  bytes: Buffer = nothing
  length = 0
  #held: Buffer = nothing
  #shared = true
  /** What leaves: all up to `#done`, edited, if there are edits. Used again, as are edits of each piece made as they come. */
  #out: Buffer = nothing
  #written = 0
  #done = 0
  #isEdited = false

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
    // UTF-8 takes three bytes at most for each unit of UTF-16.
    this.#leave(from, to, text.length * 3)
    this.#written += this.#out.write(text, this.#written)
  }

  /** The same with those of `bytes` from `begin` to `end`. */
  replaceBytes(from: number, to: number, bytes: Uint8Array, begin: number, end: number): void {
    this.#leave(from, to, end - begin)
    this.#copy(bytes, begin, end)
  }

  /** Gives out what stands before `to`, edited; the rest is held, and all positions count from `to` from then on. */
  give(to: number): Uint8Array[] {
    const out = this.#edited(to)
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
    if (!this.#isEdited) {
      if (to === 0) return []
      const range = this.bytes.subarray(0, to)
      return [this.#shared ? range : Buffer.from(range)]
    }
    this.#leave(to, to, 0)
    const out = Buffer.copyBytesFrom(this.#out, 0, this.#written)
    this.#written = 0
    this.#done = 0
    this.#isEdited = false
    return out.length === 0 ? [] : [out]
  }

  /** What stands before `from` leaves as it came; `to` is where it goes on behind an edit of up to so many bytes. */
  #leave(from: number, to: number, bytes: number): void {
    const size = this.#written + (from - this.#done) + bytes
    if (size > this.#out.length) {
      const wider = Buffer.allocUnsafeSlow(Math.max(size * 2, this.length))
      this.#out.copy(wider, 0, 0, this.#written)
      this.#out = wider
    }
    this.#copy(this.bytes, this.#done, from)
    this.#done = to
    this.#isEdited = true
  }

  #copy(bytes: Uint8Array, from: number, to: number): void {
    const out = this.#out
    let at = this.#written
    this.#written += to - from
    if (to - from > few) out.set(bytes.subarray(from, to), at)
    else for (let i = from; i < to; i++) out[at++] = bytes[i]!
  }
}
