/**
 * Shapes that want three characters in a row of a few, as numbers in words have them: whether there could be three is seen
 * sixteen bytes at a time, in a quarter of the time that it takes to read all characters.
 *
 * Tables of an automaton, 16 bytes each, whose bits stand for the first byte of the characters wanted: by the low half of a first byte,
 * and of the characters led so by the high and the low half of the second, and of the third.
 */
import { validAt } from './census'
import { firstLead, five, lowNibble } from './constants'

/** Whether three characters in a row could be wanted, or one is neither ASCII nor from U+4000 to U+9FFF. Wrong only by saying yes. */
export function mayBeThree(tables: usize, from: usize, to: usize): bool {
  let before: u32 = 0
  let found: u32 = 0
  for (let p = from; p < to; p += 16) {
    const first = v128.load(p)
    const valid = validAt(p, to)
    const han = i8x16.le_u(i8x16.sub(first, v128.load(firstLead)), v128.load(five))
    // Bytes from C0 on lead, as signed ones those of ASCII too.
    const leads = i8x16.gt_s(first, i8x16.splat(-65))
    found |= <u32>i8x16.bitmask(first) & <u32>i8x16.bitmask(v128.andnot(leads, han)) & valid
    const both = before | (<u32>i8x16.bitmask(v128.andnot(han, unwantedAt(tables, p, first))) & valid) << 16
    found |= both & (both >> 3) & (both >> 6)
    before = both >> 16
  }
  return found != 0
}

/** Ones where no character that is wanted begins, of those from U+4000 to U+9FFF. */
// @ts-ignore: decorator
@inline function unwantedAt(tables: usize, p: usize, first: v128): v128 {
  const nibble = v128.load(lowNibble)
  const byFirst = i8x16.relaxed_swizzle(v128.load(tables), v128.and(first, nibble))
  const bySecond = byHalves(tables + 16, v128.load(p, 1), nibble)
  const byThird = byHalves(tables + 48, v128.load(p, 2), nibble)
  return i8x16.eq(v128.and(byFirst, v128.and(bySecond, byThird)), i8x16.splat(0))
}

// @ts-ignore: decorator
@inline function byHalves(tables: usize, bytes: v128, nibble: v128): v128 {
  return v128.and(
    i8x16.relaxed_swizzle(v128.load(tables), v128.and(i16x8.shr_u(bytes, 4), nibble)),
    i8x16.relaxed_swizzle(v128.load(tables, 16), v128.and(bytes, nibble)),
  )
}
