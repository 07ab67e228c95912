/**
 * The tokenizer of parse5 with a way of its own through what most of a page is: tags without anything odd, and texts without
 * references. Where they begin in the data state (13.2.5.1) they are read as a whole; all else is read by parse5, character by
 * character.
 */
import { Token, type TokenHandler, Tokenizer, TokenizerMode, type TokenizerOptions } from 'parse5'
import { attributeKind, nameColumns, nameStates, statesWide, tagNames } from './tag-names.ts'

type Attribute = Token.Attribute

/** Most tags have none. Of `html` and `body` the parser adds those of the next such tag. */
const none: Attribute[] = []
Object.freeze(none)

/** Most tags have a few attributes; of more parse5 says which come again. */
const mostAttributes = 16

const [lessThan, greaterThan, slash, equals, quote] = [0x3c, 0x3e, 0x2f, 0x3d, 0x22]

/** What a character is to a text, by its code below 64. */
const kind = { odd: 0, blank: 1, other: 2 } as const
const kinds = new Uint8Array(64).fill(kind.other)
for (const code of [0x00, 0x0d, 0x26, lessThan]) kinds[code] = kind.odd
for (const code of [0x09, 0x0a, 0x0c, 0x20]) kinds[code] = kind.blank

export class PlainTokenizer extends Tokenizer {
  readonly #source: string
  /** The source in units of UTF-16, which are read faster from here. */
  readonly #units: Uint16Array
  readonly #take: (end: number) => number
  /** The state in which references are read; -1: there was none yet. */
  #inReference = -1

  /** `take` is asked behind each end tag how much of what stands there, up to `end`, need not be read; it returns where that ends. */
  constructor(
    options: TokenizerOptions,
    handler: TokenHandler,
    source: string,
    units: Uint16Array,
    take: (end: number) => number,
  ) {
    super(options, handler)
    this.#source = source
    this.#units = units
    this.#take = take
  }

  protected override _stateData(code: number): void {
    const { preprocessor } = this
    if (code < 0 || !this.#isPlain(preprocessor.pos)) {
      this.currentLocation ??= locationOf(preprocessor.offset)
      super._stateData(code)
    } else
      while (this.state === TokenizerMode.DATA && preprocessor.pos + 1 < preprocessor.html.length)
        if (!this.#isPlain(preprocessor.pos + 1)) break
  }

  /** Reads a tag or a text of one kind that begins there, if it is plain. */
  #isPlain(pos: number): boolean {
    const { droppedBufferSize, html } = this.preprocessor
    const from = pos + droppedBufferSize
    const unit = this.#units[from]!
    if (unit === lessThan) return this.#tag(from, droppedBufferSize + html.length)
    const first = kindOf(unit)
    if (first === kind.odd) return false
    this.#text(pos, droppedBufferSize + html.length, first)
    return true
  }

