/** What stands ahead of the sheets (MS-XLS, 2.1.7.20.3): their names, how cells look, shared strings, names for cells. */
import { fault } from '../faults.ts'
import { isDateCode, isDateFormat } from '../workbook/dates.ts'
import type { Words } from '../workbook/words.ts'
import { isKept, keptOfWorkbook } from './kept.ts'
import { readName } from './names.ts'
import { bof, endOfSubstream, enterSubstream, RecordReader, recordType, substream, written } from './records.ts'
import { References } from './references.ts'
import { readSharedStrings, ShownStrings } from './shared-strings.ts'
import { type SheetEntry, writtenEntry } from './sheet-list.ts'
import { PiecesReader, writtenShortText, writtenText } from './strings.ts'

const userStyle = 0x8000
const fontBytes = 14
const mostFontName = 31
/** The name of a font in the place of one that cannot stay, and the code of a format. */
const [plainFont, plainFormat] = ['Arial', 'General']

export class Globals {
  readonly sheets: SheetEntry[] = []
  readonly references = new References(() => this.sheets.length)
  strings = new ShownStrings([])
  from1904 = false
  /** Where the sheets may begin. */
  readonly end: number
  readonly #words: Words
  /** Records as they leave, in order. */
  readonly #left: Buffer[] = []
  /** Where among them the sheets are listed, and what is referred to. */
  #listed = -1
  #referred = -1
  #names = 0
  /** Of each style of cells, the format of its numbers; and the formats that are defined to be dates. */
  readonly #formats: number[] = []
  readonly #dates = new Set<number>()

  /** Texts that stand in no cell are left to `words`. Throws `unknown` where the workbook is encrypted. */
  constructor(stream: Buffer, words: Words) {
    this.#words = words
    const records = new RecordReader(stream, 0)
    if (enterSubstream(records) !== substream.globals) throw fault('malformed')
    while (records.next() !== recordType.eof) this.#take(records)
    this.end = records.to
    if (this.sheets.length === 0) throw fault('malformed')
  }

  /** Whether cells can have this style. */
  hasStyle(style: number): boolean {
    return style < this.#formats.length
  }

  /** Whether a number in a cell of this style is a day. */
  isDate(style: number): boolean {
    const format = this.#formats[style]
    return format !== undefined && isDateFormat(format, this.#dates)
  }

  /** The records as they leave, once all is decided. `names`: of the sheets; `lengths`: bytes of each, which follow. */
  written(names: readonly string[], lengths: readonly number[]): Buffer {
    const listing = (at: readonly number[]) =>
      Buffer.concat(this.sheets.map(({ state }, nth) => writtenEntry(names[nth]!, at[nth]!, state)))
    const start = [bof(substream.globals), ...this.#left]
    start[this.#listed + 1] = listing(names.map(() => 0))
    if (this.#referred >= 0) start[this.#referred + 1] = this.references.written()
    const all = [...start, this.strings.written(), endOfSubstream()]
    let at = all.reduce((sum, { length }) => sum + length, 0)
    all[this.#listed + 1] = listing(lengths.map(length => (at += length) - length))
    return Buffer.concat(all)
  }

  #take(records: RecordReader): void {
    const { type, bytes } = records
    if (type === recordType.bof) records.skipSubstream()
    else if (type === recordType.filePass) throw fault('unknown')
    else if (type === recordType.boundSheet) this.#addSheet(bytes)
    else if (type === recordType.sharedStrings) this.strings = new ShownStrings(readSharedStrings(records.pieces()))
    else if (type === recordType.font) this.#addFont(bytes)
    else if (type === recordType.format) this.#addFormat(bytes)
    else if (type === recordType.style) this.#addStyle(bytes)
    else if (type === recordType.name) this.#addName(records.pieces())
    else if (type === recordType.supBook) this.#refer(() => this.references.addBook(bytes))
    else if (type === recordType.externSheet)
      this.#refer(() => this.references.addEntries(Buffer.concat(records.pieces())))
    else if (isKept(keptOfWorkbook, type, bytes)) this.#keep(type, bytes)
  }

  #keep(type: number, bytes: Buffer): void {
    if (type === recordType.xf) this.#formats.push(bytes.readUInt16LE(2))
    else if (type === recordType.dateMode) this.from1904 = bytes.readUInt16LE(0) === 1
    this.#left.push(written(type, bytes))
  }

  #addSheet(bytes: Buffer): void {
    if (this.#listed < 0) this.#listed = this.#left.push(Buffer.alloc(0)) - 1
    const reader = new PiecesReader([bytes])
    const at = reader.word()
    const state = reader.byte() & 0x03
    reader.byte()
    this.sheets.push({ name: reader.shortText(), at, state })
  }

  #refer(take: () => void): void {
    if (this.#referred < 0) this.#referred = this.#left.push(Buffer.alloc(0)) - 1
    take()
  }

  #addFont(bytes: Buffer): void {
    const reader = new PiecesReader([bytes])
    const look = Buffer.from(reader.raw(fontBytes))
    const name = reader.shortText()
    const font = (shown: string) =>
      written(recordType.font, Buffer.concat([look, writtenShortText(shown, mostFontName)]))
    const at = this.#left.push(font(name)) - 1
    this.#words.askIfTelling(name, () => (this.#left[at] = font(plainFont)))
  }

  #addFormat(bytes: Buffer): void {
    const id = bytes.subarray(0, 2)
    const code = new PiecesReader([bytes], 2).text().text
    if (isDateCode(code)) this.#dates.add(id.readUInt16LE())
    const format = (shown: string) => written(recordType.format, Buffer.concat([id, writtenText(shown)]))
    const at = this.#left.push(format(code)) - 1
    this.#words.askIfTelling(code, () => (this.#left[at] = format(plainFormat)))
  }

  #addStyle(bytes: Buffer): void {
    const id = bytes.subarray(0, 2)
    if (bytes.length === 4 && (id.readUInt16LE() & userStyle) !== 0) {
      this.#left.push(written(recordType.style, bytes))
      return
    }
    const name = new PiecesReader([bytes], 2).text().text
    const style = (shown: string) => written(recordType.style, Buffer.concat([id, writtenText(shown)]))
    const at = this.#left.push(style(name)) - 1
    this.#words.askIfTelling(name, () => (this.#left[at] = style(`style ${at}`)))
  }

  #addName(pieces: readonly Buffer[]): void {
    const { bytes, asks, gone } = readName(pieces, ++this.#names, this.sheets.length, this.references)
    const at = this.#left.push(bytes) - 1
    if (asks !== '') this.#words.ask(asks, () => (this.#left[at] = gone))
  }
}
