/**
 * Whether bytes could hold an encoded text, told by a byte or by how a run of them begins, before anything is decoded: what
 * encoded.ts finds begins as is said here. Pure. ../../plugins/formats/json/wasm says the same with vectors.
 */
import { beginsKnown } from './known-bytes.ts'
import { mayBeginChinese, mayBeginText } from './text-in-bytes.ts'

/** Shorter runs of the alphabet are not looked at: a mobile number takes 15 characters without padding. */
export const shortestRun = 15
/** As many as a mobile number takes: what is shorter may be a number of digits alone, which the compiled reader does not look at. */
export const shortestHex = 22

/** By byte: its value in base64 or base64url; 64: none. */
const sextets = new Uint8Array(256).fill(64)
for (const [value, letter] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  sextets[letter.charCodeAt(0)] = value
}
sextets[0x2d] = 62
sextets[0x5f] = 63

/** By what in a string an encoding is known: bits of what `signsIn` says. */
export const sign = { percent: 1, reference: 2, line: 4, comma: 8, stop: 16, equals: 32, run: 64 } as const
const ofAlphabet = 128
const signs = new Uint8Array(128)
for (const [unit, sextet] of sextets.subarray(0, 128).entries()) if (sextet < 64) signs[unit] = ofAlphabet
for (const [character, bit] of [
  ['%', sign.percent],
  ['&', sign.reference],
  ['\\', sign.reference],
  ['\n', sign.line],
  [',', sign.comma],
  ['.', sign.stop],
  ['=', sign.equals],
] as const)
  signs[character.charCodeAt(0)] = bit

/** Which of them are in a string; `run` where so many letters of base64 stand in a row as are looked at. */
export function signsIn(text: string): number {
  let seen = 0
  let run = 0
  let longest = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    const one = unit < 0x80 ? signs[unit]! : 0
    seen |= one
    if (one === ofAlphabet) run++
    else {
      if (run > longest) longest = run
      run = 0
    }
  }
  return (seen & ~ofAlphabet) | (Math.max(longest, run) >= shortestRun ? sign.run : 0)
}

/** Where a run of letters of base64 ends that begins there. */
export function endOfRun(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) < 0x80 && signs[text.charCodeAt(at)] === ofAlphabet) at++
  return at
}

/** Whether text in these bytes could be or hold an encoded text, be a table, name values or hold markup: wrong only by saying yes. */
export function mayBeEncoded(bytes: Uint8Array, from: number, to: number): boolean {
  let run = 0
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!
    if (sextets[byte]! < 64) run++
    else {
      if (byte === 0x0a || byte === 0x0d) return true
      if ((byte === 0x3a || byte === 0x3d) && standsByChinese(bytes, i, to)) return true
      if (byte === 0xef && isWideSign(bytes, i)) return true
      if (byte === 0x3d && beginsQuoted(bytes, i)) return true
      if (byte === 0x25 || (byte === 0x26 && beginsReference(bytes[i + 1]))) return true
      if (byte === 0x5c && numbersCharacter(bytes[i + 1])) return true
      if (byte === 0x3c && endsElement(bytes, i)) return true
      if (run >= shortestRun && mayDecode(bytes, i - run, i)) return true
      run = 0
    }
  }
  return (run >= shortestRun && mayDecode(bytes, to - run, to)) || beginsData(bytes, from, to)
}

/** Whether two escapes of quoted-printable begin here. */
function beginsQuoted(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 3] === 0x3d && nibbleOf(bytes[at + 1] ?? 0) >= 0 && nibbleOf(bytes[at + 2] ?? 0) >= 0
}

/** Whether `：` or `＝` stands there. */
function isWideSign(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === 0xbc && (bytes[at + 2] === 0x9a || bytes[at + 2] === 0x9d)
}

/**
 * Whether a sign may have Chinese of any plane behind it, with what opens a value between or without; or ahead of it, with a blank between
 * or without.
 */
