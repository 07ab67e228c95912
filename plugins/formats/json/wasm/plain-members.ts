/** The stride through members of which nothing has to be asked. */
import { ten as tens, zeroDigit } from './constants'
import { keepLabel } from './labels'
import { foundEnd, foundInfo, isNext, isValue, keyOf, labelsValues, lastName, masks, reads, ruleShift, stepBack, treatmentMask } from './names'
import { cut } from './output'
import { endOfPlainNumber } from './primitives'
import { badEscape, depth, level } from './progress'
import { applyRule, forHost, goes } from './rules'
import { worthReading } from './strings'
import { pastSpace } from './tokens'
import { numberIsWorthReading } from './values'
import { closingQuote, scalarLimit } from './window'

/**
 * Reads members that need nothing of what the rest of this file is for: without white space before comma or colon, named as
 * last time, and their values strings or numbers that stay or that a byte rule changes. Returns where one begins that is not like that, with
 * its comma; nothing has been changed for it.
 */
export function readPlainMembers(start: usize, end: usize): usize {
  if ((load<u32>(level) & 2) == 0) return start
  const key = keyOf(load<i32>(level, 4), depth)
  const zero = v128.load(zeroDigit)
  const ten = v128.load(tens)
  let p = start
  while (load<u8>(p) == 0x2c) {
    const name = pastSpace(p + 1)
    if (load<u8>(name) != 0x22) return p
    const before = lastName()
    if (!isNext(key, name + 1)) return p
    if (load<u8>(foundEnd + 1) != 0x3a) {
      stepBack(before)
      return p
    }
    if ((foundInfo & isValue) != 0 && load<u32>(level, 8) != 0) {
      stepBack(before)
      return p
    }
    const value = foundEnd + (load<u8>(foundEnd + 2) == 0x20 ? 3 : 2)
    const treatment = foundInfo & treatmentMask
    let settled = false
    if (load<u8>(value) == 0x22) {
      const to = closingQuote(value + 1, end)
      if (to != 0 && to - value <= <usize>scalarLimit && badEscape > to) {
        const rule = (foundInfo >> ruleShift) & 0xff
        settled = treatment == 0 || (treatment == reads && !worthReading(value + 1, to))
        if (treatment >= masks && rule != 0) {
          const became = applyRule(rule, value + 1, to)
          settled = became != forHost
          if (became == goes) cut(p, to + 1)
        }
        if (settled) {
          if ((foundInfo & labelsValues) != 0) keepLabel(value + 1, to)
          p = to + 1
        }
      }
    } else if (treatment <= reads) {
      const to = endOfPlainNumber(value, zero, ten)
      settled = to != 0 && to < end && (treatment == 0 || !numberIsWorthReading(value, to))
      if (settled) p = to
    }
    if (!settled) {
      stepBack(before)
      return p
    }
  }
  return p
}
