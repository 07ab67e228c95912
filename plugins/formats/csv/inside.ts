/** Tables inside values: `"data":"姓名,身份证号\n张三,110…"`. */
import type { FieldCursor } from '../../../gateway/contracts.ts'
import { findLayout } from '../table/header.ts'
import { delimiters, endOfSample, firstRecords } from './dialect.ts'

/**
 * Whether a text inside a value is a table: its first records have as many cells, two or more, and the first of them names fields
 * of the plan, or all have names beside values. Text with commas in its lines is hardly ever so.
 */
export function isTableInside(text: string, fields: FieldCursor): boolean {
  if (!/[\r\n]/.test(text.trim()) || fields.columns !== undefined) return false
  const bytes = Buffer.from(text, 'utf8')
  const sample = endOfSample(bytes, bytes.length, true)!
  return delimiters.some(delimiter => {
    if (!bytes.includes(delimiter)) return false
    const records = firstRecords(bytes, 0, sample, delimiter).filter(texts => texts.length > 1 || texts[0] !== '')
    const [first, second] = records
    if (first === undefined || second === undefined || first.length < 2) return false
    if (records.some(texts => texts.length !== first.length)) return false
    const layout = findLayout(records, fields, fields.element(fields.root, 0))
    return layout.known > 0 && (layout.labels || layout.header === 0)
  })
}
