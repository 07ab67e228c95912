/**
 * A page as browsers parse it (parse5), and the tokens it was made of, each with its place in the source: so that it can be
 * read by its meaning and edited where it stands. What no token covers was dropped by the parser.
 */
import { type DefaultTreeAdapterMap, Parser, type Token } from 'parse5'
import { fault } from '../faults.ts'
import { type Document, type Element, PageTree, type TextNode } from './tree.ts'
import type { Pausing } from './turns.ts'

export type PageAttribute = { readonly name: string; readonly value: string }

export type PageToken = {
  readonly kind: 'start' | 'end' | 'text' | 'comment' | 'doctype'
  readonly from: number
  readonly to: number
  /** Of a tag. */
  readonly name: string
  /** As the tokenizer read them: the first of each name. */
  readonly attributes: readonly PageAttribute[]
  /** What a text says. */
  readonly text: string
  /** What the parser made of a start tag or a text, or closed by an end tag; null where it dropped it. */
  element: Element | null
  node: TextNode | null
}

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
  const parser = new RecordingParser()
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

  constructor() {
    const tree = new PageTree()
    super({ sourceCodeLocationInfo: true, scriptingEnabled: false, treeAdapter: tree.adapter })
    this.#tree = tree
  }

  override onStartTag(token: Token.TagToken): void {
    const attributes = token.attrs.length === 0 ? none : token.attrs.map(({ name, value }) => ({ name, value }))
    this.#record('start', token, token.tagName, attributes)
    super.onStartTag(token)
    if (this.openElements.stackTop > maxDepth) throw fault('too_deep')
  }

  override onEndTag(token: Token.TagToken): void {
    this.#record('end', token, token.tagName)
    super.onEndTag(token)
  }

  override onComment(token: Token.CommentToken): void {
    this.#record('comment', token)
    super.onComment(token)
  }

  override onDoctype(token: Token.DoctypeToken): void {
    this.#record('doctype', token)
    super.onDoctype(token)
  }

  override onCharacter(token: Token.CharacterToken): void {
    this.#record('text', token, '', none, token.chars)
    super.onCharacter(token)
  }

  override onWhitespaceCharacter(token: Token.CharacterToken): void {
    this.#record('text', token, '', none, token.chars)
    super.onWhitespaceCharacter(token)
  }

  override onNullCharacter(token: Token.CharacterToken): void {
    // Dropped in most places: what it parts belongs together.
    this.#record('text', token)
    super.onNullCharacter(token)
  }

  override _insertCharacters(token: Token.CharacterToken): void {
    super._insertCharacters(token)
    const record = this.#recordOf(token.location, 'text')
    if (record !== null) record.node = this.#tree.written
  }

  override _attachElementToTree(...args: Parameters<Parser<DefaultTreeAdapterMap>['_attachElementToTree']>): void {
    super._attachElementToTree(...args)
    if (++this.#elements > maxElements) throw fault('too_large')
    const [element, location] = args
    const record = this.#recordOf(location, 'start')
    // A formatting element that is opened again comes from the same tag; the first is where it stands.
    if (record !== null) record.element ??= element as Element
  }

  /** Called with what ends an element: its end tag, or whatever comes in its place. */
  override _setEndLocation(element: Element, closing: Token.Token | null): void {
    const record = this.#recordOf(closing?.location ?? null, 'end')
    if (record !== null) record.element ??= element
  }

  /** Tokens come again when the parser changes its mind about where they go. */
  #record(kind: PageToken['kind'], { location }: Token.Token, name = '', attributes = none, text = ''): void {
    const { startOffset: from, endOffset: to } = location!
    if (from < this.#to || to <= from) return
    this.#to = to
    this.tokens.push({ kind, from, to, name, attributes, text, element: null, node: null })
  }

  /** The token of this kind that stands there: nearly always the last, or else found by halves. */
  #recordOf(location: Token.Location | null, kind: PageToken['kind']): PageToken | null {
    if (location === null) return null
    const from = location.startOffset
    let high = this.tokens.length - 1
    for (let low = 0; low < high && this.tokens[high]!.from !== from; ) {
      const middle = (low + high) >> 1
      if (this.tokens[middle]!.from < from) low = middle + 1
      else high = middle
    }
    const found = this.tokens[high]
    return found?.from === from && found.kind === kind ? found : null
  }
}
