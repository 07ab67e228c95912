/**
 * Reads XML 1.0 with namespaces, strictly and in one pass, walks the plan of fields, and edits tags and texts where they
 * stand. A start tag is held until it is known what follows it, and the text of an element until the next tag: what is
 * held is at most one tag and one text.
 */
import type { FieldCursor, Outcome, Place, Reader } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { SpanEditor } from '../spans.ts'
import { Elements, type OpenElement } from './elements.ts'
import { labelsBehind } from './labels-behind.ts'
import { type Ahead, lookInto } from './look-ahead.ts'
import { declaredPrefix, Namespaces } from './namespaces.ts'
import { isDeclaration, keepsInstruction } from './prolog.ts'
import { type Attribute, readEndTag, readStartTag, type StartTag, type TagEdit, writeTag } from './tag.ts'
import { escapeAttribute } from './text.ts'
import { Tokens } from './tokens.ts'
import { TextUnit } from './unit.ts'

/** Larger pieces are taken in parts. */
const largestPiece = 1 << 20
/** How many tags are remembered, and up to which length. */
const maxKnown = 1024
const longestKnown = 128
/** No field has this name: what stands under it is read as any value that is not listed. */
const unnamed = '\u0000'
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])
const none: readonly string[] = []

/** A start tag of which it is not known yet what follows. */
type Pending = { readonly tag: StartTag; readonly element: OpenElement; from: number; to: number }

export class XmlReader implements Reader {
  readonly #fields: FieldCursor
  readonly #editor = new SpanEditor()
  readonly #tokens = new Tokens()
  readonly #namespaces = new Namespaces()
  readonly #elements: Elements
  readonly #unit: TextUnit
  readonly #tags = new Map<string, StartTag>()
  #pending: Pending | null = null
  /** How many elements are open outside the one that is being removed; -1: none is. */
  #removedOutside = -1
  /** How much of an element that waits has to be there before it is looked into again. */
  #lookAgain = 0
  #begun = false
  readonly #mayHaveRoots: boolean
  #rootSeen = false
  #first = true

  /** `isInside`: the text stands in a value, and may have several roots. */
  constructor(fields: FieldCursor, isInside = false) {
    this.#fields = fields
    this.#mayHaveRoots = isInside
    this.#elements = new Elements(fields)
    this.#unit = new TextUnit(fields, this.#editor)
  }

