/**
 * The XML of office packages, token by token: strict in what it takes, since what two readers read differently can hide
 * something from one of them. No DTDs, no processing instructions, no entities but the five of XML.
 */
import { isUtf8 } from 'node:buffer'
import { fault } from '../faults.ts'
import { blanksEnd, code, hasNumber, nameEnd, number } from './scan.ts'

export type Attribute = {
  readonly name: string
  readonly local: string
  readonly value: string
  /** Where the value is written, without its quotes. */
  readonly from: number
  readonly to: number
}

export type Token = 'open' | 'empty' | 'close' | 'text' | 'comment' | 'end'

const maxDepth = 256
/** Of one element, as each is compared with all before it. */
const maxAttributes = 1024
const declaration =
  /^<\?xml\s+version\s*=\s*["']1\.0["'](?:\s+encoding\s*=\s*["']utf-?8["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>/i
const vocabulary = /^[\w:/.#-]{0,200}$/

/** A part as text; only UTF-8 is read. */
export function partText(content: Buffer): string {
  if (!isUtf8(content)) throw fault('not_utf8')
  return content.toString('utf8').replace(/^\ufeff/, '')
}

export class XmlReader {
  readonly text: string
  token: Token = 'end'
  /** Where the token is written. For CDATA `from` and `to` are around its inside too; see `value`. */
  from = 0
  to = 0
  /** Of `open`, `empty` and `close`: the name, and its part behind the colon. */
  name = ''
  local = ''
  attributes: Attribute[] = []
  /** Of `text`: without escapes. */
  value = ''
  /** Elements open around the token; an `open` or `close` counts itself. */
  depth = 0
  readonly #open: string[] = []
  #at: number
  #roots = 0

  constructor(text: string) {
    this.text = text
    this.#at = declaration.exec(text)?.[0].length ?? 0
  }

  next(): Token {
    if (this.token === 'close' || this.token === 'empty') this.depth = this.#open.length
    this.from = this.#at
    if (this.#at >= this.text.length) return this.#end()
    if (this.text.charCodeAt(this.#at) !== code.less) return this.#readText()
    const second = this.text.charCodeAt(this.#at + 1)
    if (second === code.slash) return this.#readClose()
    if (second === code.exclamation) return this.#readDeclared()
    return this.#readTag()
  }

  at(token: Token): boolean {
    return this.token === token
  }

  /** Whether the element's name behind its colon is this. */
  is(local: string): boolean {
    return this.local === local
  }

  /** The value of an attribute by its name behind the colon. */
  get(local: string): string | undefined {
    for (const one of this.attributes) if (one.local === local) return one.value
    return undefined
  }

  /** Passes over what is inside the element that was just opened; `to` is then behind it. */
  skip(): void {
    if (this.token !== 'open') return
    const depth = this.depth
    while (this.next() !== 'close' || this.depth !== depth);
  }

  #end(): Token {
    if (this.#open.length > 0 || this.#roots !== 1) throw fault('malformed')
    this.to = this.text.length
    return (this.token = 'end')
  }

  #readText(): Token {
    const next = this.text.indexOf('<', this.#at)
    this.to = next < 0 ? this.text.length : next
    this.value = unescapeXml(this.text.slice(this.from, this.to))
    return this.#text()
  }

  #text(): Token {
    if (this.#open.length === 0 && this.value.trim() !== '') throw fault('malformed')
    this.#at = this.to
    return (this.token = 'text')
  }

  #readDeclared(): Token {
    if (this.text.startsWith('<!--', this.#at)) {
      this.to = this.#behind('-->', this.#at + 4)
      this.#at = this.to
      return (this.token = 'comment')
    }
    if (!this.text.startsWith('<![CDATA[', this.#at)) throw fault('malformed')
    this.to = this.#behind(']]>', this.#at + 9)
    this.value = this.text.slice(this.from + 9, this.to - 3)
    return this.#text()
  }

  #behind(mark: string, from: number): number {
    const at = this.text.indexOf(mark, from)
    if (at < 0) throw fault('malformed')
    return at + mark.length
  }

  #readClose(): Token {
    this.depth = this.#open.length
    const open = this.#open.pop()
    if (open === undefined) throw fault('malformed')
    const from = this.#at + 2
    let to = from + open.length
    if (!this.text.startsWith(open, from) || this.text.charCodeAt(to) !== code.greater) {
      to = this.text.indexOf('>', from)
      if (to < 0 || this.text.slice(from, to).trimEnd() !== open) throw fault('malformed')
    }
    this.#named(open)
    this.#at = this.to = to + 1
    return (this.token = 'close')
  }

  #readTag(): Token {
    const from = this.#at + 1
    const to = nameEnd(this.text, from)
    const written = this.text.slice(from, to)
    if (to === from || hasNumber(written)) throw fault('malformed')
    this.#named(written)
    let at = this.#readAttributes(to)
    const isEmpty = this.text.charCodeAt(at) === code.slash
    if (isEmpty) at++
    if (this.text.charCodeAt(at) !== code.greater) throw fault('malformed')
    this.#at = this.to = at + 1
    if (this.#open.length === 0 && this.#roots++ > 0) throw fault('malformed')
    this.depth = this.#open.length + 1
    if (isEmpty) return (this.token = 'empty')
    if (this.#open.push(written) > maxDepth) throw fault('too_deep')
    return (this.token = 'open')
  }

  /** Up to the end of the tag, or to what is no attribute. */
  #readAttributes(from: number): number {
    const { text } = this
    this.attributes = []
    let end = from
    for (let at = blanksEnd(text, end); at > end; at = blanksEnd(text, end)) {
      const nameTo = nameEnd(text, at)
      if (nameTo === at) return at
      const equals = blanksEnd(text, nameTo)
      const quote = blanksEnd(text, equals + 1)
      if (text.charCodeAt(equals) !== code.equals) throw fault('malformed')
      end = this.#readValue(text.slice(at, nameTo), quote) + 1
    }
    return end
  }

  /** The value of an attribute from its quote on; returns where the other is. */
  #readValue(name: string, quote: number): number {
    const mark = this.text.charCodeAt(quote)
    if (mark !== code.quote && mark !== code.apostrophe) throw fault('malformed')
    const from = quote + 1
    const to = this.text.indexOf(mark === code.quote ? '"' : "'", from)
    const written = this.text.slice(from, to)
    if (to < 0 || written.includes('<') || hasNumber(name)) throw fault('malformed')
    const value = unescapeXml(written)
    if (this.attributes.some(other => other.name === name)) throw fault('malformed')
    const colon = name.indexOf(':')
    const local = colon < 0 ? name : name.slice(colon + 1)
    const isVocabulary = name === 'xmlns' || (colon === 'xmlns'.length && name.startsWith('xmlns'))
    if (isVocabulary && (number.test(value) || !vocabulary.test(value))) throw fault('malformed')
    if (this.attributes.length === maxAttributes) throw fault('too_large')
    this.attributes.push({ name, local, value, from, to })
    return to
  }

  #named(written: string): void {
    this.name = written
    const colon = written.indexOf(':')
    this.local = colon < 0 ? written : written.slice(colon + 1)
  }
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function unescapeXml(written: string): string {
  if (!written.includes('&')) return written
  return written.replace(/&(?:#(?:x([\da-fA-F]{1,6})|(\d{1,7}))|(\w{2,4}));|&/g, (all, hex, decimal, named) => {
    const code = hex !== undefined ? Number.parseInt(hex, 16) : decimal !== undefined ? Number(decimal) : -1
    if (code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)) return String.fromCodePoint(code)
    const entity = all === '&' ? undefined : entities[named]
    if (entity === undefined) throw fault('malformed')
    return entity
  })
}
