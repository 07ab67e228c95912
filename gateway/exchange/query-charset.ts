/**
 * Queries of old pages: forms and links of a page in GBK are percent-encoded in GBK. All of its kind are read as GB 18030,
 * which holds the others.
 */
import { CharsetCodec } from './charset-codec.ts'

export type QueryCharset = 'utf-8' | 'gb18030'

const chinese: ReadonlySet<string | null> = new Set(['gbk', 'gb2312', 'gb18030'])

/** Whether a system with this `charset` in its policy reads queries as GB 18030. */
export function isChinese(charset: string | null): boolean {
  return chinese.has(charset)
}

export function isUtf8(query: string): boolean {
  try {
    decodeURIComponent(query)
    return true
  } catch {
    return false
  }
}

/** A name or value of ASCII and escapes, decoded. Throws a TypeError where it is not GB 18030, or is written in a second way. */
export function decodeChinese(text: string): string {
  const bytes = Buffer.from(
    text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
  const decoded = new TextDecoder('gb18030', { fatal: true, ignoreBOM: true }).decode(bytes)
  if (!bytes.equals(bytesOf(decoded))) throw new TypeError('this has another spelling')
  return decoded
}

/** A text with all but letters, digits and `-._~` escaped. */
export function encodeChinese(text: string): string {
  return Buffer.from(bytesOf(text))
    .toString('latin1')
    .replace(/[^A-Za-z0-9\-._~]/gs, byte => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

function bytesOf(text: string): Uint8Array {
  return new CharsetCodec('gb18030', 'text').write(Buffer.from(text))
}
