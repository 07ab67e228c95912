/**
 * Tells by its characters that a name is none of some: most names and labels of a body are nobody's, and to spell each as
 * normalizeName does takes ten times as long. Bits, so it may say of a few that they could be one of them.
 */

/** Bits for each name: of some that are none of them one in so many is let through. */
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
      const bit = folded(sum) & this.#last
      this.#bits[bit >> 3]! |= 1 << (bit & 7)
    }
  }

  /** Whether a name could be one of them, however it is spelled: wrong only by saying yes. */
  mayHold(name: string): boolean {
    let sum = 0
    for (let at = 0; at < name.length; at++) {
      const code = name.charCodeAt(at)
      // Such characters have other spellings, or join with those before them.
      if (code > 0x7f && (code < 0x4e00 || code > 0x9fff)) return true
      if (code >= 0x41 && code <= 0x5a) sum = mix(sum, code | 0x20)
      else if (!isIgnored(code)) sum = mix(sum, code)
    }
    const bit = folded(sum) & this.#last
    return (this.#bits[bit >> 3]! & (1 << (bit & 7))) !== 0
  }
}

/** Blanks and separators of ASCII, which tell no name from another. */
function isIgnored(code: number): boolean {
  return code === 0x20 || code === 0x5f || code === 0x2d || code === 0x2e || (code >= 0x09 && code <= 0x0d)
}

function mix(sum: number, code: number): number {
  return (Math.imul(sum, 31) + code) | 0
}

function folded(sum: number): number {
  return sum ^ (sum >>> 15)
}
