/** A list as people hand it over, as rows of cells: text with a delimiter in UTF-8 or GB18030, or an Excel workbook. */
import { readCell } from '../../../plugins/formats/csv/cell.ts'
import { RecordScanner } from '../../../plugins/formats/csv/records.ts'
import { convertWorkbook } from '../../../plugins/formats/workbook/convert.ts'
import { rowsOf } from '../../../plugins/formats/workbook/offered.ts'
import type { Ask, OfferedCell, Questions } from '../../../plugins/formats/workbook/protocol.ts'
import { beginsXls } from '../../../plugins/formats/xls/marks.ts'
import { xlsx } from '../../../plugins/formats/xlsx.ts'

/** The rows of a file; of a workbook, those of all its sheets that are not empty. Throws what a malformed workbook throws. */
export function readRows(bytes: Buffer): Promise<string[][]> {
  return beginsXls(bytes) || xlsx.looksLike(bytes) ? rowsOfWorkbook(bytes) : Promise.resolve(rowsOfText(bytes))
}

function rowsOfText(bytes: Buffer): string[][] {
  const text = Buffer.from(decoded(bytes).replace(/^\ufeff/, ''))
  const end = text.indexOf(10)
  const firstLine = text.toString('utf8', 0, end < 0 ? text.length : end)
  const delimiter = ['\t', ',', ';', '|'].find(one => firstLine.includes(one)) ?? '\t'
  const scanner = new RecordScanner(delimiter.charCodeAt(0))
  scanner.startAt(0)
  const rows: string[][] = []
  while (scanner.next(text, text.length, true)) {
    const cells: string[] = []
    for (let at = 0; at < scanner.count * 2; at += 2)
      cells.push(readCell(text.toString('utf8', scanner.cells[at], scanner.cells[at + 1])).value)
    rows.push(cells)
  }
  return rows
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

/** Cells by their columns. */
async function rowsOfWorkbook(bytes: Buffer): Promise<string[][]> {
  const rows: string[][] = []
  const ask = async (kind: keyof Questions, asks: Questions[keyof Questions]['asks']): Promise<unknown> => {
    if (kind !== 'rows') return asks
    const offered = (asks as Questions['rows']['asks']).rows
    for (const row of rowsOf(offered)) rows.push(cellsOf(row))
    return offered.texts.map(() => true)
  }
  await convertWorkbook(bytes, ask as Ask)
  return rows.filter(row => row.some(text => text !== ''))
}

function cellsOf(row: readonly OfferedCell[]): string[] {
  const cells: string[] = []
  for (const { column, text } of row) if (column < 1024) cells[column] = text
  return Array.from(cells, text => text ?? '')
}
