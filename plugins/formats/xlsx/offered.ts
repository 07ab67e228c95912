/** Rows of cells as they go from the thread that reads them to the one that decides. */
import type { ScalarKind } from '../../../gateway/contracts.ts'
import type { Cell } from './cells.ts'
import type { OfferedCell, OfferedRows } from './protocol.ts'

const scalarKinds: readonly ScalarKind[] = ['string', 'number', 'boolean', 'null']

/** `cells`: those of all rows. */
export function offer(rows: readonly (readonly Cell[])[], cells: readonly Cell[]): OfferedRows {
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

export function rowsOf({ lengths, columns, kinds, texts, formulas }: OfferedRows): OfferedCell[][] {
  let at = 0
  return Array.from(lengths, length => {
    const row: OfferedCell[] = []
    for (const end = at + length; at < end; at++) {
      const formula = formulas.get(at) ?? null
      row.push({ column: columns[at]!, kind: scalarKinds[kinds[at]!]!, text: texts[at]!, formula })
    }
    return row
  })
}
