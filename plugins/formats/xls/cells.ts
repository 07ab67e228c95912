/** Cells as their records have them (MS-XLS, 2.4.24, 2.4.149, 2.4.174, 2.4.180, 2.4.220 and others). */
import type { ScalarKind } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { dateOf } from '../workbook/dates.ts'
import type { CellAnswer } from '../workbook/protocol.ts'
import { type FormulaRecords, readFormula } from './formula.ts'
import type { Globals } from './globals.ts'
import { type RecordReader, recordType } from './records.ts'
import { PiecesReader, runBytes } from './strings.ts'

export type Cell = {
  readonly row: number
  readonly column: number
  readonly style: number
  readonly kind: ScalarKind
  /** What it shows; empty: nothing, or an error. */
  readonly text: string
  formula: FormulaRecords | null
  /** Its index in the shared strings; -1: none. */
  readonly shared: number
  /** Of a text that stands in the cell itself: bytes of its runs. */
  readonly runs: Buffer | null
  /** The type of its record, and where that begins and ends. */
  readonly type: number
  readonly at: number
  readonly to: number
  /** Where in the record its number is; -1: it is none. */
  readonly number: number
  answer: CellAnswer
  /** Whether its formula goes, and what that came to stays. */
  dropped: boolean
}

const mostColumns = 256
/** Of each number in a MULRK: its style, and the number. */
const multipleBytes = 6
const cellTypes: ReadonlySet<number> = new Set([
  ...[recordType.formula, recordType.mulRk, recordType.mulBlank, recordType.richString, recordType.labelShared],
  ...[recordType.blank, recordType.number, recordType.label, recordType.boolErr, recordType.rk],
])

/** Bytes of records of one cell that leave as they came. */
const sizes: ReadonlyMap<number, number> = new Map([
  [recordType.blank, 6],
  [recordType.boolErr, 8],
  [recordType.rk, 10],
  [recordType.number, 14],
])

export function isCell(type: number): boolean {
  return cellTypes.has(type)
}

/** The cells of the record under way, in order; those of a MULBLANK, which hold nothing, as its last. Throws `malformed`. */
export function readCells(records: RecordReader, globals: Globals): Cell[] {
  const { type, bytes, at, to } = records
  const reader = new PiecesReader(records.pieces())
  const row = reader.half()
  const column = reader.half()
  const nothing: Cell = {
    ...{ row, column, style: 0, kind: 'null', text: '', formula: null, shared: -1, runs: null },
    ...{ type, at, to, number: -1, answer: true, dropped: false },
  }
  if (type === recordType.mulRk || type === recordType.mulBlank) {
    const last = bytes.readUInt16LE(Math.max(bytes.length - 2, 0))
    const each = type === recordType.mulRk ? multipleBytes : 2
    if (last >= mostColumns || bytes.length !== 6 + (last - column + 1) * each) throw fault('malformed')
    if (type === recordType.mulBlank) return areBlank(bytes, globals) ? [{ ...nothing, column: last }] : []
    return Array.from({ length: last - column + 1 }, (_, nth) => {
      const from = 4 + nth * multipleBytes
      const cell = { ...nothing, column: column + nth, style: bytes.readUInt16LE(from), number: from + 2 }
      return { ...cell, ...numberAs(rkAt(bytes, from + 2), cell.style, globals) }
    })
  }
  const style = reader.half()
  if (column >= mostColumns || (sizes.get(type) ?? bytes.length) !== bytes.length) throw fault('malformed')
  return [{ ...nothing, style, ...readValue(records, reader, { type, bytes, style }, globals) }]
}

/** Whether a MULBLANK holds styles and nothing else: as many bytes of anything would leave with it. */
function areBlank(bytes: Buffer, globals: Globals): boolean {
  for (let at = 4; at < bytes.length - 2; at += 2) if (!globals.hasStyle(bytes.readUInt16LE(at))) return false
  return true
}

function readValue(
  records: RecordReader,
  reader: PiecesReader,
  { type, bytes, style }: { readonly type: number; readonly bytes: Buffer; readonly style: number },
  globals: Globals,
): Partial<Cell> {
  if (type === recordType.labelShared) {
    const shared = reader.word()
    return { kind: 'string', text: globals.strings.at(shared), shared }
  }
  if (type === recordType.rk) return { ...numberAs(rkAt(bytes, 6), style, globals), number: 6 }
  if (type === recordType.number) return numberAs(reader.raw(8).readDoubleLE(), style, globals)
  if (type === recordType.boolErr) return booleanAs(reader.byte(), reader.byte())
  if (type === recordType.label) return { kind: 'string', ...reader.text() }
  if (type === recordType.richString) {
    const { text } = reader.text()
    return { kind: 'string', text, runs: reader.raw(reader.half() * runBytes) }
  }
  if (type !== recordType.formula) return {}
  const { formula, text, value } = readFormula(records, bytes, globals.references)
  if (value !== null) return { formula, ...numberAs(value, style, globals) }
  return { formula, kind: formula.kind, text }
}

function numberAs(
  value: number,
  style: number,
  globals: Globals,
): { readonly kind: ScalarKind; readonly text: string } {
  if (!Number.isFinite(value)) throw fault('malformed')
  const day = globals.isDate(style) ? dateOf(value, globals.from1904) : null
  return day === null ? { kind: 'number', text: String(value) } : { kind: 'string', text: day }
}

function booleanAs(value: number, isError: number): { readonly kind: ScalarKind; readonly text: string } {
  if (isError !== 0) return { kind: 'null', text: '' }
  return { kind: 'boolean', text: value === 0 ? 'false' : 'true' }
}

/** A number in four bytes (MS-XLS, 2.5.217): whole, or the upper half of a double without its last two bits; in hundredths or not. */
function rkAt(bytes: Buffer, at: number): number {
  const word = bytes.readInt32LE(at)
  const isHundredths = (word & 1) !== 0
  const value = (word & 2) !== 0 ? word >> 2 : upperHalf(word & ~3)
  return isHundredths ? value / 100 : value
}

const half = new DataView(new ArrayBuffer(8))

function upperHalf(word: number): number {
  half.setInt32(0, word)
  return half.getFloat64(0)
}
