/** What of the trigger classes (`Triggers` in gateway/contracts.ts) stands in a string: all that is asked of it, in one pass. */
import {
  atSign, backslash, closingBracket, firstBytes, firstLead, hyphen, lastLead, leadOfFullWidth, lowNibble, markHigh, markLow, nine, space, zeroDigit,
} from './constants'
import { passWide } from './wide'

/** Digits in all, and the most in a row; the lead byte EF of full-width characters counts as one. */
export let digits: u32 = 0
export let inRow: u32 = 0
/** Whether there is a commercial at, also full-width. */
export let at: bool = false
/** Whether there is anything outside ASCII. */
export let wide: bool = false
/** Fifteen ASCII capitals and digits in a row, three full stops each behind a digit, four colons, or five hyphens. */
export let code: bool = false
/** Whether there is an escape by number, which may stand for anything. */
export let numbered: bool = false

/**
 * Takes the census of a string. Digits in a row are counted anew behind any other ASCII than space, low line and the seven from
 * a closing bracket to a slash, and behind the leads E4 to E9 of Han.
 */
export function takeCensus(from: usize, to: usize): void {
  let total: u32 = 0
  let row: u32 = 0
  let longest: u32 = 0
  let ats: u32 = 0
  let beyond: u32 = 0
  let run: u32 = 0
  let capitalRun: u32 = 0
  let behindDigit: u32 = 0
  let stops: i32 = 0
  let colons: i32 = 0
  let hyphens: i32 = 0
  let escapesByNumber: bool = false
  for (let p = from; p < to; p += 16) {
    const v = v128.load(p)
    const valid = validAt(p, to)
    const high = <u32>i8x16.bitmask(v) & valid
    beyond |= high
    const wideDigit = high == 0 ? 0 : <u32>i8x16.bitmask(i8x16.eq(v, v128.load(leadOfFullWidth))) & valid
    if (wideDigit != 0 && holdsWideAt(p, wideDigit)) ats = 1
    if (high == 0xffff && wideDigit == 0) {
      // Nothing but characters outside ASCII, of which Han parts digits in a row.
      if (hanIn(v) != 0) {
        longest = max(longest, row)
        row = 0
        p = passWide(p, to)
      }
      run = 0
      behindDigit = 0
      continue
    }
    const plain = <u32>i8x16.bitmask(areDigits(v)) & valid
    const capitals = plain | (<u32>i8x16.bitmask(i8x16.lt_u(i8x16.sub(v, i8x16.splat(0x41)), i8x16.splat(26))) & valid)
    const others = ~capitals & 0xffff
    if (others == 0) run += 16
    else {
      capitalRun = max(capitalRun, run + <u32>ctz(others))
      run = <u32>clz(others) - 16
    }
    const digit = plain | wideDigit
    if ((digit | row) != 0) {
      let breaks = ~(high | plain | <u32>i8x16.bitmask(joining(v))) & valid
      if (high != 0) breaks |= hanIn(v) & valid
      const count = <u32>popcnt(digit)
      total += count
      if (breaks == 0) row += count
      else {
        longest = max(longest, row + popcnt(digit & ((breaks & (0 - breaks)) - 1)))
        const last: u32 = <u32>0x80000000 >> clz(breaks)
        if (count > longest) longest = max(longest, longestBetween(digit, breaks))
        row = popcnt(digit & ~(last - 1))
      }
    }
    const signs = <u32>i8x16.bitmask(i8x16.ne(v128.and(marksOf(v), i8x16.splat(0x37)), i8x16.splat(0))) & valid
    if (signs != 0) {
      const escapes = <u32>i8x16.bitmask(i8x16.eq(v, v128.load(backslash))) & valid
      if (escapes != 0 && numbersAnEscape(p, escapes)) escapesByNumber = true
      ats |= <u32>i8x16.bitmask(i8x16.eq(v, v128.load(atSign))) & valid
      stops += popcnt(<u32>i8x16.bitmask(i8x16.eq(v, i8x16.splat(0x2e))) & valid & ((plain << 1) | behindDigit))
      colons += popcnt(<u32>i8x16.bitmask(i8x16.eq(v, i8x16.splat(0x3a))) & valid)
      hyphens += popcnt(<u32>i8x16.bitmask(i8x16.eq(v, v128.load(hyphen))) & valid)
    }
    behindDigit = (plain >> 15) & 1
  }
  digits = total
  inRow = max(longest, row)
  at = ats != 0
  wide = beyond != 0
  code = capitalRun >= 15 || run >= 15 || stops >= 3 || colons >= 4 || hyphens >= 5
  numbered = escapesByNumber
}

/** Puts down what was counted elsewhere, of a string without codes. */
// @ts-ignore: decorator
@inline export function putCensus(digitCount: u32, mostInRow: u32, hasAt: bool, isWide: bool): void {
  digits = digitCount
  inRow = mostInRow
  at = hasAt
  wide = isWide
  code = false
}

