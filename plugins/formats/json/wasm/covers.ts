/** The mask that covers what stands between the first and last characters of a string, as keep_ends does. */
import { validAt } from './census'
import {
  afterContinuation, backslash, deletion, firstLead, firstSecond, five, lastLead, lastSecond, lastThird, lowNibble, separatorHigh,
  separatorLow,
} from './constants'
import { cut, putCovers } from './output'

/** Carries a rule (see rules.ts) out; false where the mask would not. */
export function coverMiddle(rule: usize, from: usize, to: usize): bool {
  const head = load<u32>(rule, 4)
  const tail = load<u32>(rule, 8)
  const until = load<u32>(rule, 12)
  let stop = to
  if (until != 0) {
    stop = lastOf(<u8>until, from, to)
    if (stop == 0 || holdsBackslash(stop, to)) return false
  }
  if (!countCharacters(from, stop)) return false
  const hidden = <i32>weight - <i32>head - <i32>tail
  if (hidden < 1 || <u32>hidden * 3 < weight) return false
  let start = from + head
  let rest = stop - tail
  let kept = head + tail
  if (weight != <u32>(stop - from)) {
    // Not all are of one byte, or some are separators.
    kept = 0
    start = from
    for (let left = head; left > 0; kept++) {
      const lead = load<u8>(start)
      if (!isSeparator(lead)) left--
      start += lead < 0x80 ? 1 : 3
    }
    rest = stop
    for (let left = tail; left > 0; kept++) {
      rest--
      while ((load<u8>(rest) & 0xc0) == 0x80) rest--
      if (!isSeparator(load<u8>(rest))) left--
    }
  }
  cut(start, rest)
  putCovers(characters - kept, load<u32>(rule, 16), load<u32>(rule, 20))
  return true
}

function lastOf(byte: u8, from: usize, to: usize): usize {
  const wanted = i8x16.splat(byte)
  for (let p = to; p > from; p -= 16) {
    const ahead = <u32>min(p - from, 16)
    const found = <u32>i8x16.bitmask(i8x16.eq(v128.load(p - 16), wanted)) & (0xffff << (16 - ahead))
    if (found != 0) return p - 1 - <usize>clz(found << 16)
    if (ahead < 16) break
  }
  return 0
}

export function holdsBackslash(from: usize, to: usize): bool {
  for (let p = from; p < to; p += 16) {
    const found = <u32>i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(0x5c)))
    const left = to - p
    if ((left < 16 ? found & ((1 << <u32>left) - 1) : found) != 0) return true
  }
  return false
}

/** White space and the punctuation of Unicode (P) in ASCII: not counted at the ends, and hiding nothing when covered. */
// @ts-ignore: decorator
@inline function isSeparator(byte: u8): bool {
  if (byte >= 0x80) return false
  // A bit for each character from 20 on: not $ + < = > ^ ` | ~, letters and digits.
  const low: u64 = 0x8c00f7ef00000000
  const high: u64 = 0x28000000b8000001
  return (((byte < 0x40 ? low : high) >> <u64>(byte & 63)) & 1) != 0
}

/** Set by `countCharacters`: all, and those that are no separators. */
let characters: u32 = 0
let weight: u32 = 0

/**
 * Counts characters; false where not all are printable ASCII without escapes or U+4E00 to U+9FA5, which are those of which
 * nothing else needs to be known. The bytes are known to be UTF-8.
 */
function countCharacters(from: usize, to: usize): bool {
  let continued: u32 = 0
  let light: u32 = 0
  for (let p = from; p < to; p += 16) {
    const v = v128.load(p)
    const valid = validAt(p, to)
    const beyond = <u32>i8x16.bitmask(v) & valid
    if (beyond != valid) {
      const nibble = v128.load(lowNibble)
      // A byte of 80 or more meets no separator.
      const separators = v128.and(
        i8x16.relaxed_swizzle(v128.load(separatorLow), v128.and(v, nibble)),
        i8x16.relaxed_swizzle(v128.load(separatorHigh), v128.and(i16x8.shr_u(v, 4), nibble)),
      )
      const found = ~<u32>i8x16.bitmask(i8x16.eq(separators, i8x16.splat(0))) & valid
      if (found != 0) {
        const others = v128.or(i8x16.eq(v, v128.load(backslash)), i8x16.eq(v, v128.load(deletion)))
        if ((<u32>i8x16.bitmask(others) & valid) != 0) return false
        light += popcnt(found)
      }
      if (beyond == 0) continue
    }
    const continuations = <u32>i8x16.bitmask(i8x16.gt_s(v128.load(afterContinuation), v)) & valid
    const leads = <u32>i8x16.bitmask(i8x16.le_u(i8x16.sub(v, v128.load(firstLead)), v128.load(five)))
    if ((beyond & ~(continuations | leads)) != 0 || holdsOutside(p, v, beyond)) return false
    continued += popcnt(continuations)
  }
  characters = <u32>(to - from) - continued
  weight = characters - light
  return true
}

/** Whether one of the leads among `beyond` is E4 or E9 and of a character not within U+4E00 to U+9FA5. */
// @ts-ignore: decorator
@inline function holdsOutside(p: usize, v: v128, beyond: u32): bool {
  const next = v128.load(p + 1)
  const early = v128.and(i8x16.eq(v, v128.load(firstLead)), i8x16.gt_s(v128.load(firstSecond), next))
  const late = v128.and(i8x16.eq(v, v128.load(lastLead)), i8x16.ge_s(next, v128.load(lastSecond)))
  return (<u32>i8x16.bitmask(v128.or(early, late)) & beyond) != 0 && areOutside(p, early, late, beyond)
}

/** The same, of E4 with less than B8 behind it, and of E9 with BE or more: with BE up to A5 follows what is within. */
function areOutside(p: usize, early: v128, late: v128, beyond: u32): bool {
  const within = v128.and(
    i8x16.eq(v128.load(p + 1), v128.load(lastSecond)),
    i8x16.ge_s(v128.load(lastThird), v128.load(p + 2)),
  )
  return (<u32>i8x16.bitmask(v128.or(early, v128.andnot(late, within))) & beyond) != 0
}
