import { createHash } from 'node:crypto'
import { FF1 } from '@noble/ciphers/ff1.js'

/** SP 800-38G r1 section 5.1: with fewer values than this, a list of all of them is soon made. */
export const smallestDomain = 1_000_000n
/** The largest radix the library's FF1 takes. */
const widestRadix = 65_535

/**
 * A secret permutation of all values of one kind: as many come out as go in, none twice. FF1 with AES; the tweak
 * keeps apart what must not be joined. Both throw RangeError on a domain of fewer than a million values.
 */
export type Permutation = {
  /** Numerals from 0 to below `radix`. */
  numerals(radix: number, from: readonly number[]): number[]
  /** A whole number from 0 to below `size`. */
  integer(size: bigint, from: bigint): bigint
}

/** `key`: of AES, 16, 24 or 32 bytes. */
export function permutation(key: Uint8Array, tweak: Uint8Array): Permutation {
  const permute = (radix: number, from: readonly number[]) => FF1(radix, key, tweak).encrypt([...from])
  return {
    numerals(radix, from) {
      requireSize(BigInt(radix) ** BigInt(from.length))
      return permute(radix, from)
    },
    integer(size, from) {
      requireSize(size)
      const { radix, length } = numeralsFor(size)
      let at = from
      // Cycle walking (Black and Rogaway 2002): what falls outside goes through once more. The radix is chosen so that
      // almost nothing does.
      do at = joined(radix, permute(radix, parted(radix, length, at)))
      while (at >= size)
      return at
    },
  }
}

/** A tweak of one block for any text, so that its length costs nothing. */
export function tweakOf(text: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(text).digest().subarray(0, 16))
}

/** The shortest numerals of two or more whose number of values is `size` or a little more. */
function numeralsFor(size: bigint): { radix: number; length: number } {
  for (let length = 2; ; length++) {
    let radix = Math.ceil(Number(size) ** (1 / length))
    while (BigInt(radix) ** BigInt(length) < size) radix++
    if (radix <= widestRadix) return { radix, length }
  }
}

function parted(radix: number, length: number, value: bigint): number[] {
  const numerals = new Array<number>(length)
  let rest = value
  for (let at = length - 1; at >= 0; at--) {
    numerals[at] = Number(rest % BigInt(radix))
    rest /= BigInt(radix)
  }
  return numerals
}

function joined(radix: number, numerals: readonly number[]): bigint {
  return numerals.reduce((value, numeral) => value * BigInt(radix) + BigInt(numeral), 0n)
}

function requireSize(size: bigint): void {
  if (size < smallestDomain) throw new RangeError('fewer than a million values')
}
