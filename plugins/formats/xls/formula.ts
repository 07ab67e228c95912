/** A formula, its old result, and the records that belong to it (MS-XLS, 2.4.127, 2.4.260, 2.4.4 and 2.4.268). */
import type { ScalarKind } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import type { Formula } from '../workbook/formulas.ts'
import { readExpression } from './expression.ts'
import { type RecordReader, recordType, written, writtenPieces } from './records.ts'
import type { References } from './references.ts'
import { PiecesReader, PiecesWriter } from './strings.ts'

export type FormulaRecords = Formula & {
  /** What its old result is. */
  readonly kind: ScalarKind
  /** The FORMULA itself, and the formula that cells share where this is the first of them. */
  readonly bytes: Buffer
  readonly behind: Buffer
  /** Whether that is there. */
  readonly isFirst: boolean
}

type Read = {
  readonly formula: FormulaRecords
  readonly text: string
  /** The old result where it is a number. */
  readonly value: number | null
}

const resultAt = 6
const [flagsAt, cacheAt, sizeAt, tokensAt] = [14, 16, 20, 22]
/** Set in the flags: to be worked out when the workbook is opened. */
const workOut = 0x01
const notNumber = 0xffff
const nothing: Buffer = Buffer.alloc(0)
const result = { text: 0, boolean: 1, error: 2, empty: 3 } as const
/** Where the size of a formula that cells share stands in its record. */
const sharedSizeAt: ReadonlyMap<number, number> = new Map([
  [recordType.sharedFormula, 8],
  [recordType.array, 12],
])

/** Reads the records behind a FORMULA, whose `bytes` are given, as well. */
export function readFormula(records: RecordReader, bytes: Buffer, references: References): Read {
  if (bytes.length < tokensAt) throw fault('malformed')
  const isOwn = (index: number) => references.isOwn(index)
  const size = bytes.readUInt16LE(sizeAt)
  if (tokensAt + size > bytes.length) throw fault('malformed')
  const tokens = bytes.subarray(tokensAt, tokensAt + size)
  let { constants, plain, sharedAt } = readExpression(tokens, bytes.subarray(tokensAt + size), isOwn)
  let behind = nothing
  let isFirst = false
  const sizeBehind = sharedSizeAt.get(records.following)
  if (records.following === recordType.table) plain = records.next() < 0
  else if (sizeBehind !== undefined) {
    const type = records.next()
    const own = records.bytes
    const from = sizeBehind + 2
    if (own.length < from || own.length < from + own.readUInt16LE(sizeBehind)) throw fault('malformed')
    const to = from + own.readUInt16LE(sizeBehind)
    const shared = readExpression(own.subarray(from, to), own.subarray(to), isOwn)
    constants = shared.constants
    plain &&= shared.plain && shared.sharedAt === null && sharedAt !== null
    behind = written(type, withoutCache(type, own))
    isFirst = true
  }
  const group = sharedAt === null ? null : String(sharedAt)
  const { kind, text, value } = readResult(records, bytes)
  return { formula: { text: constants, group, plain, kind, bytes, behind, isFirst }, text, value }
}

function withoutCache(type: number, bytes: Buffer): Buffer {
  if (type !== recordType.array) return bytes
  return Buffer.from(bytes).fill(0, 8, 12)
}

function readResult(records: RecordReader, bytes: Buffer): { kind: ScalarKind; text: string; value: number | null } {
  if (bytes.readUInt16LE(resultAt + 6) !== notNumber)
    return { kind: 'number', text: '', value: bytes.readDoubleLE(resultAt) }
  const kind = bytes[resultAt]
  if (kind === result.boolean)
    return { kind: 'boolean', text: bytes[resultAt + 2] === 0 ? 'false' : 'true', value: null }
  if (kind === result.error) return { kind: 'null', text: '', value: null }
  if (records.following !== recordType.string) return { kind: 'string', text: '', value: null }
  records.next()
  return { kind: 'string', text: new PiecesReader(records.pieces()).text().text, value: null }
}

/** The records of a formula that stays. `text`: its old result where that is a text; null: it is worked out anew. */
export function writtenFormula({ bytes, behind, kind }: FormulaRecords, text: string | null): Buffer {
  const own = Buffer.from(bytes).fill(0, cacheAt, sizeAt)
  if (kind !== 'string') return Buffer.concat([written(recordType.formula, own), behind])
  own.fill(0, resultAt, flagsAt).writeUInt16LE(notNumber, resultAt + 6)
  if (text === null) {
    own[resultAt] = result.empty
    own[flagsAt] = own[flagsAt]! | workOut
    return Buffer.concat([written(recordType.formula, own), behind])
  }
  const writer = new PiecesWriter(Buffer.alloc(0))
  writer.text({ text, runs: null })
  return Buffer.concat([written(recordType.formula, own), behind, writtenPieces(recordType.string, writer.end())])
}

/** The old result as a cell of its own, where it is a number, a boolean or an error; `head`: its row, column and style. */
export function writtenResult({ bytes, kind }: FormulaRecords, head: Buffer): Buffer {
  if (kind === 'number')
    return written(recordType.number, Buffer.concat([head, bytes.subarray(resultAt, resultAt + 8)]))
  return written(recordType.boolErr, Buffer.concat([head, bytes.subarray(resultAt + 2, resultAt + 3), errorFlag(kind)]))
}

function errorFlag(kind: ScalarKind): Buffer {
  return Buffer.from([kind === 'null' ? 1 : 0])
}
