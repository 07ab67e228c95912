/** Appends that wait for their batch: bounded, and handed out in batches that keep one write short. */
import type { Receipt } from './log.ts'

/** One append: its lines, each with its line feed, and who waits for it. */
export type Waiting = {
  readonly text: string
  /** Of `text` in UTF-8. */
  readonly bytes: number
  readonly entries: number
  readonly receipts: Receipt[]
  resolve(receipts: Receipt[]): void
  reject(error: Error): void
}

const mostEntries = 4096
export const mostBytes = 4 * 1024 * 1024
/** A batch takes no further append beyond this. */
const batchBytes = 1024 * 1024

export class Queue {
  private waiting: Waiting[] = []
  private inFlight: Waiting[] = []
  private bytes = 0
  /** Entries that are not durable yet, with those being written. */
  entries = 0

  get isFull(): boolean {
    return this.entries >= mostEntries || this.bytes >= mostBytes
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0
  }

  add(one: Waiting): void {
    this.waiting.push(one)
    this.entries += one.entries
    this.bytes += one.bytes
  }

  /** The next batch: at least one append, in the order they came. It stays here until it is `settled`. */
  take(): readonly Waiting[] {
    let bytes = 0
    let many = 0
    while (many < this.waiting.length && (many === 0 || bytes + this.waiting[many]!.bytes <= batchBytes))
      bytes += this.waiting[many++]!.bytes
    this.inFlight = this.waiting.splice(0, many)
    this.bytes -= bytes
    return this.inFlight
  }

  /** The batch that was taken is durable. */
  settle(): void {
    for (const { entries } of this.inFlight) this.entries -= entries
    this.inFlight = []
  }

  /** Everything that is not durable, in order; the queue is empty then. */
  drop(): readonly Waiting[] {
    const all = [...this.inFlight, ...this.waiting]
    this.inFlight = []
    this.waiting = []
    this.bytes = 0
    this.entries = 0
    return all
  }
}
