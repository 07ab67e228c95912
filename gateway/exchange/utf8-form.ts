import { CharsetCodec } from './charset-codec.ts'

/** Labels of the charsets that forms of old Chinese pages are in; all read as GB 18030, which holds the others. */
const chinese: ReadonlySet<string | null> = new Set([null, 'gbk', 'gb2312', 'gb18030', 'gb_2312-80', 'cp936'])
const utf8: ReadonlySet<string | null> = new Set([null, 'utf-8', 'utf8', 'us-ascii', 'ascii'])

/**
 * A form with names and values percent-encoded in UTF-8. The same bytes where they are that already; where they are in
 * another charset, the same form made again from GB 18030; null where it is in neither, or declared to be in another.
 */
export function utf8Form(bytes: Buffer, charset: string | null): Buffer | null {
  if (utf8.has(charset) && isDecodable(bytes, 'utf-8')) return bytes
  if (!chinese.has(charset)) return null
  const text = decoded(bytes, 'gb18030')
  return text === null ? null : Buffer.from(text)
}

/** A form in UTF-8 as an old page would have sent it: the same names and values, percent-encoded in GB 18030. */
export function gb18030Form(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes).toString('latin1')
  return Buffer.from(
    text.replace(/[^&=]+/g, piece => {
      const utf8 = Buffer.from(decodeURIComponent(piece.replaceAll('+', ' ')))
      return escaped(new CharsetCodec('gb18030', 'text').write(utf8))
    }),
  )
}

/** The byte serialiser of forms (WHATWG URL, 5.2). */
function escaped(bytes: Uint8Array): string {
  const hex = (byte: string) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^*\-._0-9A-Za-z ]/gs, hex)
    .replaceAll(' ', '+')
}

function isDecodable(bytes: Buffer, charset: string): boolean {
  return decoded(bytes, charset) !== null
}

/** The form with each name and value decoded from `charset` and encoded again; null where one is not in it. */
function decoded(bytes: Buffer, charset: string): string | null {
  const decoder = new TextDecoder(charset, { fatal: true, ignoreBOM: true })
  try {
    return bytes.toString('latin1').replace(/[^&=]+/g, text => encodeURIComponent(decoder.decode(unescaped(text))))
  } catch {
    return null
  }
}

/** The bytes of a name or value; a lone percent sign stands for itself. */
function unescaped(text: string): Buffer {
  const plain = text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(plain, 'latin1')
}
