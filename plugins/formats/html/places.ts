/** Where each element and text of a page stands in the plan of fields. */
import type { Place } from '../../../gateway/contracts.ts'
import type { Names } from './names.ts'
import { attributeOf, childrenOf, isElement, isText, Outline } from './outline.ts'
import type { Element, Node, Parent, TextNode } from './page.ts'
import { readTable } from './table.ts'
import { buttons, controls, describing, lists, naming } from './words.ts'

export class Places {
  readonly #root: Place
  readonly #names: Names
  readonly #outline = new Outline()
  readonly #places = new Map<Parent, Place>()
  readonly #texts = new Map<TextNode, Place>()
  readonly #rows = new Map<Element, Element>()
  /** Elements that are fields: what stands in one of them is no part of what stands in another. */
  readonly #fields = new Set<Element>()
  readonly #around = new Map<Element, Element | null>()
  /** By id of a control, what its label says; by id of a list of proposals, what its control is. */
  readonly #labels = new Map<string, Place>()

  readonly #proposals = new Map<string, Element>()

  constructor(document: Parent, root: Place, names: Names) {
    this.#root = root
    this.#names = names
    this.#outline.add(document)
    this.#findLabels(document)
    this.#walk(document, this.#root, null)
  }

  of(element: Parent | null): Place {
    return (element === null ? undefined : this.#places.get(element)) ?? this.#root
  }

  ofText(node: TextNode | null): Place {
    if (node === null) return this.#root
    return this.#texts.get(node) ?? this.of(node.parentNode)
  }

  /** The field a text is in: the text itself where a label names it, else the nearest element that is one. */
  fieldOf(node: TextNode | null): TextNode | Element | null {
    if (node === null || this.#texts.has(node)) return node
    return node.parentNode === null ? null : this.#fieldAround(node.parentNode)
  }

  /** The row an element is in: the table row, list item or definition list that holds no other. */
  rowOf(element: Element | null): Element | null {
    return (element === null ? undefined : this.#rows.get(element)) ?? null
  }

  #findLabels(node: Parent): void {
    for (const child of childrenOf(node)) {
      if (!isElement(child)) continue
      const target = child.tagName === 'label' ? attributeOf(child, 'for') : null
      const place = target === null ? null : this.#names.label(this.#root, this.#outline.of(child).text ?? '')
      if (place !== null) this.#labels.set(target!, place)
      const list = child.tagName === 'input' ? attributeOf(child, 'list') : null
      if (list !== null) this.#proposals.set(list, child)
      this.#findLabels(child)
    }
  }

  #walk(node: Parent, place: Place, row: Element | null): void {
    this.#places.set(node, place)
    if ('tagName' in node) {
      if (row !== null) this.#rows.set(node, row)
    }
    if ('tagName' in node && node.tagName === 'table') this.#walkTable(node, place, row)
    else if ('tagName' in node && lists.has(node.tagName)) {
      for (const child of childrenOf(node)) if (isElement(child)) this.#enter(child, place, row)
    } else this.#walkBeside(childrenOf(node), place, row)
  }

  #enter(element: Element, place: Place, row: Element | null): void {
    const { hasRow } = this.#outline.of(element)
    const own = this.#outline.rows.has(element.tagName) && !hasRow ? element : row
    const named = this.#own(element, place)
    if (named !== null) this.#fields.add(element)
    this.#walk(element, named ?? place, own)
  }

