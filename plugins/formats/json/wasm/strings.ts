/** What can be settled of a string without its text: whether anything could be found in it. */
import { holdsCode } from './codes'
import {
  atSign, backslash, firstLead, hyphen, lastLead, leadOfFullWidth, space, ten as tens, zeroDigit,
} from './constants'
import { mayBeEncoded } from './encoded'
import { digitsInRule, rulesIn } from './layout'
import { mayHaveShape } from './shapes'
import { slot } from './window'

/**
 * Whether a string at a `read` place could hold anything: structured or encoded text, or what a detector could match. Wrong only by
 * saying yes.
 */
// @ts-ignore: decorator
@inline export function worthReading(from: usize, to: usize): bool {
  return from != to && (mayHoldText(from, to) || mayBeFound(slot + rulesIn, from, to))
}

/** Whether a string may be structured text, or hold an encoded one. */
// @ts-ignore: decorator
@inline export function mayHoldText(from: usize, to: usize): bool {
  return (opens(load<u8>(from)) && mayBeStructured(from, to)) || mayBeEncoded(from, to)
}

/**
 * Whether one of the detectors that a rule names could find something: first by what stands in the string, then by what
 * those with a shape look for.
 */
// @ts-ignore: decorator
@inline export function mayBeFound(rule: usize, from: usize, to: usize): bool {
  return holdsAny(from, to, load<u32>(rule, digitsInRule), load<u32>(rule, 28)) && mayBeFoundByShape(rule, from, to)
}

/** The same of the detectors of the plan, as they read what no rule is for. */
export function mayBeFoundIn(from: usize, to: usize): bool {
  return mayBeFound(slot + rulesIn, from, to)
}

function mayBeFoundByShape(rule: usize, from: usize, to: usize): bool {
  const seeks = load<u32>(rule, 44)
  if ((seeks & 4) != 0 && holdsAny(from, to, load<u32>(rule, 40), seeks)) return true
  const wanted = load<u32>(rule, 36)
  return wanted != 0 && mayHaveShape(from, to, wanted)
}

// @ts-ignore: decorator
@inline function holdsAny(from: usize, to: usize, digits: u32, seeks: u32): bool {
  return holds(from, to, digits, seeks) || ((seeks & 16) != 0 && holdsCode(from, to))
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

