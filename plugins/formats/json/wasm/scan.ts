/**
 * The first of two stages, 64 bytes at a time: which quotes open and close strings; that strings are UTF-8 without control
 * characters and with escapes that RFC 8259 knows. Outside strings nothing is looked at.
 */
import { backslash as backslashes, quote as quoteMarks, space as spaces } from './constants'
import { badEscapeAt, escapedAt, hexLeftAt, insideAt, malformed, notUtf8, scannedAt } from './layout'
import { sequence, utf8FaultsOf } from './utf8'
import { bits, input, quotes } from './window'

/** All ones inside a string, else 0. */
let inside: u64 = 0
/** 1 where a backslash stands before the block. */
let escaped: u64 = 0
/** How many hexadecimal digits an escape before the block still wants. */
let hexLeft: u32 = 0
/** Set by `readEscapes`: quotes that count. */
let realQuotes: u64 = 0

/** Scans on to `end`. The last block, if it is not full, is scanned again when more has come. Returns a fault or 0. */
export function scan(end: usize): i32 {
  inside = load<u32>(insideAt) != 0 ? ~(<u64>0) : 0
  escaped = <u64>load<u32>(escapedAt)
  hexLeft = load<u32>(hexLeftAt)
  let at = input + <usize>load<u32>(scannedAt)
  for (;;) {
    at = passPlain(at, end)
    if (at >= end) break
    const fault = scanBlock(at, end)
    if (fault != 0) return fault
    if (end - at < 64) break
    at += 64
  }
  // The bitmap is read from any byte on, and so beyond its last word.
  store<u64>(quotes + ((end - input + 63) >> 6 << 3), 0)
  // What an unfinished block wants of hexadecimal digits is found again with the block.
  store<u32>(scannedAt, <u32>(at - input))
  store<u32>(insideAt, inside != 0 ? 1 : 0)
  store<u32>(escapedAt, <u32>escaped)
  store<u32>(hexLeftAt, hexLeft)
  return 0
}

/** Scans blocks without escapes of which nothing is wrong, up to the last; returns where the first other one begins. */
function passPlain(from: usize, end: usize): usize {
  if ((escaped | <u64>hexLeft) != 0) return from
  let at = from
  let word = quotes + ((from - input) >> 3)
  let within = inside
  const quote = v128.load(quoteMarks)
  const backslash = v128.load(backslashes)
  for (; at + 64 < end; at += 64) {
    const a = v128.load(at)
    const b = v128.load(at, 16)
    const c = v128.load(at, 32)
    const d = v128.load(at, 48)
    const slashes = v128.or(
      v128.or(i8x16.eq(a, backslash), i8x16.eq(b, backslash)),
      v128.or(i8x16.eq(c, backslash), i8x16.eq(d, backslash)),
    )
    if (i8x16.bitmask(slashes) != 0) break
    const found = bits(i8x16.eq(a, quote), i8x16.eq(b, quote), i8x16.eq(c, quote), i8x16.eq(d, quote))
    const space = v128.load(spaces)
    const least = i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d))
    if (i8x16.bitmask(i8x16.eq(i8x16.max_u(least, space), least)) != 0xffff) {
      if ((controls(a, b, c, d, space) & strings(found, within)) != 0) break
    }
    // Whole blocks of ASCII need no look, unless a sequence may reach in from the three bytes before.
    if (i8x16.bitmask(v128.or(v128.or(a, b), v128.or(c, d))) != 0 || (load<u32>(at - 4) & 0x80808000) != 0) {
      if (i8x16.bitmask(i8x16.eq(utf8FaultsOf(at, a, b, c, d), i8x16.splat(0))) != 0xffff) break
    }
    store<u64>(word, found)
    word += 8
    within ^= 0 - (popcnt(found) & 1)
  }
  inside = within
  return at
}

/** Scans any block, also the last and one that is not full. Returns a fault or 0. */
function scanBlock(at: usize, end: usize): i32 {
  const quote = v128.load(quoteMarks)
  const backslash = v128.load(backslashes)
  const space = v128.load(spaces)
  const whole = end - at >= 64
  const valid: u64 = whole ? ~(<u64>0) : (<u64>1 << <u64>(end - at)) - 1
  const a = v128.load(at)
  const b = v128.load(at, 16)
  const c = v128.load(at, 32)
  const d = v128.load(at, 48)
  let found = bits(i8x16.eq(a, quote), i8x16.eq(b, quote), i8x16.eq(c, quote), i8x16.eq(d, quote)) & valid
  const wasInside = inside
  const wasEscaped = escaped
  const slashes = bits(i8x16.eq(a, backslash), i8x16.eq(b, backslash), i8x16.eq(c, backslash), i8x16.eq(d, backslash)) & valid
  if ((slashes | escaped | <u64>hexLeft) != 0) {
    readEscapes(at, found, slashes, <u32>min(end - at, 64), whole)
    found = realQuotes
  }
  let faulty = (controls(a, b, c, d, space) & strings(found, wasInside) & valid) != 0
  if (i8x16.bitmask(v128.or(v128.or(a, b), v128.or(c, d))) != 0 || (load<u32>(at - 4) & 0x80808000) != 0) {
    // That what is behind the end is no continuation counts as wrong too: then nothing is found.
    if (v128.any_true(utf8FaultsOf(at, a, b, c, d))) faulty = true
    // Otherwise seen by the byte behind it.
    if (end - at <= 64 && isNoLead(load<u8>(end - 1))) faulty = true
  }
  if (faulty) {
    const fault = firstFault(at, end, wasInside != 0, wasEscaped != 0)
    if (fault != 0) return fault
  }
  store<u64>(quotes + ((at - input) >> 3), found)
  if (!whole) {
    inside = wasInside
    escaped = wasEscaped
  } else if ((popcnt(found) & 1) != 0) inside = ~inside
  return 0
}

