/**
 * Reads XML 1.0 with namespaces, strictly and in one pass, walks the plan of fields, and edits tags and texts where they
 * stand. A start tag is held until it is known what follows it, and the text of an element until the next tag: what is
 * held is at most one tag and one text.
 */
import type { FieldCursor, Reader } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { SpanEditor } from '../spans.ts'
import { stateNamed, stateOf } from '../states.ts'
import { holds } from './characters.ts'
import { Elements, type OpenElement } from './elements.ts'
import { HeldTag } from './held-tag.ts'
import { type Found, Kin } from './kin.ts'
import { KnownTags, type NamedTag, standsAt } from './known-tags.ts'
import { labelsBehind } from './labels-behind.ts'
import { type Ahead, lookInto } from './look-ahead.ts'
import { Namespaces } from './namespaces.ts'
import { isDeclaration, keepsInstruction } from './prolog.ts'
import { checkReferences, readEndTag } from './tag.ts'
import { Tokens } from './tokens.ts'
import { TextUnit } from './unit.ts'

/** Larger pieces are taken in parts. */
const largestPiece = 1 << 20
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])
const none: readonly string[] = []
const lessThan = 0x3c

export class XmlReader implements Reader {
  readonly #fields: FieldCursor
  readonly #editor = new SpanEditor()
  readonly #tokens = new Tokens()
  readonly #namespaces = new Namespaces()
  readonly #elements: Elements
  readonly #unit: TextUnit
  readonly #held: HeldTag
  readonly #tags: KnownTags
  readonly #kin: Kin
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
    this.#tags = new KnownTags(fields)
    this.#elements = new Elements(fields, this.#namespaces)
    this.#unit = new TextUnit(fields, this.#editor)
    this.#held = new HeldTag(fields, this.#editor, this.#namespaces, this.#elements)
    this.#kin = new Kin(fields, this.#editor, this.#namespaces, this.#elements, isInside)
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
    if (!this.#rootSeen || this.#elements.depth > 0 || this.#editor.length > 0) throw fault('malformed')
    return out
  }

  forget(): void {
    this.#kin.pause()
  }

  #advance(last: boolean): Uint8Array[] {
    const bytes = this.#editor.bytes.subarray(0, this.#editor.length)
    if (!this.#begun && !this.#begin(bytes, last)) return this.#editor.give(0)
    this.#kin.begin(bytes)
    while (this.#next(bytes, last));
    this.#kin.flush()
    if (bytes.length - this.#tokens.at > this.#fields.limits.scalar) throw fault('scalar_too_large')
    const keep = this.#held.tag !== null ? this.#held.from : this.#unit.empty ? this.#tokens.at : this.#unit.from
    const out = this.#editor.give(keep)
    this.#tokens.rebase(keep)
    this.#unit.rebase(keep)
    this.#held.rebase(keep)
    return out
  }

  /** Reads the next token, which most often is a tag that is known; false: it has to wait for more. */
  #next(bytes: Buffer, last: boolean): boolean {
    const tokens = this.#tokens
    const { at } = tokens
    if (this.#unit.empty || bytes[at] === lessThan) {
      const found = this.#kin.more(bytes, at, last)
      if (found !== null) return this.#passRows(bytes, found)
    }
    this.#kin.pause()
    if (at < bytes.length && bytes[at] === lessThan) {
      const { top } = this.#elements
      if (top !== undefined && standsAt(top.named.endTag, bytes, at)) {
        tokens.passKnown('end', bytes, at + top.named.endTag.length, 0)
        if (top.named.endTag.length > this.#fields.limits.scalar) throw fault('scalar_too_large')
        this.#endElement(bytes, top)
        return true
      }
      const tags = this.#tags
      const known = tags.at(bytes, at, this.#held.tag)
      if (known !== null) {
        // of parts of a page that JSF answers with, any may be its state
        const mayBeKin = this.#removedOutside < 0 && known.local !== 'update'
        const found = mayBeKin ? this.#kin.first(known, bytes, at, tags.end, last) : null
        if (found !== null) return this.#passRows(bytes, found)
        tokens.passKnown('start', bytes, tags.end, tags.held)
        if ((tags.held & holds.reference) !== 0) checkReferences(bytes, at, known)
        return this.#start(bytes, known, last)
      }
    }
    if (!tokens.next(bytes, last)) return false
    if (tokens.kind === 'start') return this.#startNew(bytes, last)
    this.#read(bytes)
    return true
  }

  /** Goes on behind rows that are read together; what stands ahead of them is known to. */
  #passRows(bytes: Buffer, found: Found): boolean {
    if (found !== 'passed') return false
    this.#settle(bytes, false)
    this.#tokens.skip(this.#kin.to)
    this.#kin.settle()
    return true
  }

  #begin(bytes: Buffer, last: boolean): boolean {
    const head = bytes.subarray(0, byteOrderMark.length)
    const marked = head.length > 0 && byteOrderMark.subarray(0, head.length).equals(head)
    if (marked && head.length < byteOrderMark.length && !last) return false
    this.#tokens.at = marked && head.length === byteOrderMark.length ? byteOrderMark.length : 0
    this.#begun = true
    return true
  }

  /** Reads the start tag that was found, which is not known. */
  #startNew(bytes: Buffer, last: boolean): boolean {
    const { from, at: to } = this.#tokens
    const tag = this.#tags.read(bytes, from, to)
    if (!this.#start(bytes, tag, last)) return false
    this.#tags.keep(tag, bytes, from, to)
    return true
  }

  /** Reads the start tag that was found, unless what it opens has to wait for more. */
  #start(bytes: Buffer, tag: NamedTag, last: boolean): boolean {
    const ahead = this.#fields.waits ? this.#lookAhead(bytes, tag, last) : null
    const behind = this.#labelsBehind(bytes, tag)
    if ((ahead === 'waiting' || behind === 'waiting') && !last) {
      this.#tokens.unread()
      return false
    }
    this.#startTag(bytes, tag, ahead === 'waiting' ? null : ahead, behind === 'waiting' ? none : behind)
    return true
  }

