/**
 * Which field each cell of a table is: by the header of its column, by the header of its row, or by the label in the cell
 * to its left, as old pages lay out their forms.
 */
import type { Place } from '../../../gateway/contracts.ts'
import { type Cell, Grid, type Row } from './grid.ts'
import type { Names } from './names.ts'
import { attributeOf, type CellPlace, type Element } from './tree.ts'
import type { Pausing } from './turns.ts'

const rowsBetweenPauses = 16

/**
 * Says of all cells of one table, not of those inside them, what they are, and returns its rows that are headers. `root` is
 * where the page stands, `parent` where the table does. Throws `too_large` for one of too many cells.
 */
export function* readTable(table: Element, root: Place, parent: Place, names: Names): Pausing<ReadonlySet<Element>> {
  const rows = yield* new Grid(root, parent, names).rowsOf(table)
  const guessed = guessHeader(rows)
  const headers = new Set<Element>()
  const columns = new Columns(parent, names)
  const rowReader = new RowReader(parent, names, columns)
  let inHeader = false
  for (const [at, row] of rows.entries()) {
    if (at % rowsBetweenPauses === 0) yield
    if (row.isHeader || row === guessed.certain) {
      if (!inHeader) columns.clear()
      inHeader = true
      headers.add(row.element)
      for (const cell of row.cells) {
        columns.add(cell)
        cell.element.cell = cell.isName ? label : header
      }
      continue
    }
    inHeader = false
    rowReader.read(row)
    if (row === guessed.possible) for (const cell of row.cells) if (cell.isName) columns.replace(cell)
  }
  return headers
}

const label: CellPlace = { kind: 'label', place: null }
const header: CellPlace = { kind: 'header', place: null }
const unnamed: CellPlace = { kind: 'value', place: null }

/** The labels above each column: of several rows, the outer first. */
class Columns {
  readonly #parent: Place
  readonly #names: Names
  #above: Cell[][] = []
  /** What they name, by column, as far as it was asked. */
  #places: (Place | null)[] = []

  constructor(parent: Place, names: Names) {
    this.#parent = parent
    this.#names = names
  }

  clear(): void {
    this.#above = []
    this.#places = []
  }

  add(cell: Cell): void {
    for (let at = cell.column; at < cell.column + cell.width; at++) (this.#above[at] ??= []).push(cell)
    this.#places = []
  }

  replace(cell: Cell): void {
    this.#above[cell.column] = [cell]
    this.#places = []
  }

  /** What a column is; null: no label above it names a field. */
  place(column: number): Place | null {
    const known = this.#places[column]
    if (known !== undefined) return known
    let place: Place | null = null
    for (const { label, element } of this.#above[column] ?? []) {
      // The page's own programs call the column so.
      const field = attributeOf(element, 'data-field') ?? ''
      place = this.#names.label(place ?? this.#parent, label) ?? this.#names.path(place ?? this.#parent, field) ?? place
    }
    this.#places[column] = place
    return place
  }
}

/** Says what the cells of a row without headers are. */
class RowReader {
  readonly #parent: Place
  readonly #names: Names
  readonly #columns: Columns
  /** By place: most cells of a table are one of a few. */
  readonly #values = new Map<Place, CellPlace>()

  constructor(parent: Place, names: Names, columns: Columns) {
    this.#parent = parent
    this.#names = names
    this.#columns = columns
  }

  read({ cells }: Row): void {
    /** To the left of the cell at hand: the nearest that is not blank, and the nearest of these that is a header. */
    let beside: Cell | null = null
    let heading: Cell | null = null
    for (const cell of cells) {
      const isHeading = cell.element.tagName === 'th'
      if (cell.isName) cell.element.cell = label
      else cell.element.cell = this.#value(cell, isHeading ? null : this.#besidePlace(beside, heading))
      if (cell.isBlank) continue
      beside = cell
      if (isHeading) heading = cell
    }
  }

  #value(cell: Cell, besidePlace: Place | null): CellPlace {
    const place =
      cell.width === 1
        ? this.#names.stricter(this.#columns.place(cell.column), besidePlace)
        : this.#names.strictest([...this.#columnPlaces(cell), besidePlace])
    if (place === null) return unnamed
    let value = this.#values.get(place)
    if (value === undefined) this.#values.set(place, (value = { kind: 'value', place }))
    return value
  }

  #columnPlaces({ column, width }: Cell): (Place | null)[] {
    return Array.from({ length: width }, (_, at) => this.#columns.place(column + at))
  }

  /** The nearest header to the left; of plain cells, only a label right beside. */
  #besidePlace(beside: Cell | null, heading: Cell | null): Place | null {
    if (beside === null) return null
    if (beside === heading) return beside.named
    return beside.named ?? this.#names.trailing(this.#parent, beside.label) ?? heading?.named ?? null
  }
}

/**
 * Where nothing is marked as a header: the first row may name the columns, or its labels the cells beside them. Labels
 * side by side, or one at the end of the row, can only name columns, and labels below one another only what is beside them;
 * else both are reckoned with.
 */
function guessHeader(rows: readonly Row[]): { certain?: Row; possible?: Row } {
  const [first] = rows
  if (first === undefined || rows.length < 2 || rows.some(row => row.isHeader)) return {}
  if (first.cells.some(({ element }) => element.tagName === 'th')) return {}
  const known = first.cells.map(({ isName }) => isName)
  if (!known.includes(true)) return {}
  const labelled = new Set(first.cells.filter((_, at) => known[at]).map(({ column }) => column))
  const again = (row: Row) => row.cells.some(({ column, isName }) => isName && labelled.has(column))
  if (rows.slice(1).some(again)) return {}
  const certain = known.at(-1) === true || known.some((one, at) => one && known[at + 1] === true)
  return certain ? { certain: first } : { possible: first }
}
