/**
 * A page is parsed as browsers do and edited in its source token by token: what no value of a field stands in leaves as it
 * came. Comments go, and so does what the parser dropped.
 */
import type { FieldCursor, PathBase, Place } from '../../../gateway/contracts.ts'
import { Repeats } from '../repeats.ts'
import { LabelledText } from '../text/labels.ts'
import { type AttributeSeat, Attributes, saysHowBuilt } from './attributes.ts'
import { aroundBox } from './boxes.ts'
import { SourceEdits } from './edits.ts'
import { defuse, escapeAttribute, escapeText } from './escape.ts'
import type { Whose } from './kin-steps.ts'
import { KinMasker } from './mask-kin.ts'
import { Names } from './names.ts'
import { type Page, parsePage } from './page.ts'
import { Places } from './places.ts'
import { RawTexts } from './raw-texts.ts'
import { putShownBoxes } from './shown-boxes.ts'
import { StructureWords } from './structure.ts'
import { writtenAttributes } from './tag.ts'
import { Texts } from './texts.ts'
import {
  type KinToken,
  type PageAttribute,
  type PageToken,
  partsText,
  type TagToken,
  type TextToken,
} from './tokens.ts'
import { type Element, parentOf } from './tree.ts'
import { atOnce, type Pausing } from './turns.ts'
import { knownTags, trait } from './words.ts'

