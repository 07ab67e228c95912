/** Objects and arrays, and those that go as a whole. */
import { tellRemoved } from './host'
import { tooDeep } from './layout'
import { beginElementOrText, endValue, keepMember, looksThroughFlag } from './members'
import { looksThrough, removes, treatmentMask } from './names'
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
  depth++
  level += 16
  store<u32>(level, (isObject ? 1 : 0) | ((info & looksThrough) != 0 ? looksThroughFlag : 0))
  store<i32>(level, place, 4)
  store<u32>(level, 0, 8)
  store<u32>(level, 0, 12)
  inObject = isObject
  expect = isObject ? expectNameOrClose : expectValueOrClose
}

function beginSkip(at: usize): void {
  logPeople()
  if (!gone) tellRemoved(place)
  if (depth == 0) {
    putNull(at, at)
    member = at
  }
  skip = depth
  nameFrom = 0
  gone = false
}

/** The container that is open ends before `behind`. */
export function close(behind: usize): void {
  depth--
  level -= 16
  inObject = depth > 0 && (load<u32>(level) & 1) != 0
  if (skip == depth) {
    cut(member, behind)
    skip = -1
    member = 0
  }
  endValue()
}