/** Whether eight bytes or more stand without a lead of Han between: otherwise there are not as many digits in a row. */
export function areEightApart(from: usize, to: usize): bool {
  let before: u32 = 0
  let found: u32 = 0
  for (let p = from; p < to; p += 16) {
    const both = before | (~hanIn(v128.load(p)) & validAt(p, to)) << 16
    const two = both & (both >> 1)
    const four = two & (two >> 2)
    found |= four & (four >> 4)
    before = both >> 16
  }
  return found != 0
}

/** The most digits in a row, as `takeCensus` counts them. */
export function mostInRow(from: usize, to: usize): u32 {
  let row: u32 = 0
  let longest: u32 = 0
  for (let p = from; p < to; p += 16) {
    const v = v128.load(p)
    const valid = validAt(p, to)
    const high = <u32>i8x16.bitmask(v) & valid
    const plain = <u32>i8x16.bitmask(areDigits(v)) & valid
    let digit = plain
    let breaks = ~(high | plain | <u32>i8x16.bitmask(joining(v))) & valid
    if (high != 0) {
      digit |= <u32>i8x16.bitmask(i8x16.eq(v, v128.load(leadOfFullWidth))) & valid
      breaks |= hanIn(v) & valid
    }
    for (; digit != 0 && breaks != 0; breaks &= breaks - 1) {
      const ahead = (breaks & (0 - breaks)) - 1
      longest = max(longest, row + popcnt(digit & ahead))
      digit &= ~ahead
      row = 0
    }
    if (breaks != 0) {
      longest = max(longest, row)
      row = 0
    } else row += popcnt(digit)
  }
  return max(longest, row)
}

/** Bits for those of sixteen bytes that are ahead of the end. */
// @ts-ignore: decorator
@inline export function validAt(p: usize, to: usize): u32 {
  return load<u16>(firstBytes + (min(to - p, 16) << 1))
}

// @ts-ignore: decorator
@inline export function areDigits(v: v128): v128 {
  return i8x16.le_u(i8x16.sub(v, v128.load(zeroDigit)), v128.load(nine))
}

/** `)*+,-./`, which follow one another; space and low line. */
// @ts-ignore: decorator
@inline function joining(v: v128): v128 {
  const between = i8x16.le_u(i8x16.sub(v, v128.load(closingBracket)), i8x16.splat(6))
  return v128.or(v128.or(between, i8x16.eq(v, v128.load(space))), i8x16.eq(v, i8x16.splat(0x5f)))
}

/** Whether one of these lead bytes leads ＠, U+FF20. */
export function holdsWideAt(p: usize, leads: u32): bool {
  for (let left = leads; left != 0; left &= left - 1) if (load<u16>(p + <usize>ctz(left) + 1) == 0xa0bc) return true
  return false
}

/** By two tables, what bytes are signs that are counted; see constants.ts. */
// @ts-ignore: decorator
@inline export function marksOf(v: v128): v128 {
  const nibble = v128.load(lowNibble)
  return v128.and(
    i8x16.relaxed_swizzle(v128.load(markLow), v128.and(v, nibble)),
    i8x16.relaxed_swizzle(v128.load(markHigh), v128.and(i16x8.shr_u(v, 4), nibble)),
  )
}

/** The most digits between two breaks. */
function longestBetween(digit: u32, breaks: u32): u32 {
  let longest: u32 = 0
  let from: u32 = 0
  for (let left = breaks; left != 0; left &= left - 1) {
    const upTo = (left & (0 - left)) - 1
    longest = max(longest, popcnt(digit & upTo & ~from))
    from = upTo
  }
  return longest
}

/** Leads of Han, as bits. */
// @ts-ignore: decorator
@inline function hanIn(v: v128): u32 {
  return <u32>i8x16.bitmask(
    v128.and(i8x16.eq(i8x16.max_u(v, v128.load(firstLead)), v), i8x16.eq(i8x16.min_u(v, v128.load(lastLead)), v)),
  )
}

/** Whether one of these backslashes is followed by a u, or an x as only one that was escaped itself can be. */
export function numbersAnEscape(p: usize, escapes: u32): bool {
  for (let left = escapes; left != 0; left &= left - 1) {
    const letter = load<u8>(p + <usize>ctz(left) + 1)
    if (letter == 0x75 || letter == 0x78 || <u32>letter - 0x30 < 4) return true
  }
  return false
}

/** Whether one of the escapes beginning in sixteen bytes ends a line behind which there is more of a string. */
export function breaksLine(p: usize, escapes: u32, to: usize): bool {
  for (let left = escapes; left != 0; left &= left - 1) {
    const at = p + <usize>ctz(left)
    const letter = load<u8>(at + 1)
    if ((letter == 0x6e || letter == 0x72) && at + 2 < to) return true
  }
  return false
}
