/** What can be settled of a string without its text: whether anything could be found in it, and masks that only cover. */
import { holdsCode } from './codes'
import {
  afterContinuation, atSign, backslash, deletion, firstLead, firstSecond, hyphen, lastLead, lastSecond, lastThird,
  leadOfFullWidth, lowNibble, separatorHigh, separatorLow, space, ten as tens, zeroDigit,
} from './constants'
import { mayBeEncoded } from './encoded'
import { counts, documentTypedAt, nestingAt, rowTypedAt, rulesIn } from './layout'
import { cut, putCovers, putNull, putStars } from './output'
import { digitsNeeded, slot, sought } from './window'

/**
 * Whether a string at a `read` place could hold anything: structured or encoded text, or what a detector could match. Wrong only by
 * saying yes.
 */
// @ts-ignore: decorator
@inline export function worthReading(from: usize, to: usize): bool {
  if (from == to) return false
  const first = load<u8>(from)
  if (opens(first) && mayBeStructured(from, to)) return true
  if (mayBeEncoded(from, to)) return true
  return holds(from, to, digitsNeeded, sought) || ((sought & 16) != 0 && holdsCode(from, to))
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

/** n, r, t and f. */
// @ts-ignore: decorator
@inline function isSpaceEscape(letter: u8): bool {
  return letter == 0x6e || letter == 0x72 || letter == 0x74 || letter == 0x66
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

function mayEndStructured(from: usize, end: usize): bool {
  let to = end
  // White space as it is mostly written: what a backslash that is itself escaped leaves is no bracket either.
  while (to - from >= 2 && load<u8>(to - 2) == 0x5c && isSpaceEscape(load<u8>(to - 1))) to -= 2
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
 * lead byte EF of full-width characters counts as a digit and an at, and an escape by number as anything. Digits in a row
 * are counted anew behind any other ASCII than space and hyphen, and behind the leads E4 to E9 of Han.
 */
export function holds(from: usize, to: usize, digits: u32, seeks: u32): bool {
  // Too short for digits alone: neither an escape nor a full-width digit makes more of fewer bytes.
  if (digits > <u32>(to - from) && (seeks & 3) == 0) return false
  const zero = v128.load(zeroDigit)
  const ten = v128.load(tens)
  const slash = v128.load(backslash)
  const fullWidth = v128.load(leadOfFullWidth)
  const at = v128.load(atSign)
  const joined = (seeks & 8) != 0
  let count: u32 = 0
  for (let p = from; p < to; p += 16) {
    const v = v128.load(p)
    const left = to - p
    const valid: u32 = left < 16 ? (1 << <u32>left) - 1 : 0xffff
    const full = i8x16.eq(v, fullWidth)
    const escapes = <u32>i8x16.bitmask(i8x16.eq(v, slash)) & valid
    if (escapes != 0 && numbersAnEscape(p, escapes)) return true
    if ((seeks & 1) != 0 && (<u32>i8x16.bitmask(v128.or(full, i8x16.eq(v, at))) & valid) != 0) return true
    if ((seeks & 2) != 0 && (<u32>i8x16.bitmask(v) & valid) != 0) return true
    const shifted = i8x16.sub(v, zero)
    const plain = <u32>i8x16.bitmask(i8x16.eq(i8x16.min_u(shifted, ten), shifted)) & ~<u32>i8x16.bitmask(i8x16.eq(shifted, ten))
    const digit = (plain | <u32>i8x16.bitmask(full)) & valid
    if (!joined) count += popcnt(digit)
    else {
      const breaks = breaksIn(v, plain) & valid
      if (breaks == 0) count += popcnt(digit)
      else {
        const first = breaks & (0 - breaks)
        const last: u32 = <u32>0x80000000 >> clz(breaks)
        if (count + popcnt(digit & (first - 1)) >= digits) return true
        if (popcnt(digit & (last - 1) & ~(first - 1)) >= digits) return true
        count = popcnt(digit & ~(last - 1))
      }
    }
    if (count >= digits) return true
  }
  return false
}

/** Whether one of these backslashes is followed by a u. */
function numbersAnEscape(p: usize, escapes: u32): bool {
  for (let left = escapes; left != 0; left &= left - 1) if (load<u8>(p + <usize>ctz(left) + 1) == 0x75) return true
  return false
}

/** Bytes that no number goes on behind. */
// @ts-ignore: decorator
@inline function breaksIn(v: v128, plainDigits: u32): u32 {
  const beyond = <u32>i8x16.bitmask(v)
  const apart = <u32>i8x16.bitmask(v128.or(i8x16.eq(v, v128.load(space)), i8x16.eq(v, v128.load(hyphen))))
  const ascii = ~(beyond | apart | plainDigits) & 0xffff
  if (beyond == 0) return ascii
  const han = v128.and(i8x16.eq(i8x16.max_u(v, v128.load(firstLead)), v), i8x16.eq(i8x16.min_u(v, v128.load(lastLead)), v))
  return ascii | <u32>i8x16.bitmask(han)
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
// a detector needs, 28 guard flags: those of `sought` in window.ts, and 4: there are
// detectors.
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
    if (mayBeEncoded(from, to)) return false
    if (holds(from, to, load<u32>(at, 24), guard)) return false
    if ((guard & 16) != 0 && holdsCode(from, to)) return false
  }
  if (action == redacts) putStars(from - 1, to + 1)
  else if (action != keeps && !coverMiddle(at, from, to)) return false
  countRule(rule)
  return true
}

/** The same for a number or boolean, which only becomes null where the rule is to redact. */
export function redactPrimitive(rule: u32, from: usize, to: usize): bool {
  if (load<u32>(slot + rulesIn + (<usize>rule << 5)) != redacts) return false
  putNull(from, to)
  countRule(rule)
  return true
}

function countRule(rule: u32): void {
  const times = counts + (<usize>rule << 2)
  store<u32>(times, load<u32>(times) + 1)
  if (load<i32>(nestingAt) > 0) store<u32>(rowTypedAt, 1)
  else store<u32>(documentTypedAt, 1)
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
