/** Which detectors a text has enough for (`Triggers` in contracts.ts), told of all of them together. */
import type { Marks, Triggers } from '../contracts.ts'
import type { Census } from './census.ts'

/**
 * For each count of one class, the detectors for which that is enough: a bit for each, in words of 32. What is more than all ask for
 * counts as that.
 */
type Enough = { readonly most: number; readonly bits: Int32Array }

/** Those that share marks, and the others; and for each mark, who wants it. */
type Marked = { readonly of: Marks['of']; readonly sharing: Int32Array; readonly wanting: Int32Array }

const marksCount = 1024

export class Triggered {
  readonly #digits: Enough
  readonly #joined: Enough
  readonly #at: Enough
  readonly #wide: Enough
  readonly #code: Enough
  readonly #marked: readonly Marked[]
  /** Those of the text that was asked about last. */
  readonly #able: Int32Array

  /** The detectors in their order: the first is bit 0 of the first word. */
  constructor(triggers: readonly Triggers[]) {
    this.#digits = enough(triggers.map(({ digits = 0, joined }) => (joined === true ? 0 : digits)))
    this.#joined = enough(triggers.map(({ digits = 0, joined }) => (joined === true ? digits : 0)))
    this.#at = enough(triggers.map(({ at = 0 }) => at))
    this.#wide = enough(triggers.map(({ wide = 0 }) => wide))
    this.#code = enough(triggers.map(({ code }) => (code === true ? 1 : 0)))
    const all = new Set(triggers.flatMap(({ marks }) => marks?.of ?? []))
    this.#marked = [...all].map(of => sharing(of, triggers))
    this.#able = new Int32Array(Math.ceil(triggers.length / 32))
  }

  /** Who could find something in a text, which has so much; good until the next text is asked about. */
  by(text: string, { digits, joined, at, wide, code }: Census): Int32Array {
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
    for (const marked of this.#marked) ruleOut(able, marked, text)
    return able
  }
}

/** Leaves those that share marks only where the text has one that they want. */
function ruleOut(able: Int32Array, { of, sharing, wanting }: Marked, text: string): void {
  const words = able.length
  let asking = 0
  for (let word = 0; word < words; word++) asking |= able[word]! & sharing[word]!
  if (asking === 0) return
  const marks = of(text)
  for (let word = 0; word < words; word++) {
    let wanted = ~sharing[word]!
    for (let index = 0; index < marks.length; index++) wanted |= wanting[marks[index]! * words + word]!
    able[word]! &= wanted
  }
}

function sharing(of: Marks['of'], triggers: readonly Triggers[]): Marked {
  const words = Math.ceil(triggers.length / 32)
  const sharing = new Int32Array(words)
  const wanting = new Int32Array(marksCount * words)
  for (const [index, { marks }] of triggers.entries()) {
    if (marks?.of !== of) continue
    const bit = 1 << (index & 31)
    sharing[index >> 5]! |= bit
    for (let mark = 0; mark < marksCount; mark++) {
      if (marks.wanted[mark] === 1) wanting[mark * words + (index >> 5)]! |= bit
    }
  }
  return { of, sharing, wanting }
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
