/** The stride through members and elements of which nothing has to be asked. */
import { ten as tens, zeroDigit } from './constants'
import { nestingAt } from './layout'
import { looksThroughFlag } from './members'
import { endIn, entryBehind, infoIn, infoOf, keyOf, lastName, reads, ruleShift, stepTo, treatmentMask } from './names'
import { cut } from './output'
import { endOfPlainNumber } from './primitives'
import { badEscape, depth, level } from './progress'
import { applyRule, forHost, goes } from './rules'
import { worthReading } from './strings'
import { pastSpace } from './tokens'
import { plainNumberIsWorthReading } from './values'
import { closingQuote, scalarLimit } from './window'

/**
 * Reads members that need nothing of what the rest of this file is for: without white space before comma or colon, named as
 * last time, and their values strings or numbers that stay or that a byte rule changes. Returns where one begins that is not like that, with
 * its comma; nothing has been changed for it. `first`: the object's brace stands before `start`, and no comma.
 */
export function readPlainMembers(start: usize, end: usize, first: bool): usize {
  if (!first && (load<u8>(start) != 0x2c || (load<u32>(level) & 2) == 0)) return start
  const key = keyOf(load<i32>(level, 4), depth)
  const zero = v128.load(zeroDigit)
  const ten = v128.load(tens)
  let read = lastName()
  // The comma ahead of the member, or the brace.
  let p = first ? start - 1 : start
  do {
    const name = pastSpace(p + 1)
    if (load<u8>(name) != 0x22) break
    const entry = entryBehind(read, key, name + 1)
    if (entry == 0) break
    const nameEnd = endIn(entry, name + 1)
    if (load<u8>(nameEnd + 1) != 0x3a) break
    const value = nameEnd + (load<u8>(nameEnd + 2) == 0x20 ? 3 : 2)
    const info = infoIn(entry)
    const treatment = info & treatmentMask
    let behind: usize = 0
    if (treatment <= reads) {
      behind = behindPlain(value, end, treatment, zero, ten)
      if (behind == 0) break
    } else {
      const rule = (info >> ruleShift) & 0xff
      if (rule == 0 || load<u8>(value) != 0x22) break
      const to = plainTextEnd(value, end)
      if (to == 0) break
      const became = applyRule(rule, value + 1, to)
      if (became == forHost) break
      behind = to + 1
      if (became == goes) {
        cut(p < start ? name : p, behind)
        if (p < start) {
          // Nothing has been kept yet: the comma that follows goes as well.
          stepTo(entry)
          return behind
        }
      }
    }
    if (p < start) store<u32>(level, load<u32>(level) | 2)
    read = entry
    p = behind
  } while (load<u8>(p) == 0x2c)
  stepTo(read)
  return max(p, start)
}

/**
 * The same of elements that stand where their array stands and are no rows: strings and numbers that stay. `first`: the
 * array's bracket stands before `start`, and no comma.
 */
export function readPlainElements(start: usize, end: usize, first: bool): usize {
  // An element outside all others is a row.
  if (load<i32>(nestingAt) <= 0) return start
  const flags = load<u32>(level)
  if ((flags & looksThroughFlag) == 0 || (!first && (flags & 2) == 0)) return start
  const treatment = infoOf(load<i32>(level, 4)) & treatmentMask
  if (treatment > reads) return start
  const zero = v128.load(zeroDigit)
  const ten = v128.load(tens)
  let count: u32 = 0
  let bare = first
  let p = start
  while (bare || load<u8>(p) == 0x2c) {
    const behind = behindPlain(pastSpace(bare ? p : p + 1), end, treatment, zero, ten)
    if (behind == 0) break
    bare = false
    p = behind
    count++
  }
  if (count == 0) return start
  store<u32>(level, flags | 2)
  store<u32>(level, load<u32>(level, 8) + count, 8)
  return p
}

/** What comes behind a string or plain number that stays under a treatment that copies or reads; 0: it is not like that. */
// @ts-ignore: decorator
@inline function behindPlain(at: usize, end: usize, treatment: u32, zero: v128, ten: v128): usize {
  if (load<u8>(at) == 0x22) {
    const to = plainTextEnd(at, end)
    return to == 0 || (treatment == reads && worthReading(at + 1, to)) ? 0 : to + 1
  }
  const to = endOfPlainNumber(at, zero, ten)
  return to == 0 || to >= end || (treatment == reads && plainNumberIsWorthReading(at, to)) ? 0 : to
}

/** The closing quote of the string that opens at `at`; 0 where it has not come, or something is wrong with the string. */
// @ts-ignore: decorator
@inline function plainTextEnd(at: usize, end: usize): usize {
  const to = closingQuote(at + 1, end)
  // Without a closing quote the difference is greater than any limit.
  if (to - at > <usize>scalarLimit) return 0
  return badEscape > to ? to : 0
}