  write(chunk: Uint8Array): Uint8Array[] {
    const out: Uint8Array[] = []
    for (let at = 0; at < chunk.length; at += largestPiece) {
      this.#editor.take(chunk.subarray(at, at + largestPiece))
      out.push(...this.#advance(false))
    }
    return out
  }

  end(): Uint8Array[] {
    const out = this.#advance(true)
    if (!this.#rootSeen || this.#elements.stack.length > 0 || this.#editor.length > 0) throw fault('malformed')
    return out
  }

  #advance(last: boolean): Uint8Array[] {
    const bytes = this.#editor.bytes.subarray(0, this.#editor.length)
    if (!this.#begun && !this.#begin(bytes, last)) return this.#editor.give(0)
    while (this.#tokens.next(bytes, last)) {
      const ahead = this.#tokens.kind === 'start' ? this.#lookAhead(bytes, last) : null
      const behind = this.#tokens.kind === 'start' ? this.#labelsBehind(bytes) : none
      if ((ahead === 'waiting' || behind === 'waiting') && !last) {
        this.#tokens.unread()
        break
      }
      this.#read(bytes, ahead === 'waiting' ? null : ahead, behind === 'waiting' ? none : behind)
    }
    if (bytes.length - this.#tokens.at > this.#fields.limits.scalar) throw fault('scalar_too_large')
    const keep = this.#pending?.from ?? (this.#unit.empty ? this.#tokens.at : this.#unit.from)
    const out = this.#editor.give(keep)
    this.#tokens.rebase(keep)
    this.#unit.rebase(keep)
    if (this.#pending !== null) {
      this.#pending.from -= keep
      this.#pending.to -= keep
    }
    return out
  }

  #begin(bytes: Buffer, last: boolean): boolean {
    const head = bytes.subarray(0, byteOrderMark.length)
    const marked = head.length > 0 && byteOrderMark.subarray(0, head.length).equals(head)
    if (marked && head.length < byteOrderMark.length && !last) return false
    this.#tokens.at = marked && head.length === byteOrderMark.length ? byteOrderMark.length : 0
    this.#begun = true
    return true
  }

  /**
   * What the element tells whose start tag has come, where rules of the plan ask for it. An element that waits for its end is
   * looked into again when twice as much of it is there.
   */
  #lookAhead(bytes: Buffer, last: boolean): Ahead | 'waiting' | null {
    const { from, at: to } = this.#tokens
    const { waits, lookAhead } = this.#fields
    if (!waits || this.#removedOutside >= 0) return null
    const there = Math.min(bytes.length - from, lookAhead)
    if (there < this.#lookAgain && !last) return 'waiting'
    const tag = this.#tagOf(bytes.toString('utf8', from, to))
    const place = this.#elements.member(this.#elements.top?.place ?? this.#fields.root, tag.local)
    const ahead = lookInto(bytes, { from, to, tag }, lookAhead, name => this.#fields.decides(place, name))
    this.#lookAgain = ahead === 'waiting' ? Math.min(there * 2, lookAhead) : 0
    return ahead
  }

  /** What labels behind the element say whose start tag has come, where they count. */
  #labelsBehind(bytes: Buffer): readonly string[] | 'waiting' {
    const { from, at: to } = this.#tokens
    if (this.#removedOutside >= 0 || this.#elements.stack.length === 0) return none
    const { local, selfClosing } = this.#tagOf(bytes.toString('utf8', from, to))
    if (selfClosing || !this.#elements.mayBeLabelled(local)) return none
    return labelsBehind(bytes, { from, to }, name => this.#fields.isLabel(name))
  }

  #read(bytes: Buffer, ahead: Ahead | null, behind: readonly string[]): void {
    const { kind, from, at: to } = this.#tokens
    if (to - from > this.#fields.limits.scalar) throw fault('scalar_too_large')
    const first = this.#first
    // Old servers send blank lines ahead of the declaration.
    if (kind !== 'text') this.#first = false
    if (kind === 'start') this.#startTag(bytes, from, to, ahead, behind)
    else if (kind === 'end') this.#endTag(bytes, from, to)
    else if (this.#elements.stack.length === 0) this.#outside(bytes, from, to, first)
    else if (this.#removedOutside >= 0) this.#editor.replace(from, to, '')
    else {
      if (kind === 'instruction') isDeclaration(bytes.toString('utf8', from, to), false)
      this.#unit.add({ kind, from, to, hasReference: this.#tokens.hasReference })
    }
  }

  /** Before and after the root: blanks, comments and instructions. */
  #outside(bytes: Buffer, from: number, to: number, first: boolean): void {
    const { kind } = this.#tokens
    const text = bytes.toString('utf8', from, to)
    if (kind === 'cdata' || (kind === 'text' && /[^ \t\r\n]/.test(text))) throw fault('malformed')
    if (kind === 'text') return
    const kept = kind === 'instruction' && (isDeclaration(text, first) || keepsInstruction(text, this.#fields))
    if (!kept) this.#editor.replace(from, to, '')
  }

  #startTag(bytes: Buffer, from: number, to: number, ahead: Ahead | null, behind: readonly string[]): void {
    const tag = this.#tagOf(bytes.toString('utf8', from, to))
    const stack = this.#elements.stack
    if (stack.length === 0) {
      // A page under the name of XML would hide its columns from the reader.
      if ((this.#rootSeen && !this.#mayHaveRoots) || tag.local.toLowerCase() === 'html') throw fault('malformed')
      this.#rootSeen = true
    }
    this.#settle(bytes, false)
    const gone = this.#removedOutside >= 0
    const declared = this.#namespaces.enter(tag)
    const element = this.#elements.open(tag, declared, gone, behind)
    if (ahead !== null && !gone) this.#settlePlaces(element, ahead)
    if (gone) this.#editor.replace(from, to, '')
    else this.#pending = { tag, element, from, to }
    if (!tag.selfClosing) return
    this.#settle(bytes, true)
    this.#close()
  }

  #settlePlaces(element: OpenElement, { scalars, whole }: Ahead): void {
    const described = element.place !== element.tagPlace
    element.tagPlace = this.#fields.settle(element.tagPlace, scalars, whole)
    element.place = described ? this.#fields.settle(element.place, scalars, whole) : element.tagPlace
  }

  #endTag(bytes: Buffer, from: number, to: number): void {
    const element = this.#elements.top
    if (element === undefined) throw fault('malformed')
    const text = bytes.toString('utf8', from, to)
    if (text !== `</${element.name}>` && readEndTag(text) !== element.name) throw fault('malformed')
    this.#settle(bytes, true)
    if (this.#removedOutside >= 0 && this.#elements.stack.length > this.#removedOutside + 1)
      this.#editor.replace(from, to, '')
    else if (element.shownName !== null) this.#editor.replace(from, to, `</${element.shownName}>`)
    this.#close()
  }

  /** The same few tags come again and again. */
  #tagOf(text: string): StartTag {
    const known = this.#tags.get(text)
    if (known !== undefined) return known
    const tag = readStartTag(text)
    if (tag.attributes.length === 0 && text.length <= longestKnown && this.#tags.size < maxKnown)
      this.#tags.set(text, tag)
    return tag
  }

  #close(): void {
    this.#namespaces.leave(this.#elements.close().declared)
    if (this.#elements.stack.length === this.#removedOutside) this.#removedOutside = -1
  }

  /** What was held is decided now that the next tag is known; `closing` says that it is an end tag. */
  #settle(bytes: Buffer, closing: boolean): void {
    const pending = this.#pending
    this.#pending = null
    if (pending === null) {
      if (!this.#unit.empty) this.#unit.settle(bytes, this.#elements.top!.place)
    } else if (this.#fields.treatment(pending.element.place) === 'remove') this.#remove(bytes, pending, closing)
    else this.#settleElement(bytes, pending, closing)
  }

  #settleElement(bytes: Buffer, { tag, element, from, to }: Pending, leaf: boolean): void {
    const { place } = element
    if (leaf && this.#unit.empty) this.#refuseReference(tag, place)
    if (leaf && !this.#unit.empty) this.#hear(bytes, element)
    const edits = tag.attributes.flatMap(one => this.#attribute(one, tag, element))
    const removed = this.#unit.decide(bytes, place) === 'remove'
    if (removed && leaf) edits.push(...this.#nil(tag))
    this.#writeTag(tag, element, edits, from, to)
    this.#unit.write(bytes)
  }

  /** What an element says may name what others are. */
  #hear(bytes: Buffer, element: OpenElement): void {
    const mayName = this.#elements.mayNameColumn
    if (!element.isLabel && !mayName) return
    const said = this.#unit.said(bytes)
    if (element.isLabel) this.#elements.label(said)
    if (mayName) element.said = said
  }

  /** An element that goes is emptied: what it declares stays, and where a schema instance is declared it is nil. */
  #remove(bytes: Buffer, { tag, element, from, to }: Pending, leaf: boolean): void {
    const { place } = element
    const values = tag.attributes.filter(one => declaredPrefix(one) === null && !this.#namespaces.isStructural(one))
    if (leaf) {
      this.#unit.decide(bytes, place)
      for (const { local, value } of values)
        this.#fields.scalar(this.#elements.member(element.tagPlace, local), value, 'string')
    } else this.#fields.removed(place)
    if (!leaf) this.#removedOutside = this.#elements.stack.length - 1
    const gone = values.map(one => ({ from: one.from, to: one.to, text: '' }))
    this.#writeTag(tag, element, [...gone, ...this.#nil(tag)], from, to)
    this.#unit.erase()
  }

  #writeTag(tag: StartTag, element: OpenElement, edits: TagEdit[], from: number, to: number): void {
    if (element.shownName !== null) edits.push({ from: 1, to: 1 + tag.name.length, text: element.shownName })
    if (edits.length > 0) this.#editor.replace(from, to, writeTag(tag, edits))
  }

  #nil(tag: StartTag): TagEdit[] {
    const written = tag.attributes.find(one => this.#namespaces.isNil(one))
    if (written !== undefined) return [{ from: written.valueFrom, to: written.to, text: '"true"' }]
    const prefix = this.#namespaces.nilPrefix
    const at = 1 + tag.name.length
    return prefix === null ? [] : [{ from: at, to: at, text: ` ${prefix}:nil="true"` }]
  }

  #attribute(attribute: Attribute, tag: StartTag, element: OpenElement): TagEdit[] {
    const { local, value, from, to } = attribute
    if (declaredPrefix(attribute) !== null || this.#namespaces.isStructural(attribute)) {
      // Names of namespaces cannot be changed; one that is personal makes the document unreadable.
      this.#fields.memberNamed(this.#fields.root, value)
      if (this.#fields.keyIsPersonal) throw fault('malformed')
      return []
    }
    const described = this.#namespaces.isDescription(tag, attribute)
    const place = described
      ? this.#elements.member(this.#fields.root, unnamed)
      : this.#elements.attribute(attribute, element)
    const shownName = described ? null : this.#elements.shownName(local, element)
    const edits: TagEdit[] = []
    if (shownName !== null) edits.push({ from: attribute.nameFrom, to: attribute.nameTo, text: shownName })
    const outcome: Outcome =
      this.#fields.treatment(place) === 'copy' ? 'keep' : this.#fields.scalar(place, value, 'string')
    if (outcome === 'remove') return [{ from, to, text: '' }]
    if (outcome === 'keep') return edits
    const shown = outcome === 'text' ? escapeAttribute(this.#fields.replacement) : '***'
    edits.push({ from: attribute.valueFrom, to, text: `"${shown}"` })
    return edits
  }

  /** A value that stands elsewhere (SOAP encoding's multi-references) cannot be followed: it would pass unnamed. */
  #refuseReference({ attributes }: StartTag, place: Place): void {
    if (this.#fields.treatment(place) !== 'mask') return
    const refers = ({ prefix, local, value }: Attribute) =>
      (prefix === '' && local === 'href' && value.startsWith('#')) || (prefix !== '' && local === 'ref')
    if (attributes.some(refers)) throw fault('malformed')
  }
}
