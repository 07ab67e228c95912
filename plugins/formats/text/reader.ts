/** Plain text, line by line: free text, with values that a name stands before; or a table under a text's label. */
import type { FieldCursor, Place, Reader } from '../../../gateway/contracts.ts'
import { delimiters, firstRecords } from '../csv/dialect.ts'
import { CsvReader } from '../csv/reader.ts'
import { checkText, fault } from '../faults.ts'
import { SpanEditor } from '../spans.ts'
import { findLayout } from '../table/header.ts'
import { LabelledText } from './labels.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
/** So many lines with something in them tell whether a text is a table; or so many bytes. */
const sampleLines = 3
const sampleBytes = 64 * 1024

export class TextReader implements Reader {
  readonly #fields: FieldCursor
  /** Taken at the beginning: inside another body a reader stands where that body has it. */
  readonly #root: Place
  readonly #isInside: boolean
  readonly #editor = new SpanEditor()
  readonly #labels: LabelledText
  #table: CsvReader | null = null
  #settled = false
  /** Where the next line stands, if the one before it ended with a name and nothing behind it. */
  #open: Place | null = null
  /** Up to where line breaks have been looked for. */
  #scanned = 0

  constructor(fields: FieldCursor, isInside = false) {
    this.#fields = fields
    this.#isInside = isInside
    this.#root = fields.root
    this.#labels = new LabelledText(fields)
  }

  write(chunk: Uint8Array): Uint8Array[] {
    if (this.#table !== null) return this.#table.write(chunk)
    this.#editor.take(chunk)
    return this.#read(false)
  }

  end(): Uint8Array[] {
    if (this.#table !== null) return this.#table.end()
    const out = this.#read(true)
    return this.#table === null ? out : [...out, ...(this.#table as CsvReader).end()]
  }

  forget(): void {
    this.#table?.forget()
  }

  #read(last: boolean): Uint8Array[] {
    const editor = this.#editor
    if (!this.#settled) {
      const sample = endOfSample(editor.bytes, editor.length, last)
      if (sample === null) return editor.give(0)
      this.#settled = true
      if (isTable(editor.bytes, sample, this.#fields, this.#root)) {
        this.#table = new CsvReader(this.#fields, this.#isInside, this.#root)
        return this.#table.write(Buffer.concat(editor.give(editor.length)))
      }
    }
    const { bytes, length } = editor
    let from = 0
    for (let at = this.#scanned; at < length; at++) {
      const byte = bytes[at]!
      if (byte !== lineFeed && byte !== carriageReturn) continue
      this.#readLine(from, at)
      from = at + 1
    }
    if (last) {
      this.#readLine(from, length)
      from = length
    }
    if (length - from > this.#fields.limits.scalar) throw fault('scalar_too_large')
    this.#scanned = length - from
    return editor.give(from)
  }

  #readLine(from: number, to: number): void {
    if (from === to) return
    if (to - from > this.#fields.limits.scalar) throw fault('scalar_too_large')
    const { bytes } = this.#editor
    checkText(bytes, from, to)
    const root = this.#root
    const open = this.#open
    const idle = this.#fields.treatment(root) !== 'mask' && !mayHold(bytes, from, to)
    if (open === null && idle && !this.#fields.mayMatch(bytes, from, to)) return
    const text = bytes.toString('utf8', from, to)
    if (text.trim() === '') return
    const masked = open === null ? this.#labels.mask(root, text) : this.#labels.maskValue(open, root, text)
    this.#open = this.#labels.open
    if (masked !== text) this.#editor.replace(from, to, masked)
  }
}

/** Whether a line may hold a name with a value, or structured text. EF leads the full-width separators. */
function mayHold(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!
    if (byte === 0x3a || byte === 0x3d || byte === 0xef || byte === 0x7b || byte === 0x5b || byte === 0x3c) return true
  }
  return false
}

/** Behind the lines that settle what the text is; null while they are not all there. */
function endOfSample(bytes: Uint8Array, length: number, last: boolean): number | null {
  const limit = Math.min(length, sampleBytes)
  let lines = 0
  let filled = false
  for (let i = 0; i < limit; i++) {
    const byte = bytes[i]!
    if (byte !== lineFeed && byte !== carriageReturn) filled = true
    else if (filled) {
      filled = false
      if (++lines === sampleLines) return i + 1
    }
  }
  return last || length >= sampleBytes ? limit : null
}

/** Whether one of the first lines names columns that the plan knows. */
function isTable(bytes: Buffer, sample: number, fields: FieldCursor, root: Place): boolean {
  return delimiters.some(delimiter => {
    const records = firstRecords(bytes, 0, sample, delimiter)
    const layout = findLayout(records, fields, fields.element(root, 0))
    return layout.known > 0
  })
}
