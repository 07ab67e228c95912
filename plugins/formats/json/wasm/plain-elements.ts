/** The stride through elements of which nothing has to be asked. */
import { columnsFlag } from './labels'
import { nestingAt } from './layout'
import { looksThroughFlag } from './members'
import { infoOf, looksThrough, reads, treatmentMask } from './names'
import { behindPlainValue } from './plain-values'
import { level } from './progress'
import { pastSpace } from './tokens'

/**
 * Reads strings, numbers and literals that stay, in an array inside a row whose elements stand where it stands, of which one has
 * stayed and that names no columns. To be called where a comma is expected; returns where an element begins that is not like
 * that, with its comma.
 */
export function readPlainElements(start: usize, end: usize): usize {
  if (load<u8>(start) != 0x2c || load<i32>(nestingAt) == 0) return start
  if ((load<u32>(level) & (2 | looksThroughFlag | columnsFlag)) != (2 | looksThroughFlag)) return start
  const treatment = infoOf(load<i32>(level, 4)) & treatmentMask
  if (treatment > reads) return start
  let count = load<u32>(level, 8)
  let p = start
  while (load<u8>(p) == 0x2c) {
    const behind = behindPlainValue(pastSpace(p + 1), end, treatment)
    if (behind == 0) break
    p = behind
    count++
  }
  store<u32>(level, count, 8)
  return p
}

/**
 * What comes behind an array inside a row that begins here, has at least one element, and of these nothing but strings, numbers and
 * literals that stay, at places that are copied or read; 0 where it is not like that.
 */
export function behindPlainArray(opening: usize, end: usize, info: u32): usize {
  if ((info & looksThrough) == 0 || load<i32>(nestingAt) == 0) return 0
  let p = opening
  do {
    p = behindPlainValue(pastSpace(p + 1), end, info & treatmentMask)
    if (p == 0) return 0
  } while (load<u8>(p) == 0x2c)
  p = pastSpace(p)
  return load<u8>(p) == 0x5d ? p + 1 : 0
}