  /** As `_emitCodePoint` does it with each character. */
  #text(pos: number, end: number, first: number): void {
    const { preprocessor } = this
    const units = this.#units
    const type = first === kind.blank ? Token.TokenType.WHITESPACE_CHARACTER : Token.TokenType.CHARACTER
    preprocessor.pos = pos
    if (this.currentCharacterToken === null) {
      const location = this.currentLocation ?? locationOf(preprocessor.droppedBufferSize + pos)
      this.currentCharacterToken = { type, chars: '', location }
    } else if (this.currentCharacterToken.type !== type) this._ensureCharacterToken(type)
    const { droppedBufferSize } = preprocessor
    // It may have moved.
    const begin = preprocessor.pos
    let at = begin + droppedBufferSize + 1
    while (at < end && kindOf(units[at]!) === first) at++
    if (begin !== this.runEnd) {
      this._flushRun('')
      this.runStart = begin
    }
    this.runEnd = at - droppedBufferSize
    preprocessor.pos = this.runEnd - 1
  }

  /** Of texts all that is not odd is taken from the source as it is. */
  protected override _flushRun(text: string): void {
    const { runStart, runEnd } = this
    if (this.currentToken !== null || text !== '' || runStart === runEnd) {
      super._flushRun(text)
      return
    }
    const { droppedBufferSize } = this.preprocessor
    const run = this.#source.slice(runStart + droppedBufferSize, runEnd + droppedBufferSize)
    this.runStart = runEnd
    const token = this.currentCharacterToken!
    token.chars = token.chars === '' ? run : token.chars + run
  }

  protected override _startCharacterReference(): void {
    super._startCharacterReference()
    this.#inReference = this.state
  }

  /** What a reference stands for begins where it does; parse5 has it begin with its last character behind a text of another kind. */
  protected override _ensureCharacterToken(type: Token.CharacterToken['type']): void {
    const { currentCharacterToken: before, preprocessor } = this
    if (this.state === this.#inReference && before !== null && before.type !== type) {
      this.currentLocation = locationOf(preprocessor.droppedBufferSize + this.entityStartPos)
      this._emitCurrentCharacterToken(this.currentLocation)
    }
    super._ensureCharacterToken(type)
  }

  #tag(from: number, end: number): boolean {
    const units = this.#units
    const isEnd = units[from + 1] === slash
    let at = isEnd ? from + 2 : from + 1
    let state = 0
    for (; at < end; at++) {
      const unit = units[at]!
      const column = unit < 0x80 ? nameColumns[unit]! : 0
      if (column === 0) break
      state = nameStates[state * statesWide + column]!
      if (state === 0) return false
    }
    const known = tagNames[state]
    if (at >= end || known === undefined) return false
    let attributes: Attribute[] | null = null
    if (units[at] !== greaterThan) {
      if (isEnd) return false
      attributes = []
      at = this.#attributes(at, end, attributes)
      if (at < 0) return false
    }
    this.#emit(isEnd, known.name, known.id, attributes ?? (known.takesMore ? [] : none), from, at + 1)
    return true
  }

  /** Reads attributes with values in double quotes or in none; returns where the tag ends, -1 where any is odd. */
  #attributes(from: number, end: number, found: Attribute[]): number {
    const units = this.#units
    let at = from
    for (;;) {
      while (at < end && kindOf(units[at]!) === kind.blank) at++
      if (at >= end) return -1
      if (units[at] === greaterThan) return at
      const nameFrom = at
      while (at < end && units[at]! < 0x80 && attributeKind[units[at]!] === 1) at++
      if (at === nameFrom || units[at] !== equals || found.length === mostAttributes) return -1
      const name = this.#source.slice(nameFrom, at)
      for (let nth = 0; nth < found.length; nth++) if (found[nth]!.name === name) return -1
      at++
      const isQuoted = units[at] === quote
      const valueFrom = isQuoted ? at + 1 : at
      const valueTo = isQuoted ? this.#quoted(valueFrom, end) : this.#bare(valueFrom, end)
      if (valueTo < 0) return -1
      found.push({ name, value: this.#source.slice(valueFrom, valueTo) })
      at = isQuoted ? valueTo + 1 : valueTo
      if (at >= end || (units[at] !== greaterThan && kindOf(units[at]!) !== kind.blank)) return -1
    }
  }

  /** Where a value ends that is closed by a quotation mark; -1: it is odd. */
  #quoted(from: number, end: number): number {
    const units = this.#units
    let at = from
    while (at < end && units[at] !== quote && isPlainValue(units[at]!)) at++
    return at < end && units[at] === quote ? at : -1
  }

  /** Where a value ends of letters, digits, `-` and `_`, which needs no quotation marks; -1: there is none. */
  #bare(from: number, end: number): number {
    const units = this.#units
    let at = from
    while (at < end && units[at]! < 0x80 && nameColumns[units[at]!]! + attributeKind[units[at]!]! > 0) at++
    return at > from ? at : -1
  }

  /** As `emitCurrentTagToken` does it. */
  #emit(
    isEnd: boolean,
    tagName: string,
    tagID: Token.TagToken['tagID'],
    attrs: Attribute[],
    from: number,
    to: number,
  ): void {
    const { preprocessor } = this
    const location = locationOf(from, to)
    preprocessor.pos = to - 1 - preprocessor.droppedBufferSize
    this._emitCurrentCharacterToken(location)
    this.currentToken = null
    this.currentLocation = null
    const type = isEnd ? Token.TokenType.END_TAG : Token.TokenType.START_TAG
    const token: Token.TagToken = { type, tagName, tagID, selfClosing: false, ackSelfClosing: false, attrs, location }
    if (isEnd) {
      this.handler.onEndTag(token)
      const { droppedBufferSize, html } = preprocessor
      preprocessor.pos = this.#take(droppedBufferSize + html.length) - 1 - droppedBufferSize
    } else {
      this.lastStartTagName = tagName
      this.handler.onStartTag(token)
      if (this.state !== TokenizerMode.DATA) this.currentLocation = locationOf(to)
    }
    preprocessor.dropParsedChunk()
  }
}

/** Lines are for messages to people. */
function locationOf(startOffset: number, endOffset = -1): Token.LocationWithAttributes {
  return { startLine: -1, startCol: -1, startOffset, endLine: -1, endCol: -1, endOffset }
}

function kindOf(unit: number): number {
  if (unit < 64) return kinds[unit]!
  return unit < 0xd800 || unit > 0xdfff ? kind.other : kind.odd
}

function isPlainValue(unit: number): boolean {
  if (unit < 64) return unit !== 0x26 && unit !== 0 && unit !== 0x0d
  return unit < 0xd800 || unit > 0xdfff
}
