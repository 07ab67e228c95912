/** Where tokens end, and what stands where none may. */
import { malformed, newlineAt, tooLarge } from './layout'
import { endOfPrimitive, kindOf } from './primitives'
import { badEscape, fail, fault, sought } from './progress'
import { closingQuote, scalarLimit } from './window'

/** The first byte from `p` on that is no white space. */
// @ts-ignore: decorator
@inline export function pastSpace(p: usize): usize {
  return load<u8>(p) > 0x20 ? p : pastMoreSpace(p)
}

function pastMoreSpace(from: usize): usize {
  let p = from
  while (true) {
    const v = v128.load(p)
    const space = v128.or(
      v128.or(i8x16.eq(v, i8x16.splat(0x20)), i8x16.eq(v, i8x16.splat(0x0a))),
      v128.or(i8x16.eq(v, i8x16.splat(0x0d)), i8x16.eq(v, i8x16.splat(0x09))),
    )
    const other = <u32>i8x16.bitmask(space) ^ 0xffff
    // A zero stands behind the last byte, so this ends.
    if (other != 0) return p + <usize>ctz(other)
    p += 16
  }
}

export function pastSpaceToNewline(from: usize): usize {
  let p = from
  while (true) {
    const byte = load<u8>(p)
    if (byte == 0x0a) {
      store<u32>(newlineAt, 1)
      return p + 1
    }
    if (byte != 0x20 && byte != 0x09 && byte != 0x0d) return p
    p++
  }
}

/** A token that may not stand there, or the end of the input: waits until it is whole, as the faults it has come first. */
export function stray(p: usize, end: usize, last: bool): usize {
  if (p >= end) return p
  const byte = load<u8>(p)
  if (byte == 0x22) {
    if (endOfText(p, end) == 0) return p
  } else if (!isStructure(byte)) {
    const to = primitiveEnd(p, end, last)
    if (to == 0) return p
    if (kindOf(p, to) >= 0 && to - p > <usize>scalarLimit) return fail(tooLarge, p)
  }
  return fail(malformed, p)
}

// @ts-ignore: decorator
@inline export function isStructure(byte: u8): bool {
  return byte == 0x2c || byte == 0x3a || (byte | 0x20) == 0x7b || (byte | 0x20) == 0x7d
}

/** The closing quote of the string that opens at `p`; 0 where it has not come, or with `fault` set. */
// @ts-ignore: decorator
@inline export function endOfText(p: usize, end: usize): usize {
  const to = closingQuote(sought > p ? sought : p + 1, end)
  if (to == 0) {
    sought = end > p + 1 ? end : p + 1
    return 0
  }
  if (to - p > <usize>scalarLimit) {
    fault = tooLarge
    return 0
  }
  if (badEscape <= to) {
    fault = malformed
    return 0
  }
  return to
}

/** The end of the number or literal that begins at `p`; 0 where it may go on behind the end. */
export function primitiveEnd(p: usize, end: usize, last: bool): usize {
  const to = endOfPrimitive(sought > p ? sought : p, end)
  if (to < end || last) return to
  sought = to
  return 0
}
