/**
 * A time limit that is the same for many: whoever begins first is over first, so one timer serves them all. A timer for
 * each call costs more than the call's own part of an exchange.
 */
export class Expiry<Item> {
  readonly #limit: number
  readonly #expire: (item: Item) => void
  /** In the order they began, with when that was. */
  readonly #began = new Map<Item, number>()
  #timer: NodeJS.Timeout | null = null

  /** `limit`: milliseconds. `expire` is called once for each item that is still there when they are over. */
  constructor(limit: number, expire: (item: Item) => void) {
    this.#limit = limit
    this.#expire = expire
  }

  add(item: Item): void {
    this.#began.set(item, performance.now())
    this.#timer ??= this.#after(this.#limit)
  }

  delete(item: Item): void {
    this.#began.delete(item)
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#began.clear()
  }

  #after(milliseconds: number): NodeJS.Timeout {
    // at least one: a timer may fire a moment early
    return setTimeout(() => this.#look(), Math.max(1, Math.ceil(milliseconds))).unref()
  }

  #look(): void {
    this.#timer = null
    for (const [item, began] of this.#began) {
      const left = began + this.#limit - performance.now()
      if (left > 0) {
        this.#timer = this.#after(left)
        return
      }
      this.#began.delete(item)
      this.#expire(item)
    }
  }
}
