/** One cell as a sheet has it (ECMA-376, 18.3.1.4). */
import type { ScalarKind } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { dateOf } from './dates.ts'
import type { Formula } from './formulas.ts'
import { decodeString, noRuns, readRuns, readText, type SharedStrings } from './strings.ts'
import { betweenElements, type PartEdits, type XmlReader } from './xml.ts'

export type Cell = {
  readonly column: number
  readonly kind: ScalarKind
  /** What it shows; empty: nothing, or an error. */
  readonly text: string
  formula: Formula | null
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

const kinds: Readonly<Record<string, ScalarKind>> = {
  b: 'boolean',
  n: 'number',
  s: 'string',
  str: 'string',
  inlineStr: 'string',
  d: 'string',
}
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
  const parts = /^([A-Z]{1,3})(\d{1,7})$/.exec(reference)
  if (parts === null || Number(parts[2]) !== row) throw fault('malformed')
  const column = [...parts[1]!].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
  if (column >= maxColumns) throw fault('malformed')
  return column
}

/** Reads the cell whose element was just opened, up to its end. */
export function readCell(xml: XmlReader, column: number, workbook: CellContext, edits: PartEdits): Cell {
  const { from, name, token, attributes } = xml
  const type = xml.get('t') ?? 'n'
  const place = xml.get('r') ?? null
  const style = xml.get('s') ?? null
  checkAttributes(xml, edits)
  if (style !== null && !/^\d{1,6}$/.test(style)) throw fault('malformed')
  if (kinds[type] === undefined && type !== 'e') throw fault('malformed')
  const inner = token === 'empty' || attributes === undefined ? empty : readInner(xml, edits)
  const { formula, value } = inner
  if (inner.inline !== null && (type !== 'inlineStr' || value !== null)) throw fault('malformed')
  let text = inner.inline ?? value?.text ?? ''
  let shared = -1
  if (type === 's' && value !== null) {
    shared = /^\d{1,9}$/.test(text.trim()) ? Number(text) : -1
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
  const kind = type === 'e' ? 'null' : day !== null ? 'string' : kinds[type]!
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
    if (name === 'cm' || name === 'vm') edits.replace(xml.text.lastIndexOf(name, from), to + 1, '')
    else if ((name === 'ph' || name === 'xml:space') && /^\w{0,8}$/.test(value)) continue
    else if (
      name !== 'r' &&
      name !== 's' &&
      name !== 't' &&
      !(name.startsWith('xmlns') && /^[\w:/.-]{0,120}$/.test(value))
    )
      throw fault('malformed')
  }
}

type Inner = {
  formula: Formula | null
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
