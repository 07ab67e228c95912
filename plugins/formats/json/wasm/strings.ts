/** What can be settled of a string without its text: whether anything could be found in it. */
import {
  areDigits, areEightApart, at, code, digits, inRow, marksOf, mostInRow, numbered, putCensus, takeCensus, validAt, wide,
} from './census'
import { anyMark, firstLead, five, openers } from './constants'
import { beginsData, beginsText, shortestRun } from './encoded'
import { digitsInRule, fewInRule, leastNumber, mostNumber, rulesIn, wideInRule } from './layout'
import { isMoment, leastMoment, mayMomentMatch, mostMoment } from './moments'
import { mayFewMatch, mayHaveShape, mayNumberMatch } from './shapes'
import { mayBeStructured } from './structured'
import { holdsAt, lastPlain, mayBeCode, mostDigits, survey, wideBytes } from './survey'
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
    const valid = validAt(from, to)
    const digit = <u32>i8x16.bitmask(areDigits(v)) & valid
    if (digit == valid) return mayNumberMatter(rule, from, to)
    if (length < shortestRun + 1 && load<u8>(openers + <usize>load<u8>(from)) == 0) {
      const high = <u32>i8x16.bitmask(v) & valid
      if (high == 0) {
        if (length < shortestRun && isPlain(rule, v, valid, popcnt(digit))) return false
      } else if (high == valid && areHan(v, valid)) {
        if (length < load<u32>(rule, wideInRule)) return false
        const wanted = load<u32>(rule, fewInRule)
        if (wanted != 0) return mayFewMatch(from, to, wanted)
      }
    }
  } else if (length <= mostMoment) {
    if (length <= mostNumber && allDigits(from) && (allDigits(to - 16) || isIdEndingInX(from, length))) {
      return mayNumberMatter(rule, from, to)
    }
    if (length >= leastMoment && (seeksNothing(rule) || shapesTellAll(rule)) && isMoment(from, to)) {
      return mayMomentMatch(load<u32>(rule, 36))
    }
  }
  return mayHold(rule, from, to)
}

// @ts-ignore: decorator
@inline function allDigits(at: usize): bool {
  return i8x16.bitmask(areDigits(v128.load(at))) == 0xffff
}

/** Of a text that begins with sixteen digits, whether it is an ID number with an X for its check digit. */
// @ts-ignore: decorator
@inline function isIdEndingInX(from: usize, length: u32): bool {
  return length == 18 && <u32>load<u8>(from + 16) - 0x30 < 10 && load<u8>(from + 17) == 0x58
}

/** Whether ASCII shorter than any encoded text or code of capitals has nothing in it that any detector of a rule looks for. */
// @ts-ignore: decorator
@inline function isPlain(rule: usize, v: v128, valid: u32, digitCount: u32): bool {
  if (digitCount >= load<u32>(rule, digitsInRule)) return false
  const marks = marksOf(v)
  const unmarked = <u32>i8x16.bitmask(i8x16.eq(v128.and(marks, v128.load(anyMark)), i8x16.splat(0)))
  const marked = ~unmarked & valid
  if (marked == 0) return true
  // What has to be looked at; and none of the three kinds of code in which signs count has fewer than three of them.
  const signs = <u32>i8x16.bitmask(i8x16.eq(v128.and(marks, i8x16.splat(0x07)), i8x16.splat(0)))
  return (signs & marked) == marked && popcnt(marked) < 3
}

/** Whether a text of three-byte characters, sixteen bytes at the most, is all of Han. */
// @ts-ignore: decorator
@inline function areHan(v: v128, valid: u32): bool {
  const leads = <u32>i8x16.bitmask(i8x16.le_u(i8x16.sub(v, v128.load(firstLead)), v128.load(five)))
  return (leads & valid) == (0x1249 & valid)
}

