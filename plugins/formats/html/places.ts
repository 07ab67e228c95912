/** Where each element and text of a page stands in the plan of fields. */
import type { Place } from '../../../gateway/contracts.ts'
import type { Names } from './names.ts'
import { attributeOf, childrenOf, isElement, isText, Outline } from './outline.ts'
import { OwnNames } from './own-names.ts'
import type { Element, Node, Parent, TextNode } from './page.ts'
import { type CellPlace, readTable } from './table.ts'
import type { Pausing } from './turns.ts'
import { controls, lists } from './words.ts'

/** Where something stands. Most elements stand where the one around them stands, and share its seat. */
type Seat = {
  readonly place: Place
  /** The table row, list item or definition list that holds no other. */
  readonly row: Element | null
  /** The element that is a field: what stands in one of them is no part of what stands in another. */
  readonly field: Element | null
}

const nodesBetweenPauses = 128

export class Places {
  readonly #top: Seat
  readonly #names: Names
  readonly #outline: Outline
  readonly #own: OwnNames
  readonly #seats = new Map<Parent, Seat>()
  readonly #texts = new Map<TextNode, Place>()

  private constructor(root: Place, names: Names, outline: Outline, own: OwnNames) {
    this.#top = { place: root, row: null, field: null }
    this.#names = names
    this.#outline = outline
    this.#own = own
  }

  /** Reads a document that stands at `root`. */
  static *read(document: Parent, root: Place, names: Names): Pausing<Places> {
    const outline = new Outline()
    yield* outline.add(document)
    const places = new Places(root, names, outline, new OwnNames(document, root, names, outline))
    yield* places.#walk(document, places.#top)
    return places
  }

  of(element: Parent | null): Place {
    return this.#seat(element).place
  }

  ofText(node: TextNode | null): Place {
    return (node === null ? undefined : this.#texts.get(node)) ?? this.of(node?.parentNode ?? null)
  }

  /** The field a text is in: the text itself where a label names it, else the nearest element that is one. */
  fieldOf(node: TextNode | null): TextNode | Element | null {
    if (node === null || this.#texts.has(node)) return node
    return this.#seat(node.parentNode).field
  }

  rowOf(element: Element): Element | null {
    return this.#seat(element).row
  }

  #seat(element: Parent | null): Seat {
    return (element === null ? undefined : this.#seats.get(element)) ?? this.#top
  }

  *#walk(node: Parent, seat: Seat): Pausing<void> {
    this.#seats.set(node, seat)
    if (this.#seats.size % nodesBetweenPauses === 0) yield
    if ('tagName' in node && node.tagName === 'table') yield* this.#walkTable(node, seat)
    else if ('tagName' in node && lists.has(node.tagName)) {
      for (const child of childrenOf(node)) if (isElement(child)) yield* this.#enter(child, seat)
    } else yield* this.#walkBeside(childrenOf(node), seat)
  }

  *#enter(element: Element, around: Seat): Pausing<void> {
    const isRow = this.#outline.rows.has(element.tagName) && !this.#outline.of(element).hasRow
    const seat = isRow ? { ...around, row: element } : around
    const named = this.#own.of(element, seat.place)
    yield* this.#walk(element, named === null ? seat : { ...seat, place: named, field: element })
  }

  *#walkTable(table: Element, top: Seat): Pausing<void> {
    const { cells, headers } = yield* readTable(table, top.place, this.#names, this.#outline, text =>
      this.#isName(text),
    )
    const placed = new Map(cells.map(cell => [cell.element, cell]))
    yield* this.#walkRows(table, top, placed, headers)
  }

  /** What of a table's cells is no label stands where its column or row says. */
  *#walkRows(
    node: Parent,
    around: Seat,
    placed: ReadonlyMap<Element, CellPlace>,
    headers: ReadonlySet<Element>,
  ): Pausing<void> {
    for (const child of childrenOf(node)) {
      if (!isElement(child)) continue
      const isRow = child.tagName === 'tr' && !headers.has(child) && !this.#outline.of(child).hasTable
      const seat = isRow ? { ...around, row: child } : around
      const cell = placed.get(child)
      if (cell?.isLabel) yield* this.#walk(child, { ...seat, place: this.#top.place })
      else if (cell?.isHeader) yield* this.#walk(child, seat)
      else if (cell !== undefined) {
        const place = this.#names.strictest([cell.place, this.#own.of(child, seat.place)]) ?? seat.place
        yield* this.#walk(child, { ...seat, place, field: child })
      } else if (lists.has(child.tagName)) {
        this.#seats.set(child, seat)
        yield* this.#walkRows(child, seat, placed, headers)
      } else yield* this.#enter(child, seat)
    }
  }

  #isName(text: string): boolean {
    return this.#names.label(this.#top.place, text) !== null
  }

  /** What a label says of what follows it; null where the text is no label. `trailing`: it may be the end of the text. */
  #named(place: Place, text: string, trailing: boolean): Place | null {
    if (this.#isName(text)) return this.#names.label(place, text) ?? place
    return trailing ? this.#names.trailing(place, text) : null
  }

  /** Children one after the other: one whose whole text is a name says what the next one is. */
  *#walkBeside(children: readonly Node[], seat: Seat): Pausing<void> {
    const { place } = seat
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
          yield* this.#enter(child, seat)
          label = own
        } else {
          yield* this.#enter(child, label === null ? seat : { ...seat, place: label, field: child })
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
