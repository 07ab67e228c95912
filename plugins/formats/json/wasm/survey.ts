/**
 * One pass over a string for all that is asked of it: whether it may hold an encoded text, and how much of what triggers
 * detectors there is at most. What is seen to matter is counted by census.ts after that.
 */
import { breaksLine, holdsWideAt, numbersAnEscape, validAt } from './census'
import { alphabetHigh, alphabetLow, atSign, backslash, leadOfFullWidth, lowNibble } from './constants'
import { beginAnEscape, isHex, mayDecode, shortestRun } from './encoded'
import { passWide } from './wide'

/** Digits, of which the lead byte EF of full-width characters counts as one; and whether there is a commercial at. */
export let mostDigits: u32 = 0
export let holdsAt: bool = false
/** Bytes outside ASCII, and behind which there are no others. */
export let wideBytes: u32 = 0
export let lastPlain: usize = 0
/** Whether there may be a code: three of the signs in them, or as many characters in a row. */
export let mayBeCode: bool = false

/** true: there may be an encoded text, an escape by number, which may stand for anything, a table, named values, or markup. Then nothing else is told. */
export function survey(from: usize, to: usize): bool {
  const nibble = v128.load(lowNibble)
  let run: u32 = 0
  let few: u32 = 0
  let signs: u32 = 0
  let ats: u32 = 0
  let beyond: u32 = 0
  let long = false
  // Where what parts cells stands first, once a line has ended.
  let partedAt: usize = 0
  lastPlain = from
  for (let p = from; p < to; p += 16) {
    const v = v128.load(p)
    const valid = validAt(p, to)
    const high = <u32>i8x16.bitmask(v) & valid
    if (high != 0) {
      beyond += popcnt(high)
      const full = <u32>i8x16.bitmask(i8x16.eq(v, v128.load(leadOfFullWidth))) & valid
      if (full != 0) {
        if (holdsWideAt(p, full)) ats = 1
        if (holdsWideSign(p, full)) return true
        few += popcnt(full)
      }
      if (high == valid) {
        if (run >= shortestRun) {
          if (mayDecode(p - run, p)) return true
          long = true
        }
        run = 0
        const last = passWide(p, to)
        beyond += <u32>(last - p)
        p = last
        continue
      }
    }
    lastPlain = p + 16
    const classes = v128.and(
      i8x16.relaxed_swizzle(v128.load(alphabetLow), v128.and(v, nibble)),
      i8x16.relaxed_swizzle(v128.load(alphabetHigh), v128.and(i16x8.shr_u(v, 4), nibble)),
    )
    // Digits have a class of their own, the second; hyphen and full stop too, the last.
    few += popcnt(<u32>i8x16.bitmask(i16x8.shl(classes, 6)) & valid)
    const colons = i8x16.eq(v, i8x16.splat(0x3a))
    signs += popcnt(<u32>i8x16.bitmask(v128.or(classes, colons)) & valid)
    // `:;<=`, as one comparison costs no more than for two of them.
    const naming = <u32>i8x16.bitmask(i8x16.le_u(i8x16.sub(v, i8x16.splat(0x3a)), i8x16.splat(3))) & valid
    if (naming != 0 && nameOrMarkUp(p, naming, to)) return true
    const rare = v128.or(v128.and(classes, i8x16.splat(0x60)), i8x16.eq(v, v128.load(atSign)))
    const common = <u32>i8x16.bitmask(i8x16.eq(rare, i8x16.splat(0)))
    if ((~common & valid) != 0) {
      ats |= <u32>i8x16.bitmask(i8x16.eq(v, v128.load(atSign))) & valid
      const escapes = <u32>i8x16.bitmask(i8x16.eq(v, v128.load(backslash))) & valid
      if (escapes != 0) {
        if (numbersAnEscape(p, escapes)) return true
        if (partedAt == 0 && breaksLine(p, escapes, to)) partedAt = firstParting(from, to)
        if (partedAt != 0 && partedAt < p + 16) return true
      }
      const others = <u32>i8x16.bitmask(i16x8.shl(classes, 2)) & valid
      if (others != 0 && beginAnEscape(p, others)) return true
    }
    const others = <u32>i8x16.bitmask(i8x16.eq(v128.and(classes, i8x16.splat(0x1f)), i8x16.splat(0))) | (valid ^ 0xffff)
    if (others == 0) {
      run += 16
      continue
    }
    const first = <u32>ctz(others)
    if (run + first >= shortestRun) {
      if (mayDecode(p - run, p + first)) return true
      long = true
    }
    run = <u32>clz(others << 16)
  }
  if (run >= shortestRun) {
    if (mayDecode(to - run, to)) return true
    long = true
  }
  mostDigits = few
  holdsAt = ats != 0
  wideBytes = beyond
  mayBeCode = long || signs >= 3
  return false
}

/** Whether `：` or `＝` begins with one of these leads. */
function holdsWideSign(p: usize, leads: u32): bool {
  for (let left = leads; left != 0; left &= left - 1) {
    const rest = load<u16>(p + <usize>ctz(left) + 1)
    if (rest == 0x9abc || rest == 0x9dbc) return true
  }
  return false
}

/** Whether one of these signs begins an end tag; or may have Chinese behind it, with what opens a value between or without: ` "'\\[(`, or ahead of it; or two
 * escapes of quoted-printable begin with one. */
function nameOrMarkUp(p: usize, naming: u32, to: usize): bool {
  for (let left = naming; left != 0; left &= left - 1) {
    const sign = p + <usize>ctz(left)
    const byte = load<u8>(sign)
    if (byte == 0x3b) continue
    if (byte == 0x3c) {
      const second = load<u8>(sign + 1)
      if (second == 0x2f || second == 0x5c) return true
      continue
    }
    if (byte == 0x3d && load<u8>(sign + 3) == 0x3d && isHex(load<u8>(sign + 1)) && isHex(load<u8>(sign + 2))) {
      return true
    }
    if (load<u8>(load<u8>(sign - 1) == 0x20 ? sign - 2 : sign - 1) >= 0x80) return true
    const end = min(sign + mostOpening, to)
    let at = sign + 1
    while (at < end && opensValue(load<u8>(at))) at++
    if (at < to && <u32>load<u8>(at) - 0xe3 < 14) return true
  }
  return false
}

/** As gateway/masking/may-be-encoded.ts has it. */
const mostOpening: usize = 19

// @ts-ignore: decorator
@inline function opensValue(byte: u8): bool {
  return byte == 0x20 || byte == 0x22 || byte == 0x27 || byte == 0x5c || byte == 0x5b || byte == 0x28
}

/** Where the first comma, semicolon, bar or tab stands, which is an escape; behind the end where none does. */
function firstParting(from: usize, to: usize): usize {
  for (let p = from; p < to; p++) {
    const byte = load<u8>(p)
    if (byte == 0x2c || byte == 0x3b || byte == 0x7c || (byte == 0x5c && load<u8>(p + 1) == 0x74)) return p
  }
  return -1
}
