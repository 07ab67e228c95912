import type { Place } from '../../../gateway/contracts.ts'

/** Objects and arrays that are open, one in the other, and what is known of the innermost. */
export class OpenContainers {
  /** So many are open; 0: none. */
  depth = 0
  readonly #isObject: Uint8Array
  readonly #places: Int32Array
  /** Elements that began, names that were masked, and whether a member or element has stayed. */
  readonly #counts: Uint32Array
  readonly #ordinals: Uint32Array
  readonly #kept: Uint8Array

  /** `size`: one more than the greatest depth. */
  constructor(size: number) {
    this.#isObject = new Uint8Array(size)
    this.#places = new Int32Array(size)
    this.#counts = new Uint32Array(size)
    this.#ordinals = new Uint32Array(size)
    this.#kept = new Uint8Array(size)
  }

  push(isObject: boolean, place: Place): void {
    const depth = ++this.depth
    this.#isObject[depth] = isObject ? 1 : 0
    this.#places[depth] = place
    this.#counts[depth] = 0
    this.#ordinals[depth] = 0
    this.#kept[depth] = 0
  }

  get inObject(): boolean {
    return this.#isObject[this.depth] === 1
  }

  /** Whether the container around the innermost is an object. */
  get isInObject(): boolean {
    return this.#isObject[this.depth - 1] === 1
  }

  get place(): Place {
    return this.#places[this.depth]!
  }

  set place(place: Place) {
    this.#places[this.depth] = place
  }

  /** Elements of the array that have begun. */
  get elements(): number {
    return this.#counts[this.depth]!
  }

  /** Of the array that has been left last. */
  get elementsLeft(): number {
    return this.#counts[this.depth + 1]!
  }

  /** Another element begins; returns how many there are before it. */
  count(): number {
    return this.#counts[this.depth]!++
  }

  get maskedNames(): number {
    return this.#ordinals[this.depth]!
  }

  maskName(): void {
    this.#ordinals[this.depth]!++
  }

  /** Whether a member or element has stayed. */
  get hasKept(): boolean {
    return this.#kept[this.depth] === 1
  }

  keep(): void {
    this.#kept[this.depth] = 1
  }
}
