/** Which row of a table names its columns, and where the cells of the others stand. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'

export type Layout = {
  /** Index of the row that names the columns; rows before it are titles. -1: there is none. */
  readonly header: number
  /** Names stand beside their values, row by row: `姓名,张三`. */
  readonly labels: boolean
  /** Cells of the header that the plan knows as fields. */
  readonly known: number
}

/** Longer texts are no column's name. */
const maxName = 64

/**
 * Finds the header among the first rows: the one with most names that the plan knows; where it knows none, the first
 * with several texts. A lone title over a table is so passed over.
 */
export function findLayout(rows: readonly (readonly string[])[], fields: FieldCursor, row: Place): Layout {
  const unnamed = fields.memberNamed(row, '')
  const isName = (text: string) => text !== '' && text.length <= maxName && fields.memberNamed(row, text) !== unnamed
  const known = rows.map(cells => cells.map(isName))
  const counts = known.map(cells => cells.filter(Boolean).length)
  const besides = known.filter((cells, at) => counts[at]! > 0 && valuesFollow(rows[at]!, cells))
  if (besides.length >= 2) return { header: -1, labels: true, known: Math.max(...counts) }
  const most = Math.max(0, ...counts)
  const header = most > 0 ? counts.indexOf(most) : rows.findIndex(cells => cells.filter(cell => cell !== '').length > 1)
  return { header: Math.max(header, 0), labels: false, known: most }
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
