/**
 * Where the tokens of XML begin and end: text, tags, comments, CDATA sections and processing instructions (XML 1.0, fifth
 * edition, sections 2 and 3). A document type declaration is no token: with it come entities, and with them files.
 */
import { isUtf8 } from 'node:buffer'
import { fault } from '../faults.ts'
import { holds, holdsOf } from './characters.ts'

export type TokenKind = 'text' | 'start' | 'end' | 'comment' | 'cdata' | 'instruction'

const lessThan = 0x3c
const greaterThan = 0x3e
const commentStart = Buffer.from('<!--')
export const cdataStart = '<![CDATA['
export const cdataEnd = ']]>'
const cdataOpening = Buffer.from(cdataStart)

/** So much is checked to be UTF-8 at once, as to ask for each token costs more than to check it. */
const checkedAtOnce = 1 << 16

export class Tokens {
  kind: TokenKind = 'text'
  /** The token that was found; `at` is where the next begins. */
  from = 0
  at = 0
  /** What the token found holds. */
  held = 0
  /** Up to where the token under way has been looked through, so that a token in many pieces is looked at once. */
  #seen = 0
  #quote = 0
  /** What the token under way holds as far as it has been looked through. */
  #holds = 0
  /** Up to here all is UTF-8; once something was not, each token is asked for, and the body ends with one. */
  #validTo = 0
  #isValid = true

  /** Whether another token is complete. `last`: nothing comes behind these bytes. Throws where there can be none. */
  next(bytes: Buffer, last: boolean): boolean {
    if (this.at === bytes.length) return false
    const to = this.#end(bytes, last)
    if (to < 0) {
      if (last) throw fault('malformed')
      return false
    }
    this.#pass(bytes, to, this.#heldTo(bytes, to))
    return true
  }

  /** What the token that ends there holds, of a section what is in it. */
  #heldTo(bytes: Buffer, to: number): number {
    if (this.kind === 'text' || this.kind === 'start') return this.#holds
    if (this.kind === 'cdata') return heldBy(bytes, this.at + cdataStart.length, to - cdataEnd.length)
    return heldBy(bytes, this.at, to)
  }

  /** The token that begins at `at` and is known to be of this kind ends there, and holds that. Throws where it cannot. */
  passKnown(kind: TokenKind, bytes: Buffer, to: number, held: number): void {
    this.kind = kind
    this.#pass(bytes, to, held)
  }

  #pass(bytes: Buffer, to: number, held: number): void {
    this.from = this.at
    this.held = held
    if ((held & holds.suspect) !== 0) checkCharacters(bytes, this.from, to, this.kind === 'text')
    if ((held & holds.wide) !== 0 && to > this.#validTo) this.#checkUtf8(bytes, to)
    this.at = to
    this.#begin()
  }

  /** Nothing is known yet of the token at hand. */
  #begin(): void {
    this.#seen = this.at
    this.#quote = 0
    this.#holds = 0
  }

  /** What stands ahead of a position has been read elsewhere. */
  skip(to: number): void {
    this.at = to
    this.#begin()
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
    this.#validTo -= to
  }

  #end(bytes: Buffer, last: boolean): number {
    const from = this.at
    if (bytes[from] !== lessThan) return this.#textEnd(bytes, from, last)
    const second = from + 1 < bytes.length ? bytes[from + 1]! : -1
    if (second < 0) return -1
    if (second === 0x21) return this.#declaration(bytes, from)
    if (second === 0x3f) return this.#until(bytes, 'instruction', '?>', from + 2)
    if (second === 0x2f) return this.#until(bytes, 'end', '>', from + 2)
    this.kind = 'start'
    return this.#tagEnd(bytes, from + 1)
  }

  #textEnd(bytes: Buffer, from: number, last: boolean): number {
    this.kind = 'text'
    const { length } = bytes
    let held = 0
    let at = Math.max(from, this.#seen)
    for (; at < length; at++) {
      const one = holdsOf[bytes[at]!]!
      if (one === holds.opens) break
      held |= one
    }
    this.#holds |= held
    this.#seen = at
    return at < length || last ? at : -1
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
    const { length } = bytes
    let quote = this.#quote
    let held = this.#holds
    for (let i = Math.max(from, this.#seen); i < length; i++) {
      const byte = bytes[i]!
      const one = holdsOf[byte]!
      if (one < holds.opens) held |= one
      else if (quote !== 0) {
        if (byte === quote) quote = 0
      } else if (byte === greaterThan) {
        this.#holds = held
        return i + 1
      } else if (one === holds.opens) throw fault('malformed')
      else quote = byte
    }
    this.#quote = quote
    this.#holds = held
    this.#seen = length
    return -1
  }

  #checkUtf8(bytes: Buffer, to: number): void {
    if (this.#isValid) {
      const end = endOfCharacters(bytes, this.from, Math.max(to, Math.min(bytes.length, this.from + checkedAtOnce)))
      this.#isValid = isUtf8(bytes.subarray(this.from, end))
      if (this.#isValid && end >= to) {
        this.#validTo = end
        return
      }
    }
    if (!isUtf8(bytes.subarray(this.from, to))) throw fault('not_utf8')
  }
}

/** `to`, or where the character begins that is cut off there. */
function endOfCharacters(bytes: Buffer, from: number, to: number): number {
  let lead = to - 1
  while (lead > from && lead > to - 4 && (bytes[lead]! & 0xc0) === 0x80) lead--
  const byte = bytes[lead]!
  const length = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
  return byte >= 0xc0 && lead + length > to ? lead : to
}

function begins(bytes: Buffer, from: number, whole: Buffer): boolean {
  return bytes.length >= from + whole.length && bytes.compare(whole, 0, whole.length, from, from + whole.length) === 0
}

function heldBy(bytes: Buffer, from: number, to: number): number {
  let held = 0
  for (let at = from; at < to; at++) held |= holdsOf[bytes[at]!]!
  return held
}

/** Throws unless these are characters of XML (production 2), and text without `]]>`. */
function checkCharacters(bytes: Buffer, from: number, to: number, isText: boolean): void {
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!
    if ((holdsOf[byte]! & holds.suspect) === 0) continue
    if (byte < 0x20) throw fault('malformed')
    if (byte === 0xef) {
      // U+FFFE and U+FFFF
      if (i + 2 < to && bytes[i + 1] === 0xbf && bytes[i + 2]! >= 0xbe) throw fault('malformed')
    } else if (isText && i >= from + 2 && bytes[i - 1] === 0x5d && bytes[i - 2] === 0x5d) throw fault('malformed')
  }
}
