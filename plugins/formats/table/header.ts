/** Which row of a table names its columns, and where the cells of the others stand. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'

export type Layout = {
  /** Indices of rows that name the columns of those behind them; rows before the first are titles. */
  readonly headers: readonly number[]
  /** Names stand beside their values, row by row: `姓名,张三`. */
  readonly labels: boolean
  /** Most cells of one row that the plan knows as names of fields. */
  readonly known: number
}

/** Longer texts are no column's name. */
const maxName = 64

/**
 * Finds the headers among the first rows: the first with a name that the plan knows, and any below that consists of such names;
 * where it knows none, the first row with several texts. A lone title over a table is so passed over.
 */
export function findLayout(rows: readonly (readonly string[])[], fields: FieldCursor, row: Place): Layout {
  const unnamed = fields.memberNamed(row, '')
  const isName = (text: string) => text !== '' && text.length <= maxName && fields.memberNamed(row, text) !== unnamed
  const known = rows.map(cells => cells.map(isName))
  const counts = known.map(cells => cells.filter(Boolean).length)
  const besides = known.filter((cells, at) => counts[at]! > 0 && valuesFollow(rows[at]!, cells))
  const most = Math.max(0, ...counts)
  if (besides.length >= 2 && besides.length === counts.filter(count => count > 0).length)
    return { headers: [], labels: true, known: most }
  const filled = rows.map(cells => cells.filter(cell => cell !== '').length)
  const first = most > 0 ? counts.findIndex(count => count > 0) : filled.findIndex(count => count > 1)
  const more = counts.flatMap((count, at) => (at > first && isHeader(count, filled[at]!) ? [at] : []))
  return { headers: [Math.max(first, 0), ...more], labels: false, known: most }
}

/** Whether a row with so many known names among its texts names columns, though there is a header already. */
export function isHeader(known: number, texts: number): boolean {
  return known >= 2 && known * 2 > texts
}

/** Whether behind each name there is a text that is none. */
function valuesFollow(cells: readonly string[], isName: readonly boolean[]): boolean {
  return cells.every((_, at) => !isName[at] || (isName[at + 1] === false && cells[at + 1] !== ''))
}

/** The places of the cells of rows under one header. */
export class Columns {
  readonly #fields: FieldCursor
  readonly #names: readonly string[]
  #row: Place = -1
  #places: Place[] = []
  #unnamed: Place = -1
  /** Whether the plan knows any of the columns. */
  #known = false

  constructor(fields: FieldCursor, names: readonly string[]) {
    this.#fields = fields
    this.#names = names
  }

  get count(): number {
    return this.#names.length
  }

  /** To be called for each row before `at`. Most rows stand where the one before stood. */
  enter(row: Place): void {
    if (row === this.#row) return
    this.#row = row
    this.#unnamed = this.#fields.memberNamed(row, '')
    this.#places = this.#names.map(name => this.#fields.memberNamed(row, name))
    this.#known = this.#places.some(place => place !== this.#unnamed)
  }

  at(column: number): Place {
    return this.#places[column] ?? this.#unnamed
  }

  /** Whether cells may have slipped out of their columns: more texts than columns, in a table whose columns are known. */
  slipped(lastText: number): boolean {
    return this.#known && lastText >= this.#names.length
  }
}
