/** Rows of cells as they go from the thread that reads them to the one that decides. */
import type { ScalarKind } from '../../../gateway/contracts.ts'
import type { Cell } from './cells.ts'
import type { OfferedCell, OfferedRows } from './protocol.ts'

const scalarKinds: readonly ScalarKind[] = ['string', 'number', 'boolean', 'null']

/** `cells`: those of all rows. */
export function offer(rows: readonly (readonly Cell[])[], cells: readonly Cell[]): OfferedRows {
  const formulas = new Map<number, string>()
  for (const [at, { formula }] of cells.entries()) if (formula !== null) formulas.set(at, formula.text)
  return {
    lengths: Uint32Array.from(rows, row => row.length),
    columns: Uint16Array.from(cells, cell => cell.column),
    kinds: Uint8Array.from(cells, cell => scalarKinds.indexOf(cell.kind)),
    texts: cells.map(cell => cell.text),
    formulas,
  }
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
