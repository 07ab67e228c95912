/** The bytes that leave of one piece of a body: ranges of what came in, and what was put in their place. */
import { longestString, writeString } from './text.ts'

/** Shorter ranges are copied by hand: a call into the runtime costs more than the bytes. */
const shortRange = 40

export class Output {
  #source: Buffer = Buffer.alloc(0)
  #bytes: Buffer | null = null
  #length = 0
  /** Up to here the source has been given out or given up. */
  #done = 0

  /** Begins a piece. Nothing is copied until something is changed. */
  begin(source: Buffer): void {
    this.#source = source
    this.#bytes = null
    this.#length = 0
    this.#done = 0
  }

  /** Gives out the source up to `from`, and gives up what stands between there and `to`. */
  cut(from: number, to: number): void {
    this.#copy(from)
    this.#done = to
  }

  /** Puts a JSON string in the place of `from` to `to`. */
  string(from: number, to: number, text: string): void {
    this.#copy(from)
    this.#done = to
    this.#reserve(longestString(text))
    this.#length = writeString(this.#bytes!, this.#length, text)
  }

  /** Puts `null` in the place of `from` to `to`. */
  null(from: number, to: number): void {
    this.#copy(from)
    this.#done = to
    this.#reserve(4)
    this.#length += this.#bytes!.write('null', this.#length, 'latin1')
  }

  /** Ends the piece at `to` of the source; `shared` says that the source's memory is the caller's and may be handed on. */
  finish(to: number, shared: boolean): Uint8Array[] {
    if (this.#bytes === null && this.#done === 0 && shared) return to === 0 ? [] : [this.#source.subarray(0, to)]
    this.#copy(to)
    return this.#length === 0 ? [] : [this.#bytes!.subarray(0, this.#length)]
  }

  #copy(to: number): void {
    const from = this.#done
    const length = to - from
    if (length <= 0) return
    this.#reserve(length)
    const bytes = this.#bytes!
    if (length < shortRange) {
      const source = this.#source
      for (let i = from, w = this.#length; i < to; i++, w++) bytes[w] = source[i]!
    } else this.#source.copy(bytes, this.#length, from, to)
    this.#length += length
    this.#done = to
  }

  #reserve(more: number): void {
    if (this.#bytes === null) {
      this.#bytes = Buffer.allocUnsafe(
        Math.max(more, this.#source.length - this.#done) + (this.#source.length >> 3) + 256,
      )
    } else if (this.#length + more > this.#bytes.length) {
      const wider = Buffer.allocUnsafe((this.#length + more) * 2)
      this.#bytes.copy(wider, 0, 0, this.#length)
      this.#bytes = wider
    }
  }
}
