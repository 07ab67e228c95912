/**
 * Which field each cell of a table is: by the header of its column, by the header of its row, or by the label in the cell
 * to its left, as old pages lay out their forms.
 */
import type { Place } from '../../../gateway/contracts.ts'
import { type Cell, Grid, type Row } from './grid.ts'
import { type Head, mayHead } from './heads.ts'
import { endsInColon, type Names } from './names.ts'
import { isPager } from './pager.ts'
import { attributeOf, type CellPlace, type Element } from './tree.ts'
import type { Pausing } from './turns.ts'

const rowsBetweenPauses = 16

/**
 * Says of all cells of one table, not of those inside them, what they are, and returns its rows that are headers. `root` is
 * where the page stands, `parent` where the table does; `head`: the header of it that is a table of its own. Throws `too_large` for one
 * of too many cells.
 */
export function* readTable(
  table: Element,
  root: Place,
  parent: Place,
  names: Names,
  head: Head | null,
): Pausing<ReadonlySet<Element>> {
  const rows = yield* new Grid(root, parent, names).rowsOf(table)
  const guessed = guessHeader(rows, names)
  const headers = new Set<Element>()
  const columns = new Columns(parent, names)
  const rowReader = new RowReader(parent, names, columns)
  const above = head !== null && !hasHeader(rows) && guessed.certain === undefined && mayHead(head, rows) ? head : null
  for (const row of above?.rows ?? []) for (const cell of row.cells) columns.add(cell)
  // What is left of its own header then has no words.
  let inHeader = above !== null
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

function hasHeader(rows: readonly Row[]): boolean {
  return rows.some(({ isHeader, cells }) => isHeader && cells.some(({ label }) => label !== ''))
}

const label: CellPlace = { kind: 'label', place: null }
const header: CellPlace = { kind: 'header', place: null }
const unnamed: CellPlace = { kind: 'value', place: null }

/** The labels above each column: of several rows, the outer first. */
class Columns {
  readonly #parent: Place
  readonly #names: Names
  /** That they name columns, and not what is beside them, is no guess. */
  #isCertain = false
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
    this.#isCertain = true
    for (let at = cell.column; at < cell.column + cell.width; at++) (this.#above[at] ??= []).push(cell)
    this.#places = []
  }

  replace(cell: Cell): void {
    this.#above[cell.column] = [cell]
    this.#places = []
  }

  /** Whether what stands in this cell is a value whatever it is called: its column is typed, and this is not its label again. */
  areOf({ column, label }: Cell): boolean {
    const place = this.#isCertain ? this.place(column) : null
    if (place === null || !this.#names.isTyped(place)) return false
    return !this.#above[column]!.some(above => above.label === label)
  }

  /** What a column is; null: no label above it names a field. */
  place(column: number): Place | null {
    const known = this.#places[column]
    if (known !== undefined) return known
    let place: Place | null = null
    for (const { label, element } of this.#above[column] ?? []) {
      const field = fieldOf(element)
      place = this.#names.label(place ?? this.#parent, label) ?? this.#names.path(place ?? this.#parent, field) ?? place
    }
    this.#places[column] = place
    return place
  }
}

/** By which the page's own programs call the column. */
const fieldAttributes = ['data-field', 'data-column', 'data-prop', 'data-key', 'data-name', 'data-index', 'field']

function fieldOf(header: Element): string {
  if (header.attrs.length === 0) return ''
  for (const name of fieldAttributes) {
    const field = attributeOf(header, name)
    if (field !== null) return field
  }
  return ''
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
    const [first] = cells
    if (cells.length === 1 && first!.width > 1 && isPager(first!.element)) {
      first!.element.cell = unnamed
      return
    }
    /** To the left of the cell at hand: the nearest that is not blank, and the nearest of these that is a header. */
    let beside: Cell | null = null
    let heading: Cell | null = null
    const mayBeValues = !areAllNames(cells)
    for (const [at, cell] of cells.entries()) {
      const isHeading = cell.element.tagName === 'th'
      const besidePlace: Place | null = isHeading ? null : this.#besidePlace(beside, heading)
      const mayBeValue = cell.isName && mayBeValues && !isHeading && !endsInColon(cell.label)
      const isOfColumn = mayBeValue && this.#columns.areOf(cell)
      const isValue: boolean = isOfColumn || (mayBeValue && this.#isValueOf(besidePlace, heading, cells[at - 1]))
      cell.element.cell = cell.isName && !isValue ? label : this.#value(cell, besidePlace)
      if (cell.isBlank) continue
      beside = isOfColumn ? null : cell
      if (isHeading) heading = cell
    }
  }

  /**
   * Whether a name is a value all the same, as in `诊断 | 乙肝`: beside a header that is typed, or right behind a label of what is
   * removed. Behind other labels there are as often more of them: `监护人 | 姓名 | …`.
   */
  #isValueOf(besidePlace: Place | null, heading: Cell | null, before: Cell | undefined): boolean {
    if (besidePlace === null) return false
    if (besidePlace === heading?.named) return this.#names.isTyped(besidePlace)
    return before?.element.cell === label && this.#names.isRemoved(besidePlace)
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
    if (beside === null) return heading?.named ?? null
    if (beside === heading) return beside.named
    return beside.named ?? this.#names.trailing(this.#parent, beside.label) ?? heading?.named ?? null
  }
}

/** Three names or more and nothing else: labels of columns. Of two the second is as often the value of the first. */
function areAllNames(cells: readonly Cell[]): boolean {
  const filled = cells.filter(({ isBlank }) => !isBlank)
  return filled.length > 2 && filled.every(({ isName }) => isName)
}

/**
 * Where nothing is marked as a header: the first row below the titles may name the columns, or its labels the cells beside them. Labels
 * side by side, or one at the end of the row, can only name columns unless they may be values of those ahead of them
 * (`姓名 | 张三 | 诊断 | 乙肝`), and labels below one another only what is beside them; else both are reckoned with.
 */
function guessHeader(all: readonly Row[], names: Names): { certain?: Row; possible?: Row } {
  const titles = titlesOf(all)
  if (all.some((row, at) => row.isHeader && (at >= titles || row.cells.length > 1))) return {}
  const rows = all.slice(titles)
  const [first] = rows
  if (first === undefined || rows.length < 2) return {}
  if (first.cells.some(({ element }) => element.tagName === 'th')) return {}
  const known = first.cells.map(({ isName }) => isName)
  if (!known.includes(true)) return {}
  const isRow = known.at(-1) === true || known.some((one, at) => one && known[at + 1] === true)
  const labelled = new Set(first.cells.filter((_, at) => known[at]).map(({ column }) => column))
  if (!isRow || arePairs(first.cells, names))
    return rows.slice(1).some(row => namesIn(row, labelled)) ? {} : { possible: first }
  // In a table some values are names of fields too; below its first label there would be one in most rows of a form.
  const below = new Set([first.cells[known.indexOf(true)]!.column])
  const others = rows.slice(1)
  const ofForm = others.filter(row => namesIn(row, below))
  return countOf(ofForm) * 2 >= countOf(others) ? {} : { certain: first }
}

const mostTitles = 5

/** How many rows stand ahead of the first with a name in it: what the table is called, who made it and when. */
function titlesOf(rows: readonly Row[]): number {
  const named = rows.findIndex(({ cells }) => cells.some(({ isName }) => isName))
  return named < 0 || countOf(rows.slice(0, named)) > mostTitles ? 0 : named
}

function countOf(rows: readonly Row[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0)
}

function namesIn(row: Row, columns: ReadonlySet<number>): boolean {
  return row.cells.some(({ column, isName }) => isName && columns.has(column))
}

/** Whether these are labels with a value behind each, some values being names too: those of what is removed, as above. */
function arePairs(cells: readonly Cell[], names: Names): boolean {
  let others = 0
  for (let at = 0; at < cells.length; at += 2) {
    const [label, value] = [cells[at]!, cells[at + 1]]
    if (!label.isName || value === undefined) return false
    if (!value.isName) others++
    else if (label.named === null || !names.isRemoved(label.named)) return false
  }
  return others > 0
}
