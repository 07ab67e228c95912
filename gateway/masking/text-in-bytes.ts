/**
 * The text that bytes stand for, which base64 or hexadecimal stand for in turn: UTF-8; UTF-16 that begins with ASCII, as .NET
 * and SQL Server have it; GB 18030. Pure. Bytes that are none of these, or hold control characters, are no text: hashes,
 * identifiers, pictures.
 */
import { isUtf8 } from 'node:buffer'

/** A text, without its byte order mark. `encode` is null where it could not be written again as it was: then all of it goes if any of it has to. */
export type TextInBytes = { readonly text: string; readonly encode: ((text: string) => Buffer) | null }

const control = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/
const chinese = new TextDecoder('gb18030', { fatal: true })
/** So many characters of ASCII begin what goes on in GB 18030, else too much that is no text would pass for Chinese. */
const leadingAscii = 7

export function textInBytes(bytes: Buffer): TextInBytes | null {
  if (beginsWide(bytes, Math.min(bytes.length, 8))) return wideText(bytes)
  if (!isUtf8(bytes)) return chineseText(bytes)
  const text = bytes.toString('utf8')
  return control.test(text) ? null : { text, encode: one => Buffer.from(one, 'utf8') }
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

function wideText(bytes: Buffer): TextInBytes | null {
  if (bytes.length % 2 !== 0) return null
  const isBig = bytes[0] === 0 || bytes[0] === 0xfe
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
  if (!bytes.subarray(0, leadingAscii).every(isPlain)) return null
  try {
    const text = chinese.decode(bytes)
    return control.test(text) ? null : { text, encode: null }
  } catch {
    return null
  }
}
