/** Numbers and literals (RFC 8259, sections 3 and 6). */
import { areDigits } from './census'

// What a token can be.
export const isText: i32 = 0
export const isNumber: i32 = 1
export const isBoolean: i32 = 2
export const isNull: i32 = 3

/** The first byte from `from` on that white space, structure or a quote ends; `end` where there is none. */
// @ts-ignore: decorator
@inline export function endOfPrimitive(from: usize, end: usize): usize {
  let p = from
  while (p < end && !isDelimiter(load<u8>(p))) p++
  return p
}

// @ts-ignore: decorator
@inline function isDelimiter(byte: u8): bool {
  // Space, tab, line feed, return; quote, comma and colon; brackets and braces, which differ in one bit.
  const folded = byte | 0x20
  return (
    byte == 0x2c || folded == 0x7d || byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 || byte == 0x22 ||
    byte == 0x3a || folded == 0x7b
  )
}

/**
 * The end of a number that is nothing but a minus and up to fourteen digits, perhaps with a fraction, and that structure
 * or a line feed ends; 0 where it is not that simple.
 */
// @ts-ignore: decorator
@inline export function endOfPlainNumber(from: usize): usize {
  const digits = <u32>i8x16.bitmask(areDigits(v128.load(from)))
  const minus: u32 = load<u8>(from) == 0x2d ? 1 : 0
  const whole = <u32>ctz(~(digits >> minus))
  if (whole == 0) return 0
  if (whole > 1) {
    if (load<u8>(from + minus) == 0x30) return 0
  }
  let length = whole + minus
  if (load<u8>(from + length) == 0x2e) {
    const fraction = <u32>ctz(~(digits >> (length + 1)))
    if (fraction == 0) return 0
    length += 1 + fraction
  }
  if (length > 15) return 0
  return endsValue(from + length) ? from + length : 0
}

/** The end of a literal that structure or a line feed ends; 0 where it is none. */
export function endOfPlainLiteral(from: usize): usize {
  const word = load<u32>(from)
  const isFalse = word == 0x736c6166 && load<u8>(from + 4) == 0x65
  if (!isFalse && word != 0x65757274 && word != 0x6c6c756e) return 0
  const to = from + (isFalse ? 5 : 4)
  return endsValue(to) ? to : 0
}

// @ts-ignore: decorator
@inline function endsValue(p: usize): bool {
  const byte = load<u8>(p)
  return byte == 0x2c || (byte | 0x20) == 0x7d || byte == 0x0a
}

/** What stands there, or -1: nothing that JSON knows. */
export function kindOf(from: usize, to: usize): i32 {
  const length = to - from
  const lead = load<u8>(from)
  if (lead == 0x74) return length == 4 && load<u32>(from) == 0x65757274 ? isBoolean : -1
  if (lead == 0x66) return length == 5 && load<u32>(from + 1) == 0x65736c61 ? isBoolean : -1
  if (lead == 0x6e) return length == 4 && load<u32>(from) == 0x6c6c756e ? isNull : -1
  return isDecimal(from, to) ? isNumber : -1
}

function isDecimal(from: usize, to: usize): bool {
  let p = load<u8>(from) == 0x2d ? from + 1 : from
  const whole = p
  p = pastDigits(p, to)
  if (p == whole || (load<u8>(whole) == 0x30 && p > whole + 1)) return false
  if (p < to && load<u8>(p) == 0x2e) {
    const fraction = ++p
    p = pastDigits(p, to)
    if (p == fraction) return false
  }
  if (p < to && (load<u8>(p) | 0x20) == 0x65) {
    p++
    if (p < to && (load<u8>(p) == 0x2b || load<u8>(p) == 0x2d)) p++
    const exponent = p
    p = pastDigits(p, to)
    if (p == exponent) return false
  }
  return p == to
}

// @ts-ignore: decorator
@inline function pastDigits(from: usize, to: usize): usize {
  let p = from
  while (p < to && <u32>(load<u8>(p) - 0x30) < 10) p++
  return p
}

/** Whether a number is written with nothing but a minus and digits. */
export function isWhole(from: usize, to: usize): bool {
  return pastDigits(load<u8>(from) == 0x2d ? from + 1 : from, to) == to
}

export function hasExponent(from: usize, to: usize): bool {
  for (let p = from; p < to; p++) if ((load<u8>(p) | 0x20) == 0x65) return true
  return false
}
