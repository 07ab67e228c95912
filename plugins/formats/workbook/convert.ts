/** Workbooks of every kind, by their first bytes, as they leave. */
import { convertXls } from '../xls/convert.ts'
import { beginsXls } from '../xls/marks.ts'
import { convertXlsx } from '../xlsx/convert.ts'
import type { Ask } from './protocol.ts'

/** Throws `malformed`, `unknown`, `not_utf8`, `too_deep` or `too_large` where the workbook cannot be read. */
export function convertWorkbook(bytes: Buffer, ask: Ask): Promise<Buffer> {
  return beginsXls(bytes) ? convertXls(bytes, ask) : convertXlsx(bytes, ask)
}
