/**
 * The text of an element between two tags: character data, CDATA sections and references, read as one value. Comments and
 * instructions in it go; what they parted is joined.
 */
import type { FieldCursor, Outcome, Place, Treatment } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import type { SpanEditor } from '../spans.ts'
import { holds, isBlank } from './characters.ts'
import { offerPlain, standsPlainly } from './offer.ts'
import { asCdata, escapeText, resolve } from './text.ts'
import { cdataEnd, cdataStart, type TokenKind, type Tokens } from './tokens.ts'

/** `held`: what the token holds. */
type Part = { kind: TokenKind; from: number; to: number; held: number }

export class TextUnit {
  readonly #fields: FieldCursor
  readonly #editor: SpanEditor
  /** The first so many of these are the text; others are to be used again. */
  readonly #parts: Part[] = []
  #count = 0
  #outcome: Outcome = 'keep'
  #text = ''
  #shown = ''

  constructor(fields: FieldCursor, editor: SpanEditor) {
    this.#fields = fields
    this.#editor = editor
  }

  get empty(): boolean {
    return this.#count === 0
  }

  get from(): number {
    return this.#parts[0]!.from
  }

  get #to(): number {
    return this.#parts[this.#count - 1]!.to
  }

  /** Adds the token that was found. */
  add({ kind, from, at, held }: Tokens): void {
    const part = this.#parts[this.#count]
    if (part === undefined) this.#parts.push({ kind, from, to: at, held })
    else {
      part.kind = kind
      part.from = from
      part.to = at
      part.held = held
    }
    this.#count++
    if (at - this.from > this.#fields.limits.scalar) throw fault('scalar_too_large')
  }

  rebase(to: number): void {
    for (let nth = 0; nth < this.#count; nth++) {
      this.#parts[nth]!.from -= to
      this.#parts[nth]!.to -= to
    }
  }

  settle(bytes: Buffer, place: Place): void {
    this.decide(bytes, place)
    this.write(bytes)
  }

  /** The text, without the blanks around it. */
  said(bytes: Buffer): string {
    const text = this.#data.map(part => textOf(bytes, part)).join('')
    return text.slice(...withoutBlanks(text))
  }

  get #data(): Part[] {
    return this.#parts.slice(0, this.#count).filter(({ kind }) => kind === 'text' || kind === 'cdata')
  }

  /** Offers the text, without the blanks around it. Blanks alone are no value. */
  decide(bytes: Buffer, place: Place): Outcome {
    this.#outcome = 'keep'
    if (this.#count === 0) return 'keep'
    const treatment = this.#fields.treatment(place)
    const [only] = this.#parts
    if (this.#count === 1 && only!.kind === 'text' && (only!.held & holds.reference) === 0) {
      this.#outcome = this.#decideOne(bytes, only!, place, treatment)
    } else {
      this.#text = this.#data.map(part => textOf(bytes, part)).join('')
      const [start, end] = withoutBlanks(this.#text)
      if (start === end || treatment === 'copy') return 'keep'
      this.#outcome = this.#fields.scalar(place, this.#text.slice(start, end), 'string')
    }
    if (this.#outcome === 'text') this.#shown = this.#fields.replacement
    return this.#outcome
  }

  #decideOne(bytes: Buffer, part: Part, place: Place, treatment: Treatment): Outcome {
    const fields = this.#fields
    let { from, to } = part
    while (from < to && isBlank(bytes[from]!)) from++
    while (to > from && isBlank(bytes[to - 1]!)) to--
    if (from === to) return 'keep'
    if (standsPlainly(part.held)) return offerPlain(fields, place, treatment, bytes, from, to)
    if (treatment === 'copy' || (treatment === 'read' && !this.#worthReading(bytes, from, to))) return 'keep'
    const text = bytes.toString('utf8', from, to)
    return fields.scalar(place, text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text, 'string')
  }

  /** Puts what was decided in the place of the text, and forgets it. */
  write(bytes: Buffer): void {
    if (this.#outcome === 'keep') {
      for (let nth = 0; nth < this.#count; nth++) {
        const { kind, from, to } = this.#parts[nth]!
        if (kind === 'comment' || kind === 'instruction') this.#editor.replace(from, to, '')
      }
    } else this.#replace(bytes)
    this.#forget()
  }

  erase(): void {
    if (!this.empty) this.#editor.replace(this.from, this.#to, '')
    this.#forget()
  }

  #forget(): void {
    this.#count = 0
    this.#outcome = 'keep'
    this.#text = this.#shown = ''
  }

  #replace(bytes: Buffer): void {
    const shown = this.#outcome === 'text' ? this.#shown : this.#outcome === 'redact' ? '***' : ''
    const [first] = this.#parts
    if (this.#count > 1 || first!.kind !== 'text') this.#replaceAll(bytes, shown)
    else {
      let { from, to } = first!
      while (isBlank(bytes[from]!)) from++
      while (isBlank(bytes[to - 1]!)) to--
      this.#editor.replace(from, to, escapeText(shown))
    }
  }

  #replaceAll(bytes: Buffer, shown: string): void {
    const [start, end] = withoutBlanks(this.#text)
    const before = this.#text.slice(0, start)
    const after = this.#text.slice(end)
    const section = this.#onlySection(bytes)
    const cdata = section === null ? null : asCdata(shown)
    const text = cdata === null ? before + escapeText(shown) + after : cdataStart + before + cdata + after + cdataEnd
    if (section !== null && cdata !== null) this.#replaceSection(section, text)
    else this.#editor.replace(this.from, this.#to, text)
  }

  #replaceSection(section: Part, text: string): void {
    const last = this.#parts[this.#count - 1]!
    if (this.from < section.from) this.#editor.replace(this.from, section.from, '')
    this.#editor.replace(section.from, section.to, text)
    if (section.to < last.to) this.#editor.replace(section.to, last.to, '')
  }

  /** The CDATA section in which all of the text stands, or null. */
  #onlySection(bytes: Buffer): Part | null {
    const parts = this.#parts.slice(0, this.#count)
    const data = parts.filter(part => (part.kind === 'text' ? /[^ \t\r\n]/.test(textOf(bytes, part)) : true))
    const sections = data.filter(({ kind }) => kind === 'cdata')
    return sections.length === 1 && data.every(({ kind }) => kind !== 'text') ? sections[0]! : null
  }

  /** Whether a text could be structured, or a detector begin with anything in it. */
  #worthReading(bytes: Buffer, from: number, to: number): boolean {
    return bytes[from] === 0x7b || bytes[from] === 0x5b || this.#fields.mayMatch(bytes, from, to)
  }
}

/** Where a text without the blanks around it begins and ends. */
function withoutBlanks(text: string): [number, number] {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return [start, end]
}

function textOf(bytes: Buffer, { kind, from, to }: Part): string {
  const text =
    kind === 'cdata'
      ? bytes.toString('utf8', from + cdataStart.length, to - cdataEnd.length)
      : bytes.toString('utf8', from, to)
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  return kind === 'cdata' ? lines : resolve(lines)
}
