/** Media types that several formats go by. */

/**
 * What workbooks of Excel are labelled, and all that is meant to be opened by it: tables as text, pages and XML as well as files of its own.
 * The first is registered; the others are what systems send.
 */
export const excelLabels: readonly string[] = [
  'application/vnd.ms-excel',
  'application/msexcel',
  'application/x-msexcel',
  'application/x-ms-excel',
  'application/x-excel',
  'application/excel',
  'application/x-xls',
  'application/xls',
]
