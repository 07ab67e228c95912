/**
 * The text that bytes stand for, which base64 or hexadecimal stand for in turn: UTF-8; UTF-16, as .NET and SQL Server have it; GB 18030.
 * What begins with Chinese in the latter two has to be of ordinary Chinese and ASCII throughout, so that no hash is taken for it. Pure. Bytes that are none of these, or hold control characters, are no text: hashes,
 * identifiers, pictures.
 */
import { isUtf8 } from 'node:buffer'

/** A text, without its byte order mark. `encode` is null where it could not be written again as it was: then all of it goes if any of it has to. */
export type TextInBytes = { readonly text: string; readonly encode: ((text: string) => Buffer) | null }

const control = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/
const chinese = new TextDecoder('gb18030', { fatal: true })
/** So many characters of ASCII begin what goes on in GB 18030, else too much that is no text would pass for Chinese. */
const leadingAscii = 7

/** null: they are no text. */
export function textInBytes(bytes: Buffer): TextInBytes | null {
  if (beginsWide(bytes, Math.min(bytes.length, 8))) return wideText(bytes)
  if (isUtf8(bytes)) {
    const text = bytes.toString('utf8')
    if (!control.test(text)) return { text, encode: one => Buffer.from(one, 'utf8') }
  }
  return mayBeginChinese(bytes) ? ordinaryChinese(bytes) : chineseText(bytes)
}

/**
 * Whether the first `count` of some bytes, eight or more, can begin a text: wrong only by saying yes. ../../plugins/formats/json/wasm
 * says the same.
 */
export function mayBeginText(bytes: Uint8Array, count: number): boolean {
  let expected = 0
  let ascii = 0
  for (let at = 0; at < count; at++) {
    expected = follow(expected, bytes[at]!)
    if (expected < 0) return ascii >= leadingAscii || beginsWide(bytes, count)
    if (ascii === at && bytes[at]! < 0x80) ascii++
  }
  return true
}

/**
 * Whether some bytes, eight or more, can begin Chinese in UTF-16 of either kind or in GB 18030, as one in a hundred hashes does by its
 * first eight. ../../plugins/formats/json/wasm says the same.
 */
export function mayBeginChinese(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false
  return beginsUnits(bytes, 0) || beginsUnits(bytes, 1) || beginsPairs(bytes)
}

/** Four units of UTF-16 of which the byte at `high` of each is the higher one. */
function beginsUnits(bytes: Uint8Array, high: 0 | 1): boolean {
  for (let at = 0; at < 8; at += 2) {
    const unit = (bytes[at + high]! << 8) | bytes[at + 1 - high]!
    if (!isOrdinary(unit) && !(at === 0 && unit === 0xfeff)) return false
  }
  return true
}

/** Characters of GB 2312, with ASCII between. */
function beginsPairs(bytes: Uint8Array): boolean {
  if (bytes[0]! < 0xa1) return false
  for (let at = 0; at < 8; at++) {
    if (bytes[at]! < 0x80 && isPlain(bytes[at]!)) continue
    if (bytes[at]! < 0xa1 || bytes[at]! > 0xf7) return false
    if (++at < 8 && (bytes[at]! < 0xa1 || bytes[at]! > 0xfe)) return false
  }
  return true
}

/** ASCII, punctuation of Chinese, Han, and full-width ASCII. */
function isOrdinary(unit: number): boolean {
  if (unit < 0x80) return isPlain(unit)
  return (unit >= 0x3000 && unit < 0x3040) || (unit >= 0x4e00 && unit < 0xa000) || (unit >= 0xff00 && unit < 0xfff0)
}

const notOrdinary = /[^\t\n\r -~\u00b7\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/

function ordinaryChinese(bytes: Buffer): TextInBytes | null {
  for (const isBig of [false, true]) {
    if (!beginsUnits(bytes, isBig ? 0 : 1)) continue
    const wide = wideText(bytes, isBig)
    if (wide !== null && !notOrdinary.test(wide.text)) return wide
  }
  if (!beginsPairs(bytes)) return null
  const found = decoded(bytes)
  return found === null || notOrdinary.test(found) ? null : { text: found, encode: null }
}

/** The text of bytes that are characters of GB 2312 throughout, two bytes each; null: they are not, or are no ordinary Chinese. */
export function textOfPairs(bytes: Buffer): string | null {
  if (bytes.length % 2 !== 0 || bytes.some((byte, at) => byte < 0xa1 || byte > (at % 2 === 0 ? 0xf7 : 0xfe)))
    return null
  const text = decoded(bytes)
  return text === null || notOrdinary.test(text) ? null : text
}

function decoded(bytes: Buffer): string | null {
  try {
    return chinese.decode(bytes)
  } catch {
    return null
  }
}

/** How many continuations are expected behind a byte, of which `expected` were before; -1: it cannot stand there. */
function follow(expected: number, byte: number): number {
  if (byte >= 0x80 && byte < 0xc0) return expected - 1
  if (expected > 0) return -1
  if (byte < 0x80) return isPlain(byte) ? 0 : -1
  if (byte < 0xc2 || byte > 0xf4) return -1
  return byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
}

function isPlain(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d
}

/** Whether each second byte is NUL, from the first or the second on, behind a byte order mark or without, and the others are ASCII. */
function beginsWide(bytes: Uint8Array, count: number): boolean {
  const marked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  const from = marked ? 2 : 0
  const high = bytes[from] === 0 ? 0 : 1
  for (let at = from; at + 1 < count; at += 2) {
    if (bytes[at + high] !== 0 || !isPlain(bytes[at + 1 - high]!)) return false
  }
  return count >= 4
}

function wideText(bytes: Buffer, isBig = bytes[0] === 0 || bytes[0] === 0xfe): TextInBytes | null {
  if (bytes.length % 2 !== 0) return null
  const whole = turned(bytes, isBig).toString('utf16le')
  const mark = whole.startsWith('\ufeff') ? '\ufeff' : ''
  const text = whole.slice(mark.length)
  if (control.test(text) || !text.isWellFormed()) return null
  return { text, encode: one => turned(Buffer.from(mark + one, 'utf16le'), isBig) }
}

function turned(bytes: Buffer, isBig: boolean): Buffer {
  return isBig ? Buffer.from(bytes).swap16() : bytes
}

function chineseText(bytes: Buffer): TextInBytes | null {
  const text = bytes.subarray(0, leadingAscii).every(isPlain) ? decoded(bytes) : null
  return text === null || control.test(text) ? null : { text, encode: null }
}
