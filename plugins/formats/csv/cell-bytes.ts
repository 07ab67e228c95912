/** Cells as values of JSON, by their bytes; only odd ones become strings on the way. */
import { readCell } from './cell.ts'
import { asString, kindInJson, unsayable } from './number.ts'

/** How a cell is written: as its value alone, as that in quotes, or so that it takes its text to write it again. */
export const [bare, inQuotes, oddly] = [0, 1, 2] as const
/** There is no value. */
export const empty = 3
export type Written = typeof bare | typeof inQuotes | typeof oddly | typeof empty | typeof unsayable

const quote = 0x22
const apostrophe = 0x27
const space = 0x20

// What the bytes of a value can be besides digits.
const partOfNumber = 1
const partOfText = 2
const escapedInJson = 4
const inNoText = 8

const classes = new Uint8Array(256).fill(partOfText)
classes.fill(0, 0x30, 0x3a)
for (const byte of Buffer.from('.eE+-')) classes[byte] = partOfNumber
classes.fill(inNoText, 0, space)
// As faults.ts has it.
for (const byte of Buffer.from('\t\n\v\f\r\x1b')) classes[byte] = escapedInJson | partOfText
for (const byte of Buffer.from('"\\')) classes[byte] = escapedInJson | partOfText

/** Bytes of JSON for each of a cell, at most: a control character. */
const mostBytes = 6

/** Texts of JSON, one behind the other. */
export class JsonText {
  bytes: Buffer = Buffer.allocUnsafeSlow(0)
  length = 0

  /** Makes room for a cell of so many bytes, and `more` beside it. */
  reserve(cell: number, more: number): void {
    const length = this.length + cell * mostBytes + 2 + more
    if (length <= this.bytes.length) return
    const wider = Buffer.allocUnsafeSlow(length * 2)
    this.bytes.copy(wider, 0, 0, this.length)
    this.bytes = wider
  }

  put(bytes: Uint8Array): void {
    const out = this.bytes
    let at = this.length
    for (let i = 0; i < bytes.length; i++) out[at++] = bytes[i]!
    this.length = at
  }

  putByte(byte: number): void {
    this.bytes[this.length++] = byte
  }

  /** Writes the value of the cell from `from` to `to`, for which there must be room; not where there is none, or none in JSON. */
  putCell(bytes: Buffer, from: number, to: number): Written {
    const isQuoted = bytes[from] === quote && to - from > 1 && bytes[to - 1] === quote
    const first = isQuoted ? from + 1 : from
    const end = isQuoted ? to - 1 : to
    if (first === end) return empty
    const out = this.bytes
    let at = this.length
    let holds = 0
    out[at++] = quote
    for (let i = first; i < end; i++) {
      const byte = bytes[i]!
      holds |= classes[byte]!
      out[at++] = byte
    }
    if ((holds & inNoText) !== 0) return unsayable
    if ((holds & escapedInJson) !== 0 || mayStandAround(bytes, first, end)) return this.#putOdd(bytes, from, to)
    const kind = (holds & partOfText) !== 0 ? asString : kindInJson(bytes, first, end)
    if (kind === unsayable) return unsayable
    if (kind === asString) out[at++] = quote
    else out.copyWithin(this.length, this.length + 1, at--)
    this.length = at
    return isQuoted ? inQuotes : bare
  }

  #putOdd(bytes: Buffer, from: number, to: number): Written {
    const { value } = readCell(bytes.toString('utf8', from, to))
    if (value === '') return empty
    const kind = kindInJson(Buffer.from(value), 0, value.length)
    if (kind === unsayable) return unsayable
    this.length += this.bytes.write(kind === asString ? JSON.stringify(value) : value, this.length)
    return oddly
  }
}

/** Whether blanks or an apostrophe stand around a value: wrong only by saying yes. */
function mayStandAround(bytes: Uint8Array, from: number, to: number): boolean {
  const first = bytes[from]!
  if (first === space || first === apostrophe || bytes[to - 1] === space) return true
  if (first >= 0x80 && mayBeBlank(bytes, from)) return true
  return bytes[to - 1]! >= 0x80 && (bytes[to - 2] === 0xc2 || mayBeBlank(bytes, to - 3))
}

/** U+00A0, U+1680, U+2000 to U+205F, U+3000 and U+FEFF. */
function mayBeBlank(bytes: Uint8Array, at: number): boolean {
  const lead = bytes[at]!
  if (lead === 0xe3) return bytes[at + 1] === 0x80 && bytes[at + 2] === 0x80
  return lead === 0xc2 || lead === 0xe1 || lead === 0xe2 || (lead === 0xef && bytes[at + 1] === 0xbb)
}
