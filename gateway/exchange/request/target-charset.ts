/**
 * Targets of old pages: links and forms of a page in GBK are percent-encoded in GBK (all of its kind are read as GB 18030,
 * which holds the others), and what its programs put together themselves goes through `escape` of ECMAScript (B.2.1).
 */
import { CharsetCodec } from '../charset/codec.ts'
import { percentDecoded, percentEncoded } from '../percent.ts'

/** What a query is escaped in; `escape`: a character beyond ASCII as `%uXXXX`, one for each unit of UTF-16. */
export type QueryCharset = 'utf-8' | 'gb18030' | 'escape'

const chinese: ReadonlySet<string | null> = new Set(['gbk', 'gb2312', 'gb18030'])
const beyondAscii = /%[89A-F]/i

/** Whether a system with this `charset` in its policy reads targets as GB 18030, and `%uXXXX` in queries. */
export function isChinese(charset: string | null): boolean {
  return chinese.has(charset)
}

export function isUtf8(written: string): boolean {
  try {
    decodeURIComponent(written)
    return true
  } catch {
    return false
  }
}

/** A text of ASCII and escapes, decoded. Throws a TypeError where it is not GB 18030, or is written in a second way. */
export function decodeChinese(text: string): string {
  const bytes = percentDecoded(text)
  const decoded = new TextDecoder('gb18030', { fatal: true, ignoreBOM: true }).decode(bytes)
  if (!bytes.equals(bytesOf(decoded))) throw new TypeError('this has another spelling')
  return decoded
}

/** A text with all but letters, digits and `-._~` escaped. */
export function encodeChinese(text: string): string {
  return percentEncoded(bytesOf(text), /[^A-Za-z0-9\-._~]/gs)
}

/** A path in normal form as GB 18030 has it; segments of ASCII stay as they are. */
export function pathInChinese(path: string): string {
  if (!beyondAscii.test(path)) return path
  const write = (segment: string) => (beyondAscii.test(segment) ? encodeChinese(decodeURIComponent(segment)) : segment)
  return path.split('/').map(write).join('/')
}

/** The other path that a system may read in one of UTF-8, in normal form; null: none. */
export function otherReading(path: string): string | null {
  if (!beyondAscii.test(path)) return null
  try {
    const read = (segment: string) => (beyondAscii.test(segment) ? encodeURIComponent(decodeChinese(segment)) : segment)
    return path.split('/').map(read).join('/')
  } catch {
    return null
  }
}

const inChinese = new TextDecoder('gb18030', { ignoreBOM: true })

/**
 * What a system in GBK reads where a text of UTF-8 stands: 住址 in GBK is two Hebrew letters in UTF-8. Itself, where
 * it is of ASCII.
 */
export function readInChinese(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text : inChinese.decode(Buffer.from(text))
}

const unit = /%u[0-9A-Fa-f]{4}/

/** Whether a text has a `%uXXXX`. */
export function hasUnits(text: string): boolean {
  return unit.test(text)
}

/** A text of ASCII and escapes, decoded as `unescape` does. Throws a TypeError where it has bytes beyond ASCII, or half a character. */
export function decodeUnits(text: string): string {
  if (beyondAscii.test(text)) throw new TypeError('these bytes could be in any charset')
  const decoded = text.replace(/%(?:u([0-9A-Fa-f]{4})|([0-9A-Fa-f]{2}))/g, (_, unit?: string, byte?: string) =>
    String.fromCharCode(Number.parseInt((unit ?? byte)!, 16)),
  )
  if (!decoded.isWellFormed()) throw new TypeError('half a character')
  return decoded
}

/** A text with all but letters, digits and `-._~` escaped. */
export function encodeUnits(text: string): string {
  return text.replace(/[^A-Za-z0-9\-._~]/g, unit => {
    const hex = unit.charCodeAt(0).toString(16).toUpperCase()
    return hex.length > 2 || hex >= '80' ? `%u${hex.padStart(4, '0')}` : `%${hex.padStart(2, '0')}`
  })
}

function bytesOf(text: string): Uint8Array {
  return new CharsetCodec('gb18030', 'text').write(Buffer.from(text))
}
