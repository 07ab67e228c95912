/** What can be settled of a string without its text: whether anything could be found in it, and masks that only cover. */
import { counts, documentTypedAt, nestingAt, rowTypedAt, rulesIn } from './layout'
import { copyTo, cut, done, putCovers, putStars } from './output'
import { digitsNeeded, input, seeksAt, seeksWide, slot } from './window'

/**
 * Whether a string at a `read` place could hold anything: structured text, or what a detector could match. Wrong only by
 * saying yes.
 */
// @ts-ignore: decorator
@inline export function worthReading(from: usize, to: usize): bool {
  if (from == to) return false
  const first = load<u8>(from)
  if (opens(first) && mayBeStructured(from, to)) return true
  return holds(from, to, digitsNeeded, seeksAt, seeksWide)
}

/** Whether a first byte may begin structured text: white space, an opener, an escape, or what may lead to white space. */
// @ts-ignore: decorator
@inline function opens(byte: u8): bool {
  return byte <= 0x20 || byte == 0x5b || byte == 0x7b || byte == 0x3c || byte == 0x5c || byte >= 0x80
}

/** Whether, without white space around it, a string may begin with `[`, `{` or `<` and end with its counterpart. */
function mayBeStructured(from: usize, to: usize): bool {
  const first = load<u8>(from)
  if (first == 0x5b || first == 0x7b || first == 0x3c) return mayEndStructured(from, to)
  if (first <= 0x20) return true
  // An escape may stand for white space or the bracket itself.
  if (first == 0x5c) return load<u8>(from + 1) != 0x22 && load<u8>(from + 1) != 0x5c && load<u8>(from + 1) != 0x2f
  return mayBeginWithSpace(from)
}

/** Leads of the white space of ECMAScript outside ASCII: U+00A0, U+1680, U+2000 to U+205F, U+3000, U+FEFF. */
// @ts-ignore: decorator
@inline function mayBeginWithSpace(from: usize): bool {
  const first = load<u8>(from)
  const second = load<u8>(from + 1)
  return (
    first == 0xc2 || first == 0xe1 || (first == 0xe2 && second <= 0x81) ||
    (first == 0xe3 && second == 0x80 && load<u8>(from + 2) == 0x80) || (first == 0xef && second == 0xbb)
  )
}

function mayEndStructured(from: usize, to: usize): bool {
  const last = load<u8>(to - 1)
  if (last == 0x5d || last == 0x7d || last == 0x3e || last <= 0x20) return true
  if (last >= 0x80) {
    let lead = to - 1
    while (lead > from && (load<u8>(lead) & 0xc0) == 0x80) lead--
    return mayBeginWithSpace(lead)
  }
  // One of the escapes of white space, or six characters of one by number.
  if (to - from >= 2 && load<u8>(to - 2) == 0x5c) return last != 0x22 && last != 0x5c && last != 0x2f
  return to - from >= 6 && load<u8>(to - 6) == 0x5c
}

/**
 * Whether a string holds at least so many digits, a commercial at or anything outside ASCII, where these are sought; the
 * lead byte EF of full-width characters counts as a digit and an at, and an escape by number as anything.
 */
export function holds(from: usize, to: usize, digits: u32, at: bool, wide: bool): bool {
  if (digits > <u32>(to - from) && !at && !wide) {
    // Too short for digits alone, unless an escape or a full-width digit stretches it; neither makes more of fewer bytes.
    return false
  }
  let count: u32 = 0
  for (let p = from; p < to; p += 16) {
    const v = v128.load(p)
    const left = to - p
    const valid: u32 = left < 16 ? (1 << <u32>left) - 1 : 0xffff
    const digit = i8x16.lt_u(i8x16.sub(v, i8x16.splat(0x30)), i8x16.splat(10))
    const full = i8x16.eq(v, i8x16.splat(<i8>0xef))
    const escape = v128.and(i8x16.eq(v, i8x16.splat(0x5c)), i8x16.eq(v128.load(p + 1), i8x16.splat(0x75)))
    let stop = escape
    if (at) stop = v128.or(stop, v128.or(full, i8x16.eq(v, i8x16.splat(0x40))))
    if (wide) stop = v128.or(stop, i8x16.lt_s(v, i8x16.splat(0)))
    if ((<u32>i8x16.bitmask(stop) & valid) != 0) return true
    count += popcnt(<u32>i8x16.bitmask(v128.or(digit, full)) & valid)
    if (count >= digits) return true
  }
  return false
}

/** 4 where there is an escape, 8 where there is anything outside ASCII. */
export function holding(from: usize, to: usize): i32 {
  let escapes: u32 = 0
  let wide: u32 = 0
  for (let p = from; p < to; p += 16) {
    const v = v128.load(p)
    const left = to - p
    const valid: u32 = left < 16 ? (1 << <u32>left) - 1 : 0xffff
    escapes |= <u32>i8x16.bitmask(i8x16.eq(v, i8x16.splat(0x5c))) & valid
    wide |= <u32>i8x16.bitmask(v) & valid
  }
  return (escapes != 0 ? 4 : 0) | (wide != 0 ? 8 : 0)
}

