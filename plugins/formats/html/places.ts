/** Where each element and text of a page stands in the plan of fields. */
import type { Place } from '../../../gateway/contracts.ts'
import { type Head, headsOf } from './heads.ts'
import { endsInColon, type Names, nothing } from './names.ts'
import { isLink, isRow, outline } from './outline.ts'
import { OwnNames } from './own-names.ts'
import { readTable } from './table.ts'
import {
  childrenOf,
  type Document,
  type Element,
  isElement,
  isText,
  type Node,
  type Parent,
  parentOf,
  type Seat,
  type TextNode,
} from './tree.ts'
import type { Pausing } from './turns.ts'
import { labelling, ofLetters, trait } from './words.ts'

const nodesBetweenPauses = 128

/** A value that a label names, and that may go on in what stands right behind it. */
type Value = {
  readonly place: Place
  readonly field: Element | TextNode
  readonly end: string
  readonly byText: boolean
}

export class Places {
  readonly #top: Seat
  readonly #names: Names
  readonly #own: OwnNames
  /** Elements that have a seat, and those inside them have none yet. */
  readonly #open: Element[] = []

  readonly #heads: ReadonlyMap<Element, Head>

  private constructor(root: Place, names: Names, own: OwnNames, heads: ReadonlyMap<Element, Head>) {
    this.#top = { place: root, row: null, field: null }
    this.#names = names
    this.#own = own
    this.#heads = heads
  }

  /** Reads a document that stands at `root`. */
  static *read(document: Document, root: Place, names: Names): Pausing<Places> {
    const elements = yield* outline(document)
    const heads = yield* headsOf(elements, document, root, names)
    const places = new Places(root, names, new OwnNames(elements, root, names), heads)
    yield* places.#seatAll(document)
    return places
  }

  of(element: Parent | null): Place {
    return this.seatOf(element).place
  }

  ofText(node: TextNode | null): Place {
    return node === null ? this.#top.place : (node.place ?? this.of(parentOf(node)))
  }

  /** The field a text is in: the text itself where a label names it, else the nearest element that is one. */
  fieldOf(node: TextNode | null): TextNode | Element | null {
    if (node === null) return null
    if (node.place !== null) return node.field ?? node
    return this.seatOf(parentOf(node)).field
  }

  rowOf(element: Element): Element | null {
    return this.seatOf(element).row
  }

  /** Where an element stands. */
  seatOf(element: Parent | null): Seat {
    return element?.seat ?? this.#top
  }

