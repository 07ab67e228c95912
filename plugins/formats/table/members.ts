/** Columns of a table as members of JSON, for rows that are read as objects (../rows-as-json.ts). */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { Word } from '../bytes.ts'
import { OddRows } from '../odd-rows.ts'

/** Cells of columns with names that cost more than cells do are offered one by one. */
const longestName = 128
const mostColumns = 256

export class Members {
  /** By column, `"name":`; null where cells under them cannot be said in JSON. */
  names: readonly Word[] | null = null
  /** Bytes of all names, with one more for each. */
  length = 0
  readonly oddRows = new OddRows()
  readonly #fields: FieldCursor
  readonly #table: Place

  constructor(fields: FieldCursor, table: Place) {
    this.#fields = fields
    this.#table = table
  }

  /** The columns of the rows that come. */
  name(columns: readonly string[]): void {
    const names = columns.map(name => new Word(`${JSON.stringify(name)}:`))
    const areFew = names.length <= mostColumns && names.every(({ length }) => length <= longestName)
    // Which of two cells of one name is gone could not be told.
    const areApart = new Set(columns).size === names.length
    this.names = areFew && areApart && columns.every(name => this.#isPlain(name)) ? names : null
    this.length = names.reduce((length, name) => length + name.length + 1, 0)
  }

  /** Whether a name says nothing but what stands in its column, and may stand in the open. */
  #isPlain(name: string): boolean {
    this.#fields.memberNamed(this.#table, name)
    return !this.#fields.keyIsPersonal && this.#fields.roles === 0
  }
}

type TableRows = { readonly members: Members; pause(): void; end(): void }

/** The rows that are read on so when the next is for the cursor to be asked; null where that was so of many. */
export function leave<Rows extends TableRows>(rows: Rows | null): Rows | null {
  if (rows?.members.oddRows.areMany === true) {
    rows.end()
    return null
  }
  rows?.pause()
  return rows
}