/** Whether digits alone may be an encoded text, or hold what a detector of a rule looks for. */
function mayNumberMatter(rule: usize, from: usize, to: usize): bool {
  const length = <u32>(to - from)
  if (length >= shortestRun) {
    // Only with these behind the first does a byte follow that may stand there.
    if (<u32>load<u8>(from + 1) - 0x34 < 4 && beginsText(from)) return true
  } else if (length < load<u32>(rule, digitsInRule)) return false
  return isKnownNumber(rule, length) ? mayNumberMatch(from, to, load<u32>(rule, 36)) : mayHold(rule, from, to)
}

/** Whether it is known beforehand which shapes may match in a text of so many digits. */
// @ts-ignore: decorator
@inline function isKnownNumber(rule: usize, length: u32): bool {
  return length >= leastNumber && length <= mostNumber && shapesTellAll(rule)
}

/** Whether all detectors of a rule have shapes. */
// @ts-ignore: decorator
@inline function shapesTellAll(rule: usize): bool {
  return load<u32>(rule, 36) != 0 && (load<u32>(rule, 44) & 4) == 0
}

/** Whether one of the detectors of the plan, as they read what no rule is for, could find something in a number. */
export function mayNumberBeFound(from: usize, to: usize): bool {
  const rule = slot + rulesIn
  const length = <u32>(to - from)
  if (isKnownNumber(rule, length) && areAllDigits(from, to)) return mayNumberMatch(from, to, load<u32>(rule, 36))
  return mayHold(rule, from, to)
}

/** Whether there are no detectors. */
// @ts-ignore: decorator
@inline function seeksNothing(rule: usize): bool {
  return (load<u32>(rule, 28) & 19) == 0 && load<i32>(rule, digitsInRule) == -1
}

/** Whether a text of at most twenty bytes is digits alone. */
// @ts-ignore: decorator
@inline function areAllDigits(from: usize, to: usize): bool {
  if (to - from >= 16) return allDigits(from) && allDigits(to - 16)
  return (~(<u32>i8x16.bitmask(areDigits(v128.load(from)))) & validAt(from, to)) == 0
}

/**
 * Whether a string may be structured text, hold an encoded one, or one of the detectors that a rule names could find something:
 * first by what stands in the string, then by what those with a shape look for.
 */
function mayHold(rule: usize, from: usize, to: usize): bool {
  if (load<u8>(openers + <usize>load<u8>(from)) != 0 && (mayBeStructured(from, to) || beginsData(from))) return true
  if (survey(from, to)) return true
  const needed = load<u32>(rule, digitsInRule)
  const seeks = load<u32>(rule, 28)
  const isWide = wideBytes >= load<u32>(rule, wideInRule)
  if (mostDigits < needed && !isWide && ((seeks & 1) == 0 || !holdsAt) && ((seeks & 16) == 0 || !mayBeCode)) return false
  if (mayBeCode) {
    takeCensus(from, to)
    if (numbered) return true
  } else putCensus(mostDigits, mostDigits >= needed ? mostTogether(from, to, needed) : mostDigits, holdsAt, wideBytes != 0)
  const others = load<u32>(rule, 44)
  if (!isWide && !triggers(needed, seeks & ~2)) return false
  if ((others & 4) != 0 && triggers(load<u32>(rule, 40), others)) return true
  const wanted = load<u32>(rule, 36)
  return wanted != 0 && mayHaveShape(from, to, wanted, lastPlain)
}

/** At least the most digits in a row, where there are as many as are needed. */
// @ts-ignore: decorator
@inline function mostTogether(from: usize, to: usize, needed: u32): u32 {
  return needed >= 8 && wideBytes != 0 && !areEightApart(from, to) ? 7 : mostInRow(from, to)
}

/** Whether by the census there are so many digits, a commercial at, anything outside ASCII or a code, where these are sought. */
// @ts-ignore: decorator
@inline function triggers(needed: u32, seeks: u32): bool {
  return (
    ((seeks & 8) != 0 ? inRow : digits) >= needed ||
    ((seeks & 1) != 0 && at) || ((seeks & 2) != 0 && wide) || ((seeks & 16) != 0 && code)
  )
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