  *#seatAll(document: Document): Pausing<void> {
    this.#seatBeside(childrenOf(document), this.#top)
    let done = 0
    for (let element = this.#open.pop(); element !== undefined; element = this.#open.pop()) {
      if (++done % nodesBetweenPauses === 0) yield
      const seat = element.seat!
      if (element.tagName === 'table') yield* this.#seatTable(element, seat)
      else if ((element.traits & trait.list) !== 0) {
        for (const child of childrenOf(element)) if (isElement(child)) this.#enter(child, seat)
      } else this.#seatBeside(childrenOf(element), seat)
    }
  }

  /** An element stands where its own names say, or else where what is around it does. */
  #enter(element: Element, around: Seat): void {
    const seat = isRow(element) ? { ...around, row: element } : around
    const named = this.#own.of(element, seat.place)
    this.#seat(element, named === null ? seat : { place: named, row: seat.row, field: element })
  }

  #seat(element: Element, seat: Seat): void {
    element.seat = seat
    this.#open.push(element)
  }

  *#seatTable(table: Element, top: Seat): Pausing<void> {
    const headers = yield* readTable(table, this.#top.place, top.place, this.#names, this.#heads.get(table) ?? null)
    yield* this.#seatRows(table, top, headers)
  }

  /** What of a table's cells is no label stands where its column or row says; labels stand where the page does. */
  *#seatRows(node: Element, around: Seat, headers: ReadonlySet<Element>): Pausing<void> {
    for (const child of childrenOf(node)) {
      if (!isElement(child)) continue
      const isBody = child.tagName === 'tr' && !headers.has(child) && (child.holds & trait.table) === 0
      const seat = isBody ? { ...around, row: child } : around
      if (child.cell !== null) this.#seatCell(child, seat)
      else if ((child.traits & trait.list) !== 0) {
        child.seat = seat
        yield
        yield* this.#seatRows(child, seat, headers)
      } else this.#enter(child, seat)
    }
  }

  #seatCell(element: Element, seat: Seat): void {
    const { kind, place } = element.cell!
    if (kind === 'label') this.#seat(element, { ...seat, place: this.#top.place })
    else if (kind === 'header') this.#seat(element, seat)
    else {
      const own = this.#own.of(element, seat.place)
      this.#seat(element, { place: this.#names.stricter(place, own) ?? seat.place, row: seat.row, field: element })
    }
  }

  /**
   * What a label says of what follows it; null where the text is no label. `marked`: its element says that it is one; `trailing`: it
   * may be the end of the text.
   */
  #named(place: Place, text: string, marked: boolean, trailing: boolean): Place | null {
    const top = this.#labelled(this.#top.place, text, marked)
    if (top !== null) return place === this.#top.place ? top : (this.#names.label(place, text) ?? place)
    return trailing ? this.#names.trailing(place, text) : null
  }

  #labelled(place: Place, text: string, marked: boolean): Place | null {
    return marked ? this.#names.label(place, text) : this.#names.bareLabel(place, text)
  }

  /** Children one after the other: one whose whole text is a name says what the next one is. */
  #seatBeside(children: readonly Node[], seat: Seat): void {
    const { place } = seat
    const last = children.length - 1
    let label: Place | null = null
    /** Whether the label stands right ahead of the child at hand, with no empty element between. */
    let isNext = false
    let areLabels: boolean | null = null
    let byText = false
    let value: Value | null = null as Value | null
    for (let at = 0; at <= last; at++) {
      const child = children[at]!
      if (isText(child)) {
        // Behind the last there is nothing to name.
        if (at === last && label === null && value === null) break
        const text = child.value.trim()
        const open: Value | null = value !== null && adjoins(value.end, child.value) ? value : null
        value = null
        if (nothing.test(text)) continue
        child.place = open === null ? label : open.place
        child.field = open === null ? null : open.field
        if (open !== null) value = { ...open, end: child.value }
        else if (label !== null) value = { place: label, field: child, end: child.value, byText }
        byText = true
        label = at === last ? null : this.#named(place, text, false, true)
        isNext = label !== null
      } else if (isElement(child)) {
        if (value !== null && runsOn(child, value)) {
          this.#enter(child, { place: value.place, row: seat.row, field: value.field })
          value = { ...value, end: child.text! }
          continue
        }
        value = null
        const before: Place | null = takesLabel(child) ? label : null
        const named = this.#nameOf(child, place)
        const mayBeValue = named !== null && before !== null && this.#mayBeValueOf(before, child, isNext)
        const isValue = mayBeValue && (child.tagName === 'dd' || !(areLabels ??= this.#areAllNames(children)))
        const takes = before !== null && (named === null || isValue)
        this.#enter(child, takes ? { place: before, row: seat.row, field: child } : seat)
        if (takes && isRunning(child)) value = { place: before!, field: child, end: child.text!, byText }
        if (named !== null) byText = false
        label = named ?? (isBlank(child) || child.tagName === 'dd' ? before : null)
        isNext = named !== null
      }
    }
  }

  /** What an element's text says of what follows it; null where it is no label. */
  #nameOf(element: Element, place: Place): Place | null {
    const { text, holds, tagName } = element
    if (
      text === null ||
      nothing.test(text) ||
      isTitle(element) ||
      isControl(element) ||
      (holds & trait.link) !== 0 ||
      isLink(element)
    )
      return null
    return this.#named(place, text, labelling.has(tagName), tagName !== 'label')
  }

  /** Whether a name behind a label may be its value all the same: in `dd`, and right behind a label of what is removed, as in a table. */
  #mayBeValueOf(label: Place, { tagName, text }: Element, isNext: boolean): boolean {
    if (endsInColon(text ?? '')) return false
    return tagName === 'dd' ? this.#names.isTyped(label) : isNext && this.#names.isRemoved(label)
  }

  /** Whether three elements or more, and all of them, have names for texts: labels of columns. */
  #areAllNames(nodes: readonly Node[]): boolean {
    const filled = nodes.filter(isElement).filter(element => !isBlank(element))
    return (
      filled.length > 2 &&
      filled.every(
        ({ text, tagName }) => text !== null && this.#labelled(this.#top.place, text, labelling.has(tagName)) !== null,
      )
    )
  }
}

function isRunning({ text, traits, holds }: Element): boolean {
  return text !== null && ((traits | holds) & (trait.block | trait.control | trait.table | trait.row)) === 0
}

/** Whether an element goes on with a value, as `510105<i>1949</i>` does. Behind a label that is an element, spans are columns. */
function runsOn(element: Element, value: Value): boolean {
  const isOfLetters = ofLetters.has(element.tagName) || (value.byText && element.tagName === 'span')
  return isOfLetters && isRunning(element) && adjoins(value.end, element.text!)
}

/** Whether two texts read as one number or word. */
function adjoins(before: string, behind: string): boolean {
  return /[0-9A-Za-z]$/.test(before) && /^[0-9A-Za-z]/.test(behind)
}

/** Tables and lists name what is in them on their own. */
function takesLabel({ tagName, holds }: Element): boolean {
  return tagName !== 'dt' && (holds & (trait.table | trait.row)) === 0
}

/** The title of a page is of all of it, and names nothing that stands behind it in its head. */
function isTitle({ tagName, namespaceURI }: Element): boolean {
  return tagName === 'title' && namespaceURI === 'http://www.w3.org/1999/xhtml'
}

function isControl({ holds, traits }: Element): boolean {
  return ((holds | traits) & trait.control) !== 0
}

function isBlank(element: Element): boolean {
  return element.text !== null && nothing.test(element.text) && !isControl(element)
}
