/** Whether a part of a string may be an encoded text, as ../../../../gateway/masking/may-be-encoded.ts says. Wrong only by saying yes. */
export const shortestRun: u32 = 15

/** `data:` */
// @ts-ignore: decorator
@inline export function beginsData(from: usize): bool {
  return load<u8>(from + 4) == 0x3a && (load<u32>(from) | 0x20202020) == 0x61746164
}

/** Whether one of these percent signs and ampersands begins an escape, or something that a backslash hides. */
export function beginAnEscape(p: usize, signs: u32): bool {
  for (let left = signs; left != 0; left &= left - 1) {
    const at = p + <usize>ctz(left)
    const first = load<u8>(at + 1)
    if (first == 0x5c) return true
    if (load<u8>(at) == 0x26) {
      if (first == 0x23 || namesACharacter(load<u32>(at + 1) | 0x20202020)) return true
      continue
    }
    if ((first | 0x20) == 0x75) return true
    if (isHex(first) && (isHex(load<u8>(at + 2)) || load<u8>(at + 2) == 0x5c)) return true
  }
  return false
}

/** Whether four bytes, in lower case, begin a name of those in gateway/masking/references.ts. */
function namesACharacter(name: u32): bool {
  const three = name & 0xffffff
  return (
    three == 0x706d61 || three == 0x3b746c || three == 0x3b7467 || three == 0x6f7571 || three == 0x6f7061 ||
    three == 0x73626e || three == 0x736e65 || three == 0x736d65 || three == 0x696874 || three == 0x796873 ||
    three == 0x6a777a || three == 0x6e777a || three == 0x707968 || three == 0x736164 || three == 0x61646e ||
    three == 0x61646d || three == 0x6d6f63 || three == 0x726570 || three == 0x776f6c || three == 0x756c70 ||
    three == 0x6c6f63 || three == 0x6c6f73
  )
}

// @ts-ignore: decorator
@inline export function isHex(byte: u8): bool {
  return <u32>(byte - 0x30) < 10 || <u32>((byte | 0x20) - 0x61) < 6
}

/** Whether a run, or what follows one of `+ / - _` in it, begins as the encoding of a text does. */
export function mayDecode(start: usize, end: usize): bool {
  for (let p = start; p < end; p++) if (load<u8>(p) == 0x5c) return true
  let from = start
  while (from + shortestRun <= end) {
    if (beginsText(from) || (from + shortestHex <= end && beginsHex(from))) return true
    while (from < end && sextet(load<u8>(from)) < 62) from++
    from++
  }
  return false
}

// @ts-ignore: decorator
@inline function sextet(byte: u8): u32 {
  const letter = byte | 0x20
  if (<u32>(letter - 0x61) < 26) return <u32>(letter - 0x61) + ((byte & 0x20) != 0 ? 26 : 0)
  if (<u32>(byte - 0x30) < 10) return <u32>byte + 4
  return byte == 0x2b || byte == 0x2d ? 62 : 63
}

/** Whether what gateway/masking/known-bytes.ts knows can begin with two bytes: compressed data, documents and archives, objects. */
function beginKnown(two: u32): bool {
  const first = two >> 8
  const firsts: u64 = first < 0x80 ? (first < 0x40 ? 0x80010080000001 : 0x100000000050000) : first < 0xc0 ? 0x100000000000 : 0xa000000000010000
  if (((firsts >> (<u64>first & 63)) & 1) == 0) return false
  return (
    two == 0x1f8b || two == 0x789c || two == 0x78da || two == 0x7801 || two == 0x785e || two == 0x504b ||
    two == 0xd0cf || two == 0x5261 || two == 0x377a || two == 0xfd37 || two == 0x28b5 || two == 0xff01 ||
    two == 0xaced || two == 0x0001
  )
}

/** So many of ASCII ahead of a byte that cannot stand there may begin a text in GB 18030. */
const leadingAscii: u32 = 7

/** Whether the first twelve characters stand for nine bytes with which a text can begin, or what is known. */
export function beginsText(at: usize): bool {
  let expected: i32 = 0
  let ascii: u32 = 0
  let bytes: u32 = 0
  for (let p = at; p < at + 12; p += 4) {
    const four = fourSextets(p)
    for (let shift: i32 = 16; shift >= 0; shift -= 8) {
      const byte = (four >> shift) & 0xff
      expected = follow(expected, byte)
      if (expected < 0) {
        if (ascii >= leadingAscii || beginsWide(fourSextets(at), fourSextets(at + 4))) return true
        if (beginKnown(fourSextets(at) >> 8)) return true
        return !areDigits(at, 12) && beginChinese(eightBytes(at))
      }
      if (ascii == bytes && byte < 0x80) ascii++
      bytes++
    }
  }
  return true
}

// @ts-ignore: decorator
@inline function fourSextets(p: usize): u32 {
  return (
    (sextet(load<u8>(p)) << 18) | (sextet(load<u8>(p + 1)) << 12) | (sextet(load<u8>(p + 2)) << 6) |
    sextet(load<u8>(p + 3))
  )
}

