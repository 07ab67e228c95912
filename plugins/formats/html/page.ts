/**
 * A page as browsers parse it (parse5), and the tokens it was made of, each with its place in the source: so that it can be
 * read by its meaning and edited where it stands. What no token covers was dropped by the parser.
 */
import { type DefaultTreeAdapterMap, InsertionMode, Parser, type Token } from 'parse5'
import { fault } from '../faults.ts'
import { KinFinder, type Standing } from './kin.ts'
import type { NameTest } from './kin-outline.ts'
import { PlainTokenizer } from './tokenizer.ts'
import type { PageAttribute, PageToken, TagToken } from './tokens.ts'
import { type Document, type Element, PageTree, type Parent } from './tree.ts'
import type { Pausing } from './turns.ts'

export type Page = { readonly source: string; readonly tokens: readonly PageToken[]; readonly document: Document }

const none: readonly PageAttribute[] = []

/** Browsers nest no deeper. */
const maxDepth = 512
/** Formatting elements are opened again in each block, which can multiply a page. */
const maxElements = 1_000_000

/** Characters that are parsed between two pauses. */
const piece = 16_384

/**
 * Elements that are alike are taken together where it is known of a text whether it may be a name. Throws `too_deep` or `too_large` where a
 * page would cost too much to read.
 */
export function* parsePage(source: string, names: NameTest | null = null): Pausing<Page> {
  const parser = new RecordingParser(source, names)
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
  readonly #kin: KinFinder | null
  #to = 0
  #elements = 0

  constructor(source: string, names: NameTest | null) {
    const tree = new PageTree()
    super({ sourceCodeLocationInfo: true, scriptingEnabled: false, treeAdapter: tree.adapter })
    const bytes = Buffer.from(source, 'utf16le')
    const units = new Uint16Array(bytes.buffer, bytes.byteOffset, source.length)
    this.tokenizer = new PlainTokenizer(this.options, this, source, units, end => this.#takeKin(end))
    this.#tree = tree
    this.#kin = names === null ? null : new KinFinder(source, units, this.tokens, names)
  }

  /** Takes what stands behind the end tag that was read last, and up to `end`, without reading it by token; returns where it ends. */
  #takeKin(end: number): number {
    const taken = this.#kin?.take(this.#standing, end) ?? null
    if (taken === null) return this.#to
    this.#countElements((taken.count - taken.parsed) * taken.model.elements)
    this.#to = taken.to
    return taken.to
  }

  #countElements(more: number): void {
    this.#elements += more
    if (this.#elements > maxElements) throw fault('too_large')
  }

  readonly #standing = (): Standing => {
    const { insertionMode, originalInsertionMode, openElements } = this
    // Blanks in a table are read in a mode of their own until something else comes.
    const mode = insertionMode === InsertionMode.IN_TABLE_TEXT ? originalInsertionMode : insertionMode
    const current = openElements.current as Parent
    return { current, depth: openElements.stackTop, mode, formatting: this.activeFormattingElements.newest }
  }

  override onStartTag(token: Token.TagToken): void {
    if (this.#isNew(token)) {
      const attributes = token.attrs.length === 0 ? none : token.attrs.map(({ name, value }) => ({ name, value }))
      const tag = this.#recordTag('start', token, attributes)
      this.#kin?.begin(tag, this.#standing)
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
    this.#countElements(1)
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
  ): TagToken {
    const { startOffset: from, endOffset: to } = location!
    const tag: TagToken = { kind, from, to, name: tagName, attributes, element: null }
    this.tokens.push(tag)
    return tag
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
