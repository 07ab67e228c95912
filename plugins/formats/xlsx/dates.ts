/** Which cells show a date: workbooks keep days as numbers, and only the style says so (ECMA-376, 18.8.30). */
import { isDateCode, isDateFormat } from '../workbook/dates.ts'
import { partText, XmlReader } from './xml.ts'

/** The styles, by their number as cells have it, whose number is a day. */
export function dateStyles(styles: Buffer): ReadonlySet<string> {
  const xml = new XmlReader(partText(styles))
  const custom = new Set<number>()
  const found = new Set<string>()
  let inCells = false
  let index = 0
  while (xml.next() !== 'end') {
    if (xml.is('cellXfs')) inCells = xml.at('open')
    if (!xml.at('open') && !xml.at('empty')) continue
    if (xml.is('numFmt') && isDateCode(xml.get('formatCode') ?? '')) custom.add(Number(xml.get('numFmtId')))
    if (!inCells || !xml.is('xf')) continue
    const id = Number(xml.get('numFmtId') ?? 0)
    if (isDateFormat(id, custom)) found.add(String(index))
    index++
  }
  return found
}
