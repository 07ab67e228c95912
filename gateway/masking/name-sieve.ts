/**
 * Tells by its characters that a name is none of some: most names and labels of a body are nobody's, and to spell each as
 * normalizeName does takes ten times as long. Bits, so it may say of a few that they could be one of them.
 */

import { normalizeName } from '../policy/names.ts'

/** Bits for each name, of which it has two: of some that are none of them one in some hundreds is let through. */
const bitsForEach = 32

export class NameSieve {
  readonly #bits: Uint8Array
  /** The highest bit, one less than a power of two. */
  readonly #last: number

  /** `names`: as `normalizeName` spells them. */
  constructor(names: readonly string[]) {
    this.#last = 2 ** Math.ceil(Math.log2(bitsForEach * (names.length + 1))) - 1
    this.#bits = new Uint8Array((this.#last + 1) >> 3)
    for (const name of names) {
      let sum = 0
      for (let at = 0; at < name.length; at++) sum = mix(sum, name.charCodeAt(at))
      for (const bit of [folded(sum) & this.#last, again(sum) & this.#last]) this.#bits[bit >> 3]! |= 1 << (bit & 7)
    }
  }

  /** Whether a name could be one of them, however it is spelled: wrong only by saying yes. */
  mayHold(name: string): boolean {
    let sum = 0
    for (let at = 0; at < name.length; at++) {
      const code = name.charCodeAt(at)
      const spelt = code >= 0x4e00 && code <= 0x9fff ? code : spellings[code]! || learn(code)
      if (spelt === together) return true
      if (spelt !== ignored) sum = mix(sum, spelt)
    }
    return this.#has(folded(sum) & this.#last) && this.#has(again(sum) & this.#last)
  }

  #has(bit: number): boolean {
    return (this.#bits[bit >> 3]! & (1 << (bit & 7))) !== 0
  }
}

/** What `normalizeName` makes of a character that it spells alike wherever it stands, by its code. 0: it was not met yet. */
const spellings = new Uint16Array(65_536)
/** In place of characters that stand in no name: what is told only of a whole name, and what tells no name from another. */
const [together, ignored] = [1, 2]
const standsAlone = /^[^\0-\x02\p{M}\p{Cs}\u1100-\u11ffΣσς]$/u

/** Characters that join with those before them, or are several, are told with the rest of their name. */
function learn(code: number): number {
  const character = String.fromCharCode(code)
  const spelt = normalizeName(character)
  if (spelt === '' && standsAlone.test(character)) return (spellings[code] = ignored)
  const isAlone = spelt.length === 1 && standsAlone.test(character) && standsAlone.test(spelt)
  return (spellings[code] = isAlone ? spelt.charCodeAt(0) : together)
}

function mix(sum: number, code: number): number {
  return (Math.imul(sum, 31) + code) | 0
}

function folded(sum: number): number {
  return sum ^ (sum >>> 15)
}

/** Another number of the same, by Knuth's multiplier. */
function again(sum: number): number {
  return Math.imul(sum, 0x9e3779b1) >>> 12
}
