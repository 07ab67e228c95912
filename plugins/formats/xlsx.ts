import type { FormatPlugin } from '../../gateway/contracts.ts'
import { WorkbookReader } from './workbook/reader.ts'
import { beginsZip } from './xlsx/zip.ts'

/** Workbooks of Excel since 2007 (ECMA-376). */
export const xlsx: FormatPlugin = {
  kind: 'format',
  name: 'xlsx',
  summary: {
    zh: 'Excel 工作簿（xlsx）：每个工作表按表头列名识别字段；读不懂的部件不放行',
    en: 'Excel workbooks (xlsx): columns are named by the header of each sheet; parts that are not read do not leave',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  mediaTypes: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  suffixes: [],
  reads: 'bytes',
  looksLike: beginsZip,
  claims: () => false,
  create: () => fields => new WorkbookReader(fields),
}
