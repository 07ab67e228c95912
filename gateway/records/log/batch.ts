/**
 * The bytes of a batch, as appends come. Each text is put there at once: kept until the batch is written, it would be
 * copied by every collection of garbage meanwhile, joined with the others, and copied again.
 */

const fewestBytes = 64 * 1024
/** More than this is given back once it was written. */
const mostKept = 2 * 1024 * 1024
/** UTF-8 of a UTF-16 unit has at most so many bytes. */
const mostWidth = 3

export class Batch {
  /** Of `text`, lines of so many entries: a batch that gets no more. */
  static of(text: string, entries: number): Batch {
    const batch = new Batch()
    batch.add(text, entries)
    return batch
  }

  entries = 0
  /** Bytes so far. */
  size = 0
  #bytes: Buffer = Buffer.allocUnsafeSlow(fewestBytes)

  /** Lines of so many entries, each with its line feed. Returns their bytes in UTF-8. */
  add(text: string, entries: number): number {
    this.#reserve(text.length * mostWidth)
    const added = this.#bytes.write(text, this.size, 'utf8')
    this.size += added
    this.entries += entries
    return added
  }

  /** All bytes until now. They are the batch's own: good until the next `add` or `empty`. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.size)
  }

  get isSmall(): boolean {
    return this.#bytes.length <= mostKept
  }

  /** Begins anew, in the same memory: nothing may be reading it any more. */
  empty(): void {
    this.entries = 0
    this.size = 0
  }

  #reserve(more: number): void {
    if (this.size + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.size + more))
    this.#bytes.copy(larger, 0, 0, this.size)
    this.#bytes = larger
  }
}
