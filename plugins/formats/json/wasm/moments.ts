/**
 * Dates with a time of day, as `2026-11-22T09:40:00.000Z`: what most columns of an answer hold that is neither word nor number. Which
 * shapes may match in one is known beforehand by how it is written (`momentsIn` in layout.ts).
 */
import { areDigits, validAt } from './census'
import { momentHead, momentKinds, momentTails, zeroDigit } from './constants'
import { momentsIn } from './layout'
import { slot } from './window'

export const leastMoment: u32 = 19
export const mostMoment: u32 = 29

/** How the last one known is written. */
let kind: usize = 0

/** Whether a string of 19 to 29 bytes is a moment. */
export function isMoment(from: usize, to: usize): bool {
  const tail = <usize>load<u8>(momentKinds + (to - from - leastMoment))
  if (tail == 255) return false
  const head = <u32>i8x16.bitmask(i8x16.eq(asZeros(v128.load(from)), v128.load(momentHead)))
  // Between the two stands a T or a space.
  const spaced = load<u8>(from + 10) == 0x20
  if ((spaced ? head | 0x400 : head) != 0xffff) return false
  const valid = validAt(from + 16, to)
  const rest = <u32>i8x16.bitmask(i8x16.eq(asZeros(v128.load(from + 16)), v128.load(momentTails + (tail << 4))))
  if ((rest & valid) != valid) return false
  kind = (tail << 1) + (spaced ? 1 : 0)
  return true
}

/** A 0 for each digit. */
// @ts-ignore: decorator
@inline function asZeros(v: v128): v128 {
  return v128.bitselect(v128.load(zeroDigit), v, areDigits(v))
}

/** Of the shapes that a rule wants, whether one may match in the last moment known. */
// @ts-ignore: decorator
@inline export function mayMomentMatch(wanted: u32): bool {
  return (wanted & load<u32>(slot + momentsIn + (kind << 2))) != 0
}
