/** UTF-8 validation, 16 bytes at a time: Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte" (2021). */

import { firstHighFaults, firstLowFaults, highest, leadOfFour, leadOfThree, lowNibble, secondHighFaults } from './constants'

/** Not zero where 64 bytes are seen to be wrong, or those ahead of them by what follows. Reads the three bytes before `at`. */
// @ts-ignore: decorator
@inline export function utf8FaultsOf(at: usize, a: v128, b: v128, c: v128, d: v128): v128 {
  return v128.or(
    v128.or(utf8Faults(at, a), utf8Faults(at + 16, b)),
    v128.or(utf8Faults(at + 32, c), utf8Faults(at + 48, d)),
  )
}

/** Not zero at each byte by which the bytes before it are seen to be wrong. */
// @ts-ignore: decorator
@inline function utf8Faults(at: usize, bytes: v128): v128 {
  const low = v128.load(lowNibble)
  const before = v128.load(at - 1)
  const pairs = v128.and(
    v128.and(
      i8x16.relaxed_swizzle(v128.load(firstHighFaults), v128.and(i16x8.shr_u(before, 4), low)),
      i8x16.relaxed_swizzle(v128.load(firstLowFaults), v128.and(before, low)),
    ),
    i8x16.relaxed_swizzle(v128.load(secondHighFaults), v128.and(i16x8.shr_u(bytes, 4), low)),
  )
  // A third or fourth byte must be a continuation, and only there may two stand together.
  const third = i8x16.sub_sat_u(v128.load(at - 2), v128.load(leadOfThree))
  const fourth = i8x16.sub_sat_u(v128.load(at - 3), v128.load(leadOfFour))
  return v128.xor(v128.and(v128.or(third, fourth), v128.load(highest)), pairs)
}

/** Bytes of the sequence at `at` (RFC 3629, section 4); 0 where the end cuts it, -1 where it is none. */
export function sequence(at: usize, end: usize): i32 {
  const lead = load<u8>(at)
  if (lead < 0xc2 || lead > 0xf4) return -1
  const length: i32 = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  for (let k = 1; k < length; k++) {
    if (at + k >= end) return 0
    const byte = load<u8>(at + k)
    const least: u8 = k > 1 ? 0x80 : lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80
    const most: u8 = k > 1 ? 0xbf : lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf
    if (byte < least || byte > most) return -1
  }
  return length
}
