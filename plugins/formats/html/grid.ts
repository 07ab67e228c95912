/** A table as rows and columns, as browsers lay it out. */
import type { Place } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import type { Names } from './names.ts'
import { attributeOf, childrenOf, type Element, isElement, isKin, isText, type Kin, type Parent } from './tree.ts'
import type { Pausing } from './turns.ts'
import { trait } from './words.ts'

export type Cell = {
  readonly element: Element
  readonly column: number
  readonly width: number
  readonly label: string
  /** Whether its label is the name of a field, and what it names where the table stands. */
  readonly isName: boolean
  readonly named: Place | null
  /** Nothing is in it. */
  readonly isBlank: boolean
}
export type Row = {
  readonly element: Element
  readonly cells: readonly Cell[]
  readonly isHeader: boolean
  /** How many rows it stands for: itself, and those behind it that are read as it is. */
  count: number
}

const maxColumns = 1000
const maxCells = 200_000
const rowsBetweenPauses = 16

export class Grid {
  readonly #root: Place
  readonly #parent: Place
  readonly #names: Names

  /** `root`: where the page stands; `parent`: where the table does. */
  constructor(root: Place, parent: Place, names: Names) {
    this.#root = root
    this.#parent = parent
    this.#names = names
  }

  /** The rows of a table, not of those inside it. Throws `too_large` for one of too many cells. */
  *rowsOf(table: Element): Pausing<Row[]> {
    const rows: Row[] = []
    /** By column, how many more rows a cell from above fills. */
    const filled: number[] = []
    let count = 0
    /** The columns of the row ahead. */
    let taken = 0
    for (const { element, inHead } of rowElementsOf(table)) {
      if (rows.length % rowsBetweenPauses === 0) yield
      if (isKin(element)) {
        // They are read as the row ahead of them.
        rows.at(-1)!.count += element.count
        if ((count += taken * element.count) > maxCells) throw fault('too_large')
        continue
      }
      const cells: Cell[] = []
      const before = count
      let column = 0
      for (const child of childrenOf(element)) {
        if (!isElement(child) || !isCell(child)) continue
        while ((filled[column] ?? 0) > 0) filled[column++]!--
        const width = spanOf(child, 'colspan')
        const height = spanOf(child, 'rowspan')
        if (column + width > maxColumns || (count += width) > maxCells) throw fault('too_large')
        cells.push(this.#cell(child, column, width))
        for (let at = column; at < column + width; at++) filled[at] = height - 1
        column += width
      }
      taken = count - before
      for (; column < filled.length; column++) if (filled[column]! > 0) filled[column]!--
      const texts = cells.filter(({ label, element }) => label !== '' || element.tagName === 'th')
      const allHeaders = texts.length > 0 && texts.every(cell => cell.element.tagName === 'th')
      rows.push({ element, cells, isHeader: (inHead || allHeaders) && !isLoneHeader(cells), count: 1 })
    }
    return rows
  }

  #cell(element: Element, column: number, width: number): Cell {
    const whole = element.text?.trim() ?? ''
    const isBlank = element.text !== null && whole === '' && (element.holds & trait.control) === 0
    const isHeader = element.tagName === 'th'
    const named = (place: Place, label: string) =>
      isHeader ? this.#names.label(place, label) : this.#names.bareLabel(place, label)
    let label = whole
    let atRoot = label === '' ? null : named(this.#root, label)
    if (atRoot === null && isHeader) {
      // Its own name, and what people call it: `xm<br><i>姓名</i>`.
      const parts = partsOf(element)
      atRoot = this.#names.strictest(parts.map(part => named(this.#root, part)))
      if (atRoot !== null) label = parts.find(part => named(this.#root, part) === atRoot)!
    }
    const here = label === '' || this.#parent === this.#root ? atRoot : named(this.#parent, label)
    return { element, column, width, label, isName: atRoot !== null, named: here, isBlank }
  }
}

const mostParts = 4

/** The texts in the elements of a header, where they are few; none where they are one. */
function partsOf(header: Element): string[] {
  const parts: string[] = []
  const open: Parent[] = [header]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const child of childrenOf(node)) {
      if (isElement(child) && (child.traits & trait.silent) === 0) open.push(child)
      if (isText(child) && child.value.trim() !== '' && parts.push(child.value.trim()) > mostParts) return []
    }
    if (open.length > mostParts) return []
  }
  return parts.length > 1 ? parts : []
}

/** One header and an empty cell: a label whose value is missing. */
function isLoneHeader(cells: readonly Cell[]): boolean {
  return cells.length === 2 && cells[0]!.element.tagName === 'th' && cells[1]!.element.tagName === 'td'
}

function* rowElementsOf(table: Element): Iterable<{ element: Element | Kin; inHead: boolean }> {
  for (const part of childrenOf(table)) {
    if (!isElement(part)) continue
    if (part.tagName === 'tr') yield { element: part, inHead: false }
    if (part.tagName !== 'thead' && part.tagName !== 'tbody' && part.tagName !== 'tfoot') continue
    for (const row of childrenOf(part)) {
      if (isKin(row) || (isElement(row) && row.tagName === 'tr'))
        yield { element: row, inHead: part.tagName === 'thead' }
    }
  }
}

/** How many rows a table has; of more than `most`, one more. */
export function rowCountOf(table: Element, most: number): number {
  let count = 0
  for (const { element } of rowElementsOf(table)) {
    count += isKin(element) ? element.count : 1
    if (count > most) return most + 1
  }
  return count
}

/** How many columns the first row of a table has; 0: it has none. */
export function columnCountOf(table: Element): number {
  for (const { element } of rowElementsOf(table)) {
    if (isKin(element)) continue
    let count = 0
    for (const child of childrenOf(element)) if (isElement(child) && isCell(child)) count += spanOf(child, 'colspan')
    return count
  }
  return 0
}

function isCell({ tagName }: Element): boolean {
  return tagName === 'td' || tagName === 'th'
}

/** As browsers read it: at least 1, at most a thousand; no row spans beyond its table, so more makes no difference. */
function spanOf(cell: Element, name: string): number {
  const written = attributeOf(cell, name)
  if (written === null) return 1
  const value = Number.parseInt(written, 10)
  return Number.isNaN(value) || value < 1 ? 1 : Math.min(value, maxColumns)
}
