import { charsetOf } from '../charset/labels.ts'
import { encodeStrictly, percentDecoded } from '../percent.ts'

/**
 * `Content-Disposition` (RFC 6266) read leniently, as old systems write it, and made again strictly: the disposition,
 * and the file name where it may be shown. Raw bytes are read as UTF-8 or else as GBK, `%XX` and RFC 2047 words are
 * decoded, as browsers do. A name in which `mayShow` finds something becomes `download`, with the same extension; one that
 * cannot be read is left out. null: neither `attachment` nor `inline`.
 *
 * `value`: as undici gives it, one character for each byte.
 */
export function remakeDisposition(value: string, mayShow: (text: string) => boolean): string | null {
  const kind = /^\s*(attachment|inline)\s*(?:;|$)/i.exec(value)?.[1]?.toLowerCase()
  if (kind === undefined) return null
  const name = fileNameIn(value)
  if (name === null) return kind
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0].toLowerCase() ?? ''
  // separators join what a detector would see apart: 张三_13800138000.pdf
  const readings = [name, name.replace(/[._\-()[\]\s]+/g, ' '), name.slice(0, name.length - extension.length)]
  const shown = readings.every(mayShow) ? name : `download${extension}`
  if (/^[A-Za-z0-9 ._()-]+$/.test(shown)) return `${kind}; filename="${shown}"`
  return `${kind}; filename="download${extension}"; filename*=UTF-8''${encodeStrictly(shown)}`
}

const longest = 200

function fileNameIn(value: string): string | null {
  const extended = /;\s*filename\*\s*=\s*"?([^"';\s]*)'[^']*'([^";\s]*)"?/i.exec(value)
  const name = (extended && fromExtended(extended[1]!, extended[2]!)) ?? fromPlain(value)
  if (name === null) return null
  const last = name.normalize('NFC').split(/[/\\]/).at(-1)!
  // what turns the direction of text or stands in no name hides what kind of file it is
  const plain = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"<>|:*?]/gu, '')
  const clean = /[^\s.](?:.*[^\s.])?/s.exec(plain)?.[0] ?? ''
  return clean === '' || clean.length > longest || /\p{Cs}/u.test(clean) ? null : clean
}

function fromExtended(label: string, encoded: string): string | null {
  const charset = charsetOf(label)
  return charset === null ? null : decoded(percentDecoded(encoded), charset)
}

function fromPlain(value: string): string | null {
  const match = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/i.exec(value)
  if (match === null) return null
  const written = (match[1]?.replace(/\\(["\\])/g, '$1') ?? match[2]!).trim()
  const word = /^=\?([^?]+)\?([BQ])\?([^?]*)\?=$/i.exec(written)
  if (word !== null) return fromWord(word[1]!, word[2]!, word[3]!)
  const bytes = /%[0-9A-Fa-f]{2}/.test(written) ? percentDecoded(written) : Buffer.from(written, 'latin1')
  return decoded(bytes, 'utf-8') ?? decoded(bytes, 'gb18030')
}

/** RFC 2047: for mail, and in these headers all the same. */
function fromWord(label: string, coding: string, text: string): string | null {
  const charset = charsetOf(label)
  if (charset === null) return null
  const quoted = text.replaceAll('_', ' ').replace(/=([0-9A-Fa-f]{2})/g, '%$1')
  return decoded(coding.toUpperCase() === 'B' ? Buffer.from(text, 'base64') : percentDecoded(quoted), charset)
}

function decoded(bytes: Uint8Array, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
