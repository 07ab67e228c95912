import type { FormatPlugin } from '../../gateway/contracts.ts'
import { excelLabels } from './labels.ts'
import { WorkbookReader } from './workbook/reader.ts'
import { looksLikeXls } from './xls/marks.ts'

/** Workbooks of Excel 5.0 to 2003 (MS-XLS), which systems older than XLSX export. */
export const xls: FormatPlugin = {
  kind: 'format',
  name: 'xls',
  summary: {
    zh: 'Excel 5.0 至 2003 工作簿（xls）：每个工作表按表头列名识别字段；读不懂的记录不放行',
    en: 'Workbooks of Excel 5.0 to 2003 (xls): columns are named by the header of each sheet; records that are not read do not leave',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  mediaTypes: excelLabels,
  suffixes: [],
  reads: 'bytes',
  looksLike: looksLikeXls,
  claims: () => false,
  create: () => fields => new WorkbookReader(fields),
}
