/** Appends that wait for their batch: bounded, and put into batches that keep one write short. */
import { Batch } from './batch.ts'
import type { Receipt } from './log.ts'

/** Who waits for one append. */
export type Waiting = {
  readonly entries: number
  readonly receipts: Receipt[]
  resolve(receipts: Receipt[]): void
  reject(error: Error): void
}

const mostEntries = 4096
export const mostBytes = 4 * 1024 * 1024
/** A batch takes no further append beyond this. */
const batchBytes = 1024 * 1024

type Gathered = { readonly batch: Batch; readonly waiting: Waiting[] }

export class Queue {
  #gathered: Gathered[] = []
  #inFlight: Gathered | null = null
  /** Of a batch that is durable, for the next to be gathered. */
  #spare: Batch | null = null
  #bytes = 0
  /** Entries that are not durable yet, with those being written. */
  entries = 0

  get isFull(): boolean {
    return this.entries >= mostEntries || this.#bytes >= mostBytes
  }

  get isEmpty(): boolean {
    return this.#gathered.length === 0
  }

  /** `text`: the lines of one append, each with its line feed. */
  add(text: string, one: Waiting): void {
    let last = this.#gathered.at(-1)
    if (last === undefined || last.batch.size + text.length > batchBytes) {
      last = { batch: this.#spare ?? new Batch(), waiting: [] }
      this.#spare = null
      this.#gathered.push(last)
    }
    this.#bytes += last.batch.add(text, one.entries)
    this.entries += one.entries
    last.waiting.push(one)
  }

  /** The next batch: at least one append, in the order they came. It stays here until it is `settled`. */
  take(): Batch {
    this.#inFlight = this.#gathered.shift()!
    this.#bytes -= this.#inFlight.batch.size
    return this.#inFlight.batch
  }

  /** The batch that was taken is durable, and nothing reads its bytes any more. Who waited for it. */
  settle(): readonly Waiting[] {
    const { batch, waiting } = this.#inFlight!
    this.#inFlight = null
    this.entries -= batch.entries
    if (batch.isSmall) {
      batch.empty()
      this.#spare = batch
    }
    return waiting
  }

  /** Everything that is not durable, in order; the queue is empty then. A batch that is being written keeps its bytes. */
  drop(): readonly Waiting[] {
    const all = [...(this.#inFlight === null ? [] : [this.#inFlight]), ...this.#gathered]
    this.#inFlight = null
    this.#gathered = []
    this.#bytes = 0
    this.entries = 0
    return all.flatMap(({ waiting }) => waiting)
  }
}
