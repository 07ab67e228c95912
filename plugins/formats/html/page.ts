/**
 * A page as browsers parse it (parse5), and the tokens it was made of, each with its place in the source: so that it can be
 * read by its meaning and edited where it stands. What no token covers was dropped by the parser.
 */
import { type DefaultTreeAdapterMap, Parser, type Token } from 'parse5'
import { fault } from '../faults.ts'
import { PlainTokenizer } from './tokenizer.ts'
import { type Document, type Element, PageTree, type TextNode } from './tree.ts'
import type { Pausing } from './turns.ts'

export type PageAttribute = { readonly name: string; readonly value: string }

export type TagToken = {
  readonly kind: 'start' | 'end'
  readonly from: number
  readonly to: number
  readonly name: string
  /** As the tokenizer read them: the first of each name. */
  readonly attributes: readonly PageAttribute[]
  /** What the parser made of a start tag, or closed by an end tag; null where it dropped it. */
  element: Element | null
}

export type TextToken = {
  readonly kind: 'text'
  readonly from: number
  readonly to: number
  /** What it says. */
  readonly text: string
  /** What the parser put it into; null where it dropped it. */
  node: TextNode | null
}

export type PageToken =
  | TagToken
  | TextToken
  | { readonly kind: 'comment' | 'doctype'; readonly from: number; readonly to: number }

export type Page = { readonly source: string; readonly tokens: readonly PageToken[]; readonly document: Document }

const none: readonly PageAttribute[] = []

/** Browsers nest no deeper. */
const maxDepth = 512
/** Formatting elements are opened again in each block, which can multiply a page. */
const maxElements = 1_000_000

/** Characters that are parsed between two pauses. */
const piece = 16_384

/** Throws `too_deep` or `too_large` where a page would cost too much to read. */
export function* parsePage(source: string): Pausing<Page> {
  const parser = new RecordingParser(source)
  let at = 0
  for (; at + piece < source.length; at += piece) {
    parser.tokenizer.write(source.slice(at, at + piece), false)
    yield
  }
  parser.tokenizer.write(source.slice(at), true)
  return { source, tokens: parser.tokens, document: parser.document as Document }
}

class RecordingParser extends Parser<DefaultTreeAdapterMap> {
  readonly tokens: PageToken[] = []
  readonly #tree: PageTree
  #to = 0
  #elements = 0

  constructor(source: string) {
    const tree = new PageTree()
    super({ sourceCodeLocationInfo: true, scriptingEnabled: false, treeAdapter: tree.adapter })
    const bytes = Buffer.from(source, 'utf16le')
    const units = new Uint16Array(bytes.buffer, bytes.byteOffset, source.length)
    this.tokenizer = new PlainTokenizer(this.options, this, source, units)
    this.#tree = tree
  }

  override onStartTag(token: Token.TagToken): void {
    if (this.#isNew(token)) {
      const attributes = token.attrs.length === 0 ? none : token.attrs.map(({ name, value }) => ({ name, value }))
      this.#recordTag('start', token, attributes)
    }
    super.onStartTag(token)
    if (this.openElements.stackTop > maxDepth) throw fault('too_deep')
  }

  override onEndTag(token: Token.TagToken): void {
    if (this.#isNew(token)) this.#recordTag('end', token, none)
    super.onEndTag(token)
  }

  override onComment(token: Token.CommentToken): void {
    if (this.#isNew(token)) this.#recordOther('comment', token)
    super.onComment(token)
  }

  override onDoctype(token: Token.DoctypeToken): void {
    if (this.#isNew(token)) this.#recordOther('doctype', token)
    super.onDoctype(token)
  }

  override onCharacter(token: Token.CharacterToken): void {
    if (this.#isNew(token)) this.#recordText(token, token.chars)
    super.onCharacter(token)
  }

  override onWhitespaceCharacter(token: Token.CharacterToken): void {
    if (this.#isNew(token)) this.#recordText(token, token.chars)
    super.onWhitespaceCharacter(token)
  }

  override onNullCharacter(token: Token.CharacterToken): void {
    // Dropped in most places: what it parts belongs together.
    if (this.#isNew(token)) this.#recordText(token, '')
    super.onNullCharacter(token)
  }

  override _insertCharacters(token: Token.CharacterToken): void {
    super._insertCharacters(token)
    const record = this.#recordAt(token.location)
    if (record?.kind === 'text') record.node = this.#tree.written
  }

  override _attachElementToTree(...args: Parameters<Parser<DefaultTreeAdapterMap>['_attachElementToTree']>): void {
    const [element, location, at] = args
    // Where it stands is no matter of the tree.
    super._attachElementToTree(element, null, at)
    if (++this.#elements > maxElements) throw fault('too_large')
    const record = this.#recordAt(location)
    // A formatting element that is opened again comes from the same tag; the first is where it stands.
    if (record?.kind === 'start') record.element ??= element as Element
  }

  /** Called with what ends an element: its end tag, or whatever comes in its place. */
  override _setEndLocation(element: Element, closing: Token.Token | null): void {
    const record = this.#recordAt(closing?.location ?? null)
    if (record?.kind === 'end') record.element ??= element
  }

  /** Tokens come again when the parser changes its mind about where they go. */
  #isNew({ location }: Token.Token): boolean {
    const { startOffset: from, endOffset: to } = location!
    if (from < this.#to || to <= from) return false
    this.#to = to
    return true
  }

  #recordTag(
    kind: TagToken['kind'],
    { location, tagName }: Token.TagToken,
    attributes: readonly PageAttribute[],
  ): void {
    const { startOffset: from, endOffset: to } = location!
    this.tokens.push({ kind, from, to, name: tagName, attributes, element: null })
  }

  #recordText({ location }: Token.CharacterToken, text: string): void {
    const { startOffset: from, endOffset: to } = location!
    this.tokens.push({ kind: 'text', from, to, text, node: null })
  }

  #recordOther(kind: 'comment' | 'doctype', { location }: Token.Token): void {
    const { startOffset: from, endOffset: to } = location!
    this.tokens.push({ kind, from, to })
  }

  /** The token that stands there: nearly always the last, or else found by halves. */
  #recordAt(location: Token.Location | null): PageToken | null {
    if (location === null) return null
    const from = location.startOffset
    let high = this.tokens.length - 1
    for (let low = 0; low < high && this.tokens[high]!.from !== from; ) {
      const middle = (low + high) >> 1
      if (this.tokens[middle]!.from < from) low = middle + 1
      else high = middle
    }
    const found = this.tokens[high]
    return found?.from === from ? found : null
  }
}
