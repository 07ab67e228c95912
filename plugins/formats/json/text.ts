/** The scalars of JSON (RFC 8259, sections 6 and 7) as bytes: checked, read and written; and the space between. */
import { fault } from '../faults.ts'

/** Where something else than white space stands (section 2), or `to`. */
export function pastSpace(bytes: Buffer, from: number, to: number): number {
  let at = from
  for (; at < to; at++) {
    const byte = bytes[at]!
    if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break
  }
  return at
}

/** Throws `malformed` unless every backslash between `from` and `to` begins an escape of section 7. */
export function checkEscapes(bytes: Uint8Array, from: number, to: number): void {
  if (!areEscapes(bytes, from, to)) throw fault('malformed')
}

/** Whether every backslash between `from` and `to` begins an escape of section 7. */
export function areEscapes(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if (bytes[i] !== 0x5c) continue
    i++
    if (bytes[i] === 0x75) {
      if (i + 4 >= to) return false
      for (let k = 1; k <= 4; k++) if (!isHex(bytes[i + k]!)) return false
      i += 4
    } else if (!isEscapable(bytes[i]!)) return false
  }
  return true
}

/** The text between two quotes. Lone surrogates stay what they are. */
export function readString(bytes: Buffer, from: number, to: number, escaped: boolean, wide: boolean): string {
  if (!escaped) return wide ? bytes.toString('utf8', from, to) : bytes.toString('latin1', from, to)
  // The escapes have been checked, so this cannot throw.
  return JSON.parse(bytes.toString('utf8', from - 1, to + 1)) as string
}

/** The most bytes that a text can take as a JSON string. */
export function longestString(text: string): number {
  return text.length * 6 + 2
}

/** Writes a text as a JSON string to `at`; returns where it ends. There must be room for the longest. */
export function writeString(bytes: Buffer, at: number, text: string): number {
  let w = at
  bytes[w++] = 0x22
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x20 && unit < 0x80 && unit !== 0x22 && unit !== 0x5c) bytes[w++] = unit
    else if (unit >= 0x80 && unit < 0x800) {
      bytes[w++] = 0xc0 | (unit >> 6)
      bytes[w++] = 0x80 | (unit & 0x3f)
    } else if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) {
      bytes[w++] = 0xe0 | (unit >> 12)
      bytes[w++] = 0x80 | ((unit >> 6) & 0x3f)
      bytes[w++] = 0x80 | (unit & 0x3f)
    } else {
      // Quotes, backslashes, control characters and surrogates: as JSON writes them, from here to the end.
      w += bytes.write(JSON.stringify(text.slice(i)).slice(1, -1), w, 'utf8')
      break
    }
  }
  bytes[w++] = 0x22
  return w
}

/**
 * The end of the number or literal that begins at `from`; -1 where it may go on behind `end`. Throws `malformed`
 * where it is none; `last` says that nothing comes behind `end`.
 */
export function endOfPrimitive(bytes: Uint8Array, from: number, end: number, last: boolean): number {
  const to = delimiterFrom(bytes, from, end)
  if (to === end && !last) return -1
  if (!isPrimitive(bytes, from, to)) throw fault('malformed')
  return to
}

/** Where the first byte stands that is part of no number or literal; `end` where there is none. */
export function delimiterFrom(bytes: Uint8Array, from: number, end: number): number {
  let to = from
  while (to < end && !isDelimiter(bytes[to]!)) to++
  return to
}

/** Whether bytes are a number or one of the three literals. */
export function isPrimitive(bytes: Uint8Array, from: number, to: number): boolean {
  const lead = bytes[from]!
  if (lead === 0x74) return spells(bytes, from, to, 'true')
  if (lead === 0x66) return spells(bytes, from, to, 'false')
  if (lead === 0x6e) return spells(bytes, from, to, 'null')
  return isNumber(bytes, from, to)
}

function spells(bytes: Uint8Array, from: number, to: number, word: string): boolean {
  if (to - from !== word.length) return false
  for (let i = 0; i < word.length; i++) if (bytes[from + i] !== word.charCodeAt(i)) return false
  return true
}

function isNumber(bytes: Uint8Array, from: number, to: number): boolean {
  let i = bytes[from] === 0x2d ? from + 1 : from
  const whole = i
  while (i < to && isDigit(bytes[i]!)) i++
  if (i === whole || (bytes[whole] === 0x30 && i > whole + 1)) return false
  if (bytes[i] === 0x2e && i < to) {
    const fraction = ++i
    while (i < to && isDigit(bytes[i]!)) i++
    if (i === fraction) return false
  }
  if (i < to && (bytes[i] === 0x65 || bytes[i] === 0x45)) {
    i++
    if (i < to && (bytes[i] === 0x2b || bytes[i] === 0x2d)) i++
    const exponent = i
    while (i < to && isDigit(bytes[i]!)) i++
    if (i === exponent) return false
  }
  return i === to
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isHex(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66)
}

/** One of `" \ / b f n r t`. */
function isEscapable(byte: number): boolean {
  switch (byte) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return true
    default:
      return false
  }
}

/** White space, structure and quotes end a number or literal; any other byte belongs to it, and spoils it. */
function isDelimiter(byte: number): boolean {
  switch (byte) {
    case 0x20:
    case 0x0a:
    case 0x0d:
    case 0x09:
    case 0x2c:
    case 0x7d:
    case 0x5d:
    case 0x3a:
    case 0x22:
    case 0x7b:
    case 0x5b:
      return true
    default:
      return false
  }
}
