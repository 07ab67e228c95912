/** A time in which nothing can be written: from the fault that began it until a new file has a `gap` record. */
import type { GapCause, OwnDraft } from '../entry.ts'
import type { Disk } from './disk.ts'
import type { LogFile } from './log-file.ts'
import { gapOf } from './numbering.ts'

/** Files left behind at most: one entry names them all. */
const mostVoid = 256

export class Outage {
  /** Files left behind, and how many bytes of each count. */
  readonly left: [number, number][]
  readonly #since = performance.now()
  readonly #cause: GapCause
  readonly #dropped: number
  readonly #file: LogFile | null

  /** `file`: the one that was written, with what of it is durable; `dropped`: entries that nobody was answered for. */
  constructor(cause: GapCause, dropped: number, file: LogFile | null) {
    this.#cause = cause
    this.#dropped = dropped
    this.#file = file
    this.left = file === null ? [] : [[file.number, file.size]]
  }

  /** Whether one more file left behind would be too many. */
  get isFull(): boolean {
    return this.left.length >= mostVoid
  }

  /** The number of the next file, where `highest` is the highest in the folder. */
  after(highest: number): number {
    return Math.max(highest, ...this.left.map(([number]) => number)) + 1
  }

  /** What its `gap` record says; `seq`: of the next entry. What went with a file that was taken away is lost. */
  async gap(seq: number): Promise<OwnDraft> {
    const file = this.#file
    const taken = file !== null && file.first < seq && !(await file.isWhole())
    const seconds = Math.ceil((performance.now() - this.#since) / 1000)
    return gapOf(this.#cause, seconds, this.#dropped, this.left, taken ? [file.first, seq - 1] : null)
  }

  /** A file that could not be made use of goes away; where it stays, the next `gap` says that nothing in it counts. */
  async discard(made: LogFile, disk: Disk): Promise<void> {
    await made.abandon()
    await disk.unlink(made.path).catch(() => this.left.push([made.number, 0]))
  }
}
