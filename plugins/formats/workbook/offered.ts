/** Rows of cells as they go from the thread that reads them to the one that decides. */
import type { ScalarKind } from '../../../gateway/contracts.ts'
import type { OfferedCell, OfferedRows } from './protocol.ts'

/** What of a cell is offered. */
export type Offered = {
  readonly column: number
  readonly kind: ScalarKind
  readonly text: string
  readonly formula: { readonly text: string } | null
}

const scalarKinds: readonly ScalarKind[] = ['string', 'number', 'boolean', 'null']

/** `cells`: those of all rows. */
export function offer(rows: readonly (readonly Offered[])[], cells: readonly Offered[]): OfferedRows {
  const columns = new Uint16Array(cells.length)
  const kinds = new Uint8Array(cells.length)
  const formulas = new Map<number, string>()
  for (const [at, { column, kind, formula }] of cells.entries()) {
    columns[at] = column
    kinds[at] = scalarKinds.indexOf(kind)
    if (formula !== null) formulas.set(at, formula.text)
  }
  const lengths = Uint32Array.from(rows, row => row.length)
  return { lengths, columns, kinds, texts: cells.map(cell => cell.text), formulas }
}

export function rowsOf(rows: OfferedRows): OfferedCell[][] {
  return rangesOf(rows).map(([from, to]) => rowOf(rows, from, to))
}

/** Of each row, between which indices its cells are. */
export function rangesOf({ lengths }: OfferedRows): (readonly [from: number, to: number])[] {
  let to = 0
  return Array.from(lengths, length => [to, (to += length)] as const)
}

/** The row whose cells are from one index up to another. */
export function rowOf({ columns, kinds, texts, formulas }: OfferedRows, from: number, to: number): OfferedCell[] {
  const row: OfferedCell[] = []
  for (let at = from; at < to; at++) {
    const formula = formulas.get(at) ?? null
    row.push({ column: columns[at]!, kind: scalarKinds[kinds[at]!]!, text: texts[at]!, formula })
  }
  return row
}

/** Columns beyond this are not looked at for a header: no table that people made is so wide. */
const maxHeaderColumns = 1024

/** The texts of such a row, by column. */
export function namesOf({ columns, texts }: OfferedRows, from: number, to: number): string[] {
  const names: string[] = []
  for (let at = from; at < to; at++) {
    const column = columns[at]!
    if (column >= maxHeaderColumns) break
    while (names.length < column) names.push('')
    names.push(texts[at]!.trim())
  }
  return names
}

/** What the numbers of kinds say. */
export function isText(kind: number): boolean {
  return scalarKinds[kind] === 'string'
}

export function isNumber(kind: number): boolean {
  return scalarKinds[kind] === 'number'
}