function standsByChinese(bytes: Uint8Array, sign: number, to: number): boolean {
  const ahead = bytes[sign - 1] === 0x20 ? bytes[sign - 2]! : bytes[sign - 1]!
  if (ahead >= 0x80) return true
  let at = sign + 1
  while (at < to && at < sign + mostOpening && opensValue.has(bytes[at]!)) at++
  return at < to && bytes[at]! >= 0xe3 && bytes[at]! <= 0xf0
}

/** Nine characters, each of which may be escaped once more. */
const mostOpening = 19
const opensValue: ReadonlySet<number> = new Set(Buffer.from(` "'\\[(`))

/** Whether an end tag may begin here, of which JSON may write the slash with a backslash. */
function endsElement(bytes: Uint8Array, at: number): boolean {
  const second = bytes[at + 1]
  return second === 0x2f || second === 0x5c
}

/** Whether what stands behind a backslash is `u`, `x` or the first of three octal digits. */
function numbersCharacter(byte: number | undefined): boolean {
  return byte === 0x75 || byte === 0x78 || (byte !== undefined && byte >= 0x30 && byte <= 0x33)
}

/** Whether behind an ampersand there is a number sign or a letter. */
function beginsReference(byte: number | undefined): boolean {
  return byte === 0x23 || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a)
}

function beginsData(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 6 || bytes[from + 4] !== 0x3a) return false
  return 'data'.split('').every((letter, i) => (bytes[from + i]! | 0x20) === letter.charCodeAt(0))
}

/** Whether a run, or what follows one of `+ / - _` in it, begins as the encoding of a text does. */
function mayDecode(bytes: Uint8Array, from: number, to: number): boolean {
  let start = from
  while (to - start >= shortestRun) {
    if (beginsText(bytes, start) || (to - start >= shortestHex && beginsHex(bytes, start))) return true
    start = endOfPiece(bytes, start, to) + 1
  }
  return false
}

/** Where what can stand for a text ends, from there on: at one of `+ / - _`, at what is not of the alphabet, or at `to`. */
export function endOfPiece(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && sextets[bytes[at]!]! < 62) at++
  return at
}

/** The bytes that a run begins with. */
const first = new Uint8Array(11)

/** Whether the first twelve characters stand for nine bytes with which a text can begin, or what is known (known-bytes.ts). */
export function beginsText(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 3; i++) {
    const from = at + i * 4
    const four =
      (sextets[bytes[from]!]! << 18) |
      (sextets[bytes[from + 1]!]! << 12) |
      (sextets[bytes[from + 2]!]! << 6) |
      sextets[bytes[from + 3]!]!
    first[i * 3] = four >> 16
    first[i * 3 + 1] = four >> 8
    first[i * 3 + 2] = four
  }
  if (mayBeginText(first, 9) || beginsKnown(first[0]!, first[1]!)) return true
  return !areDigits(bytes, at, 12) && mayBeginChinese(first)
}

/** Whether the first 22 characters, or those behind `0x`, are hexadecimal of eleven bytes with which a text can begin, or what is known (known-bytes.ts). */
export function beginsHex(bytes: Uint8Array, at: number): boolean {
  const from = bytes[at] === 0x30 && (bytes[at + 1]! | 0x20) === 0x78 ? at + 2 : at
  for (let i = 0; i < 11; i++) {
    const [high, low] = [nibbleOf(bytes[from + 2 * i]!), nibbleOf(bytes[from + 2 * i + 1]!)]
    if (high < 0 || low < 0) return false
    first[i] = (high << 4) | low
  }
  if (mayBeginText(first, 11) || beginsKnown(first[0]!, first[1]!)) return true
  return !areDigits(bytes, from, 22) && mayBeginChinese(first)
}

/** What begins with so many digits is rather a number than Chinese. */
function areDigits(bytes: Uint8Array, from: number, count: number): boolean {
  for (let at = from; at < from + count; at++) if (bytes[at]! < 0x30 || bytes[at]! > 0x39) return false
  return true
}

function nibbleOf(byte: number): number {
  if (byte >= 0x30 && byte < 0x3a) return byte - 0x30
  const letter = (byte | 0x20) - 0x61
  return letter >= 0 && letter < 6 ? letter + 10 : -1
}
