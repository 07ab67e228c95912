/**
 * The text of an element between two tags: character data, CDATA sections and references, read as one value. Comments and
 * instructions in it go; what they parted is joined.
 */
import type { FieldCursor, Outcome, Place } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { longestLabel } from '../roles.ts'
import type { SpanEditor } from '../spans.ts'
import { holds, isBlank } from './characters.ts'
import { offerPlain } from './offer.ts'
import { asCdata, escapeText, resolve } from './text.ts'
import { cdataEnd, cdataStart, type TokenKind, type Tokens } from './tokens.ts'

/** `held`: what the token holds. */
type Part = { kind: TokenKind; from: number; to: number; held: number }

/** UTF-8 takes at most so many for a unit of UTF-16. */
const bytesOfUnit = 3

export class TextUnit {
  readonly #fields: FieldCursor
  readonly #editor: SpanEditor
  /** The first so many of these are the text; others are to be used again. */
  readonly #parts: Part[] = []
  #count = 0
  #outcome: Outcome = 'keep'
  /** What `#trim` found. */
  #from = 0
  #to = 0
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

  get #end(): number {
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

  /** The text, without the blanks around it; the empty one where it is longer than any label. */
  said(bytes: Buffer): string {
    const only = this.#only
    if (only !== null && this.#trim(bytes, only) > longestLabel * bytesOfUnit) return ''
    return this.text(bytes)
  }

  /** All of the text, without the blanks around it. */
  text(bytes: Buffer): string {
    const text = this.#whole(bytes)
    return text.slice(...withoutBlanks(text))
  }

  /** Decides that this takes the place of the text, in place of `decide`. */
  put(text: string): Outcome {
    this.#shown = text
    return (this.#outcome = 'text')
  }

  #whole(bytes: Buffer): string {
    const parts = this.#parts.slice(0, this.#count)
    const data = parts.filter(({ kind }) => kind === 'text' || kind === 'cdata')
    return data.map(part => textOf(bytes, part)).join('')
  }

  /** The one part that is all of the text and has no references; null: there is none. */
  get #only(): Part | null {
    if (this.#count !== 1) return null
    const only = this.#parts[0]!
    if (only.kind === 'text') return (only.held & holds.reference) === 0 ? only : null
    return only.kind === 'cdata' ? only : null
  }

  /** Finds where a part begins and ends without the blanks around it; returns how many bytes it has then. */
  #trim(bytes: Buffer, { kind, from, to }: Part): number {
    this.#from = kind === 'cdata' ? from + cdataStart.length : from
    this.#to = kind === 'cdata' ? to - cdataEnd.length : to
    while (this.#from < this.#to && isBlank(bytes[this.#from]!)) this.#from++
    while (this.#to > this.#from && isBlank(bytes[this.#to - 1]!)) this.#to--
    return this.#to - this.#from
  }

  /** Offers the text, without the blanks around it. Blanks alone are no value. */
  decide(bytes: Buffer, place: Place): Outcome {
    this.#outcome = 'keep'
    if (this.#count === 0) return 'keep'
    const only = this.#only
    this.#outcome = only !== null ? this.#decideOne(bytes, only, place) : this.#decideAll(bytes, place)
    if (this.#outcome === 'text') this.#shown = this.#fields.replacement
    return this.#outcome
  }

  /** Throws where there is a reference that XML does not have, whatever is done with the text. */
  #decideAll(bytes: Buffer, place: Place): Outcome {
    const text = this.#whole(bytes)
    const [start, end] = withoutBlanks(text)
    if (start === end || this.#fields.treatment(place) === 'copy') return 'keep'
    return this.#fields.scalar(place, text.slice(start, end), 'string')
  }

  #decideOne(bytes: Buffer, part: Part, place: Place): Outcome {
    const fields = this.#fields
    const treatment = fields.treatment(place)
    if (treatment === 'copy') return 'keep'
    if (this.#trim(bytes, part) === 0) return 'keep'
    const [from, to] = [this.#from, this.#to]
    if ((part.held & holds.unlikeJson) === 0) return offerPlain(fields, place, treatment, bytes, from, to)
    if (treatment === 'read' && part.kind === 'text' && !this.#worthReading(bytes, from, to)) return 'keep'
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
    if (!this.empty) this.#editor.replace(this.from, this.#end, '')
    this.#forget()
  }

  #forget(): void {
    this.#count = 0
    this.#outcome = 'keep'
    this.#shown = ''
  }

  #replace(bytes: Buffer): void {
    const shown = this.#outcome === 'text' ? this.#shown : this.#outcome === 'redact' ? '***' : ''
    const [first] = this.#parts
    if (this.#count > 1 || first!.kind !== 'text') this.#replaceAll(bytes, shown)
    else {
      this.#trim(bytes, first!)
      this.#editor.replace(this.#from, this.#to, escapeText(shown))
    }
  }

  #replaceAll(bytes: Buffer, shown: string): void {
    const whole = this.#whole(bytes)
    const [start, end] = withoutBlanks(whole)
    const before = whole.slice(0, start)
    const after = whole.slice(end)
    const section = this.#onlySection(bytes)
    const cdata = section === null ? null : asCdata(shown)
    const text = cdata === null ? before + escapeText(shown) + after : cdataStart + before + cdata + after + cdataEnd
    if (section !== null && cdata !== null) this.#replaceSection(section, text)
    else this.#editor.replace(this.from, this.#end, text)
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