/** Whether six bytes are three units of UTF-16 of ASCII, of either kind, or a byte order mark and two. */
function beginsWide(three: u32, more: u32): bool {
  if ((three >> 8) == 0xfffe) return (more & 0xff00ff) == 0
  if ((three >> 8) == 0xfeff) return (three & 0x0000ff) == 0
  return ((three & 0x00ff00) == 0 && (more & 0xff00ff) == 0) || ((three & 0xff00ff) == 0 && (more & 0x00ff00) == 0)
}

/** What is shorter is not looked at where it is digits alone. */
const shortestHex: u32 = 22

/** Whether the first 22 characters, or those behind `0x`, are hexadecimal of eleven bytes with which a text can begin, or what is known. */
function beginsHex(at: usize): bool {
  const from: usize = (load<u16>(at) | 0x2000) == 0x7830 ? at + 2 : at
  let expected: i32 = 0
  let ascii: u32 = 0
  for (let p = from; p < from + 22; p += 2) {
    const high = load<u8>(p)
    const low = load<u8>(p + 1)
    if (!isHex(high) || !isHex(low)) return false
    const byte = (nibble(high) << 4) | nibble(low)
    expected = follow(expected, byte)
    if (expected < 0) {
      if (ascii >= leadingAscii || isWideHex(from) || beginKnown(<u32>(eightOfHex(from) >> 48))) return true
      return areHexadecimal(from) && !areDigits(from, 22) && beginChinese(eightOfHex(from))
    }
    if (ascii == <u32>((p - from) >> 1) && byte < 0x80) ascii++
  }
  return true
}

/** Whether four bytes are two units of UTF-16 of ASCII, of either kind, or a byte order mark and one. */
function isWideHex(at: usize): bool {
  const even = load<u16>(at) == 0x3030 && load<u16>(at + 4) == 0x3030
  const odd = load<u16>(at + 2) == 0x3030 && load<u16>(at + 6) == 0x3030
  const mark = load<u32>(at) | 0x20202020
  return even || odd || mark == 0x65666666 || mark == 0x66666566
}

// @ts-ignore: decorator
@inline function nibble(byte: u8): u32 {
  return byte < 0x40 ? <u32>byte & 15 : (<u32>byte & 15) + 9
}

function areHexadecimal(from: usize): bool {
  for (let p = from; p < from + 22; p++) if (!isHex(load<u8>(p))) return false
  return true
}

/** What begins with so many digits is rather a number than Chinese. */
function areDigits(from: usize, count: usize): bool {
  for (let p = from; p < from + count; p++) if (<u32>load<u8>(p) - 0x30 >= 10) return false
  return true
}

/** The first eight bytes that twelve characters stand for, the first in the highest place. */
function eightBytes(at: usize): u64 {
  return (<u64>fourSextets(at) << 40) | (<u64>fourSextets(at + 4) << 16) | (<u64>fourSextets(at + 8) >> 8)
}

function eightOfHex(at: usize): u64 {
  let bytes: u64 = 0
  for (let p = at; p < at + 16; p++) bytes = (bytes << 4) | <u64>nibble(load<u8>(p))
  return bytes
}

/** Whether eight bytes can begin Chinese in UTF-16 of either kind or in GB 18030, as gateway/masking/text-in-bytes.ts says. */
function beginChinese(bytes: u64): bool {
  let big = true
  let little = true
  for (let shift: u64 = 48; ; shift -= 16) {
    const unit = <u32>(bytes >> shift) & 0xffff
    const turned = ((unit & 0xff) << 8) | (unit >> 8)
    const isFirst = shift == 48
    if (!isOrdinary(unit) && !(isFirst && unit == 0xfeff)) big = false
    if (!isOrdinary(turned) && !(isFirst && turned == 0xfeff)) little = false
    if (shift == 0) break
  }
  return big || little || beginPairs(bytes)
}

function beginPairs(bytes: u64): bool {
  if (<u32>(bytes >> 56) < 0xa1) return false
  let isTrail = false
  for (let shift: i64 = 56; shift >= 0; shift -= 8) {
    const byte = <u32>(bytes >> <u64>shift) & 0xff
    if (isTrail) {
      if (byte < 0xa1 || byte > 0xfe) return false
      isTrail = false
    } else if (byte >= 0x80) {
      if (byte < 0xa1 || byte > 0xf7) return false
      isTrail = true
    } else if (follow(0, byte) != 0) return false
  }
  return true
}

function isOrdinary(unit: u32): bool {
  if (unit < 0x80) return follow(0, unit) == 0
  return unit - 0x3000 < 0x40 || unit - 0x4e00 < 0x5200 || unit - 0xff00 < 0xf0
}

/** How many continuations are expected behind a byte, of which `expected` were before; -1: it cannot stand there. */
function follow(expected: i32, byte: u32): i32 {
  if (byte >= 0x80 && byte < 0xc0) return expected - 1
  if (expected > 0) return -1
  if (byte < 0x80) return (byte < 0x20 && byte != 0x09 && byte != 0x0a && byte != 0x0d) || byte == 0x7f ? -1 : 0
  if (byte < 0xc2 || byte > 0xf4) return -1
  return byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
}
