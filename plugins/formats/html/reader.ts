/**
 * Reads a page whole, as browsers parse it, and edits its source token by token: what no value of a field stands in leaves
 * as it came. Comments go, and so does what the parser dropped.
 */
import type { FieldCursor, Place, Reader } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { LabelledText } from '../text/labels.ts'
import { type AttributeSeat, Attributes, withoutData } from './attributes.ts'
import { SourceEdits } from './edits.ts'
import { defuse, escapeAttribute, escapeText } from './escape.ts'
import { Names } from './names.ts'
import { attributeOf } from './outline.ts'
import { type Element, type PageToken, parsePage } from './page.ts'
import { Places } from './places.ts'
import { maskScript } from './script.ts'
import { writtenAttributes } from './tag.ts'
import { TextRun } from './text-run.ts'
import { inline, programs, unshown, verbatim } from './words.ts'

const byteOrderMark = '\ufeff'
/** Pages inside attributes of pages are read this deep; what lies deeper goes. */
const maxPages = 4
const prolog = /^<\?xml\s+version="1\.[01]"(?:\s+encoding="[\w-]+")?(?:\s+standalone="\w+")?\s*\?>$/
const doctype = /^<!doctype\s+html(?:\s+(?:public|system)\s+(?:"[^"]*"|'[^']*')(?:\s*(?:"[^"]*"|'[^']*'))?)?\s*>$/i

export class HtmlReader implements Reader {
  readonly #fields: FieldCursor
  readonly #root: Place
  #chunks: Buffer[] = []
  #size = 0

  constructor(fields: FieldCursor) {
    this.#fields = fields
    this.#root = fields.root
  }

  write(chunk: Uint8Array): Uint8Array[] {
    this.#size += chunk.length
    if (this.#size > this.#fields.limits.page) throw fault('too_large')
    this.#chunks.push(Buffer.from(chunk))
    return []
  }

  end(): Uint8Array[] {
    const bytes = Buffer.concat(this.#chunks)
    this.#chunks = []
    let source: string
    try {
      source = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {
      throw fault('not_utf8')
    }
    const marked = source.startsWith(byteOrderMark)
    const page = marked ? source.slice(1) : source
    const masked = maskPage(page, this.#root, this.#fields, 0)
    if (masked === page) return bytes.length === 0 ? [] : [bytes]
    return [Buffer.from(marked ? byteOrderMark + masked : masked, 'utf8')]
  }
}

/** A page with its values masked; itself where nothing is done. */
function maskPage(source: string, place: Place, fields: FieldCursor, depth: number): string {
  if (depth >= maxPages) return ''
  // Pieces of tables are only read as such inside one.
  const [piece] = /^\s*<(?:t[dhr]|tbody|thead|tfoot)\b/i.exec(source) ?? []
  const around = piece === undefined ? '' : /<t[dh]/i.test(piece) ? '<table><tr>' : '<table>'
  return new PageMasker(around + source, place, fields, depth).mask().slice(around.length)
}

class PageMasker {
  readonly #source: string
  readonly #fields: FieldCursor
  readonly #edits = new SourceEdits()
  readonly #names: Names
  readonly #places: Places
  readonly #attributes: Attributes
  readonly #run: TextRun
  readonly #tokens: readonly PageToken[]
  /** The script or style whose text is being gathered. */
  #raw: { readonly element: Element; readonly from: number; to: number } | null = null
  #row: Element | null = null

  constructor(source: string, place: Place, fields: FieldCursor, depth: number) {
    const { tokens, document } = parsePage(source)
    const labels = new LabelledText(fields)
    this.#source = source
    this.#tokens = tokens
    this.#fields = fields
    this.#names = new Names(fields, labels)
    this.#places = new Places(document, place, this.#names)
    this.#run = new TextRun(fields, labels, this.#edits)
    this.#attributes = new Attributes(fields, this.#names, labels, (inner, at) =>
      maskPage(inner, at, fields, depth + 1),
    )
  }

  mask(): string {
    let done = 0
    for (const token of this.#tokens) {
      this.#dropped(done, token.from)
      done = token.to
      if (token.kind === 'text') this.#text(token)
      else this.#markup(token)
    }
    this.#endRaw()
    this.#run.flush()
    this.#enterRow(null)
    this.#dropped(done, this.#source.length)
    return this.#edits.any ? this.#edits.apply(this.#source) : this.#source
  }

  /** What the parser made no token of: a tag cut off by the end. */
  #dropped(from: number, to: number): void {
    if (from < to && this.#source.slice(from, to).trim() !== '') this.#edits.put(from, to, '')
  }

  #markup(token: PageToken): void {
    const { kind, from, to } = token
    const written = this.#source.slice(from, to)
    if (kind === 'comment') {
      if (!prolog.test(written) || from > 0) this.#edits.put(from, to, '')
      return
    }
    this.#endRaw()
    if (kind === 'doctype') {
      if (!doctype.test(written) || this.#isPersonal(written)) this.#edits.put(from, to, '<!DOCTYPE html>')
      return
    }
    if (partsText(token)) this.#run.flush()
    else this.#run.mark()
    if (kind === 'start') this.#startTag(token)
    else if (this.#isPersonal(token.name)) this.#edits.put(from, to, '')
    else if (!/^<\/[^\s/>]+\s*>$/.test(written)) this.#edits.put(from, to, `</${token.name}>`)
  }

  #startTag(token: PageToken): void {
    const { from, to, element } = token
    if (this.#isPersonal(token.name)) {
      this.#edits.put(from, to, '')
      return
    }
    if (element !== null) this.#enterRow(this.#places.rowOf(element))
    const values = new Map(token.attributes.map(({ name, value }) => [name, value]))
    const seat: AttributeSeat = {
      tag: token.name,
      place: this.#places.of(element),
      attribute: name => values.get(name) ?? null,
    }
    for (const one of writtenAttributes(this.#source, from, to)) {
      const value = one.again ? undefined : values.get(one.name)
      if (value === undefined || this.#isPersonal(one.name)) {
        this.#edits.put(one.from, one.to, '')
        continue
      }
      const change = this.#attributes.change(one.name, value, seat)
      if (change === null) continue
      if ('gone' in change) this.#edits.put(one.from, one.to, '')
      else this.#edits.put(one.nameTo, one.to, `="${escapeAttribute(change.value)}"`)
    }
  }

  #text(token: PageToken): void {
    const parent = token.node?.parentNode ?? null
    const element = parent !== null && 'tagName' in parent ? parent : null
    const tag = element?.tagName ?? ''
    if (element !== null) this.#enterRow(this.#places.rowOf(element))
    if (tag === 'script' || tag === 'style') {
      if (this.#raw?.element === element) this.#raw.to = token.to
      else {
        this.#endRaw()
        this.#run.flush()
        this.#raw = { element: element!, from: token.from, to: token.to }
      }
      return
    }
    this.#endRaw()
    if (unshown.has(tag)) this.#edits.put(token.from, token.to, '')
    else
      this.#run.add(
        this.#places.ofText(token.node),
        this.#places.fieldOf(token.node),
        token.text,
        token.from,
        token.to,
        verbatim.has(tag) ? defuse : escapeText,
      )
  }

  #endRaw(): void {
    const raw = this.#raw
    if (raw === null) return
    this.#raw = null
    const { element, from, to } = raw
    const text = this.#source.slice(from, to)
    const masked = element.tagName === 'style' ? this.#style(text) : this.#script(text, element)
    if (masked !== text) this.#edits.put(from, to, masked)
  }

  #script(text: string, element: Element): string {
    const place = this.#places.of(element)
    const type = (attributeOf(element, 'type') ?? '').split(';')[0]!.trim().toLowerCase()
    if (type !== '' && !programs.has(type)) {
      const outcome = text.trim() === '' ? 'keep' : this.#fields.scalar(place, text, 'string')
      if (outcome === 'keep' && isWhole(type, text)) return text
      if (outcome === 'text' && isWhole(type, text)) return inScript(this.#fields.replacement)
      if (outcome === 'redact' || outcome === 'remove') return ''
      // What calls itself data and is none is read as a program; templates as text.
      if (/json|map|rules/.test(type)) return inScript(maskScript(text, place, this.#fields, this.#names))
      return outcome === 'text' ? inScript(this.#fields.replacement) : text
    }
    return inScript(maskScript(text, place, this.#fields, this.#names))
  }

  #style(text: string): string {
    const plain = withoutData(text)
    this.#fields.memberNamed(this.#fields.root, plain)
    if (!this.#fields.keyIsPersonal) return plain
    const outcome = this.#fields.key(plain, 1)
    return outcome === 'keep' ? plain : outcome === 'text' ? defuse(this.#fields.replacement) : ''
  }

  #isPersonal(text: string): boolean {
    this.#fields.memberNamed(this.#fields.root, text)
    return this.#fields.keyIsPersonal && this.#fields.key(text, 1) !== 'keep'
  }

  #enterRow(row: Element | null): void {
    if (row === this.#row) return
    if (this.#row !== null) this.#fields.endElement()
    if (row !== null) this.#fields.beginElement()
    this.#row = row
  }
}

/** Whether a tag ends a running text. One that the parser dropped does not, whatever its name. */
function partsText({ kind, name, element }: PageToken): boolean {
  if (inline.has(name)) return false
  return element !== null || (kind === 'end' && (name === 'p' || name === 'br'))
}

function isWhole(type: string, text: string): boolean {
  if (!/json|map|rules/.test(type)) return true
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** In a script, an end tag or the start of a comment can stand in strings only, and is written so that it is none. */
function inScript(text: string): string {
  return text.replace(/<(?=\/script|!--|script)/gi, '\\x3c')
}
