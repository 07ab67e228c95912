/** So many, or a quarter of all: the others are not worth it. */
const few = 16

/** How many rows could not be read together (rows-as-json.ts). */
export class OddRows {
  #taken = 0
  #odd = 0

  /** A row was taken, or has to be read value by value. */
  count(isTaken: boolean): void {
    if (isTaken) this.#taken++
    else this.#odd++
  }

  /** Whether so many rows had to be left that the others are not worth it. */
  get areMany(): boolean {
    return this.#odd > few && this.#odd > this.#taken >> 2
  }
}
