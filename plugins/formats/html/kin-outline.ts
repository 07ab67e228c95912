/** What an element of a page consists of, as its tokens say, to find others like it (model.ts). */
import { nothing } from './names.ts'
import { writtenAttributes } from './tag.ts'
import type { Gap, PageToken, TagToken } from './tokens.ts'
import { type Element, parentOf, type TextNode } from './tree.ts'
import { labelling, naming, ofLetters } from './words.ts'

/** Whether a text may be a name of what stands beside it, and the value of an attribute one of its element (`Names`). */
export type NameTest = {
  readonly mayName: (text: string, marked: boolean) => boolean
  readonly mayBePath: (name: string) => boolean
}

/** Texts in order: that of a gap, by its number, or one that is the same in all. */
export type Text = number | string
/** An element that has several: from which of them to which; those at both ends are not blank. `marked`: it marks them as a label. */
export type Joined = { readonly from: number; readonly to: number; readonly marked: boolean }

/** Elements that may be read so, and what may stand in them: no controls, programs or tables, and nothing that the parser moves. */
const roots: ReadonlySet<string> = new Set('tr div li p ul ol dl section article'.split(' '))
const inside: ReadonlySet<string> = new Set(
  'td div p span label ul ol li dl dt dd a b strong i em u font small big code h1 h2 h3 h4 h5 h6'.split(' '),
)
const html = 'http://www.w3.org/1999/xhtml'

export function mayHaveKin(name: string): boolean {
  return roots.has(name)
}

/** Of more all values have to be the same: each is looked for among the others. */
const mostAttributes = 16

/** Attributes that say where cells stand, and what a label belongs to. */
const saying: ReadonlySet<string> = new Set(['rowspan', 'colspan', 'for'])

/** Whether an attribute does not say what its element is. */
export function saysNothing(name: string, value: string, names: NameTest): boolean {
  if (saying.has(name)) return false
  return !naming.has(name) || !value.split(/\s+/).some(word => names.mayBePath(word))
}

type Open = { readonly element: Element; readonly tag: TagToken; readonly firstText: number; holdsElements: boolean }

export class Outline {
  readonly gaps: Gap[] = []
  readonly texts: Text[] = []
  readonly joined: Joined[] = []
  elements = 0
  /** Whether nothing in it may be a name of what is beside it. */
  isUnnamed = true
  #holdsBlank = false
  /** Whether a text stands beside elements, that may name what is in them. */
  #holdsTexts = false
  /** Whether a value may go on in what stands right behind it (places.ts). */
  #mayGoOn = false
  /** Where the element of running text ends that ended last. */
  #ranTo = -1
  /** The texts as they stand here. */
  readonly #said: string[] = []
  readonly #names: NameTest
  readonly #source: string
  readonly #open: Open[] = []
  /** What stands in the element at hand since its tag or the last in it. */
  #text = ''

  private constructor(source: string, names: NameTest) {
    this.#source = source
    this.#names = names
  }

  /** null where the parser has not made of each token what it says, or where another element like it might be read otherwise. */
  static of(tokens: readonly PageToken[], source: string, names: NameTest): Outline | null {
    const outline = new Outline(source, names)
    for (const token of tokens) if (!outline.#token(token)) return null
    if (outline.#mayGoOn && (outline.#holdsTexts || !outline.isUnnamed)) return null
    // With a text of its own it is no label, and not blank.
    const isWhole = outline.#open.length === 0 && outline.gaps.some(({ attribute }) => attribute === null)
    return isWhole && (outline.isUnnamed || !outline.#holdsBlank) ? outline : null
  }

  #token(token: PageToken): boolean {
    if (token.from === this.#ranTo && goesOn(token)) this.#mayGoOn = true
    if (token.kind === 'end' && isRunning(token)) this.#ranTo = token.to
    if (token.kind === 'text') return this.#addText(token.text, token.node)
    if (token.kind === 'start') return this.#start(token)
    return token.kind === 'end' && this.#end(token)
  }

  #addText(text: string, node: TextNode | null): boolean {
    this.#text += text
    return node !== null && parentOf(node) === this.#open.at(-1)?.element
  }

  #start(tag: TagToken): boolean {
    const { element, name } = tag
    const around = this.#open.at(-1)
    if (element === null || element.namespaceURI !== html) return false
    // what stands in a wide cell may say that it is the value of no column (pager.ts)
    if (name === 'td' && tag.attributes.some(one => one.name === 'colspan')) return false
    if (around === undefined ? this.elements > 0 || !roots.has(name) : parentOf(element) !== around.element)
      return false
    if (around !== undefined) {
      around.holdsElements = true
      this.#putSame()
    }
    this.elements++
    if (tag.attributes.length > 0) this.#addValues(tag, element)
    if (name === 'br') return around !== undefined
    if (around !== undefined && !inside.has(name)) return false
    this.#open.push({ element, tag, firstText: this.texts.length, holdsElements: false })
    return true
  }

  /** Values that say nothing of what their element is may be others; quotation marks tell where they end. */
  #addValues({ from, to, attributes }: TagToken, element: Element): void {
    if (attributes.length > mostAttributes) return
    for (const { name, nameTo, to: end, again } of writtenAttributes(this.#source, from, to)) {
      const value = attributes.find(one => one.name === name)?.value
      if (value === undefined || again) continue
      if (!this.#source.startsWith('="', nameTo) || end <= nameTo + 2 || this.#source[end - 1] !== '"') continue
      if (!saysNothing(name, value, this.#names)) continue
      this.gaps.push({ element, attribute: name, from: nameTo + 2, to: end - 1 })
    }
  }

  #end(tag: TagToken): boolean {
    const open = this.#open.pop()
    if (open === undefined || tag.element !== open.element) return false
    if (open.holdsElements) {
      this.#putSame()
      return this.#join(open)
    }
    const { element } = open
    const text = this.#text
    const isBlank = nothing.test(text)
    const isName = this.#names.mayName(text, labelling.has(element.tagName))
    if (isName) this.isUnnamed = false
    if (isName || (isBlank && element.tagName !== 'td')) {
      this.#putSame()
      return true
    }
    if (isBlank) this.#holdsBlank = true
    this.#put(this.gaps.length)
    this.gaps.push({ element, attribute: null, from: open.tag.to, to: tag.from })
    return true
  }

  /** What stands beside elements is the same in all. */
  #putSame(): void {
    if (this.#text === '') return
    if (this.#text.trim() !== '') this.#holdsTexts = true
    this.#put(this.#text)
  }

  #put(text: Text): void {
    this.texts.push(text)
    this.#said.push(this.#text)
    this.#text = ''
  }

  /** An element that holds others has the texts of all, which together may be a name; a row of a table is asked for none. */
  #join({ element, firstText }: Open): boolean {
    if (element.tagName === 'tr') return true
    let from = firstText
    let to = this.texts.length
    while (from < to && this.#said[from]!.trim() === '') from++
    while (to > from && this.#said[to - 1]!.trim() === '') to--
    const marked = labelling.has(element.tagName)
    if (to - from > 1) this.joined.push({ from, to, marked })
    return !this.#names.mayName(this.#said.slice(from, to).join(''), marked)
  }
}

function isRunning({ name }: TagToken): boolean {
  return name === 'span' || name === 'a' || name === 'label' || ofLetters.has(name)
}

function goesOn(token: PageToken): boolean {
  return token.kind === 'text' ? /^[0-9A-Za-z]/.test(token.text) : token.kind === 'start' && isRunning(token)
}