// A rule, 32 bytes: 0 what to do, 4 head, 8 tail, 12 until (0: to the end), 16 the cover's bytes, 20 how many, 24 digits that
// a detector needs, 28 guard flags: 1 at, 2 wide, 4 there are detectors.
const keeps: u32 = 1
const redacts: u32 = 2

/** Carries out a byte rule on the string between `from` and `to`; false: the host has to. */
export function applyRule(rule: u32, from: usize, to: usize): bool {
  if (from == to) return false
  const at = slot + rulesIn + (<usize>rule << 5)
  const action = load<u32>(at)
  const guard = load<u32>(at, 28)
  if ((guard & 4) != 0) {
    const first = load<u8>(from)
    if (opens(first) && mayBeStructured(from, to)) return false
    if (holds(from, to, load<u32>(at, 24), (guard & 1) != 0, (guard & 2) != 0)) return false
  }
  if (action == redacts) putStars(from - 1, to + 1)
  else if (action != keeps && !coverMiddle(at, from, to)) return false
  const times = counts + (<usize>rule << 2)
  store<u32>(times, load<u32>(times) + 1)
  if (load<i32>(nestingAt) > 0) store<u32>(rowTypedAt, 1)
  else store<u32>(documentTypedAt, 1)
  return true
}

/** Covers what stands between the first and last characters, as the mask keep_ends does; false where it would not. */
function coverMiddle(rule: usize, from: usize, to: usize): bool {
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
  let kept: u32 = 0
  let start = from
  for (let left = head; left > 0; kept++) {
    const lead = load<u8>(start)
    if (!isSeparator(lead)) left--
    start += lead < 0x80 ? 1 : 3
  }
  let rest = stop
  for (let left = tail; left > 0; kept++) {
    rest--
    while ((load<u8>(rest) & 0xc0) == 0x80) rest--
    if (!isSeparator(load<u8>(rest))) left--
  }
  cut(start, rest)
  putCovers(characters - kept, load<u32>(rule, 16), load<u32>(rule, 20))
  return true
}

function lastOf(byte: u8, from: usize, to: usize): usize {
  for (let p = to; p > from; ) if (load<u8>(--p) == byte) return p
  return 0
}

function holdsBackslash(from: usize, to: usize): bool {
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
  characters = 0
  weight = 0
  for (let p = from; p < to; p += 16) {
    const v = v128.load(p)
    const left = to - p
    const valid: u32 = left < 16 ? (1 << <u32>left) - 1 : 0xffff
    // Two tables whose bits meet where a character is a separator; a byte of 80 or more meets none.
    const low = v128.and(v, i8x16.splat(0x0f))
    const high = v128.and(i16x8.shr_u(v, 4), i8x16.splat(0x0f))
    const separators = v128.and(
      i8x16.swizzle(i8x16(5, 1, 1, 1, 0, 1, 1, 1, 1, 1, 3, 42, 9, 41, 1, 11), low),
      i8x16.swizzle(i8x16(0, 0, 1, 2, 4, 8, 16, 32, 0, 0, 0, 0, 0, 0, 0, 0), high),
    )
    const wrong = v128.or(i8x16.eq(v, i8x16.splat(0x5c)), i8x16.eq(v, i8x16.splat(0x7f)))
    const beyond = <u32>i8x16.bitmask(v) & valid
    let continuations: u32 = 0
    let others = <u32>i8x16.bitmask(wrong)
    if (beyond != 0) {
      // Continuations, and the leads E4 to E9; of E4 only what follows B8 on, of E9 only up to BE A5.
      const next = v128.load(p + 1)
      continuations = <u32>i8x16.bitmask(i8x16.lt_s(v, i8x16.splat(-64)))
      const leads = <u32>i8x16.bitmask(i8x16.lt_u(i8x16.sub(v, i8x16.splat(<i8>0xe4)), i8x16.splat(6)))
      const early = v128.and(i8x16.eq(v, i8x16.splat(<i8>0xe4)), i8x16.lt_u(next, i8x16.splat(<i8>0xb8)))
      const third = i8x16.gt_u(v128.load(p + 2), i8x16.splat(<i8>0xa5))
      const beyondBe = i8x16.gt_u(next, i8x16.splat(<i8>0xbe))
      const late = v128.or(beyondBe, v128.and(i8x16.eq(next, i8x16.splat(<i8>0xbe)), third))
      const outside = v128.or(early, v128.and(i8x16.eq(v, i8x16.splat(<i8>0xe9)), late))
      others |= <u32>i8x16.bitmask(outside) | (beyond & ~(continuations | leads))
    }
    if ((others & valid) != 0) return false
    const starts = valid & ~continuations
    characters += popcnt(starts)
    weight += popcnt(starts & ~<u32>i8x16.bitmask(i8x16.ne(separators, i8x16.splat(0))))
  }
  return true
}
