/**
 * How long the disk has owed an answer, by the time that this process has seen pass while it waited. One that was stopped,
 * moved to another machine or got no processor for ten seconds finds, when it goes on, a clock ten seconds later and the
 * disk's answer still unread behind it: to take that for a disk that stalls would stop serving for nothing.
 */
export class DiskPatience {
  #since: number | null = null
  #waited = 0
  readonly #deadline: number
  readonly #interval: number

  /** @param interval milliseconds from one look to the next; a look that comes later counts for no more. */
  constructor(deadline: number, interval: number) {
    this.#deadline = deadline
    this.#interval = interval
  }

  /** Whether the disk owes an answer. */
  get isWaiting(): boolean {
    return this.#since !== null
  }

  /** The disk is asked for something now. */
  begin(now: number): void {
    this.#since = now
    this.#waited = 0
  }

  end(): void {
    this.#since = null
  }

  /** To be called at each interval; true once the disk took longer than it may. */
  isOver(now: number): boolean {
    if (this.#since === null) return false
    this.#waited += Math.min(now - this.#since, this.#interval)
    this.#since = now
    return this.#waited > this.#deadline
  }
}
