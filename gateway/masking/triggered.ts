/** Which detectors a text has enough for (`Triggers` in contracts.ts), told of all of them together. */
import type { Triggers } from '../contracts.ts'
import type { Census } from './census.ts'

/**
 * For each count of one class, the detectors for which that is enough: a bit for each, in words of 32. What is more than all ask for
 * counts as that.
 */
type Enough = { readonly most: number; readonly bits: Int32Array }

export class Triggered {
  readonly #digits: Enough
  readonly #joined: Enough
  readonly #at: Enough
  readonly #wide: Enough
  readonly #code: Enough
  /** Those of the text that was asked about last. */
  readonly #able: Int32Array

  /** The detectors in their order: the first is bit 0 of the first word. */
  constructor(triggers: readonly Triggers[]) {
    this.#digits = enough(triggers.map(({ digits = 0, joined }) => (joined === true ? 0 : digits)))
    this.#joined = enough(triggers.map(({ digits = 0, joined }) => (joined === true ? digits : 0)))
    this.#at = enough(triggers.map(({ at = 0 }) => at))
    this.#wide = enough(triggers.map(({ wide = 0 }) => wide))
    this.#code = enough(triggers.map(({ code }) => (code === true ? 1 : 0)))
    this.#able = new Int32Array(Math.ceil(triggers.length / 32))
  }

  /** Who could find something in a text that has so much; good until the next text is asked about. */
  by({ digits, joined, at, wide, code }: Census): Int32Array {
    const able = this.#able
    const ofDigits = placeOf(this.#digits, digits, able.length)
    const ofJoined = placeOf(this.#joined, joined, able.length)
    const ofAt = placeOf(this.#at, at, able.length)
    const ofWide = placeOf(this.#wide, wide, able.length)
    const ofCode = placeOf(this.#code, code ? 1 : 0, able.length)
    for (let word = 0; word < able.length; word++) {
      able[word] =
        this.#digits.bits[ofDigits + word]! &
        this.#joined.bits[ofJoined + word]! &
        this.#at.bits[ofAt + word]! &
        this.#wide.bits[ofWide + word]! &
        this.#code.bits[ofCode + word]!
    }
    return able
  }
}

function enough(needed: readonly number[]): Enough {
  const words = Math.ceil(needed.length / 32)
  const most = Math.max(0, ...needed)
  const bits = new Int32Array((most + 1) * words)
  for (const [index, least] of needed.entries()) {
    for (let count = least; count <= most; count++) bits[count * words + (index >> 5)]! |= 1 << (index & 31)
  }
  return { most, bits }
}

function placeOf({ most }: Enough, count: number, words: number): number {
  return (count < most ? count : most) * words
}
