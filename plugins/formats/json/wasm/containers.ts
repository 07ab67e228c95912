/** Objects and arrays, and those that go as a whole. */
import { beginColumns, tellRemoved } from './host'
import { tooDeep } from './layout'
import { columnsFlag, inListFlag, leave, pairsFlag } from './labels'
import { beginElementOrText, endValue, isCell, keepMember, looksThroughFlag } from './members'
import { hasColumns, looksThrough, removes, treatmentMask } from './names'
import { cut, putNull } from './output'
import { logPeople } from './people'
import {
  depth, expect, expectNameOrClose, expectValueOrClose, fault, gone, info, inObject, level, member, nameFrom,
  place, skip,
} from './progress'
import { depthLimit } from './window'

export function open(at: usize, isObject: bool): void {
  if (skip < 0 && !inObject) beginElementOrText(at)
  if (depth == depthLimit) {
    fault = tooDeep
    return
  }
  if (skip < 0) {
    if (gone || (info & treatmentMask) == removes) beginSkip(at)
    else keepMember()
  }
  const columns = skip < 0 && depth > 0 ? columnsIn(isObject) : 0
  depth++
  level += 16
  store<u32>(level, columns | (isObject ? 1 : 0) | ((info & looksThrough) != 0 ? looksThroughFlag : 0))
  store<i32>(level, place, 4)
  store<u32>(level, 0, 8)
  store<u32>(level, 0, 12)
  inObject = isObject
  expect = isObject ? expectNameOrClose : expectValueOrClose
}

/**
 * A container begins: whether it is an array that may name the columns of rows behind it. An array around it may not, but with
 * objects for columns where its own name says so, as with lists of them: `"cols":[[{"field":"c1","title":"姓名"}]]`.
 */
function columnsIn(isObject: bool): u32 {
  if (inObject) {
    if (isObject || (info & hasColumns) == 0) return 0
    beginColumns(depth + 1)
    return columnsFlag
  }
  const flags = load<u32>(level)
  if ((flags & columnsFlag) != 0 && (load<u32>(level - 16) & 1) != 0) return isObject ? 0 : columnsFlag | inListFlag
  if (isObject && (flags & inListFlag) != 0) return 0
  store<u32>(level, flags & ~columnsFlag)
  return !isObject && (load<u32>(level, 8) == 1 || (flags & pairsFlag) != 0) ? columnsFlag : 0
}

function beginSkip(at: usize): void {
  logPeople()
  if (!gone) tellRemoved(place)
  if (depth == 0 || isCell()) {
    store<u32>(level, load<u32>(level) | 2)
    putNull(at, at)
    member = at
  }
  skip = depth
  nameFrom = 0
  gone = false
}

/** The container that is open ends before `behind`. */
export function close(behind: usize): void {
  const flags = load<u32>(level)
  const count = load<u32>(level, 8)
  depth--
  level -= 16
  inObject = depth > 0 && (load<u32>(level) & 1) != 0
  if (skip == depth) {
    cut(member, behind)
    skip = -1
    member = 0
  } else if (depth > 0 && skip < 0) leave(flags, count)
  endValue()
}
