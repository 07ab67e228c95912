/** Counts of one key under one rule: within its time, and what its days usually come to. Pure, bounded. */

const buckets = 60
/** Days that are remembered, and how many it takes to know what is usual. */
export const [daysKept, daysNeeded] = [14, 4]
const mostIds = 20_000
const day = 86_400_000

export class Counting {
  readonly #within: number
  readonly #width: number
  /** Oldest first. */
  #buckets: { readonly at: number; amount: number }[] = []
  readonly #ids = new Map<string, number>()
  #today = 0
  #mostToday = 0
  /** The most of each of the last days on which there was anything. */
  #days: number[] = []

  constructor(within: number) {
    this.#within = within
    this.#width = Math.max(1, Math.floor(within / buckets))
  }

  /** Takes in what a record adds; returns what there is within the time by then. */
  add(time: number, amount: number, ids: readonly string[]): number {
    this.#turn(time)
    let more = amount
    for (const id of ids) {
      const last = this.#ids.get(id)
      if (last === undefined || last <= time - this.#within) more++
      this.#ids.delete(id)
      this.#ids.set(id, time)
    }
    this.#forget(time)
    const at = Math.floor(time / this.#width)
    const last = this.#buckets.at(-1)
    if (last !== undefined && last.at >= at) last.amount += more
    else this.#buckets.push({ at, amount: more })
    const since = Math.floor((time - this.#within) / this.#width)
    while (this.#buckets.length > 0 && this.#buckets[0]!.at <= since) this.#buckets.shift()
    const sum = this.#buckets.reduce((total, one) => total + one.amount, 0)
    this.#mostToday = Math.max(this.#mostToday, sum)
    return sum
  }

  /** The median of its days; null: too few are known. */
  usual(time: number): number | null {
    this.#turn(time)
    return this.#days.length < daysNeeded ? null : medianOf(this.#days)
  }

  #turn(time: number): void {
    const today = Math.floor(time / day)
    if (today <= this.#today) return
    if (this.#mostToday > 0) this.#days = [...this.#days, this.#mostToday].slice(-daysKept)
    this.#today = today
    this.#mostToday = 0
  }

  /** Those that were not met within the time, from the one that was not for longest. */
  #forget(time: number): void {
    for (const [id, last] of this.#ids) {
      if (last > time - this.#within && this.#ids.size <= mostIds) break
      this.#ids.delete(id)
    }
  }
}

/** NaN of none. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
