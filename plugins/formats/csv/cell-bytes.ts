/** Cells as values of JSON, by their bytes; only odd ones become strings on the way. */
import { Bytes } from '../bytes.ts'
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
const equals = 0x3d
const backslash = 0x5c

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

/** By byte: what stands behind the backslash by which JSON has it (RFC 8259, section 7); 0: it takes more than that. */
const escapes = new Uint8Array(256)
for (const [byte, name] of ['\tt', '\nn', '\ff', '\rr', '""', '\\\\'])
  escapes[byte!.charCodeAt(0)] = name!.charCodeAt(0)

/** Bytes of JSON for each of a cell, at most: a control character. */
const mostBytes = 6

/** Texts of JSON, one behind the other. */
export class JsonText extends Bytes {
  /** Makes room for a cell of so many bytes, and `more` beside it. */
  reserveFor(cell: number, more: number): void {
    this.reserve(cell * mostBytes + 2 + more)
  }

  /** Writes the value of the cell from `from` to `to`, for which there must be room; not where there is none, or none in JSON. */
  putCell(bytes: Buffer, from: number, to: number): Written {
    const isQuoted = bytes[from] === quote && to - from > 1 && bytes[to - 1] === quote
    const first = isQuoted ? from + 1 : from
    const last = isQuoted ? to - 1 : to
    let end = last
    while (end > first && isBlank(bytes[end - 1]!)) end--
    if (first === end) return empty
    if (mayStandAround(bytes, first, end)) return this.#putOdd(bytes, from, to)
    const out = this.bytes
    let at = this.length
    let holds = 0
    out[at++] = quote
    for (let i = first; i < end; i++) {
      const byte = bytes[i]!
      const has = classes[byte]!
      holds |= has
      if (has > partOfText) {
        const letter = escapes[byte]!
        // In quotes two stand for one; any other way to write one is odd.
        if (letter === 0 || (byte === quote && (!isQuoted || ++i === end || bytes[i] !== quote)))
          return this.#putOdd(bytes, from, to)
        out[at++] = backslash
        out[at++] = letter
      } else out[at++] = byte
    }
    const kind = holds === 0 || (holds & partOfText) !== 0 ? asString : kindInJson(bytes, first, end)
    if (kind === unsayable) return unsayable
    if (kind === asString) out[at++] = quote
    else out.copyWithin(this.length, this.length + 1, at--)
    this.length = at
    return end < last ? oddly : isQuoted ? inQuotes : bare
  }

  #putOdd(bytes: Buffer, from: number, to: number): Written {
    for (let i = from; i < to; i++) if (classes[bytes[i]!] === inNoText) return unsayable
    const { value } = readCell(bytes.toString('utf8', from, to))
    if (value === '') return empty
    const kind = kindInJson(Buffer.from(value), 0, value.length)
    if (kind === unsayable) return unsayable
    this.length += this.bytes.write(kind === asString ? JSON.stringify(value) : value, this.length)
    return oddly
  }
}

/** Blanks in ASCII, as `\s` has them. */
function isBlank(byte: number): boolean {
  return byte === space || (byte >= 0x09 && byte <= 0x0d)
}

/** Whether blanks, an apostrophe or a formula stand around a value that ends in no blank of ASCII: wrong only by saying yes. */
function mayStandAround(bytes: Uint8Array, from: number, to: number): boolean {
  const first = bytes[from]!
  if (first === apostrophe || first === equals || isBlank(first)) return true
  if (first >= 0x80 && mayBeBlank(bytes, from)) return true
  return bytes[to - 1]! >= 0x80 && (bytes[to - 2] === 0xc2 || mayBeBlank(bytes, to - 3))
}

/** U+00A0, U+1680, U+2000 to U+205F, U+3000 and U+FEFF. */
function mayBeBlank(bytes: Uint8Array, at: number): boolean {
  const lead = bytes[at]!
  if (lead === 0xe3) return bytes[at + 1] === 0x80 && bytes[at + 2] === 0x80
  return lead === 0xc2 || lead === 0xe1 || lead === 0xe2 || (lead === 0xef && bytes[at + 1] === 0xbb)
}
