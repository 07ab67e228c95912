/**
 * Where the tokens of XML begin and end: text, tags, comments, CDATA sections and processing instructions (XML 1.0, fifth
 * edition, sections 2 and 3). A document type declaration is no token: with it come entities, and with them files.
 */
import { isUtf8 } from 'node:buffer'
import { fault } from '../faults.ts'

export type TokenKind = 'text' | 'start' | 'end' | 'comment' | 'cdata' | 'instruction'

const lessThan = 0x3c
const greaterThan = 0x3e
const doubleQuote = 0x22
const singleQuote = 0x27
const commentStart = Buffer.from('<!--')
export const cdataStart = '<![CDATA['
export const cdataEnd = ']]>'
const cdataOpening = Buffer.from(cdataStart)

export class Tokens {
  kind: TokenKind = 'text'
  /** The token that was found; `at` is where the next begins. */
  from = 0
  at = 0
  /** Whether the token holds a reference (`&`). */
  hasReference = false
  /** Up to where the token under way has been looked through, so that a token in many pieces is looked at once. */
  #seen = 0
  #quote = 0

  /** Whether another token is complete. `last`: nothing comes behind these bytes. Throws where there can be none. */
  next(bytes: Buffer, last: boolean): boolean {
    if (this.at === bytes.length) return false
    const to = this.#end(bytes, last)
    if (to < 0) {
      if (last) throw fault('malformed')
      return false
    }
    this.from = this.at
    this.at = to
    this.#seen = to
    this.#quote = 0
    this.hasReference = checkCharacters(bytes, this.from, to, this.kind === 'text')
    return true
  }

  /** The token that was found is the next one again. */
  unread(): void {
    this.at = this.from
    this.#seen = this.from
  }

  /** All offsets count from `to` from now on. */
  rebase(to: number): void {
    this.at -= to
    this.from -= to
    this.#seen -= to
  }

  #end(bytes: Buffer, last: boolean): number {
    const from = this.at
    if (bytes[from] !== lessThan) {
      this.kind = 'text'
      const to = bytes.indexOf(lessThan, Math.max(from, this.#seen))
      if (to < 0) this.#seen = bytes.length
      return to >= 0 ? to : last ? bytes.length : -1
    }
    const second = bytes[from + 1]
    if (second === undefined) return -1
    if (second === 0x21) return this.#declaration(bytes, from)
    if (second === 0x3f) return this.#until(bytes, 'instruction', '?>', from + 2)
    if (second === 0x2f) return this.#until(bytes, 'end', '>', from + 2)
    this.kind = 'start'
    return this.#tagEnd(bytes, from + 1)
  }

  #declaration(bytes: Buffer, from: number): number {
    if (begins(bytes, from, commentStart)) {
      const to = this.#until(bytes, 'comment', '-->', from + 4)
      if (to >= 0 && bytes.indexOf('--', from + 4) !== to - 3) throw fault('malformed')
      return to
    }
    if (begins(bytes, from, cdataOpening)) return this.#until(bytes, 'cdata', cdataEnd, from + cdataStart.length)
    const head = bytes.subarray(from, from + cdataOpening.length)
    const unfinished = (whole: Buffer) => head.length < whole.length && whole.subarray(0, head.length).equals(head)
    if (unfinished(commentStart) || unfinished(cdataOpening)) return -1
    throw fault('malformed')
  }

  #until(bytes: Buffer, kind: TokenKind, end: string, from: number): number {
    this.kind = kind
    const at = bytes.indexOf(end, Math.max(from, this.#seen - end.length + 1), 'latin1')
    if (at < 0) this.#seen = bytes.length
    return at < 0 ? -1 : at + end.length
  }

  #tagEnd(bytes: Buffer, from: number): number {
    let quote = this.#quote
    for (let i = Math.max(from, this.#seen); i < bytes.length; i++) {
      const byte = bytes[i]!
      if (quote !== 0) {
        if (byte === quote) quote = 0
      } else if (byte === greaterThan) return i + 1
      else if (byte === doubleQuote || byte === singleQuote) quote = byte
      else if (byte === lessThan) throw fault('malformed')
    }
    this.#quote = quote
    this.#seen = bytes.length
    return -1
  }
}

function begins(bytes: Buffer, from: number, whole: Buffer): boolean {
  return bytes.length >= from + whole.length && bytes.compare(whole, 0, whole.length, from, from + whole.length) === 0
}

/** Throws unless these are characters of XML (production 2) in UTF-8, and text without `]]>`; says whether `&` is among them. */
function checkCharacters(bytes: Buffer, from: number, to: number, isText: boolean): boolean {
  let reference = false
  let wide = false
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!
    if (byte >= 0x80) {
      wide = true
      // U+FFFE and U+FFFF
      if (byte === 0xef && bytes[i + 1] === 0xbf && bytes[i + 2]! >= 0xbe && i + 2 < to) throw fault('malformed')
    } else if (byte === 0x26) reference = true
    else if (byte < 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) throw fault('malformed')
    else if (byte === greaterThan && isText && i >= from + 2 && bytes[i - 1] === 0x5d && bytes[i - 2] === 0x5d)
      throw fault('malformed')
  }
  if (wide && !isUtf8(bytes.subarray(from, to))) throw fault('not_utf8')
  return reference
}
