/** The part that names the sheets (ECMA-376, 18.2). */
import { fault } from '../faults.ts'
import type { Ask } from '../workbook/protocol.ts'
import { betweenElements, enterRoot, escapeXml, leaveRoot, PartEdits } from './edits.ts'
import { MarkedText } from './marked.ts'
import { readText } from './strings.ts'
import { XmlReader } from './xml.ts'

const kept: ReadonlySet<string> = new Set(['fileVersion', 'workbookPr', 'workbookProtection', 'bookViews', 'calcPr'])

/** The workbook as it leaves, and the relations of its sheets in order. */
export async function readWorkbook(
  text: string,
  ask: Ask,
): Promise<{ ids: string[]; content: Buffer; from1904: boolean }> {
  const xml = new XmlReader(text)
  const edits = new PartEdits(text)
  const marked = new MarkedText(edits, new Set())
  const sheets: { readonly name: string; readonly id: string; readonly from: number; readonly to: number }[] = []
  let from1904 = false
  enterRoot(xml, edits, 'workbook')
  marked.attributes(xml)
  while (xml.next() !== 'close') {
    betweenElements(xml, edits)
    if (!xml.at('open') && !xml.at('empty')) continue
    if (xml.is('sheets')) each(xml, edits, () => void sheets.push(sheetOf(xml)))
    else if (xml.is('definedNames')) each(xml, edits, () => readDefinedName(xml, edits, marked))
    else if (kept.has(xml.local)) {
      if (xml.is('workbookPr')) from1904 = /^(?:1|true)$/.test(xml.get('date1904') ?? '')
      marked.element(xml)
    } else marked.drop(xml, true)
  }
  leaveRoot(xml, edits)
  marked.end()
  if (sheets.length === 0) throw fault('malformed')
  const names = await ask(
    'sheets',
    sheets.map(({ name }) => name),
  )
  for (const [at, { name, from, to }] of sheets.entries()) {
    if (names[at] !== name) edits.replace(from, to, escapeXml(names[at]!))
  }
  await marked.settle(ask)
  return { ids: sheets.map(({ id }) => id), content: edits.result(), from1904 }
}

/** Visits the children of the element that was just opened. */
function each(xml: XmlReader, edits: PartEdits, visit: () => void): void {
  if (xml.at('empty')) return
  const { depth } = xml
  while (xml.next() !== 'close' || xml.depth !== depth) {
    betweenElements(xml, edits)
    if (xml.at('open') || xml.at('empty')) visit()
  }
}

function sheetOf(xml: XmlReader) {
  const name = xml.attributes.find(one => one.name === 'name')
  const id = xml.attributes.find(one => one.name !== one.local && one.local === 'id')
  if (!xml.is('sheet') || name === undefined || id === undefined) throw fault('malformed')
  const known = /^(?:name|sheetId|state|xmlns(?::\w+)?)$/
  if (!/^(?:visible|hidden|veryHidden)?$/.test(xml.get('state') ?? '')) throw fault('malformed')
  if (xml.attributes.some(one => one !== id && !known.test(one.name)) || !/^\d{1,9}$/.test(xml.get('sheetId') ?? ''))
    throw fault('malformed')
  xml.skip()
  return { name: name.value, id: id.value, from: name.from, to: name.to }
}

/** A name for cells stays; one for a text, or for something in another workbook, goes, and so does one that tells something. */
function readDefinedName(xml: XmlReader, edits: PartEdits, marked: MarkedText): void {
  const { from, attributes } = xml
  const name = xml.get('name') ?? ''
  const text = xml.at('open') ? readText(xml) : ''
  const { to } = xml
  const cut = () => edits.replace(from, to, '')
  const known = attributes.every(
    one =>
      one.name === 'name' || (/^(?:localSheetId|hidden)$/.test(one.name) && /^(?:\d{1,5}|true|false)$/.test(one.value)),
  )
  if (!known || /["[|{]/.test(text)) cut()
  else marked.ask(`${name} ${text}`, cut)
}
