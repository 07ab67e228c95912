/** A workbook (ECMA-376) as it leaves: taken apart, each part read, and put together again from what was read. */
import { fault } from '../faults.ts'
import { HiddenTexts } from '../workbook/hidden.ts'
import type { Ask } from '../workbook/protocol.ts'
import { dateStyles } from './dates.ts'
import { PartEdits } from './edits.ts'
import { MarkedText } from './marked.ts'
import {
  blankPicture,
  kindOf,
  ownerOf,
  type PartKind,
  type Relation,
  readRelations,
  writeRelations,
  writeTypes,
} from './parts.ts'
import { Sheet, type Workbook } from './sheet.ts'
import { SharedStrings } from './strings.ts'
import { readWorkbook } from './workbook.ts'
import { partText, XmlReader } from './xml.ts'
import { beginsZip, type Entry, readZip, writeZip } from './zip.ts'

const limits = { entries: 4096, expanded: 256 << 20 }

type Part = { readonly name: string; kind: PartKind; content: Buffer; relations: readonly Relation[] }

/** Throws `unknown` where the archive is no workbook, `malformed`, `not_utf8`, `too_deep` or `too_large` where it cannot be read. */
export async function convertXlsx(bytes: Buffer, ask: Ask): Promise<Buffer> {
  if (beginsZip(bytes) && !namesBook(bytes)) throw fault('unknown')
  const parts = readZip(bytes, limits).map(
    ({ name, content }): Part => ({ name, kind: kindOf(name), content, relations: [] }),
  )
  const byName = new Map(parts.map(part => [part.name.toLowerCase(), part]))
  const book = byName.get('xl/workbook.xml')
  const types = byName.get('[content_types].xml')
  if (book === undefined || types === undefined) throw fault('malformed')
  relate(parts, byName)
  await readTables(parts, byName, ask)
  await readSheets(book, parts, byName, ask)
  for (const part of parts) {
    if (part.kind === 'marked' && !isTable(part))
      part.content = (await readMarked(part, leftIds(part, byName), ask)).content
    else if (part.kind === 'picture') part.content = blankPicture(part.name)
  }
  const left = parts.filter(part => part.kind !== 'gone')
  const names = new Set(left.map(({ name }) => name.toLowerCase()))
  types.content = writeTypes(types.content, name => names.has(name.toLowerCase()))
  const entries = left
    .filter(part => part !== types && part.kind !== 'relations')
    .map(({ name, content }): Entry => ({ name, content }))
  return writeZip([{ name: types.name, content: types.content }, ...relationEntries(parts, byName), ...entries])
}

/** Whether a part is called as a workbook is, which no other archive has: documents, sheets of other programs, folders that were packed. */
function namesBook(bytes: Buffer): boolean {
  return bytes.includes('xl/workbook.xml') || /xl\/workbook\.xml/i.test(bytes.toString('latin1'))
}

/** Gives each part its relations to parts that are left. */
function relate(parts: readonly Part[], byName: ReadonlyMap<string, Part>): void {
  for (const part of parts) {
    if (part.kind !== 'relations') continue
    const owner = ownerOf(part.name).toLowerCase()
    part.relations = readRelations(part.name, part.content)
    const owned = byName.get(owner)
    if (owned !== undefined) owned.relations = part.relations
    else if (owner !== '') part.kind = 'gone'
  }
  const root = byName.get('_rels/.rels')
  const main = root?.relations.filter(({ type }) => type.endsWith('/officeDocument')) ?? []
  if (main.length !== 1 || main[0]!.target.toLowerCase() !== 'xl/workbook.xml') throw fault('malformed')
}

function leftRelations(part: Part, byName: ReadonlyMap<string, Part>): Relation[] {
  return part.relations.filter(({ target }) => (byName.get(target.toLowerCase())?.kind ?? 'gone') !== 'gone')
}

function leftIds(part: Part, byName: ReadonlyMap<string, Part>): ReadonlySet<string> {
  return new Set(leftRelations(part, byName).map(({ id }) => id))
}

function* relationEntries(parts: readonly Part[], byName: ReadonlyMap<string, Part>): Iterable<Entry> {
  for (const part of parts) {
    if (part.kind !== 'relations') continue
    const owner = byName.get(ownerOf(part.name).toLowerCase())
    if (owner?.kind === 'gone') continue
    yield { name: part.name, content: writeRelations(part.name, leftRelations(part, byName)) }
  }
}

function isTable({ name }: Part): boolean {
  return /^xl\/tables\//i.test(name)
}

/** A table says the names of its columns again, in the very words of the cells: one that has to change goes. */
async function readTables(parts: readonly Part[], byName: ReadonlyMap<string, Part>, ask: Ask): Promise<void> {
  for (const part of parts) {
    if (part.kind !== 'marked' || !isTable(part)) continue
    const { content, changed } = await readMarked(part, leftIds(part, byName), ask)
    if (changed || /<(?:\w+:)?table\b[^>]*\btableType="(?!worksheet")/.test(content.toString('utf8')))
      part.kind = 'gone'
    else part.content = content
  }
}

async function readMarked(
  part: Part,
  relations: ReadonlySet<string>,
  ask: Ask,
): Promise<{ content: Buffer; changed: boolean }> {
  const text = partText(part.content)
  const xml = new XmlReader(text)
  const edits = new PartEdits(text)
  let changed = false
  const marked = new MarkedText(edits, relations)
  while (xml.next() !== 'end') {
    if (xml.at('comment')) edits.replace(xml.from, xml.to, '')
    else if (xml.at('open') || xml.at('empty')) marked.element(xml)
  }
  marked.end()
  await marked.settle(async (kind, asks) => {
    const answers = await ask(kind, asks)
    if (kind === 'texts' && answers.some((answer, at) => answer !== (asks as readonly string[])[at])) changed = true
    return answers
  })
  return { content: edits.result(), changed }
}

/** Sheets in the order of the workbook; a sheet that it does not name goes. */
async function readSheets(
  book: Part,
  parts: readonly Part[],
  byName: ReadonlyMap<string, Part>,
  ask: Ask,
): Promise<void> {
  const stringParts = parts.filter(({ kind }) => kind === 'strings')
  if (stringParts.length > 1) throw fault('malformed')
  const strings = stringParts[0] === undefined ? null : new SharedStrings(stringParts[0].content)
  const { ids, content, from1904 } = await readWorkbook(partText(book.content), ask)
  book.content = content
  const styles = parts.find(({ name }) => /^xl\/styles\d?\.xml$/i.test(name))
  const dates = styles === undefined ? new Set<string>() : dateStyles(styles.content)
  const workbook: Workbook = { strings, dates, from1904, hidden: new HiddenTexts(), ask }
  const read = new Set<Part>()
  for (const [index, id] of ids.entries()) {
    const part = byName.get(book.relations.find(relation => relation.id === id)?.target.toLowerCase() ?? '')
    if (part === undefined || read.has(part)) throw fault('malformed')
    read.add(part)
    if (part.kind === 'marked' && /^xl\/chartsheets\//i.test(part.name)) continue
    if (part.kind !== 'sheet') throw fault('malformed')
    const relations = leftIds(part, byName)
    part.content = await new Sheet(partText(part.content), index, relations, workbook).read()
  }
  for (const part of parts) if (part.kind === 'sheet' && !read.has(part)) part.kind = 'gone'
  if (stringParts[0] !== undefined) stringParts[0].content = strings!.result()
}
