/**
 * Which field each cell of a table is: by the header of its column, by the header of its row, or by the label in the cell
 * to its left, as old pages lay out their forms.
 */
import type { Place } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import type { Names } from './names.ts'
import { attributeOf, childrenOf, isElement, type Outline } from './outline.ts'
import type { Element } from './page.ts'
import type { Pausing } from './turns.ts'

type Cell = {
  readonly element: Element
  readonly column: number
  readonly width: number
  readonly label: string
  /** Nothing is in it. */
  readonly isBlank: boolean
  /** What the page's own programs call the column. */
  readonly field: string
}
type Row = { readonly element: Element; readonly cells: readonly Cell[]; readonly isHeader: boolean }

/** `isLabel`: its text is the name of a field, and so no value. */
export type CellPlace = {
  readonly element: Element
  readonly place: Place | null
  readonly isLabel: boolean
  readonly isHeader: boolean
}
export type TableReading = { readonly cells: readonly CellPlace[]; readonly headers: ReadonlySet<Element> }

const maxColumns = 1000
const maxCells = 200_000
const rowsBetweenPauses = 16

/**
 * Places of all cells of one table, not of those inside them. `parent` is where the table stands; `knows` tells the names
 * of fields.
 */
export function* readTable(
  table: Element,
  parent: Place,
  names: Names,
  outline: Outline,
  knows: (label: string) => boolean,
): Pausing<TableReading> {
  const rows = yield* layOut(table, outline)
  const guessed = guessHeader(rows, knows)
  const cells: CellPlace[] = []
  const headers = new Set<Element>()
  /** By column, the labels above: of several rows, the outer first. */
  let above: Cell[][] = []
  let inHeader = false
  for (const [at, row] of rows.entries()) {
    if (at % rowsBetweenPauses === 0) yield
    if (row.isHeader || row === guessed.certain) {
      if (!inHeader) above = []
      inHeader = true
      headers.add(row.element)
      for (const cell of row.cells) {
        for (let at = cell.column; at < cell.column + cell.width; at++) (above[at] ??= []).push(cell)
        cells.push({ element: cell.element, place: null, isLabel: knows(cell.label), isHeader: true })
      }
      continue
    }
    inHeader = false
    for (const [index, cell] of row.cells.entries()) {
      if (knows(cell.label)) {
        cells.push({ element: cell.element, place: null, isLabel: true, isHeader: false })
        continue
      }
      const candidates = [...columnPlaces(cell, above, parent, names), besidePlace(row, index, parent, names)]
      cells.push({ element: cell.element, place: names.strictest(candidates), isLabel: false, isHeader: false })
    }
    if (row === guessed.possible) for (const cell of row.cells) if (knows(cell.label)) above[cell.column] = [cell]
  }
  return { cells, headers }
}

function columnPlaces(cell: Cell, above: readonly Cell[][], parent: Place, names: Names): (Place | null)[] {
  const places: (Place | null)[] = []
  for (let at = cell.column; at < cell.column + cell.width; at++) {
    let place: Place | null = null
    for (const { label, field } of above[at] ?? []) {
      place = names.label(place ?? parent, label) ?? names.path(place ?? parent, field) ?? place
    }
    places.push(place)
  }
  return places
}

/** The nearest header to the left; of plain cells, only a label right beside. */
function besidePlace({ cells }: Row, index: number, parent: Place, names: Names): Place | null {
  if (cells[index]!.element.tagName === 'th') return null
  let beside = true
  for (let at = index - 1; at >= 0; at--) {
    const { element, label, isBlank } = cells[at]!
    if (isBlank) continue
    if (element.tagName === 'th') return names.label(parent, label)
    if (beside) {
      const place = names.label(parent, label) ?? names.trailing(parent, label)
      if (place !== null) return place
    }
    beside = false
  }
  return null
}

/**
 * Where nothing is marked as a header: the first row may name the columns, or its labels the cells beside them. Labels
 * side by side, or one at the end of the row, can only name columns, and labels below one another only what is beside them;
 * else both are reckoned with.
 */
function guessHeader(rows: readonly Row[], knows: (label: string) => boolean): { certain?: Row; possible?: Row } {
  const [first] = rows
  if (first === undefined || rows.length < 2 || rows.some(row => row.isHeader)) return {}
  if (first.cells.some(({ element }) => element.tagName === 'th')) return {}
  const known = first.cells.map(({ label }) => knows(label))
  if (!known.includes(true)) return {}
  const labelled = new Set(first.cells.filter((_, at) => known[at]).map(({ column }) => column))
  const again = (row: Row) => row.cells.some(({ column, label }) => labelled.has(column) && knows(label))
  if (rows.slice(1).some(again)) return {}
  const certain = known.at(-1) === true || known.some((one, at) => one && known[at + 1] === true)
  return certain ? { certain: first } : { possible: first }
}

function* layOut(table: Element, outline: Outline): Pausing<Row[]> {
  const rows: Row[] = []
  /** By column, how many more rows a cell from above fills. */
  const filled: number[] = []
  let count = 0
  for (const { element, inHead } of rowsOf(table)) {
    if (rows.length % rowsBetweenPauses === 0) yield
    const cells: Cell[] = []
    let column = 0
    for (const child of childrenOf(element)) {
      if (!isElement(child) || (child.tagName !== 'td' && child.tagName !== 'th')) continue
      while ((filled[column] ?? 0) > 0) filled[column++]!--
      const width = spanOf(child, 'colspan')
      const height = spanOf(child, 'rowspan')
      if (column + width > maxColumns || (count += width) > maxCells) throw fault('too_large')
      cells.push({
        element: child,
        column,
        width,
        label: (outline.of(child).text ?? '').trim(),
        isBlank: outline.of(child).text?.trim() === '' && !outline.of(child).hasControl,
        field: attributeOf(child, 'data-field') ?? '',
      })
      for (let at = column; at < column + width; at++) filled[at] = height - 1
      column += width
    }
    for (; column < filled.length; column++) if (filled[column]! > 0) filled[column]!--
    const texts = cells.filter(({ label, element }) => label !== '' || element.tagName === 'th')
    const allHeaders = texts.length > 0 && texts.every(cell => cell.element.tagName === 'th')
    rows.push({ element, cells, isHeader: (inHead || allHeaders) && !isLoneHeader(cells) })
  }
  return rows
}

/** One header and an empty cell: a label whose value is missing. */
function isLoneHeader(cells: readonly Cell[]): boolean {
  return cells.length === 2 && cells[0]!.element.tagName === 'th' && cells[1]!.element.tagName === 'td'
}

function* rowsOf(table: Element): Iterable<{ element: Element; inHead: boolean }> {
  for (const part of childrenOf(table)) {
    if (!isElement(part)) continue
    if (part.tagName === 'tr') yield { element: part, inHead: false }
    if (part.tagName !== 'thead' && part.tagName !== 'tbody' && part.tagName !== 'tfoot') continue
    for (const row of childrenOf(part)) {
      if (isElement(row) && row.tagName === 'tr') yield { element: row, inHead: part.tagName === 'thead' }
    }
  }
}

/** As browsers read it: at least 1, at most a thousand; no row spans beyond its table, so more makes no difference. */
function spanOf(cell: Element, name: string): number {
  const value = Number.parseInt(attributeOf(cell, name) ?? '1', 10)
  return Number.isNaN(value) || value < 1 ? 1 : Math.min(value, maxColumns)
}
