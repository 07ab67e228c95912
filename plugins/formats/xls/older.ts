/**
 * Workbooks before Excel 97, written as those of Excel 97 are, so that one reader reads both: BIFF5 (Excel 5.0 and 95, and what many libraries
 * wrote for long), and cells without anything around them, as pages of 2008 print them record by record. Formulas leave what they
 * came to; texts become Unicode.
 */
import { fault } from '../faults.ts'
import { type Decode, decoderOf } from './code-pages.ts'
import { raisedStyle } from './older-styles.ts'
import {
  bof,
  endOfSubstream,
  enterSubstream,
  RecordReader,
  recordType,
  substream,
  written,
  writtenPieces,
} from './records.ts'
import { readAsTheyStand, type SheetEntry, writtenEntry } from './sheet-list.ts'
import { PiecesReader, PiecesWriter, writtenShortText, writtenText } from './strings.ts'

const biff5 = 0x0500
/** Cells alone are of none. */
const versions = [biff5, 0]
const codePage = 0x42
const unicode = Buffer.from([0xb0, 0x04])
/** What refers to cells by tokens of its own, or to other files. */
const dropped: ReadonlySet<number> = new Set([recordType.name, recordType.externSheet, recordType.supBook])

/** Whether a stream is of Excel 5.0 or 95. */
export function isOlder(stream: Buffer): boolean {
  return stream.length >= 6 && stream.readUInt16LE(4) === biff5
}

/** Cells alone as a workbook of one sheet. */
export function raiseBare(stream: Buffer): Buffer {
  const font = written(
    recordType.font,
    Buffer.concat([Buffer.from('c8000000ff7f90010000000000000000', 'hex').subarray(0, 14), writtenShortText('Arial')]),
  )
  const styles = Array.from({ length: 16 }, (_, at) =>
    written(recordType.xf, Buffer.from(`00000000${at === 15 ? '0100' : 'f5ff'}200000000000000000000000c020`, 'hex')),
  )
  const head = [written(codePage, unicode), font, font, font, font, ...styles]
  return assembled(head, [{ name: 'Sheet1', at: 0, state: 0 }], [raisedSheet(stream, 0, decoderOf(null))])
}

/** Throws `malformed`, `not_utf8`, and `unknown` where it is encrypted or in no known code page. */
export function raise(stream: Buffer): Buffer {
  const records = new RecordReader(stream, 0)
  if (enterSubstream(records, versions) !== substream.globals) throw fault('malformed')
  let decode = decoderOf(null)
  const head: Buffer[] = []
  const sheets: SheetEntry[] = []
  while (records.next() !== recordType.eof) {
    const { type, bytes } = records
    if (type === recordType.filePass) throw fault('unknown')
    if (type === codePage && bytes.length === 2) decode = decoderOf(bytes.readUInt16LE(0))
    if (type === recordType.boundSheet) sheets.push(readEntry(bytes, decode))
    else if (!dropped.has(type)) head.push(raisedGlobal(type, bytes, decode))
  }
  const raised = readAsTheyStand(sheets, records.to, at => raisedSheet(stream, at, decode))
  return assembled(head, sheets, raised)
}

/** `end`: where it ends in the stream that it was read from. */
type RaisedSheet = { readonly bytes: Buffer; readonly end: number }

function assembled(head: readonly Buffer[], sheets: readonly SheetEntry[], raised: readonly RaisedSheet[]): Buffer {
  const entries = (at: readonly number[]) =>
    sheets.map(({ name, state }, nth) => writtenEntry(name, at[nth] ?? 0, state))
  const around = (listed: readonly Buffer[]) =>
    Buffer.concat([bof(substream.globals), ...head, ...listed, endOfSubstream()])
  let at = around(entries([])).length
  const offsets = raised.map(({ bytes }) => (at += bytes.length) - bytes.length)
  return Buffer.concat([around(entries(offsets)), ...raised.map(({ bytes }) => bytes)])
}

function readEntry(bytes: Buffer, decode: Decode): SheetEntry {
  const reader = new PiecesReader([bytes])
  const at = reader.word()
  const state = reader.half() & 0x03
  return { at, state, name: decode(reader.raw(reader.byte())) }
}

function raisedGlobal(type: number, bytes: Buffer, decode: Decode): Buffer {
  const reader = new PiecesReader([bytes])
  if (type === codePage) return written(type, unicode)
  if (type === recordType.font) {
    const look = reader.raw(14)
    return written(type, Buffer.concat([look, writtenShortText(decode(reader.raw(reader.byte())))]))
  }
  if (type === recordType.format || (type === recordType.style && bytes.length !== 4)) {
    const id = reader.raw(2)
    return written(type, Buffer.concat([id, writtenText(decode(reader.raw(reader.byte())))]))
  }
  return written(type, type === recordType.xf ? raisedStyle(bytes) : bytes)
}

function raisedSheet(stream: Buffer, at: number, decode: Decode): RaisedSheet {
  const records = new RecordReader(stream, at)
  const left = [bof(enterSubstream(records, versions))]
  while (records.next() !== recordType.eof) {
    const { type, bytes } = records
    if (type === recordType.bof) records.skipSubstream()
    else if (type === recordType.formula) left.push(resultOf(records, decode))
    else left.push(raisedRecord(type, bytes, decode))
  }
  return { bytes: Buffer.concat([...left, endOfSubstream()]), end: records.to }
}

function raisedRecord(type: number, bytes: Buffer, decode: Decode): Buffer {
  const reader = new PiecesReader([bytes])
  if (type === recordType.label || type === recordType.richString) {
    const head = reader.raw(6)
    return writtenLabel(head, decode(reader.raw(reader.half())))
  }
  if ((type === recordType.header || type === recordType.footer) && bytes.length > 0)
    return written(type, writtenText(decode(reader.raw(reader.byte()))))
  if (type === recordType.window2 && bytes.length === 10)
    return written(type, Buffer.concat([bytes.subarray(0, 6), Buffer.from('400000000000000000000000', 'hex')]))
  return written(type, bytes)
}

function writtenLabel(head: Buffer, text: string): Buffer {
  const writer = new PiecesWriter(head)
  writer.text({ text, runs: null })
  return writtenPieces(recordType.label, writer.end())
}

/** What a formula came to, as a cell of its own. */
function resultOf(records: RecordReader, decode: Decode): Buffer {
  const reader = new PiecesReader([records.bytes])
  const head = reader.raw(6)
  const value = reader.raw(8)
  if (value.readUInt16LE(6) !== 0xffff) return written(recordType.number, Buffer.concat([head, value]))
  const kind = value[0]!
  if (kind === 1 || kind === 2)
    return written(recordType.boolErr, Buffer.concat([head, Buffer.from([value[2]!, kind - 1])]))
  const behind: ReadonlySet<number> = new Set([recordType.sharedFormula, recordType.array, recordType.table])
  while (behind.has(records.following)) records.next()
  if (kind !== 0 || records.following !== recordType.string) return written(recordType.blank, head)
  records.next()
  const text = new PiecesReader(records.pieces())
  return writtenLabel(head, decode(text.raw(text.half())))
}
