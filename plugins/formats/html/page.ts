/**
 * A page as browsers parse it (parse5), and the tokens it was made of, each with its place in the source: so that it can be
 * read by its meaning and edited where it stands. What no token covers was dropped by the parser.
 */
import {
  type DefaultTreeAdapterMap,
  type DefaultTreeAdapterTypes,
  defaultTreeAdapter,
  Parser,
  type Token,
} from 'parse5'
import { fault } from '../faults.ts'
import type { Pausing } from './turns.ts'

export type Element = DefaultTreeAdapterTypes.Element
export type Node = DefaultTreeAdapterTypes.ChildNode
export type TextNode = DefaultTreeAdapterTypes.TextNode
export type Parent = DefaultTreeAdapterTypes.ParentNode

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

export type Page = { readonly source: string; readonly tokens: readonly PageToken[]; readonly document: Parent }

const none: readonly PageAttribute[] = []

/** Browsers nest no deeper. */
const maxDepth = 512
/** Formatting elements are opened again in each block, which can multiply a page. */
const maxElements = 1_000_000
/** Nodes that a table throws out before itself are looked up one by one among their new brothers. */
const maxMoved = 20_000

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
  return { source, tokens: parser.tokens, document: parser.document }
}

class RecordingParser extends Parser<DefaultTreeAdapterMap> {
  readonly tokens: PageToken[] = []
  readonly #ends = new Map<number, PageToken>()
  readonly #starts = new Map<number, PageToken>()
  readonly #texts = new Map<number, PageToken>()
  readonly #inserted: { node: TextNode | null }
  #to = 0
  #elements = 0

  constructor() {
    const inserted: { node: TextNode | null } = { node: null }
    let moved = 0
    const countMoved = () => {
      if (++moved > maxMoved) throw fault('too_large')
    }
    super({
      sourceCodeLocationInfo: true,
      scriptingEnabled: false,
      treeAdapter: {
        ...defaultTreeAdapter,
        insertText(parent, text) {
          defaultTreeAdapter.insertText(parent, text)
          inserted.node = parent.childNodes.at(-1) as TextNode
        },
        insertBefore(parent, node, reference) {
          countMoved()
          defaultTreeAdapter.insertBefore(parent, node, reference)
        },
        insertTextBefore(parent, text, reference) {
          countMoved()
          defaultTreeAdapter.insertTextBefore(parent, text, reference)
          inserted.node = parent.childNodes[parent.childNodes.indexOf(reference) - 1] as TextNode
        },
      },
    })
    this.#inserted = inserted
  }

  override onStartTag(token: Token.TagToken): void {
    const attributes = token.attrs.length === 0 ? none : token.attrs.map(({ name, value }) => ({ name, value }))
    const record = this.#record('start', token, token.tagName, attributes)
    if (record !== null) this.#starts.set(record.from, record)
    super.onStartTag(token)
    if (this.openElements.stackTop > maxDepth) throw fault('too_deep')
  }

  override onEndTag(token: Token.TagToken): void {
    const record = this.#record('end', token, token.tagName)
    if (record !== null) this.#ends.set(record.from, record)
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
    this.#recordText(token, token.chars)
    super.onCharacter(token)
  }

  override onWhitespaceCharacter(token: Token.CharacterToken): void {
    this.#recordText(token, token.chars)
    super.onWhitespaceCharacter(token)
  }

  override onNullCharacter(token: Token.CharacterToken): void {
    // Dropped in most places: what it parts belongs together.
    this.#recordText(token, '')
    super.onNullCharacter(token)
  }

  override _insertCharacters(token: Token.CharacterToken): void {
    super._insertCharacters(token)
    const record = this.#texts.get(token.location!.startOffset)
    if (record !== undefined) record.node = this.#inserted.node
  }

  override _attachElementToTree(...args: Parameters<Parser<DefaultTreeAdapterMap>['_attachElementToTree']>): void {
    super._attachElementToTree(...args)
    if (++this.#elements > maxElements) throw fault('too_large')
    const [element, location] = args
    const record = location === null ? undefined : this.#starts.get(location.startOffset)
    // A formatting element that is opened again comes from the same tag; the first is where it stands.
    if (record !== undefined) record.element ??= element
  }

  override _setEndLocation(element: Element, closingToken: Token.Token): void {
    super._setEndLocation(element, closingToken)
    const record = this.#ends.get((closingToken as Token.Token | null)?.location?.startOffset ?? -1)
    if (record !== undefined) record.element ??= element
  }

  #recordText(token: Token.CharacterToken, text: string): void {
    const record = this.#record('text', token, '', none, text)
    if (record !== null) this.#texts.set(record.from, record)
  }

  /** Tokens come again when the parser changes its mind about where they go. */
  #record(
    kind: PageToken['kind'],
    { location }: Token.Token,
    name = '',
    attributes = none,
    text = '',
  ): PageToken | null {
    const { startOffset: from, endOffset: to } = location!
    if (from < this.#to || to <= from) return null
    this.#to = to
    const record: PageToken = { kind, from, to, name, attributes, text, element: null, node: null }
    this.tokens.push(record)
    return record
  }
}