/** Pages inside attributes of pages are read this deep; what lies deeper goes. */
const maxPages = 4
const tokensBetweenPauses = 64
/** A page repeats a few tags all over: so many are remembered, and no longer ones. */
const mostPlain = 1024
const longestPlain = 96
/** So many are looked through for one sooner than a map of them is made. */
const fewAttributes = 8
const prolog = /^<\?xml\s+version="1\.[01]"(?:\s+encoding="[\w-]+")?(?:\s+standalone="\w+")?\s*\?>$/
const doctype = /^<!doctype\s+html(?:\s+(?:public|system)\s+(?:"[^"]*"|'[^']*')(?:\s*(?:"[^"]*"|'[^']*'))?)?\s*>$/i
/** Without attributes, which an end tag cannot have. */
const endTag = /^<\/[^\s/>]+\s*>$/

/** What a page is read with. `depth`: pages around it. */
export type PageReading = {
  readonly fields: FieldCursor
  readonly pathBase: PathBase | null
  readonly depth: number
  /** Whether it is a piece of a form, whole in it. */
  readonly inForm?: boolean
}

/** A page that stands at `place` with its values masked; itself where nothing is done. */
export function* maskPage(source: string, place: Place, reading: PageReading): Pausing<string> {
  if (reading.depth >= maxPages) return ''
  // Pieces of tables are only read as such inside one.
  const [piece] = /^\s*<(?:t[dhr]|tbody|thead|tfoot)\b/i.exec(source) ?? []
  const around = piece === undefined ? '' : /<t[dh]/i.test(piece) ? '<table><tr>' : '<table>'
  const labels = new LabelledText(reading.fields)
  const names = new Names(reading.fields, labels)
  const page = yield* parsePage(around + source, names)
  const places = yield* Places.read(page.document, place, names)
  const masked = yield* new PageMasker(page, { ...reading, labels, names, places }).mask()
  return masked.slice(around.length)
}

type Reading = PageReading & { readonly labels: LabelledText; readonly names: Names; readonly places: Places }

class PageMasker {
  readonly #source: string
  readonly #fields: FieldCursor
  readonly #edits = new SourceEdits()
  readonly #words: StructureWords
  readonly #places: Places
  readonly #repeats: Repeats
  readonly #attributes: Attributes
  readonly #texts: Texts
  readonly #rawTexts: RawTexts
  readonly #tokens: readonly PageToken[]
  readonly #kin: KinMasker
  readonly #around: PageReading
  /** The script or style whose text is being gathered. */
  #raw: { readonly element: Element; readonly from: number; to: number } | null = null
  #row: Whose = null
  /** Tags as they are written that stay as they are, wherever they stand. */
  readonly #plainTags = new Set<string>()

  constructor({ source, tokens }: Page, reading: Reading) {
    const { fields, pathBase, depth, labels, names, places } = reading
    this.#around = reading
    this.#source = source
    this.#tokens = tokens
    this.#fields = fields
    this.#words = new StructureWords(fields)
    this.#places = places
    this.#repeats = new Repeats(fields, labels)
    this.#texts = new Texts(fields, labels, this.#edits, this.#repeats)
    this.#rawTexts = new RawTexts(fields, names, this.#words)
    this.#attributes = new Attributes(fields, names, labels, this.#words, pathBase, (inner, at) =>
      atOnce(maskPage(inner, at, { fields, pathBase, depth: depth + 1 })),
    )
    this.#kin = new KinMasker({
      source,
      fields,
      labels,
      edits: this.#edits,
      repeats: this.#repeats,
      places,
      texts: this.#texts,
      enterRow: row => this.#enterRow(row),
      isPlain: (name, from, to) => this.#isPlain(name, from, to),
      stays: tag => this.#stays(tag),
      readAttributes: tag => this.#readAttributes(tag),
    })
  }

  *mask(): Pausing<string> {
    let done = 0
    for (let at = 0; at < this.#tokens.length; at++) {
      const token = this.#tokens[at]!
      if (at % tokensBetweenPauses === 0) yield
      this.#dropped(done, token.from)
      done = token.to
      if (token.kind === 'kin') yield* this.#kin.mask(token)
      else this.#token(token)
    }
    this.#endRaw()
    this.#texts.end()
    this.#enterRow(null)
    this.#kin.end()
    this.#dropped(done, this.#source.length)
    if (!this.#edits.any) return this.#source
    putShownBoxes(this.#source, this.#tokens, this.#edits, this.#repeats, this.#around)
    return yield* this.#repeats.hide(this.#edits.apply(this.#source))
  }

  #token(token: Exclude<PageToken, KinToken>): void {
    if (token.kind === 'text') this.#text(token)
    else if (token.kind === 'start' || token.kind === 'end') this.#tag(token)
    else if (token.kind === 'comment') this.#comment(token.from, token.to)
    else this.#doctype(token.from, token.to)
  }

  /** What the parser made no token of: a tag cut off by the end. */
  #dropped(from: number, to: number): void {
    if (from < to && this.#source.slice(from, to).trim() !== '') this.#edits.put(from, to, '')
  }

  #comment(from: number, to: number): void {
    this.#texts.mark()
    if (from > 0 || !prolog.test(this.#source.slice(from, to))) this.#edits.put(from, to, '')
  }

  #doctype(from: number, to: number): void {
    this.#endRaw()
    const written = this.#source.slice(from, to)
    if (!doctype.test(written) || this.#words.isPersonal(written)) this.#edits.put(from, to, '<!DOCTYPE html>')
  }

  #tag(token: TagToken): void {
    const { kind, name, from, to } = token
    this.#endRaw()
    if (partsText(token)) this.#texts.part(name !== 'br')
    else this.#texts.mark()
    if (this.#words.isPersonal(name)) this.#edits.put(from, to, '')
    else if (kind === 'start') this.#startTag(token)
    else if (!isBareEndTag(token) && !endTag.test(this.#source.slice(from, to))) this.#edits.put(from, to, `</${name}>`)
  }

  #startTag(token: TagToken): void {
    const { element } = token
    if (element !== null) this.#enterRow(this.#places.rowOf(element))
    if (!this.#stays(token)) this.#readAttributes(token)
  }

  /** Whether a tag is known to stay as it is; most have no attributes. */
  #isPlain(name: string, from: number, to: number): boolean {
    const length = to - from
    return length === name.length + 2 || (length <= longestPlain && this.#plainTags.has(this.#source.slice(from, to)))
  }

  /** Whether a tag stays as it is wherever it stands, as nothing is found in it and it only says how the page is built. */
  #stays({ name, from, to, attributes }: TagToken): boolean {
    if (this.#isPlain(name, from, to)) return true
    if (to - from > longestPlain || !attributes.every(one => saysHowBuilt(one.name))) return false
    const attribute = valuesOf(attributes)
    for (const { name, again } of writtenAttributes(this.#source, from, to)) {
      const value = again ? null : attribute(name)
      if (value === null || !this.#words.isPlain(name) || !this.#words.isPlain(value)) return false
    }
    if (this.#plainTags.size < mostPlain) this.#plainTags.add(this.#source.slice(from, to))
    return true
  }

  #readAttributes({ name, from, to, element, attributes }: TagToken): void {
    const attribute = valuesOf(attributes)
    const seat: AttributeSeat = { tag: name, place: this.#places.of(element), attribute }
    for (const one of writtenAttributes(this.#source, from, to)) {
      const value = one.again ? null : attribute(one.name)
      if (value === null || this.#words.isPersonal(one.name)) {
        this.#edits.put(one.from, one.to, '')
        continue
      }
      const change = this.#attributes.change(one.name, value, seat)
      if (change === null) continue
      if ('gone' in change) this.#edits.put(one.from, one.to, '')
      else this.#edits.put(one.nameTo, one.to, `="${escapeAttribute(change.value)}"`)
    }
  }

  #text(token: TextToken): void {
    const { node, text, from, to } = token
    const parent = node === null ? null : parentOf(node)
    const element = parent !== null && 'tagName' in parent ? parent : null
    const tag = element?.tagName ?? ''
    const traits = element?.traits ?? 0
    if (element !== null) this.#enterRow(this.#places.rowOf(element))
    if (tag === 'script' || tag === 'style') {
      if (this.#raw?.element === element) this.#raw.to = to
      else {
        this.#endRaw()
        this.#texts.part(false)
        this.#raw = { element: element!, from, to }
      }
      return
    }
    this.#endRaw()
    if ((traits & trait.unshown) !== 0) {
      this.#edits.put(from, to, '')
      if (text === '') this.#texts.mark()
      return
    }
    const [place, field] = [this.#places.ofText(node), this.#places.fieldOf(node)]
    this.#texts.add(place, field, aroundBox(node), token, (traits & trait.verbatim) !== 0 ? defuse : escapeText)
  }

  #endRaw(): void {
    const raw = this.#raw
    if (raw === null) return
    this.#raw = null
    const { element, from, to } = raw
    const text = this.#source.slice(from, to)
    const masked = this.#rawTexts.mask(text, element, this.#places.of(element))
    if (masked !== text) this.#edits.put(from, to, masked)
  }

  #enterRow(row: Whose): void {
    if (row === this.#row) return
    if (this.#row !== null) this.#fields.endElement()
    if (row !== null) this.#fields.beginElement()
    this.#row = row
  }
}

/** What an attribute of a tag says; null: it has none of this name. */
function valuesOf(attributes: readonly PageAttribute[]): (name: string) => string | null {
  if (attributes.length <= fewAttributes) return name => attributes.find(one => one.name === name)?.value ?? null
  const values = new Map(attributes.map(({ name, value }) => [name, value]))
  return name => values.get(name) ?? null
}

/** Whether an end tag is its name and no more. */
function isBareEndTag({ name, from, to }: TagToken): boolean {
  return to - from === name.length + 3 && knownTags.has(name)
}
