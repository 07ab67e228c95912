/**
 * The XML of office packages, token by token: strict in what it takes, since what two readers read differently can hide
 * something from one of them. No DTDs, no processing instructions, no entities but the five of XML.
 */
import { isUtf8 } from 'node:buffer'
import { fault } from '../faults.ts'

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
const declaration =
  /^<\?xml\s+version\s*=\s*["']1\.0["'](?:\s+encoding\s*=\s*["']utf-?8["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>/i
/** So many digits in a row are in no name and in no address of a vocabulary; in these nobody would look for a number. */
const number = /\d{7}/
const vocabulary = /^[\w:/.#-]{0,200}$/
const name = /[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?/y
const attribute = /[ \t\r\n]+([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)[ \t\r\n]*=[ \t\r\n]*(?:"([^"<]*)"|'([^'<]*)')/y
const tagEnd = /[ \t\r\n]*(\/?)>/y

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
    if (this.text[this.#at] !== '<') return this.#readText()
    const second = this.text[this.#at + 1]
    if (second === '/') return this.#readClose()
    if (second === '!') return this.#readDeclared()
    if (second === '?') throw fault('malformed')
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
    return this.attributes.find(one => one.local === local)?.value
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
    const to = this.text.indexOf('>', this.#at)
    const written = to < 0 ? '' : this.text.slice(this.#at + 2, to).trimEnd()
    this.depth = this.#open.length
    if (written === '' || this.#open.pop() !== written) throw fault('malformed')
    this.#named(written)
    this.#at = this.to = to + 1
    return (this.token = 'close')
  }

  #readTag(): Token {
    name.lastIndex = this.#at + 1
    const written = name.exec(this.text)?.[0]
    if (written === undefined || number.test(written)) throw fault('malformed')
    this.#named(written)
    this.#at = this.#readAttributes(name.lastIndex)
    tagEnd.lastIndex = this.#at
    const end = tagEnd.exec(this.text)
    if (end === null) throw fault('malformed')
    this.#at = this.to = tagEnd.lastIndex
    if (this.#open.length === 0 && this.#roots++ > 0) throw fault('malformed')
    this.depth = this.#open.length + 1
    if (end[1] === '/') return (this.token = 'empty')
    if (this.#open.push(written) > maxDepth) throw fault('too_deep')
    return (this.token = 'open')
  }

  #readAttributes(from: number): number {
    this.attributes = []
    attribute.lastIndex = from
    let at = from
    for (let found = attribute.exec(this.text); found !== null; found = attribute.exec(this.text)) {
      const written = found[2] ?? found[3]!
      at = attribute.lastIndex
      const one = {
        name: found[1]!,
        local: found[1]!.replace(/^.*:/, ''),
        value: unescapeXml(written),
        to: at - 1,
        from: at - 1 - written.length,
      }
      if (number.test(one.name) || this.attributes.some(other => other.name === one.name)) throw fault('malformed')
      const isVocabulary = one.name === 'xmlns' || one.name.startsWith('xmlns:')
      if (isVocabulary && (number.test(one.value) || !vocabulary.test(one.value))) throw fault('malformed')
      this.attributes.push(one)
    }
    return at
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

/**
 * Reads up to the root element. Before and behind it, as between elements, there are blanks; comments go, and text that nobody
 * reads is a fault.
 */
export function enterRoot(xml: XmlReader, edits: PartEdits, local: string): void {
  while (xml.next() !== 'open' && !xml.at('empty')) betweenElements(xml, edits)
  if (!xml.is(local)) throw fault('malformed')
}

export function leaveRoot(xml: XmlReader, edits: PartEdits): void {
  while (xml.next() !== 'end') betweenElements(xml, edits)
}

export function betweenElements(xml: XmlReader, edits: PartEdits): void {
  if (xml.at('comment')) edits.replace(xml.from, xml.to, '')
  if (xml.at('text') && xml.value.trim() !== '') throw fault('malformed')
}

/** Text as it is written in XML; what XML cannot say is left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
    .replace(/[&<>"\r\n\t]/g, found => `&#${found.charCodeAt(0)};`)
}

type Edit = { readonly from: number; readonly to: number; readonly text: string | Buffer }

/** Spans of a part that are written anew. */
export class PartEdits {
  readonly #text: string
  readonly #edits: Edit[] = []

  constructor(text: string) {
    this.#text = text
  }

  /** How many there are by now. */
  get count(): number {
    return this.#edits.length
  }

  /** Spans come in any order and do not overlap, but for those inside one that is cut. */
  replace(from: number, to: number, text: string): void {
    this.#edits.push({ from, to, text })
  }

  /**
   * Writes a span in which nothing more will be done, so that a large part costs its bytes and not a million edits. `since`:
   * how many edits there were before the first in it.
   */
  settle(from: number, to: number, since: number): void {
    const inside: Edit[] = []
    for (const edit of this.#edits.splice(since)) {
      if (edit.from >= from && edit.to <= to) inside.push(edit)
      else this.#edits.push(edit)
    }
    this.#edits.push({ from, to, text: this.#write(from, to, inside) })
  }

  result(): Buffer {
    return this.#write(0, this.#text.length, this.#edits)
  }

  #write(start: number, end: number, edits: Edit[]): Buffer {
    const pieces: Buffer[] = []
    let written = ''
    let done = start
    let settled = start
    for (const { from, to, text } of edits.sort((a, b) => a.from - b.from || b.to - a.to)) {
      // it would be lost, and what it hides would leave
      if (from < settled) throw new TypeError('an edit of what is written')
      if (from < done) continue
      written += this.#text.slice(done, from)
      if (typeof text === 'string') written += text
      else {
        pieces.push(Buffer.from(written), text)
        written = ''
        settled = to
      }
      done = to
    }
    return Buffer.concat([...pieces, Buffer.from(written + this.#text.slice(done, end))])
  }
}
