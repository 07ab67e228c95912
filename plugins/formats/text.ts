import type { FormatPlugin } from '../../gateway/contracts.ts'
import { beginsText } from './faults.ts'
import { namesValues } from './text/labels.ts'
import { TextReader } from './text/reader.ts'

/** Text of no known structure: what detectors find in it is masked, and what stands behind a field's name. */
export const text: FormatPlugin = {
  kind: 'format',
  name: 'text',
  summary: {
    zh: '纯文本，逐行按自由文本读取，识别“姓名：张三”这样的标签；其中的表格按 CSV 读取',
    en: 'Plain text, line by line as free text, with labelled values (姓名：张三); a table in it is read as CSV',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  mediaTypes: ['text/plain', 'text/x-sql', 'text/sql', 'application/sql', 'application/x-sql'],
  suffixes: [],
  looksLike: beginsText,
  claims: () => false,
  fits: namesValues,
  create: () => (fields, label) => new TextReader(fields, label?.isInside === true),
}
