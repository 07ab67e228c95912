/** The mask that covers what stands between the first and last characters of a string, as keep_ends does. */
import {
  afterContinuation, backslash, deletion, firstLead, firstSecond, lastLead, lastSecond, lastThird, lowNibble, separatorHigh,
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
  for (let p = to; p > from; ) if (load<u8>(--p) == byte) return p
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
  const nibble = v128.load(lowNibble)
  const slash = v128.load(backslash)
  const del = v128.load(deletion)
  const lows = v128.load(separatorLow)
  const highs = v128.load(separatorHigh)
  let all: u32 = 0
  let light: u32 = 0
  for (let p = from; p < to; p += 16) {
    const v = v128.load(p)
    const left = to - p
    const valid: u32 = left < 16 ? (1 << <u32>left) - 1 : 0xffff
    // A byte of 80 or more meets no separator.
    const separators = v128.and(
      i8x16.relaxed_swizzle(lows, v128.and(v, nibble)),
      i8x16.relaxed_swizzle(highs, v128.and(i16x8.shr_u(v, 4), nibble)),
    )
    light += popcnt(~<u32>i8x16.bitmask(i8x16.eq(separators, i8x16.splat(0))) & valid)
    if ((<u32>i8x16.bitmask(v128.or(i8x16.eq(v, slash), i8x16.eq(v, del))) & valid) != 0) return false
    const beyond = <u32>i8x16.bitmask(v) & valid
    if (beyond == 0) all += popcnt(valid)
    else {
      const continuations = continuationsOf(p, v, beyond)
      if (continuations == notPlain) return false
      all += popcnt(valid & ~continuations)
    }
  }
  characters = all
  weight = all - light
  return true
}

const notPlain: u32 = 0xffffffff

/**
 * The continuation bytes among sixteen, of which `beyond` are outside ASCII; `notPlain` where there is a character not of
 * U+4E00 to U+9FA5: their leads are E4 to E9, of E4 only what follows B8 on, of E9 only up to BE A5.
 */
// @ts-ignore: decorator
@inline function continuationsOf(p: usize, v: v128, beyond: u32): u32 {
  const first = v128.load(firstLead)
  const final = v128.load(lastLead)
  const continuations = <u32>i8x16.bitmask(i8x16.gt_s(v128.load(afterContinuation), v))
  const leads = <u32>i8x16.bitmask(v128.and(i8x16.eq(i8x16.max_u(v, first), v), i8x16.eq(i8x16.min_u(v, final), v)))
  if ((beyond & ~(continuations | leads)) != 0) return notPlain
  const edges = v128.or(i8x16.eq(v, first), i8x16.eq(v, final))
  if (v128.any_true(edges) && !edgesArePlain(p, v, beyond)) return notPlain
  return continuations & 0xffff
}

/** Whether what begins with E4 or E9 is within U+4E00 to U+9FA5. */
function edgesArePlain(p: usize, v: v128, beyond: u32): bool {
  const next = v128.load(p + 1)
  const final = v128.load(lastSecond)
  const early = v128.and(i8x16.eq(v, v128.load(firstLead)), i8x16.lt_u(next, v128.load(firstSecond)))
  const beyondThird = i8x16.gt_u(v128.load(p + 2), v128.load(lastThird))
  const late = v128.or(i8x16.gt_u(next, final), v128.and(i8x16.eq(next, final), beyondThird))
  const outside = v128.or(early, v128.and(i8x16.eq(v, v128.load(lastLead)), late))
  return (<u32>i8x16.bitmask(outside) & beyond) == 0
}
