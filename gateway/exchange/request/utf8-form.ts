import { isAscii, isUtf8 } from 'node:buffer'
import { CharsetCodec } from '../charset/codec.ts'
import type { Multibyte } from '../charset/tables.ts'
import { percentEncoded } from '../percent.ts'
import { decodeUnits, encodeUnits, hasUnits } from './target-charset.ts'
import { formDecoded } from './urlencoded.ts'

/** Labels of the charsets that forms of old Chinese pages are in; all read as GB 18030, which holds the others. */
const chinese: ReadonlySet<string | null> = new Set([null, 'gbk', 'gb2312', 'gb18030', 'gb_2312-80', 'cp936'])
const utf8: ReadonlySet<string | null> = new Set([null, 'utf-8', 'utf8', 'us-ascii', 'ascii'])

/** A form with names and values percent-encoded in UTF-8. */
export type Utf8Form = {
  readonly form: Buffer
  /** A form like this one, as whoever sent it would have written it. */
  write(form: Uint8Array): Buffer
}

/**
 * Reads a form. The same bytes where they are in UTF-8; where they are in GB 18030, or as `escape` of ECMAScript writes them
 * (`%u5F20`), the same form made again; null where they are in none of these, in two of them, or declared to be in another.
 */
export function utf8Form(bytes: Buffer, charset: string | null): Utf8Form | null {
  if (bytes.includes('%u') && hasUnits(bytes.toString('latin1'))) return formOfUnits(bytes)
  if (utf8.has(charset) && isInUtf8(bytes)) return { form: bytes, write: asItIs }
  if (!chinese.has(charset)) return null
  const text = decoded(bytes, 'gb18030')
  return text === null ? null : { form: Buffer.from(text), write: gb18030Form }
}

const asItIs = (form: Uint8Array) => Buffer.from(form)

/** The same for values that were put into it: a form that is all ASCII could be in any charset, and is in that of its page. */
export function writtenAs({ form, write }: Utf8Form, charset: string | null): Utf8Form['write'] {
  if (charset === null || charset === 'utf-8' || write !== asItIs || !isAscii(formDecoded(form.toString('latin1'))))
    return write
  return again => formIn(charset as Multibyte, again)
}

function formOfUnits(bytes: Buffer): Utf8Form | null {
  try {
    const form = eachPiece(bytes, text => {
      if (/[^\x00-\x7f]/.test(text)) throw new TypeError('these bytes could be in any charset')
      return encodeURIComponent(decodeUnits(text))
    })
    return { form, write: written => eachPiece(written, text => encodeUnits(decodeURIComponent(text))) }
  } catch {
    return null
  }
}

/** A form in UTF-8 as an old page would have sent it: the same names and values, percent-encoded in GB 18030. */
function gb18030Form(form: Uint8Array): Buffer {
  return formIn('gb18030', form)
}

function formIn(charset: Multibyte, form: Uint8Array): Buffer {
  return eachPiece(form, text =>
    escaped(new CharsetCodec(charset, 'text').write(Buffer.from(decodeURIComponent(text)))),
  )
}

/** A form with each name and value of it written anew; blanks come as such. */
function eachPiece(form: Uint8Array, write: (text: string) => string): Buffer {
  const text = Buffer.from(form).toString('latin1')
  return Buffer.from(text.replace(/[^&=]+/g, piece => write(piece.replaceAll('+', ' '))))
}

/** The byte serialiser of forms (WHATWG URL, 5.2). */
function escaped(bytes: Uint8Array): string {
  return percentEncoded(bytes, /[^*\-._0-9A-Za-z ]/gs).replaceAll(' ', '+')
}

/** As separators are ASCII, all of it is UTF-8 where each name and value is. */
function isInUtf8(bytes: Buffer): boolean {
  return isUtf8(formDecoded(bytes.toString('latin1')))
}

/** The form with each name and value decoded from `charset` and encoded again; null where one is not in it. */
function decoded(bytes: Buffer, charset: string): string | null {
  const decoder = new TextDecoder(charset, { fatal: true, ignoreBOM: true })
  try {
    return bytes.toString('latin1').replace(/[^&=]+/g, text => encodeURIComponent(decoder.decode(formDecoded(text))))
  } catch {
    return null
  }
}
