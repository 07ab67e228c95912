/** The stride through members of which nothing has to be asked. */
import { keepLabel, lookAround } from './labels'
import {
  foundEnd, foundInfo, foundPlace, isNext, isValue, keyOf, labelsValues, looksAround, masks, reads, ruleShift, treatmentMask,
} from './names'
import { cut } from './output'
import { behindPlainPrimitive, endOfPlainText } from './plain-values'
import {
  depth, expect, expectColon, expectCommaOrClose, expectNameOrClose, expectValue, level, member, setPlace,
} from './progress'
import { applyRule, forHost, goes } from './rules'
import { worthReading } from './strings'
import { pastSpace } from './tokens'

/**
 * Reads members that need nothing of what the rest of this file is for: named as last time, without white space ahead of colon
 * and comma, and their values strings that stay or that a byte rule changes, numbers and literals. To be called where a comma or the
 * object's first name is expected. Returns where one begins that is not named so, with its comma; or stands behind the name of
 * one that is not like that otherwise.
 */
export function readPlainMembers(start: usize, end: usize): usize {
  let first = expect == expectNameOrClose
  if (!first && (load<u32>(level) & 2) == 0) return start
  const key = keyOf(load<i32>(level, 4), depth)
  let p = start
  while (first || load<u8>(p) == 0x2c) {
    const name = pastSpace(first ? p : p + 1)
    if (load<u8>(name) != 0x22 || !isNext(key, name + 1)) return p
    // What is cut with the member: the comma ahead of it too.
    const from = first ? name : p
    if (load<u8>(foundEnd + 1) != 0x3a) return begin(from, expectColon, foundEnd + 1)
    let value = foundEnd + 2
    if (load<u8>(value) == 0x20) value++
    if ((foundInfo & isValue) != 0 && load<u32>(level, 8) != 0) return begin(from, expectValue, value)
    const treatment = foundInfo & treatmentMask
    if (load<u8>(value) == 0x22) {
      const to = endOfPlainText(value, end)
      if (to == 0) return begin(from, expectValue, value)
      if (treatment >= masks) {
        const rule = (foundInfo >> ruleShift) & 0xff
        if (rule == 0) return begin(from, expectValue, value)
        const became = applyRule(rule, value + 1, to)
        if (became == forHost) return begin(from, expectValue, value)
        if (became == goes) {
          if ((foundInfo & labelsValues) != 0) keepLabel(value + 1, to)
          cut(from, to + 1)
          p = to + 1
          if (first) {
            expect = expectCommaOrClose
            return p
          }
          continue
        }
      } else if (treatment == reads && worthReading(value + 1, to)) return begin(from, expectValue, value)
      if ((foundInfo & labelsValues) != 0) keepLabel(value + 1, to)
      p = to + 1
    } else {
      const behind = treatment <= reads ? behindPlainPrimitive(value, end, treatment) : 0
      if (behind == 0) return begin(from, expectValue, value)
      p = behind
    }
    if (first) {
      first = false
      expect = expectCommaOrClose
      store<u32>(level, load<u32>(level) | 2)
    }
  }
  return p
}

/** The member whose name was found, and that begins at `from`, is read on with from a position. */
function begin(from: usize, next: i32, p: usize): usize {
  member = from
  setPlace(foundPlace, foundInfo)
  if ((foundInfo & looksAround) != 0) lookAround()
  expect = next
  return p
}
