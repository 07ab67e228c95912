/**
 * Tables in XML: of equal elements in equal elements (`tr` and `td`, Excel's `Row` and `Cell`), a row of names says what
 * the cells of the rows behind it are. Which elements these are is not known beforehand, so it is looked for in all.
 */
import { longestLabel } from '../roles.ts'
import { type Attribute, type StartTag, valueIn } from './tag.ts'

/** What is known of an element as a table, a row or a cell. */
export class InTable {
  /** What its first rows named: columns of those behind them. */
  header: readonly string[] | null = null
  rows = 0
  /** Of a row: its cells so far, and their texts while they have one name. */
  columns = 0
  cellName: string | null = null
  texts: string[] | null = null
  /** What it says: its text, or that of the only element in it. */
  said: string | null = null

  protected clear(): void {
    this.header = null
    this.rows = 0
    this.columns = 0
    this.cellName = null
    this.texts = null
    this.said = null
  }
}

/** Rows in which columns are looked for, and columns of one. */
const mostHeaderRows = 20
const mostColumns = 1024
const none: readonly string[] = []
const count = /^\d{1,4}$/

/** A row has passed, in `rows`, whose elements are no cells of one name: it says nothing of columns. */
export function passRow(rows: InTable, row: string): void {
  beginCell(rows, row)
  rows.columns++
  leaveText(rows, '')
}

function beginCell(row: InTable, cell: string): void {
  if (row.columns === 0) row.texts = []
  else if (row.cellName !== cell) row.texts = null
  row.cellName = cell
}

function leaveText(row: InTable, said: string): void {
  if (row.texts === null || row.columns > mostColumns) return
  while (row.texts.length < row.columns - 1) row.texts.push('')
  row.texts[row.columns - 1] = said.length > longestLabel ? '' : said
}

/** What the column is called in which the next cell of a row stands, whose tag is at `start`; `rows` is what the row is in. */
export function columnOf(
  row: InTable,
  rows: InTable | undefined,
  { local: cell, attributes }: StartTag,
  bytes: Buffer,
  start: number,
): readonly string[] {
  beginCell(row, cell)
  // Excel leaves empty cells out, and numbers the next one.
  row.columns = Math.max(row.columns, countIn(attributes, 'Index', bytes, start) - 1)
  const name = row.texts === null ? undefined : rows?.header?.[row.columns]
  row.columns += 1 + countIn(attributes, 'MergeAcross', bytes, start)
  // OpenDocument writes equal cells, as empty ones, once.
  row.columns += Math.max(0, countIn(attributes, 'number-columns-repeated', bytes, start) - 1)
  return name === undefined || name === '' ? none : [name]
}

function countIn(attributes: readonly Attribute[], name: string, bytes: Buffer, start: number): number {
  if (attributes.length === 0) return 0
  const attribute = attributes.find(({ local }) => local === name)
  const value = attribute === undefined ? '' : valueIn(bytes, start, attribute)
  return count.test(value) ? Number(value) : 0
}

/** Whether the text of an element in `row` is worth knowing; `rows` and `outer` are what is around that. */
export function mayNameColumn(
  row: InTable | undefined,
  rows: InTable | undefined,
  outer: InTable | undefined,
): boolean {
  return namesColumns(rows, row) || (row?.columns === 1 && namesColumns(outer, rows))
}

function namesColumns(rows: InTable | undefined, row: InTable | undefined): boolean {
  return rows !== undefined && row !== undefined && row.texts !== null && rows.rows < mostHeaderRows
}

/**
 * An element has ended: what it said is its row's. The texts of its own cells, where it was a row and these may name the columns of those
 * behind it: then `nameColumns` is to be asked. Else null.
 */
export function leaveCell(element: InTable, around: InTable): string[] | null {
  const { columns, texts } = element
  leaveText(around, element.said ?? (columns === 1 ? (texts?.[0] ?? '') : ''))
  return columns < 2 || around.rows >= mostHeaderRows ? null : texts
}

/** A row of texts has ended in `around`, which may name the columns of those behind it. */
export function nameColumns(texts: readonly string[], around: InTable, isKnown: (name: string) => boolean): void {
  around.rows++
  const names = texts.filter(text => text !== '')
  const known = names.filter(isKnown).length
  if (known > 0 && (around.header === null || known * 2 > names.length)) around.header = texts
}
