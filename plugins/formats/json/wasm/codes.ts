/** Whether a string may hold a code of letters, digits and signs (`Triggers.code` in gateway/contracts.ts). */
import { hyphen, ten as tens, zeroDigit } from './constants'

/**
 * Fifteen ASCII capitals and digits in a row, three full stops each behind a digit, four colons, or five hyphens. What an
 * escape by number makes counts elsewhere as anything.
 */
export function holdsCode(from: usize, to: usize): bool {
  // No code is shorter than 1.1.1.1.
  if (to - from < 7) return false
  const zero = v128.load(zeroDigit)
  const ten = v128.load(tens)
  const dash = v128.load(hyphen)
  let run: u32 = 0
  let behindDigit: u32 = 0
  let stops: i32 = 0
  let colons: i32 = 0
  let hyphens: i32 = 0
  for (let p = from; p < to; p += 16) {
    const v = v128.load(p)
    const left = to - p
    const valid: u32 = left < 16 ? (1 << <u32>left) - 1 : 0xffff
    const digit = isBelow(i8x16.sub(v, zero), ten) & valid
    const capitals = digit | (isBelow(i8x16.sub(v, i8x16.splat(0x41)), i8x16.splat(26)) & valid)
    const others = ~capitals & 0xffff
    if (others == 0) run += 16
    else {
      if (run + <u32>ctz(others) >= 15) return true
      run = <u32>clz(others) - 16
    }
    if (run >= 15) return true
    stops += popcnt(<u32>i8x16.bitmask(i8x16.eq(v, i8x16.splat(0x2e))) & valid & ((digit << 1) | behindDigit))
    behindDigit = (digit >> 15) & 1
    colons += popcnt(<u32>i8x16.bitmask(i8x16.eq(v, i8x16.splat(0x3a))) & valid)
    hyphens += popcnt(<u32>i8x16.bitmask(i8x16.eq(v, dash)) & valid)
    if (stops >= 3 || colons >= 4 || hyphens >= 5) return true
  }
  return false
}

/** The bytes that are below a bound, as bits. */
// @ts-ignore: decorator
@inline function isBelow(v: v128, bound: v128): u32 {
  return <u32>i8x16.bitmask(i8x16.lt_u(v, bound))
}
