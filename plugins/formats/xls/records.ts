/** The records that a stream of BIFF8 consists of (MS-XLS, 2.1.4): a type, a size and so many bytes. */
import { fault } from '../faults.ts'

/** Types of records (MS-XLS, 2.3) that are read or written by name here. */
export const recordType = {
  formula: 0x06,
  eof: 0x0a,
  header: 0x14,
  footer: 0x15,
  externSheet: 0x17,
  name: 0x18,
  dateMode: 0x22,
  filePass: 0x2f,
  font: 0x31,
  continue: 0x3c,
  boundSheet: 0x85,
  mulRk: 0xbd,
  mulBlank: 0xbe,
  richString: 0xd6,
  xf: 0xe0,
  sharedStrings: 0xfc,
  labelShared: 0xfd,
  supBook: 0x1ae,
  dimensions: 0x200,
  blank: 0x201,
  number: 0x203,
  label: 0x204,
  boolErr: 0x205,
  string: 0x207,
  row: 0x208,
  array: 0x221,
  table: 0x236,
  window2: 0x23e,
  rk: 0x27e,
  style: 0x293,
  format: 0x41e,
  sharedFormula: 0x4bc,
  bof: 0x809,
} as const

/** Most bytes of a record, apart from its head; longer ones go on in CONTINUE records. */
export const mostBytes = 8224
const headBytes = 4

/** Reads records one after the other. Throws `malformed` where one ends behind the stream. */
export class RecordReader {
  readonly stream: Buffer
  type = -1
  /** Where the record under way begins, and where its bytes are. */
  at: number
  from: number
  to: number

  constructor(stream: Buffer, at: number) {
    this.stream = stream
    this.at = this.from = this.to = at
  }

  next(): number {
    const { stream, to } = this
    if (to + headBytes > stream.length) throw fault('malformed')
    this.at = to
    this.type = stream.readUInt16LE(to)
    this.from = to + headBytes
    this.to = this.from + stream.readUInt16LE(to + 2)
    if (this.to > stream.length) throw fault('malformed')
    return this.type
  }

  /** The type of the record behind this one; -1: there is none. */
  get following(): number {
    return this.to + headBytes <= this.stream.length ? this.stream.readUInt16LE(this.to) : -1
  }

  get bytes(): Buffer {
    return this.stream.subarray(this.from, this.to)
  }

  /** The bytes of the record and of those that continue it, which it passes over. */
  pieces(): Buffer[] {
    const pieces = [this.bytes]
    while (this.following === recordType.continue) {
      this.next()
      pieces.push(this.bytes)
    }
    return pieces
  }

  /** Passes over what is left of a substream whose BOF was just read, and those inside it. */
  skipSubstream(): void {
    for (let depth = 1; depth > 0; ) {
      const type = this.next()
      if (type === recordType.bof) depth++
      else if (type === recordType.eof) depth--
    }
  }
}

/** A record as it is written; what is over `mostBytes` goes on in CONTINUE records. */
export function written(type: number, bytes: Buffer): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; at === 0 || at < bytes.length; at += mostBytes) pieces.push(bytes.subarray(at, at + mostBytes))
  return writtenPieces(type, pieces)
}

/** A record of which it is known where it is parted. */
export function writtenPieces(type: number, pieces: readonly Buffer[]): Buffer {
  return Buffer.concat(
    pieces.flatMap((piece, at) => [headOf(at === 0 ? type : recordType.continue, piece.length), piece]),
  )
}

/** What stands ahead of the bytes of a record. */
function headOf(type: number, length: number): Buffer {
  const head = Buffer.alloc(headBytes)
  head.writeUInt16LE(type, 0)
  head.writeUInt16LE(length, 2)
  return head
}

/** Kinds of substreams (MS-XLS, 2.4.21). */
export const substream = { globals: 0x05, sheet: 0x10 } as const

/** The record that begins a substream, as Excel 97 and later write it. */
export function bof(kind: number): Buffer {
  const bytes = Buffer.from('0006000000000000c100000006030000', 'hex')
  bytes.writeUInt16LE(kind, 2)
  bytes.writeUInt16LE(build, 4)
  bytes.writeUInt16LE(year, 6)
  return written(recordType.bof, bytes)
}

const [build, year] = [0x0dbb, 0x07cc]

const biff8 = 0x0600

/** Where a substream begins has to be BOF of one of these versions; returns its kind. */
export function enterSubstream(records: RecordReader, versions: readonly number[] = [biff8]): number {
  if (records.next() !== recordType.bof || records.to - records.from < 4) throw fault('malformed')
  if (!versions.includes(records.stream.readUInt16LE(records.from))) throw fault('malformed')
  return records.stream.readUInt16LE(records.from + 2)
}

export function endOfSubstream(): Buffer {
  return written(recordType.eof, Buffer.alloc(0))
}
