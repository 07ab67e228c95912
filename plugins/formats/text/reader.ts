/** Plain text, line by line: free text, with values that a name stands before; or a table under a text's label. */
import type { FieldCursor, Place, Reader } from '../../../gateway/contracts.ts'
import { nextOf } from '../bytes.ts'
import { delimiters, firstRecords } from '../csv/dialect.ts'
import { CsvReader } from '../csv/reader.ts'
import { checkText, fault } from '../faults.ts'
import { mayMatter } from '../screen.ts'
import { SpanEditor } from '../spans.ts'
import { findLayout } from '../table/header.ts'
import { LabelledText } from './labels.ts'
import { holdsInsert, Statements } from './statements.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
/** So many lines with something in them tell whether a text is a table; or so many bytes. */
const sampleLines = 3
const sampleBytes = 64 * 1024
/** Where nearly all lines matter, as each has an address of a network in it, only one of so many is screened: it takes a fifth of reading it. */
const [mostMattered, fewMattered, fewScreened] = [16, 4, 8]

export class TextReader implements Reader {
  readonly #fields: FieldCursor
  /** Taken at the beginning: inside another body a reader stands where that body has it. */
  readonly #root: Place
  readonly #isInside: boolean
  readonly #editor = new SpanEditor()
  readonly #labels: LabelledText
  readonly #statements = new Statements()
  #table: CsvReader | null = null
  #settled = false
  /** Where the next line stands, if the one before it ended with a name and nothing behind it. */
  #open: Place | null = null
  /** Of the last lines screened, more of them mattered by so many than others, which count for several; and how many were not screened. */
  #mattered = 0
  #passed = 0
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
    // Of a Buffer of its own, as whoever screens it remembers it.
    const bytes = editor.bytes.subarray(0, editor.length)
    const { length } = bytes
    let from = 0
    let feed = nextOf(bytes, lineFeed, this.#scanned)
    let carriage = nextOf(bytes, carriageReturn, this.#scanned)
    for (let at = Math.min(feed, carriage); at < length; at = Math.min(feed, carriage)) {
      this.#readLine(bytes, from, at)
      from = at + 1
      if (at === feed) feed = nextOf(bytes, lineFeed, from)
      else carriage = nextOf(bytes, carriageReturn, from)
    }
    if (last) {
      this.#readLine(bytes, from, length)
      from = length
    }
    if (length - from > this.#fields.limits.scalar) throw fault('scalar_too_large')
    this.#scanned = length - from
    return editor.give(from)
  }

  #readLine(bytes: Buffer, from: number, to: number): void {
    if (from === to) return
    if (to - from > this.#fields.limits.scalar) throw fault('scalar_too_large')
    checkText(bytes, from, to)
    const open = this.#open
    const isStill = open === null && this.#fields.treatment(this.#root) !== 'mask'
    const mayBeLabelled = this.#statements.goOn || holdsSeparator(bytes, from, to) || mayInsert(bytes, from, to)
    if (isStill && !mayBeLabelled && !this.#mayMatter(bytes, from, to)) return
    const text = bytes.toString('utf8', from, to)
    if (text.trim() === '') return
    const labelled = open === null ? this.#labels.find(this.#root, text, this.#statements) : []
    const isQuiet = isStill && mayBeLabelled && labelled.length === 0 && !this.#mayMatter(bytes, from, to)
    if (!isQuiet) {
      const masked =
        open === null
          ? this.#labels.maskAround(this.#root, text, labelled)
          : this.#labels.maskValue(open, this.#root, text)
      if (masked !== text) this.#editor.replace(from, to, masked)
    }
    this.#open = this.#labels.open
  }

  /** Whether detectors could find anything in a line, or it be structured text: wrong only by saying yes. */
  #mayMatter(bytes: Buffer, from: number, to: number): boolean {
    if (this.#mattered === mostMattered && ++this.#passed % fewScreened !== 0) return true
    const has = whatIn(bytes, from, to)
    const may =
      (has & unlikeJson) === 0
        ? mayMatter(this.#fields, null, bytes, from, to)
        : (has & structure) !== 0 || this.#fields.mayMatch(bytes, from, to)
    this.#mattered = may ? Math.min(this.#mattered + 1, mostMattered) : Math.max(this.#mattered - fewMattered, 0)
    return may
  }
}

/** Whether a name with a value may be in a line. */
function holdsSeparator(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    if (byte === 0x3a || byte === 0x3d) return true
    // `：` and `＝`.
    if (byte === 0xef && bytes[at + 1] === 0xbc && (bytes[at + 2] === 0x9a || bytes[at + 2] === 0x9d)) return true
  }
  return false
}

const [openBracket, small] = [0x28, 0x20]

/** Whether a line may say of rows what their columns are: it has a bracket, and `into` or `table` somewhere. */
function mayInsert(bytes: Uint8Array, from: number, to: number): boolean {
  if (bytes.subarray(from, to).indexOf(openBracket) < 0) return false
  for (let at = from; at < to - 4; at++) {
    const first = bytes[at]! | small
    if (first !== 0x69 && first !== 0x74) continue
    const second = bytes[at + 1]! | small
    const third = bytes[at + 2]! | small
    if (first === 0x69 ? second === 0x6e && third === 0x74 : second === 0x61 && third === 0x62) return true
  }
  return false
}

/** What stands otherwise in a string of JSON: control characters and backslashes. */
const unlikeJson = 1
/** What stands in text that is more than free: structured or labelled; EF leads full width. */
const structure = 2
const classes = new Uint8Array(256).fill(unlikeJson, 0, 0x20)
classes[0x5c] = unlikeJson
for (const byte of [0x7b, 0x5b, 0x3c, 0x3a, 0x3d, 0xef]) classes[byte] = structure

function whatIn(bytes: Uint8Array, from: number, to: number): number {
  let has = 0
  for (let at = from; at < to; at++) has |= classes[bytes[at]!]!
  return has
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
  if (holdsInsert(bytes.toString('utf8', 0, sample))) return false
  return delimiters.some(delimiter => {
    const records = firstRecords(bytes, 0, sample, delimiter)
    const layout = findLayout(records, fields, fields.element(root, 0))
    return layout.known > 0
  })
}
