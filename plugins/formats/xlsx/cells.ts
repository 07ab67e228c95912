/** One cell as a sheet has it (ECMA-376, 18.3.1.4). */
import type { ScalarKind } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { dateOf } from '../workbook/dates.ts'
import type { Formula } from '../workbook/formulas.ts'
import { betweenElements, type PartEdits } from './edits.ts'
import { decodeString, noRuns, readRuns, readText, type SharedStrings } from './strings.ts'
import type { XmlReader } from './xml.ts'

/** A formula, and where its element is. */
type WrittenFormula = Formula & { readonly from: number; readonly to: number }

export type Cell = {
  readonly column: number
  readonly kind: ScalarKind
  /** What it shows; empty: nothing, or an error. */
  readonly text: string
  formula: WrittenFormula | null
  /** Its index in the shared strings; -1: none. */
  readonly shared: number
  /** The element, and the value in it. */
  readonly from: number
  readonly to: number
  readonly value: { readonly from: number; readonly to: number } | null
  /** Whether there is more in it than its text and how that looks. */
  readonly odd: boolean
  /** As written: the element's name, the reference and the style. */
  readonly name: string
  readonly place: string | null
  readonly style: string | null
}

const kinds: ReadonlyMap<string, ScalarKind> = new Map([
  ['s', 'string'],
  ['n', 'number'],
  ['str', 'string'],
  ['inlineStr', 'string'],
  ['b', 'boolean'],
  ['d', 'string'],
  ['e', 'null'],
])
const maxColumns = 16_384

/** What of a workbook says what its cells hold. */
export type CellContext = {
  readonly strings: SharedStrings | null
  /** Styles under which a number is a date, and whether days count from 1904. */
  readonly dates: ReadonlySet<string>
  readonly from1904: boolean
}

/** The column of a reference in this row, from 0; where there is none, the next. */
export function columnOf(reference: string | undefined, row: number, next: number): number {
  if (reference === undefined) return next
  let column = 0
  let at = 0
  for (let code = reference.charCodeAt(0); code >= 0x41 && code <= 0x5a && at < 3; code = reference.charCodeAt(++at))
    column = column * 26 + code - 0x40
  const digits = reference.slice(at)
  if (at === 0 || !isDigits(digits, 7) || Number(digits) !== row || column > maxColumns) throw fault('malformed')
  return column - 1
}

/** Whether a text is one to `most` digits. */
function isDigits(text: string, most: number): boolean {
  if (text.length === 0 || text.length > most) return false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x30 || code > 0x39) return false
  }
  return true
}

/** Reads the cell whose element was just opened, up to its end. */
export function readCell(xml: XmlReader, column: number, workbook: CellContext, edits: PartEdits): Cell {
  const { from, name, token } = xml
  const type = xml.get('t') ?? 'n'
  const place = xml.get('r') ?? null
  const style = xml.get('s') ?? null
  checkAttributes(xml, edits)
  const typed = kinds.get(type)
  if (typed === undefined || (style !== null && !isDigits(style, 6))) throw fault('malformed')
  const inner = token === 'empty' ? empty : readInner(xml, edits)
  const { formula, value } = inner
  if (inner.inline !== null && (type !== 'inlineStr' || value !== null)) throw fault('malformed')
  let text = inner.inline ?? value?.text ?? ''
  let shared = -1
  if (type === 's' && value !== null) {
    shared = isDigits(text.trim(), 9) ? Number(text) : -1
    const found = workbook.strings?.texts[shared]
    if (found === undefined) throw fault('malformed')
    text = found
  } else if (type === 'str') text = decodeString(text)
  else if (type === 'b') text = text.trim() === '1' ? 'true' : 'false'
  else if (type === 'n') text = numberText(text)
  else if (type === 'e') text = ''
  const day =
    type === 'n' && text !== '' && workbook.dates.has(style ?? '0') ? dateOf(Number(text), workbook.from1904) : null
  if (day !== null) text = day
  const kind = day === null ? typed : 'string'
  return { column, kind, text, formula, shared, from, to: xml.to, value, odd: inner.odd, name, place, style }
}

/** Numbers are numbers: what hides behind another word is none. */
function numberText(text: string): string {
  const trimmed = text.trim()
  if (trimmed !== '' && !/^[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,4})?$/.test(trimmed))
    throw fault('malformed')
  return trimmed.replace(/^\+/, '').replace(/^(-?)\./, '$10.')
}

/** Metadata that cells refer to is gone, so are the references; attributes nobody knows are faults. */
function checkAttributes(xml: XmlReader, edits: PartEdits): void {
  for (const { name, value, from, to } of xml.attributes) {
    if (name === 'r' || name === 's' || name === 't') continue
    if (name === 'cm' || name === 'vm') edits.replace(xml.text.lastIndexOf(name, from), to + 1, '')
    else if ((name === 'ph' || name === 'xml:space') && /^\w{0,8}$/.test(value)) continue
    else if (!(name.startsWith('xmlns') && /^[\w:/.-]{0,120}$/.test(value))) throw fault('malformed')
  }
}

type Inner = {
  formula: WrittenFormula | null
  value: { readonly from: number; readonly to: number; readonly text: string } | null
  inline: string | null
  odd: boolean
}

const empty: Inner = { formula: null, value: null, inline: null, odd: false }

function readInner(xml: XmlReader, edits: PartEdits): Inner {
  const { depth } = xml
  const inner: Inner = { ...empty }
  while (xml.next() !== 'close' || xml.depth !== depth) {
    betweenElements(xml, edits)
    if (!xml.at('open') && !xml.at('empty')) continue
    const { from, local, token } = xml
    if (local === 'f' && inner.formula === null) {
      const type = xml.get('t')
      const plain = xml.attributes.every(isPlainOfFormula)
      const group = xml.get('si') ?? (type === 'array' || type === 'dataTable' ? `at ${from}` : null)
      const text = token === 'open' ? readText(xml) : ''
      inner.formula = { text, group, from, to: xml.to, plain }
    } else if (local === 'v' && inner.value === null) {
      if (xml.attributes.some(({ name, value }) => name !== 'xml:space' || !/^\w{0,8}$/.test(value)))
        throw fault('malformed')
      const text = token === 'open' ? readText(xml) : ''
      inner.value = { from, to: xml.to, text }
    } else if (local === 'is' && inner.inline === null) {
      const runs = token === 'open' ? readRuns(xml) : noRuns
      inner.inline = runs.text
      inner.odd = runs.odd
    } else if (local === 'extLst') {
      xml.skip()
      edits.replace(from, xml.to, '')
    } else throw fault('malformed')
  }
  return inner
}

function isPlainOfFormula({ name, value }: { readonly name: string; readonly value: string }): boolean {
  if (name === 't') return /^(?:normal|shared|array|dataTable)$/.test(value)
  if (name === 'ref' || name === 'r1' || name === 'r2') return /^[A-Z]{1,3}\d{1,7}(?::[A-Z]{1,3}\d{1,7})?$/.test(value)
  return /^(?:si|ca|aca|bx|dt2D|dtr|del1|del2|xml:space)$/.test(name) && /^(?:\d{1,6}|\w{0,8})$/.test(value)
}
