/** The stride through members of which nothing has to be asked. */
import { keepLabel, lookAround } from './labels'
import { rulesIn } from './layout'
import {
  copies, differs, following, hasColumns, infoIn, isRows, isValue, keyIn, keyOf, labelsValues, pass, placeOf, reads, roleMask, ruleShift,
  spanOf, spellsOn, treatmentMask,
} from './names'
import { cut } from './output'
import { behindPlainArray } from './plain-elements'
import { beginNextRow, enterObject, leaveObject } from './plain-objects'
import { behindPlainNumber, endOfText } from './plain-values'
import { endOfPlainLiteral } from './primitives'
import {
  badEscape, depth, expect, expectCommaOrClose, expectNameOrClose, expectValue, level, member, setPlace,
} from './progress'
import { applyRule, forHost, goes } from './rules'
import { mayMatter } from './strings'
import { pastSpace } from './tokens'
import { depthLimit, slot } from './window'

/**
 * Reads members that need nothing of what the rest of this file is for: named as last time, without white space ahead of colon
 * and comma, no values that labels may name, and their values strings that stay or that a byte rule changes, numbers, literals, objects that stay, and arrays of these
 * that are no rows; from object to object, and row to row. To be called where a comma or the object's first name is expected.
 * Returns where one begins that is not named so, with its comma; or stands behind the name of one that is not like that
 * otherwise; or where an object ends whose end says more.
 */
export function readPlainMembers(start: usize, end: usize): usize {
  let first = expect == expectNameOrClose
  if (!first && ((load<u32>(level) & 2) == 0 || load<u8>(start) != 0x2c)) return start
  let key = keyOf(load<i32>(level, 4), depth)
  // Ahead of the first stands the brace.
  let p = first ? start - 1 : start
  let from: usize = 0
  let entry: usize = 0
  let value: usize = 0
  // Conditions stand one by one: what is made of several costs V8 more than as many jumps.
  while (true) {
    const name = pastSpace(p + 1)
    entry = following()
    if (differs(entry, name) != 0) return first ? p + 1 : p
    if (keyIn(entry) != key) return first ? p + 1 : p
    if (spanOf(entry) > 16) {
      if (!spellsOn(entry, name)) return first ? p + 1 : p
    }
    pass(entry)
    // What is cut with the member: the comma ahead of it too.
    from = first ? name : p
    value = name + spanOf(entry)
    let byte = load<u8>(value)
    if (byte == 0x20) byte = load<u8>(++value)
    const info = infoIn(entry)
    if ((info & isValue) != 0) break
    const treatment = info & treatmentMask
    if (byte == 0x22) {
      if ((info & hasColumns) != 0) break
      const to = endOfText(value, end)
      if (to == 0) break
      if (to >= badEscape) break
      if (treatment == reads) {
        if (to != value + 1) {
          if (mayMatter(slot + rulesIn, value + 1, to)) break
        }
      } else if (treatment != copies) {
        const rule = (info >> ruleShift) & 0xff
        if (rule == 0) break
        const became = applyRule(rule, value + 1, to)
        if (became == forHost) break
        if (became == goes) {
          if ((info & labelsValues) != 0) keepLabel(value + 1, to)
          cut(from, to + 1)
          p = to + 1
          if (first || load<u8>(p) != 0x2c) {
            expect = expectCommaOrClose
            return p
          }
          continue
        }
      }
      if ((info & labelsValues) != 0) keepLabel(value + 1, to)
      p = to + 1
    } else {
      if (treatment > reads) break
      if (byte < 0x5b) {
        p = behindPlainNumber(value, treatment)
        if (p == 0) break
      } else if (byte == 0x7b) {
        if ((info & roleMask) != 0) break
        if (depth >= depthLimit) break
        store<u32>(level, load<u32>(level) | 2)
        enterObject(placeOf(entry), info)
        key = keyOf(placeOf(entry), depth)
        first = true
        p = value
        continue
      } else if (byte == 0x5b) {
        if ((info & roleMask) != 0) break
        if (depth >= depthLimit) break
        p = behindPlainArray(value, end, info)
        if (p == 0) break
      } else {
        p = endOfPlainLiteral(value)
        if (p == 0) break
      }
    }
    if (first) {
      first = false
      expect = expectCommaOrClose
      store<u32>(level, load<u32>(level) | 2)
    }
    while (load<u8>(p) != 0x2c) {
      p = pastSpace(p)
      if (load<u8>(p) != 0x7d) return p
      const left = leaveObject()
      if (left == 0) return p
      p++
      if (left == 2) {
        p = beginNextRow(p)
        if (expect != expectNameOrClose) return p
        first = true
      }
      key = keyOf(load<i32>(level, 4), depth)
      if (left == 2) break
    }
  }
  return begin(entry, from, value)
}

/** The member of an entry's name, that begins at `from`, is read on with from its value. */
function begin(entry: usize, from: usize, value: usize): usize {
  member = from
  setPlace(placeOf(entry), infoIn(entry))
  if ((infoIn(entry) & isRows) != 0) lookAround()
  expect = expectValue
  return value
}