  /** What an element itself is named as; null where that says nothing. */
  #own(element: Element, around: Place): Place | null {
    const words = (names: ReadonlySet<string>) =>
      element.attrs.filter(({ name }) => names.has(name)).map(({ value }) => value)
    if (controls.has(element.tagName)) {
      if (element.tagName === 'button' || buttons.has((attributeOf(element, 'type') ?? '').toLowerCase())) return null
      const name = attributeOf(element, 'name') ?? ''
      const id = attributeOf(element, 'id') ?? ''
      return this.#names.strictest([
        around,
        this.#names.path(around, name),
        this.#names.path(around, id),
        this.#labels.get(id) ?? null,
        this.#wrappingLabel(element),
        ...words(describing).map(word => this.#names.label(around, word)),
      ])
    }
    if (element.tagName === 'datalist') {
      const control = this.#proposals.get(attributeOf(element, 'id') ?? '')
      return control === undefined ? null : this.#own(control, around)
    }
    const { running } = this.#outline.of(element)
    if (element.tagName.includes('-') || !this.#isKnownTag(element)) {
      const named = this.#names.path(around, element.tagName.replace(/^.*:/, ''))
      if (named !== null) return named
    }
    if (!running || element.tagName === 'label') return null
    const candidates = words(naming).flatMap(value => (value.length > 256 ? [] : value.trim().split(/\s+/)))
    const places = candidates.map(word => this.#names.path(around, word)).filter(found => found !== null)
    return places.length === 0 ? null : this.#names.strictest([...places, around])
  }

  /** Elements that HTML does not have are fields by their names, as in XML. */
  #isKnownTag(element: Element): boolean {
    return knownTags.has(element.tagName) || element.namespaceURI !== 'http://www.w3.org/1999/xhtml'
  }

  #wrappingLabel(control: Element): Place | null {
    let node: Parent | null = control.parentNode
    for (let up = 0; up < 4 && node !== null && 'tagName' in node; up++, node = node.parentNode) {
      if (node.tagName === 'label') return this.#names.label(this.#root, this.#outline.of(node).text ?? '')
    }
    return null
  }

  #walkTable(table: Element, place: Place, row: Element | null): void {
    const { cells, headers } = readTable(table, place, this.#names, this.#outline, text => this.#isName(text))
    const placed = new Map(cells.map(cell => [cell.element, cell]))
    const down = (node: Parent, around: Element | null) => {
      for (const child of childrenOf(node)) {
        if (!isElement(child)) continue
        const isRow = child.tagName === 'tr' && !headers.has(child) && !this.#outline.of(child).hasTable
        const own = isRow ? child : around
        const cell = placed.get(child)
        if (cell?.isLabel) this.#walk(child, this.#root, own)
        else if (cell?.isHeader) this.#walk(child, place, own)
        else if (cell !== undefined) {
          this.#fields.add(child)
          this.#walk(child, this.#names.strictest([cell.place, this.#own(child, place)]) ?? place, own)
        } else if (lists.has(child.tagName)) {
          this.#places.set(child, place)
          if (own !== null) this.#rows.set(child, own)
          down(child, own)
        } else this.#enter(child, place, own)
      }
    }
    down(table, row)
  }

  #fieldAround(node: Parent): Element | null {
    if (!('tagName' in node)) return null
    const known = this.#around.get(node)
    if (known !== undefined) return known
    const field = this.#fields.has(node) ? node : node.parentNode === null ? null : this.#fieldAround(node.parentNode)
    this.#around.set(node, field)
    return field
  }

  #isName(text: string): boolean {
    return this.#names.label(this.#root, text) !== null
  }

  /** What a label says of what follows it; null where the text is no label. `trailing`: it may be the end of the text. */
  #named(place: Place, text: string, trailing: boolean): Place | null {
    if (this.#isName(text)) return this.#names.label(place, text) ?? place
    return trailing ? this.#names.trailing(place, text) : null
  }

  /** Children one after the other: one whose whole text is a name says what the next one is. */
  #walkBeside(children: readonly Node[], place: Place, row: Element | null): void {
    let label: Place | null = null
    for (const child of children) {
      if (isText(child)) {
        const text = child.value.trim()
        if (text === '' || /^[:：*\s]+$/.test(text)) continue
        if (label !== null) this.#texts.set(child, label)
        label = this.#named(place, text, true)
      } else if (isElement(child)) {
        const { text, hasControl, hasTable, hasRow, hasLink } = this.#outline.of(child)
        // Tables and lists name what is in them on their own.
        if (child.tagName === 'dt' || hasTable || hasRow) label = null
        const own: Place | null =
          text === null || text.trim() === '' || hasControl || hasLink || isLink(child) || controls.has(child.tagName)
            ? null
            : this.#named(place, text, child.tagName !== 'label')
        if (own !== null) {
          this.#enter(child, place, row)
          label = own
        } else {
          if (label !== null) this.#fields.add(child)
          this.#enter(child, label ?? place, row)
          const nothing = text !== null && /^[\s:：*]*$/.test(text) && !hasControl && !controls.has(child.tagName)
          if (!nothing && !(child.tagName === 'dd')) label = null
        }
      }
    }
  }
}

function isLink(element: Element): boolean {
  return element.tagName === 'a' && attributeOf(element, 'href') !== null
}

const knownTags: ReadonlySet<string> = new Set(
  `html head title base link meta style script noscript body section nav article aside h1 h2 h3 h4 h5 h6 hgroup header footer
  address main p hr pre blockquote ol ul menu li dl dt dd figure figcaption div a em strong small s cite q dfn abbr data time code
  var samp kbd sub sup i b u mark bdi bdo ruby rb rt rtc rp span br wbr ins del img picture source iframe embed object param video audio
  track map area table caption colgroup col tbody thead tfoot tr td th form label input button select datalist optgroup option
  textarea output progress meter fieldset legend details summary dialog canvas template slot search applet acronym bgsound dir
  frame frameset noframes isindex keygen listing menuitem nextid noembed plaintext rp strike xmp basefont big blink center font
  image marquee multicol nobr spacer tt svg math`.split(/\s+/),
)
