/**
 * What the labels of an object say of a value: those ahead of it, which were kept, and those behind it, for which what is near
 * of the rest of the object is looked over before the value is read. ../labels-behind.ts does the same.
 */
import { labels, keepNameAt, labelsOfLevel } from './layout'
import { addLabel, deepest } from './labels'
import { findName, foundInfo, foundPlace, isLabel, isValue, keyOf, labelsValues } from './names'
import { badEscape, depth, info, level, place, setPlace } from './progress'
import { pastSpace } from './tokens'
import { closingQuote } from './window'

const reach: usize = 1024
const waiting: usize = -1
/** In the room of the document, which is no object. */
const gathered: usize = labels

/** The value that begins there stands where the labels of its object say, if they name anything; false: some may come yet. */
export function describe(value: usize, end: usize, last: bool): bool {
  let used = gatherLabels(value, end)
  if (used == waiting) {
    if (!last) return false
    used = <usize>load<u32>(level, 8)
  }
  setPlace(place, info & ~isValue)
  if (used == 0) return true
  const parent = load<i32>(level, 4)
  store<u32>(keepNameAt, 1)
  findName(parent, keyOf(parent, depth), gathered, gathered + used)
  // Labels that say nothing are not remembered.
  if (load<u32>(keepNameAt) != 0) setPlace(foundPlace, foundInfo | (info & labelsValues))
  return true
}

/** Puts all labels of the object at hand together, as a level has them; returns their bytes, or that some may come yet. */
function gatherLabels(value: usize, end: usize): usize {
  if (depth > deepest) return 0
  let used = <usize>load<u32>(level, 8)
  if (used != 0) memory.copy(gathered, labels + <usize>depth * labelsOfLevel, used + 1)
  const until = value + reach
  let inside = 0
  let p = value
  while (p < end && p < until) {
    const byte = load<u8>(p)
    if (byte != 0x22) {
      if ((byte | 0x20) == 0x7b) inside++
      else if ((byte | 0x20) == 0x7d && inside-- == 0) return used
      p++
      continue
    }
    const name = p + 1
    const to = endWithin(name, end, until)
    if (to == 0) break
    p = to + 1
    if (inside != 0) continue
    const colon = pastSpace(p)
    if (load<u8>(colon) != 0x3a) continue
    p = pastSpace(colon + 1)
    if (p >= until || load<u8>(p) != 0x22) continue
    const close = endWithin(p + 1, end, until)
    if (close == 0) break
    const parent = load<i32>(level, 4)
    if (isLabel(keyOf(parent, depth), name, to)) used = addLabel(gathered, used, p + 1, close)
    p = close + 1
  }
  return end < until ? waiting : used
}

/** The closing quote of a string; 0 where it has not come, is out of reach, or comes behind a wrong escape. */
// @ts-ignore: decorator
@inline function endWithin(from: usize, end: usize, until: usize): usize {
  const to = closingQuote(from, end)
  return to >= until || to >= badEscape ? 0 : to
}
