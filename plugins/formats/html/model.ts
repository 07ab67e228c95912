/**
 * An element of a page that others like it stand behind (kin.ts): what of its source is the same in all of them, and the gaps where each
 * says something of its own. What they say must not change how they or those beside them are read: it is no name.
 */
import { type Joined, type NameTest, Outline, saysNothing, type Text } from './kin-outline.ts'
import { endOfText, endOfValue, saidIn } from './kin-text.ts'
import { maxLabel, nothing } from './names.ts'
import type { Alike, Gap, PageToken } from './tokens.ts'
import { labelling } from './words.ts'

const mostTokens = 512

export class Model implements Alike {
  readonly tokens: readonly PageToken[]
  readonly gaps: readonly Gap[]
  readonly elements: number
  readonly #isUnnamed: boolean
  readonly #source: string
  readonly #units: Uint16Array
  readonly #from: number
  readonly #to: number
  readonly #texts: readonly Text[]
  readonly #joined: readonly Joined[]
  readonly #names: NameTest
  /** By gap, what the element says in it that was matched last. */
  readonly #said: string[] = []

  /** Of the tokens of one element, its own tags included; null where others like it might be read otherwise. */
  static of(tokens: readonly PageToken[], source: string, units: Uint16Array, names: NameTest): Model | null {
    const outline = tokens.length > mostTokens ? null : Outline.of(tokens, source, names)
    return outline === null ? null : new Model(tokens, outline, source, units, names)
  }

  private constructor(
    tokens: readonly PageToken[],
    { gaps, texts, joined, elements, isUnnamed }: Outline,
    source: string,
    units: Uint16Array,
    names: NameTest,
  ) {
    const [first, last] = [tokens[0]!, tokens.at(-1)!]
    this.tokens = tokens
    this.gaps = gaps
    this.elements = elements
    this.#isUnnamed = isUnnamed
    this.#source = source
    this.#units = units
    this.#from = first.from
    this.#to = last.to
    this.#texts = texts
    this.#joined = joined
    this.#names = names
  }

  /**
   * Where an element ends that begins at a position, is like this one and ends by `end`: then where its gaps begin and end has been put to
   * `bounds` from `first` on. -1: there is none.
   */
  match(from: number, end: number, bounds: Int32Array, first: number): number {
    const units = this.#units
    let at = from
    let like = this.#from
    let nth = first
    for (const gap of this.gaps) {
      if (at + gap.from - like > end) return -1
      while (like < gap.from) if (units[at++] !== units[like++]) return -1
      bounds[nth++] = at
      at = gap.attribute === null ? endOfText(units, at, end) : endOfValue(units, at, end)
      bounds[nth++] = at
      like = gap.to
    }
    if (at + this.#to - like > end) return -1
    while (like < this.#to) if (units[at++] !== units[like++]) return -1
    return this.#isReadAlike(bounds, first) ? at : -1
  }

  #isReadAlike(bounds: Int32Array, first: number): boolean {
    const said = this.#said
    for (const [nth, { element, attribute }] of this.gaps.entries()) {
      const text = saidIn(this.#source, bounds[first + nth * 2]!, bounds[first + nth * 2 + 1]!)
      if (attribute !== null) {
        if (!saysNothing(attribute, text, this.#names)) return false
        continue
      }
      if (this.#names.mayName(text, labelling.has(element.tagName))) return false
      if (!(this.#isUnnamed && element.tagName === 'td') && nothing.test(text)) return false
      said[nth] = text
    }
    for (const { from, to, marked } of this.#joined) {
      let length = 0
      for (let nth = from + 1; nth < to - 1; nth++) length += this.#textOf(nth).length
      if (length <= maxLabel && this.#names.mayName(this.#joinedText(from, to), marked)) return false
    }
    return true
  }

  /** All that the element says that was matched last. */
  get said(): string {
    return this.#joinedText(0, this.#texts.length)
  }

  #joinedText(from: number, to: number): string {
    let joined = ''
    for (let nth = from; nth < to; nth++) joined += this.#textOf(nth)
    return joined
  }

  #textOf(nth: number): string {
    const text = this.#texts[nth]!
    return typeof text === 'string' ? text : this.#said[text]!
  }
}
