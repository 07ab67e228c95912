/** Long stretches of characters outside ASCII, as Chinese text is made of. */
import { leadOfFullWidth } from './constants'

/**
 * The last sixteen of the bytes at `at`, and of as many as follow in whole sixteens before `to`, that are all below the lead
 * of full-width characters and outside ASCII: in them no count changes. To be called where the sixteen are outside ASCII.
 */
// @ts-ignore: decorator
@inline export function passWide(at: usize, to: usize): usize {
  const full = v128.load(leadOfFullWidth)
  let p = at
  // As signed bytes, all of ASCII and the leads from EF on are no less than EF.
  for (; p + 80 <= to; p += 64) {
    const most = i8x16.max_s(
      i8x16.max_s(v128.load(p, 16), v128.load(p, 32)),
      i8x16.max_s(v128.load(p, 48), v128.load(p, 64)),
    )
    if (i8x16.bitmask(i8x16.gt_s(full, most)) != 0xffff) break
  }
  while (p + 32 <= to && i8x16.bitmask(i8x16.gt_s(full, v128.load(p, 16))) == 0xffff) p += 16
  return p
}
