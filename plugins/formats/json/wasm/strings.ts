/** What can be settled of a string without its text: whether anything could be found in it. */
import { at, code, digits, inRow, marked, marksOf, numbered, takeCensus, takeQuickCensus, wide } from './census'
import { leadOfFullWidth, ten as tens, zeroDigit } from './constants'
import { beginsText, mayBeEncoded, shortestRun } from './encoded'
import { digitsInRule, leastNumber, mostNumber, rulesIn } from './layout'
import { mayHaveShape, mayNumberMatch } from './shapes'
import { slot } from './window'

/**
 * Whether a string at a `read` place could hold anything: structured or encoded text, or what a detector could match. Wrong only by
 * saying yes.
 */
// @ts-ignore: decorator
@inline export function worthReading(from: usize, to: usize): bool {
  return from != to && mayMatter(slot + rulesIn, from, to)
}

/** The same of a string, not empty, by the detectors that a rule names. */
export function mayMatter(rule: usize, from: usize, to: usize): bool {
  const length = <u32>(to - from)
  if (length <= 16) {
    const v = v128.load(from)
    const valid: u32 = 0xffff >> (16 - length)
    const digit = <u32>i8x16.bitmask(i8x16.lt_u(i8x16.sub(v, v128.load(zeroDigit)), v128.load(tens))) & valid
    if (digit == valid) return mayBeNumber(rule, from, to)
    if (length < shortestRun && isPlain(rule, from, v, valid, <u32>popcnt(digit))) return false
  } else if (length <= mostNumber && areDigits(from) && areDigits(to - 16)) return mayBeNumber(rule, from, to)
  return mayHoldText(from, to) || mayBeFound(rule, from, to)
}

// @ts-ignore: decorator
@inline function areDigits(at: usize): bool {
  return i8x16.all_true(i8x16.lt_u(i8x16.sub(v128.load(at), v128.load(zeroDigit)), v128.load(tens)))
}

/** Whether a string shorter than any encoded text or code of capitals has nothing in it that any detector of a rule looks for. */
// @ts-ignore: decorator
@inline function isPlain(rule: usize, from: usize, v: v128, valid: u32, digitCount: u32): bool {
  const first = load<u8>(from)
  if (digitCount >= load<u32>(rule, digitsInRule) || first <= 0x20 || load<u8>(from + 4) == 0x3a) return false
  const marks = marksOf(v)
  if (marked(marks, 0x07, valid) != 0) return false
  const high = <u32>i8x16.bitmask(v) & valid
  if (high != 0) {
    const full = <u32>i8x16.bitmask(i8x16.eq(v, v128.load(leadOfFullWidth))) & valid
    // What a first character outside ASCII and Han may be: white space ahead of structured text.
    if ((load<u32>(rule, 28) & 2) != 0 || full != 0 || (first >= 0x80 && first - 0xe4 >= 6)) return false
  }
  // None of the three kinds of code in which signs count has fewer than three of them.
  return popcnt(marked(marks, 0x30, valid)) < 3
}

/** Whether digits alone may be an encoded text, or hold what a detector of a rule looks for. */
function mayBeNumber(rule: usize, from: usize, to: usize): bool {
  return (to - from >= <usize>shortestRun && beginsText(from)) || mayBeFound(rule, from, to)
}

/** Whether a string may be structured text, or hold an encoded one. */
// @ts-ignore: decorator
@inline function mayHoldText(from: usize, to: usize): bool {
  return (opens(load<u8>(from)) && mayBeStructured(from, to)) || mayBeEncoded(from, to)
}

/**
 * Whether one of the detectors that a rule names could find something: first by what stands in the string, then by what
 * those with a shape look for.
 */
export function mayBeFound(rule: usize, from: usize, to: usize): bool {
  const needed = load<u32>(rule, digitsInRule)
  const seeks = load<u32>(rule, 28)
  const length = <u32>(to - from)
  // Too short for digits alone: neither an escape nor a full-width digit makes more of fewer bytes.
  if (needed > length && (seeks & 3) == 0 && ((seeks & 16) == 0 || length < shortestCode)) return false
  const others = load<u32>(rule, 44)
  const wanted = load<u32>(rule, 36)
  if (wanted != 0 && (others & 4) == 0 && length >= leastNumber && length <= mostNumber && isNumber(from, to)) {
    return mayNumberMatch(from, to, wanted)
  }
  if (!takeQuickCensus(from, to, needed)) takeCensus(from, to)
  if (numbered) return true
  if (!triggers(needed, seeks)) return false
  if ((others & 4) != 0 && triggers(load<u32>(rule, 40), others)) return true
  return wanted != 0 && mayHaveShape(from, to, wanted)
}

/** Whether a string of at most twenty bytes is digits alone. */
// @ts-ignore: decorator
@inline function isNumber(from: usize, to: usize): bool {
  const length = <u32>(to - from)
  if (length >= 16) return areDigits(from) && areDigits(to - 16)
  const digit = i8x16.lt_u(i8x16.sub(v128.load(from), v128.load(zeroDigit)), v128.load(tens))
  return (~(<u32>i8x16.bitmask(digit)) & (0xffff >> (16 - length))) == 0
}

/** As `1.1.1.1`. */
const shortestCode: u32 = 7

/** The same of the detectors of the plan, as they read what no rule is for. */
export function mayBeFoundIn(from: usize, to: usize): bool {
  return mayBeFound(slot + rulesIn, from, to)
}

/** Whether by the census there are so many digits, a commercial at, anything outside ASCII or a code, where these are sought. */
// @ts-ignore: decorator
@inline function triggers(needed: u32, seeks: u32): bool {
  return (
    ((seeks & 8) != 0 ? inRow : digits) >= needed ||
    ((seeks & 1) != 0 && at) || ((seeks & 2) != 0 && wide) || ((seeks & 16) != 0 && code)
  )
}

/** Whether a first byte may begin structured text: white space, an opener, an escape, or what may lead to white space. */
// @ts-ignore: decorator
@inline function opens(byte: u8): bool {
  return mayBeginStructured(byte) || byte >= 0x80
}

/**
 * Whether, without white space around it, a string may begin with `[`, `{` or `<` and end with its counterpart; or with a quotation
 * mark and one of these.
 */
function mayBeStructured(from: usize, to: usize): bool {
  const first = load<u8>(from)
  if (first == 0x5b || first == 0x7b || first == 0x3c) return mayEndStructured(from, to)
  if (first <= 0x20) return true
  // An escape may stand for white space or the bracket itself.
  if (first == 0x5c) {
    const letter = load<u8>(from + 1)
    return letter == 0x22 ? mayBeginStructured(load<u8>(from + 2)) : letter != 0x5c && letter != 0x2f
  }
  return mayBeginWithSpace(from)
}

// @ts-ignore: decorator
@inline function mayBeginStructured(byte: u8): bool {
  return byte <= 0x20 || byte == 0x5b || byte == 0x7b || byte == 0x3c || byte == 0x5c
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

