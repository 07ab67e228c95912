/** Automata of shapes as ../wasm/shapes.ts reads them. */
import { determine } from './determine.ts'
import { symbols } from './expression.ts'

const columnsIn = 4
const rowsIn = 264
/** Rows are addressed by 16 bits, in entries. */
const mostEntries = 1 << 16

/** What a shape compiles to, in whole words; null where it is too large. */
export function tableOf(source: string): Buffer | null {
  const { columns, rows, ended } = determine(source)
  const width = Math.max(...columns) + 1
  if (rows.length * width > mostEntries) return null
  const table = Buffer.alloc(rowsIn + Math.ceil((rows.length * width) / 2) * 4)
  table.writeUInt32LE(ended * width, 0)
  for (let symbol = 0; symbol < symbols; symbol++) table[columnsIn + symbol] = columns[symbol]!
  for (const [id, row] of rows.entries()) {
    for (const [column, to] of row.entries()) table.writeUInt16LE(to * width, rowsIn + (id * width + column) * 2)
  }
  return table
}
