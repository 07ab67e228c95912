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
