import type { FormatPlugin } from '../../gateway/contracts.ts'
import { isTableInside } from './csv/inside.ts'
import { CsvReader } from './csv/reader.ts'
import { beginsText } from './faults.ts'
import { excelLabels } from './labels.ts'

/** Tables as text: RFC 4180 and what systems really send under its name. */
export const csv: FormatPlugin = {
  kind: 'format',
  name: 'csv',
  summary: {
    zh: 'CSV、TSV 及分号、竖线分隔的表格；按表头列名识别字段，每行算一行数据',
    en: 'CSV, TSV and tables with semicolons or bars; columns are named by the header, each record is a row',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  mediaTypes: [
    'text/csv',
    'application/csv',
    'text/x-csv',
    'application/x-csv',
    'text/comma-separated-values',
    'text/tab-separated-values',
    ...excelLabels,
  ],
  suffixes: [],
  looksLike: beginsText,
  claims: () => false,
  fits: isTableInside,
  create: () => (fields, label) => new CsvReader(fields, label?.isInside === true),
}
