/** The stride through members of which nothing has to be asked. */
import { keepLabel, lookAround } from './labels'
import {
  infoIn, isValue, keyOf, labelsValues, looksAround, masks, nextNamed, pass, placeOf, reads, roleMask, ruleShift, spanOf,
  treatmentMask,
} from './names'
import { cut } from './output'
import { behindPlainArray } from './plain-elements'
import { beginNextRow, enterObject, leaveObject } from './plain-objects'
import { behindPlainPrimitive, endOfPlainText } from './plain-values'
import {
  depth, expect, expectCommaOrClose, expectNameOrClose, expectValue, level, member, setPlace,
} from './progress'
import { applyRule, forHost, goes } from './rules'
import { worthReading } from './strings'
import { pastSpace } from './tokens'
import { depthLimit } from './window'

/**
 * Reads members that need nothing of what the rest of this file is for: named as last time, without white space ahead of colon
 * and comma, and their values strings that stay or that a byte rule changes, numbers, literals, objects that stay, and arrays of these
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
  while (true) {
    const name = pastSpace(p + 1)
    const entry = nextNamed(key, name)
    if (entry == 0) return first ? p + 1 : p
    pass(entry)
    // What is cut with the member: the comma ahead of it too.
    const from = first ? name : p
    const info = infoIn(entry)
    let value = name + spanOf(entry)
    let byte = load<u8>(value)
    if (byte == 0x20) byte = load<u8>(++value)
    const says = info & (isValue | labelsValues)
    if (says != 0 && (says & isValue) != 0 && load<u32>(level, 8) != 0) return begin(entry, from, value)
    const treatment = info & treatmentMask
    if (byte == 0x22) {
      const to = endOfPlainText(value, end)
      if (to == 0) return begin(entry, from, value)
      if (treatment >= masks) {
        const rule = (info >> ruleShift) & 0xff
        if (rule == 0) return begin(entry, from, value)
        const became = applyRule(rule, value + 1, to)
        if (became == forHost) return begin(entry, from, value)
        if (became == goes) {
          if ((says & labelsValues) != 0) keepLabel(value + 1, to)
          cut(from, to + 1)
          p = to + 1
          if (first || load<u8>(p) != 0x2c) {
            expect = expectCommaOrClose
            return p
          }
          continue
        }
      } else if (treatment == reads && worthReading(value + 1, to)) return begin(entry, from, value)
      if (says != 0 && (says & labelsValues) != 0) keepLabel(value + 1, to)
      p = to + 1
    } else {
      if (treatment > reads) return begin(entry, from, value)
      if (byte >= 0x5b && byte != 0x74 && byte != 0x66 && byte != 0x6e) {
        if ((info & roleMask) != 0 || depth >= depthLimit) return begin(entry, from, value)
        if (byte == 0x7b) {
          store<u32>(level, load<u32>(level) | 2)
          enterObject(placeOf(entry), info)
          key = keyOf(placeOf(entry), depth)
          first = true
          p = value
          continue
        }
        p = byte == 0x5b ? behindPlainArray(value, end, info) : 0
      } else p = behindPlainPrimitive(value, end, treatment)
      if (p == 0) return begin(entry, from, value)
    }
    if (first) {
      first = false
      expect = expectCommaOrClose
      store<u32>(level, load<u32>(level) | 2)
    }
    while (!first && load<u8>(p) != 0x2c) {
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
    }
  }
}

/** The member of an entry's name, that begins at `from`, is read on with from its value. */
function begin(entry: usize, from: usize, value: usize): usize {
  member = from
  setPlace(placeOf(entry), infoIn(entry))
  if ((infoIn(entry) & looksAround) != 0) lookAround()
  expect = expectValue
  return value
}
