/**
 * The text of an element between two tags: character data, CDATA sections and references, read as one value. Comments and
 * instructions in it go; what they parted is joined.
 */
import type { FieldCursor, Outcome, Place } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import type { SpanEditor } from '../spans.ts'
import { asCdata, escapeText, resolve } from './text.ts'
import { cdataEnd, cdataStart, type TokenKind } from './tokens.ts'

type Part = { readonly kind: TokenKind; from: number; to: number; readonly hasReference: boolean }

export class TextUnit {
  readonly #fields: FieldCursor
  readonly #editor: SpanEditor
  #parts: Part[] = []
  #outcome: Outcome = 'keep'
  #text = ''
  #shown = ''

  constructor(fields: FieldCursor, editor: SpanEditor) {
    this.#fields = fields
    this.#editor = editor
  }

  get empty(): boolean {
    return this.#parts.length === 0
  }

  get from(): number {
    return this.#parts[0]!.from
  }

  add(part: Part): void {
    this.#parts.push(part)
    if (part.to - this.from > this.#fields.limits.scalar) throw fault('scalar_too_large')
  }

  rebase(to: number): void {
    for (const part of this.#parts) {
      part.from -= to
      part.to -= to
    }
  }

  settle(bytes: Buffer, place: Place): void {
    this.decide(bytes, place)
    this.write(bytes)
  }

  /** The text, without the blanks around it. */
  said(bytes: Buffer): string {
    const data = this.#parts.filter(({ kind }) => kind === 'text' || kind === 'cdata')
    const text = data.map(part => textOf(bytes, part)).join('')
    return text.slice(...withoutBlanks(text))
  }

  /** Offers the text, without the blanks around it. Blanks alone are no value. */
  decide(bytes: Buffer, place: Place): Outcome {
    this.#outcome = 'keep'
    const data = this.#parts.filter(({ kind }) => kind === 'text' || kind === 'cdata')
    const treatment = this.#fields.treatment(place)
    const plain = data.length === 1 && data[0]!.kind === 'text' && !data[0]!.hasReference ? data[0]! : null
    if (data.length === 0 || (plain !== null && !this.#worthReading(bytes, plain, treatment))) return 'keep'
    this.#text = data.map(part => textOf(bytes, part)).join('')
    const [start, end] = withoutBlanks(this.#text)
    if (start === end || treatment === 'copy') return 'keep'
    this.#outcome = this.#fields.scalar(place, this.#text.slice(start, end), 'string')
    if (this.#outcome === 'text') this.#shown = this.#fields.replacement
    return this.#outcome
  }

  /** Puts what was decided in the place of the text, and forgets it. */
  write(bytes: Buffer): void {
    if (this.#outcome === 'keep') {
      for (const { kind, from, to } of this.#parts)
        if (kind === 'comment' || kind === 'instruction') this.#editor.replace(from, to, '')
    } else this.#replace(bytes)
    this.#forget()
  }

  erase(): void {
    if (!this.empty) this.#editor.replace(this.from, this.#parts.at(-1)!.to, '')
    this.#forget()
  }

  #forget(): void {
    this.#parts = []
    this.#outcome = 'keep'
    this.#text = this.#shown = ''
  }

  #replace(bytes: Buffer): void {
    const [start, end] = withoutBlanks(this.#text)
    const before = this.#text.slice(0, start)
    const after = this.#text.slice(end)
    const shown = this.#outcome === 'text' ? this.#shown : this.#outcome === 'redact' ? '***' : ''
    const section = this.#onlySection(bytes)
    const cdata = section === null ? null : asCdata(shown)
    const text = cdata === null ? before + escapeText(shown) + after : cdataStart + before + cdata + after + cdataEnd
    if (section !== null && cdata !== null) this.#replaceSection(section, text)
    else if (this.#parts.length > 1) this.#editor.replace(this.from, this.#parts.at(-1)!.to, text)
    else {
      let { from, to } = this.#parts[0]!
      while (isBlank(bytes[from]!)) from++
      while (isBlank(bytes[to - 1]!)) to--
      this.#editor.replace(from, to, escapeText(shown))
    }
  }

  #replaceSection(section: Part, text: string): void {
    const last = this.#parts.at(-1)!
    if (this.from < section.from) this.#editor.replace(this.from, section.from, '')
    this.#editor.replace(section.from, section.to, text)
    if (section.to < last.to) this.#editor.replace(section.to, last.to, '')
  }

  /** The CDATA section in which all of the text stands, or null. */
  #onlySection(bytes: Buffer): Part | null {
    const data = this.#parts.filter(part => (part.kind === 'text' ? /[^ \t\r\n]/.test(textOf(bytes, part)) : true))
    const sections = data.filter(({ kind }) => kind === 'cdata')
    return sections.length === 1 && data.every(({ kind }) => kind !== 'text') ? sections[0]! : null
  }

  /** Most texts end here: nothing is done with them, or nothing in them that a detector could begin with. */
  #worthReading(bytes: Buffer, { from, to }: Part, treatment: string): boolean {
    if (treatment === 'copy') return false
    if (treatment !== 'read') return true
    let at = from
    while (at < to && bytes[at]! <= 0x20) at++
    return bytes[at] === 0x7b || bytes[at] === 0x5b || this.#fields.mayMatch(bytes, from, to)
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

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09
}

function textOf(bytes: Buffer, { kind, from, to }: Part): string {
  const text =
    kind === 'cdata'
      ? bytes.toString('utf8', from + cdataStart.length, to - cdataEnd.length)
      : bytes.toString('utf8', from, to)
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  return kind === 'cdata' ? lines : resolve(lines)
}