// @ts-ignore: decorator
@inline function controls(a: v128, b: v128, c: v128, d: v128, space: v128): u64 {
  return bits(i8x16.lt_u(a, space), i8x16.lt_u(b, space), i8x16.lt_u(c, space), i8x16.lt_u(d, space))
}

/** C0, C1 and F5 to FF begin no sequence. */
// @ts-ignore: decorator
@inline function isNoLead(byte: u8): bool {
  return byte >= 0xf5 || byte == 0xc0 || byte == 0xc1
}

/** Which bytes of a block are in strings: each quote that counts turns it. */
function strings(found: u64, before: u64): u64 {
  let mask = found
  mask ^= mask << 1
  mask ^= mask << 2
  mask ^= mask << 4
  mask ^= mask << 8
  mask ^= mask << 16
  mask ^= mask << 32
  return mask ^ before
}

/** Walks quotes and backslashes of a block in order; leaves the quotes that count, and what reaches into the next block. */
function readEscapes(at: usize, found: u64, slashes: u64, length: u32, whole: bool): void {
  const wanted = hexLeft
  for (let k: u32 = 0; k < wanted && k < length; k++) if (!isHex(load<u8>(at + k))) bad(at + k)
  let left = found | slashes
  let nextEscaped: u64 = 0
  let nextHex: u32 = wanted > 64 ? wanted - 64 : 0
  let within = inside != 0
  realQuotes = 0
  if (escaped != 0) {
    left &= ~(<u64>1)
    nextHex = checkEscape(at, 0, length)
  }
  while (left != 0) {
    const z = <u32>ctz(left)
    left &= left - 1
    if ((found >> <u64>z) & 1) {
      realQuotes |= <u64>1 << <u64>z
      within = !within
    } else if (within) {
      if (z + 1 == length) {
        nextEscaped = 1
        break
      }
      left &= ~(<u64>2 << <u64>z)
      nextHex = checkEscape(at, z + 1, length)
    }
  }
  if (whole) {
    escaped = nextEscaped
    hexLeft = nextHex
  }
}

/** Checks the escape whose letter is at `z` of a block; returns how many digits it wants of the next block. */
function checkEscape(at: usize, z: u32, length: u32): u32 {
  const letter = load<u8>(at + z)
  if (letter == 0x75) {
    for (let k = z + 1; k <= z + 4; k++) if (k < length && !isHex(load<u8>(at + k))) bad(at + k)
    return z + 5 > 64 ? z + 5 - 64 : 0
  }
  // " \ / b f n r t
  const known =
    letter == 0x22 || letter == 0x5c || letter == 0x2f || letter == 0x62 || letter == 0x66 || letter == 0x6e ||
    letter == 0x72 || letter == 0x74
  if (!known) bad(at + z)
  return 0
}

function bad(at: usize): void {
  const offset = <u32>(at - input)
  if (offset < load<u32>(badEscapeAt)) store<u32>(badEscapeAt, offset)
}

// @ts-ignore: decorator
@inline function isHex(byte: u8): bool {
  return <u32>(byte - 0x30) < 10 || <u32>((byte | 0x20) - 0x61) < 6
}

/**
 * Something is wrong in a block: what comes first, a control character in a string or one that is not UTF-8. 0 where it is
 * neither in a string: then the second stage will meet it.
 */
function firstFault(at: usize, end: usize, startsInside: bool, startsEscaped: bool): i32 {
  let within = startsInside
  let skips = startsEscaped
  let p = at
  for (let k: usize = 1; k <= 3; k++) {
    const byte = load<u8>(at - k)
    if (byte < 0x80) break
    if (byte >= 0xc0) {
      if (within) p = at - k
      break
    }
  }
  while (p < end) {
    const byte = load<u8>(p)
    if (skips && p >= at) {
      skips = false
      if (byte == 0x22 || byte == 0x5c) {
        p++
        continue
      }
    }
    if (byte == 0x22) within = !within
    else if (within && byte == 0x5c) skips = true
    else if (within && byte < 0x20) return malformed
    else if (within && byte >= 0x80) {
      const length = sequence(p, end)
      if (length < 0) return notUtf8
      if (length == 0) return 0
      p += length
      continue
    }
    p++
  }
  return 0
}
