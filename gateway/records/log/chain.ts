/** The durable end of a log: where the next batch follows, and how much this writer has put before it. */
import type { Batch } from './batch.ts'
import { sealBatch } from './frame.ts'

/** A batch with its frame: all its bytes, its hash, and its entries. */
export type Sealed = { readonly bytes: Buffer; readonly sha256: string; readonly entries: number }

type End = { readonly batch: number; readonly seq: number; readonly prev: string }

export class Chain {
  #end: End
  readonly #written = { entries: 0, batches: 0, bytes: 0 }

  /** `end`: the number of the next batch, that of its first entry, and the hash it follows. */
  constructor({ batch, seq, prev }: End) {
    this.#end = { batch, seq, prev }
  }

  /** The number of the next entry. */
  get seq(): number {
    return this.#end.seq
  }

  /** The hash that the next batch follows. */
  get prev(): string {
    return this.#end.prev
  }

  /** Since the start. */
  get written(): { readonly entries: number; readonly batches: number; readonly bytes: number } {
    return this.#written
  }

  /** The batch as it would follow. */
  seal(lines: Batch): Sealed {
    const { batch, seq: first, prev } = this.#end
    return { ...sealBatch(lines, { batch, first, prev }), entries: lines.entries }
  }

  /** The batch that was sealed last is durable. */
  advance({ bytes, sha256, entries }: Sealed): void {
    this.#end = { batch: this.#end.batch + 1, seq: this.#end.seq + entries, prev: sha256 }
    this.#written.entries += entries
    this.#written.batches++
    this.#written.bytes += bytes.length
  }
}