  /**
   * What the element tells whose start tag has come, where rules of the plan ask for it. An element that waits for its end is
   * looked into again when twice as much of it is there.
   */
  #lookAhead(bytes: Buffer, tag: NamedTag, last: boolean): Ahead | 'waiting' | null {
    const { from, at: to } = this.#tokens
    const { lookAhead } = this.#fields
    if (this.#removedOutside >= 0) return null
    const there = Math.min(bytes.length - from, lookAhead)
    if (there < this.#lookAgain && !last) return 'waiting'
    const { place } = this.#elements.step(tag.named)
    const ahead = lookInto(bytes, { from, to, tag }, lookAhead, name => this.#fields.decides(place, name))
    this.#lookAgain = ahead === 'waiting' ? Math.min(there * 2, lookAhead) : 0
    return ahead
  }

  /** What labels behind the element say whose start tag has come, where they count. */
  #labelsBehind(bytes: Buffer, tag: NamedTag): readonly string[] | 'waiting' {
    if (this.#removedOutside >= 0 || this.#elements.depth === 0) return none
    if (tag.selfClosing || !this.#elements.step(tag.named).mayBeLabelled) return none
    const { from, at: to } = this.#tokens
    return labelsBehind(bytes, { from, to }, name => this.#fields.isLabel(name))
  }

  /** Reads the token that was found, which is no start tag. */
  #read(bytes: Buffer): void {
    const { kind, from, at: to } = this.#tokens
    if (to - from > this.#fields.limits.scalar) throw fault('scalar_too_large')
    const first = this.#first
    // Old servers send blank lines ahead of the declaration.
    if (kind !== 'text') this.#first = false
    if (kind === 'end') this.#endTag(bytes, from, to)
    else if (this.#elements.depth === 0) this.#outside(bytes, from, to, first)
    else if (this.#removedOutside >= 0) this.#editor.replace(from, to, '')
    else {
      if (kind === 'instruction') isDeclaration(bytes.toString('utf8', from, to), false)
      this.#unit.add(this.#tokens)
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

  #startTag(bytes: Buffer, tag: NamedTag, ahead: Ahead | null, behind: readonly string[]): void {
    const { from, at: to } = this.#tokens
    if (to - from > this.#fields.limits.scalar) throw fault('scalar_too_large')
    this.#first = false
    if (this.#elements.depth === 0) {
      // A page under the name of XML would hide its columns from the reader.
      if ((this.#rootSeen && !this.#mayHaveRoots) || tag.local.toLowerCase() === 'html') throw fault('malformed')
      this.#rootSeen = true
    }
    this.#settle(bytes, false)
    const gone = this.#removedOutside >= 0
    const declared = this.#namespaces.enter(tag, bytes, from)
    const isRoot = this.#elements.depth === 0 && !this.#mayHaveRoots
    if (isRoot && this.#namespaces.beginsProse(tag, bytes, from)) throw fault('unknown')
    const element = this.#elements.open(tag, bytes, from, declared, gone, behind)
    if (ahead !== null && !gone) this.#settlePlaces(element, ahead)
    if (gone) this.#editor.replace(from, to, '')
    else this.#held.hold(tag, from, to)
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
    if (element === undefined || readEndTag(bytes.toString('utf8', from, to)) !== element.named.written)
      throw fault('malformed')
    this.#endElement(bytes, element)
  }

  /** The element at hand ends with the token that was found. */
  #endElement(bytes: Buffer, element: OpenElement): void {
    const { from, at: to } = this.#tokens
    this.#settle(bytes, true)
    if (this.#removedOutside >= 0 && this.#elements.depth > this.#removedOutside + 1) this.#editor.replace(from, to, '')
    else if (element.shownName !== null) this.#editor.replace(from, to, `</${element.shownName}>`)
    this.#close()
  }

  #close(): void {
    this.#kin.leave(this.#elements.depth - 1)
    this.#namespaces.leave(this.#elements.close().declared)
    if (this.#elements.depth === this.#removedOutside) this.#removedOutside = -1
  }

  /** What was held is decided now that the next tag is known; `closing` says that it is an end tag. */
  #settle(bytes: Buffer, closing: boolean): void {
    const element = this.#elements.top
    if (this.#held.tag === null) {
      if (!this.#unit.empty) this.#unit.settle(bytes, element!.place)
      return
    }
    if (this.#fields.treatment(element!.place) === 'remove') this.#remove(bytes, element!, closing)
    else this.#settleElement(bytes, element!, closing)
    this.#held.tag = null
  }

  #settleElement(bytes: Buffer, element: OpenElement, leaf: boolean): void {
    const { place } = element
    if (leaf && this.#unit.empty) this.#held.refuseReference(bytes, place)
    if (leaf && !this.#unit.empty) this.#hear(bytes, element)
    const edits = this.#held.offer(bytes, element)
    const state = leaf && this.#held.tag!.local === 'update' && !this.#unit.empty ? this.#state(bytes) : null
    const outcome = state === null ? this.#unit.decide(bytes, place) : this.#unit.put(state)
    const typed = outcome === 'keep' ? edits : this.#held.asText(edits)
    this.#held.write(element, outcome === 'remove' && leaf ? this.#held.nil(typed) : typed)
    this.#unit.write(bytes)
  }

  /** What the state of a page becomes that is part of an answer of JSF; null: it is none. */
  #state(bytes: Buffer): string | null {
    const id = this.#held.value(bytes, 'id')
    const name = id === null ? null : stateNamed(id)
    return name === null ? null : stateOf(this.#fields, name, this.#unit.text(bytes))
  }

  /** What an element says may name what others are. */
  #hear(bytes: Buffer, element: OpenElement): void {
    const mayName = this.#elements.mayNameColumn
    if (!element.isLabel && !element.isKey && !mayName) return
    const said = this.#unit.said(bytes)
    if (element.isLabel) this.#elements.label(said)
    if (element.isKey) this.#elements.nameNext(said)
    if (mayName) element.said = said
  }

  /** An element that goes is emptied: what it declares stays, and where a schema instance is declared it is nil. */
  #remove(bytes: Buffer, element: OpenElement, leaf: boolean): void {
    if (leaf) this.#unit.decide(bytes, element.place)
    else {
      this.#fields.removed(element.place)
      this.#removedOutside = this.#elements.depth - 1
    }
    this.#held.write(element, this.#held.remove(bytes, element, leaf))
    this.#unit.erase()
  }
}
