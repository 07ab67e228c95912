/**
 * A time limit that is the same for many: whoever begins first is over first, so one timer serves them all. A timer for
 * each call costs more than the call's own part of an exchange.
 */
export class Expiry<Item> {
  readonly #limit: number
  readonly #expire: (item: Item) => void
  #first: Term<Item> | null = null
  #last: Term<Item> | null = null
  #timer: NodeJS.Timeout | null = null

  /** `limit`: milliseconds. `expire` is called once for each item whose term has not ended when they are over. */
  constructor(limit: number, expire: (item: Item) => void) {
    this.#limit = limit
    this.#expire = expire
  }

  begin(item: Item): Term<Item> {
    const term: Term<Item> = { item, began: performance.now(), previous: this.#last, next: null, isOver: false }
    if (this.#last === null) this.#first = term
    else this.#last.next = term
    this.#last = term
    this.#timer ??= this.#after(this.#limit)
    return term
  }

  /** May be called again. */
  end(term: Term<Item>): void {
    if (term.isOver) return
    term.isOver = true
    const { previous, next } = term
    if (previous === null) this.#first = next
    else previous.next = next
    if (next === null) this.#last = previous
    else next.previous = previous
    term.previous = null
    term.next = null
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    while (this.#first !== null) this.end(this.#first)
  }

  #after(milliseconds: number): NodeJS.Timeout {
    // at least one: a timer may fire a moment early
    return setTimeout(() => this.#look(), Math.max(1, Math.ceil(milliseconds))).unref()
  }

  #look(): void {
    this.#timer = null
    while (this.#first !== null) {
      const term = this.#first
      const left = term.began + this.#limit - performance.now()
      if (left > 0) {
        this.#timer = this.#after(left)
        return
      }
      this.end(term)
      this.#expire(term.item)
    }
  }
}

/**
 * One that counts, in the order they began; what is over knows no other. In a Map each table that had become too small
 * would know the next, as V8 has it: once one of them has grown old, it keeps all after it, with the calls of each, until
 * what is old is collected. That was 4 KB of every request, and a fifth of its CPU.
 */
export type Term<Item> = {
  readonly item: Item
  readonly began: number
  previous: Term<Item> | null
  next: Term<Item> | null
  isOver: boolean
}
