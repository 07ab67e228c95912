/** Objects of which nothing has to be asked: where they begin and end. What containers.ts does with any. */
import { columnsFlag } from './labels'
import { nestingAt } from './layout'
import { endElement, looksThroughFlag } from './members'
import { infoOf, looksThrough, reads, treatmentMask } from './names'
import { depth, expect, expectCommaOrClose, expectNameOrClose, inObject, level } from './progress'
import { pastSpace } from './tokens'
import { depthLimit } from './window'

/** An object begins that stays, at a place. */
// @ts-ignore: decorator
@inline export function enterObject(place: i32, info: u32): void {
  depth++
  level += 16
  store<u32>(level, 1 | ((info & looksThrough) != 0 ? looksThroughFlag : 0))
  store<i32>(level, place, 4)
  store<u64>(level, 0, 8)
  expect = expectNameOrClose
}

/**
 * The object ends: 1 where it is a member's value, 2 where it is an element of an array whose elements stand where it stands; 0, with
 * nothing done, where its end or the array says more.
 */
// @ts-ignore: decorator
@inline export function leaveObject(): u32 {
  if (depth < 2 || (load<u32>(level) & columnsFlag) != 0) return 0
  const outside = load<u32>(level - 16)
  if ((outside & 1) == 0 && (outside & (2 | looksThroughFlag | columnsFlag)) != (2 | looksThroughFlag)) return 0
  depth--
  level -= 16
  return (outside & 1) != 0 ? 1 : 2
}

/** Behind an element, that has ended: where the next one, if it is an object that stays, is open; else where its comma stands. */
export function beginNextRow(p: usize): usize {
  endElement()
  expect = expectCommaOrClose
  inObject = false
  if (load<u8>(p) != 0x2c || depth >= depthLimit) return p
  const next = pastSpace(p + 1)
  const place = load<i32>(level, 4)
  const info = infoOf(place)
  if (load<u8>(next) != 0x7b || (info & treatmentMask) > reads) return p
  store<u32>(level, load<u32>(level, 8) + 1, 8)
  store<i32>(nestingAt, load<i32>(nestingAt) + 1)
  enterObject(place, info)
  inObject = true
  return next
}
