/** One sheet (MS-XLS, 2.1.7.20.5): its cells as rows, and the few things beside them that stay. All else in it goes. */
import { fault } from '../faults.ts'
import { RowBatch } from '../workbook/batch.ts'
import { isDroppedFormula } from '../workbook/formulas.ts'
import type { HiddenTexts } from '../workbook/hidden.ts'
import type { Ask } from '../workbook/protocol.ts'
import type { Words } from '../workbook/words.ts'
import { type Cell, isCell, readCells } from './cells.ts'
import type { Globals } from './globals.ts'
import { isKept, keptOfSheet } from './kept.ts'
import { bof, endOfSubstream, enterSubstream, RecordReader, recordType, substream, written } from './records.ts'
import { PiecesReader, writtenText } from './strings.ts'
import { CellTable } from './table.ts'

export type Workbook = {
  readonly globals: Globals
  readonly words: Words
  /** Texts of cells that do not stay, so that no formula's old result shows one. */
  readonly hidden: HiddenTexts
  readonly ask: Ask
}

const rowBytes = 16
/** Rows and columns, and where the record of a cell begins, are one number, by which cells are put in order. */
const [cellShift, columnShift] = [2 ** 26, 2 ** 8]
const mostPrinted = 255
/** Cells that wait at the most, as a sheet may consist of such as hold nothing, of which no question is asked. */
const mostWaiting = 8192
/** With these and with cells begins what stands behind what is printed and how wide columns are. */
const tableTypes: ReadonlySet<number> = new Set([recordType.row, recordType.window2])

export class Sheet {
  readonly #stream: Buffer
  readonly #workbook: Workbook
  readonly #batch: RowBatch<Cell>
  /** Cells that are read and not written yet, in order. */
  #waiting: Cell[] = []
  /** What stands ahead of the cells, and behind them; and which of it comes. */
  readonly #ahead: Buffer[] = []
  readonly #behind: Buffer[] = []
  #isAhead = true
  /** Whether it says how it is shown: readers ask for that, and some writers leave it out. */
  #hasWindow = false
  /** Places of cells, as `cellShift` says. */
  readonly #cells: number[] = []
  readonly #rows = new Map<number, Buffer>()
  readonly #table: CellTable
  /** Where it ends in the stream. */
  readonly end: number

  /** `at`: where it begins. Its headers and footers are left to the words of the workbook. */
  constructor(stream: Buffer, at: number, index: number, workbook: Workbook) {
    this.#stream = stream
    this.#workbook = workbook
    this.#batch = new RowBatch(index, workbook.ask)
    const records = new RecordReader(stream, at)
    const hasCells = enterSubstream(records) === substream.sheet
    // one of a chart or of macros leaves empty
    if (!hasCells) records.skipSubstream()
    else while (records.next() !== recordType.eof) this.#take(records)
    this.end = records.to
    this.#table = new CellTable(stream, this.#rows, workbook.globals.strings, workbook.hidden)
  }

  /** Has its cells decided. */
  async read(): Promise<void> {
    let asked: Cell[] = []
    let [row, last] = [-1, -1]
    for (const place of inOrder(this.#cells)) {
      const cellAt = Math.floor(place / cellShift)
      if (Math.floor(cellAt / columnShift) !== row) {
        await this.#endRow(asked)
        asked = []
        last = -1
      }
      row = Math.floor(cellAt / columnShift)
      if (cellAt % columnShift <= last) throw fault('malformed')
      const records = new RecordReader(this.#stream, place % cellShift)
      records.next()
      for (const cell of readCells(records, this.#workbook.globals)) {
        last = cell.column
        if (cell.formula !== null && isDroppedFormula(cell.formula, cell.text)) this.#table.dropFormula(cell)
        if (cell.text !== '' || cell.formula !== null) asked.push(cell)
        this.#waiting.push(cell)
      }
    }
    await this.#endRow(asked)
    await this.#decide()
  }

  /** The sheet as it leaves, once all is decided. */
  written(): Buffer {
    const cells = this.#table.written()
    const window = this.#hasWindow ? [] : [plainWindow]
    return Buffer.concat([bof(substream.sheet), ...this.#ahead, cells, ...window, ...this.#behind, endOfSubstream()])
  }

  #take(records: RecordReader): void {
    const { type, bytes } = records
    this.#hasWindow ||= type === recordType.window2
    this.#isAhead &&= !(isCell(type) || tableTypes.has(type))
    if (isCell(type)) {
      if (bytes.length < 6) throw fault('malformed')
      const [row, column] = [bytes.readUInt16LE(0), bytes.readUInt16LE(2)]
      if (column >= columnShift) throw fault('malformed')
      this.#cells.push((row * columnShift + column) * cellShift + records.at)
    } else if (type === recordType.bof) records.skipSubstream()
    else if (type === recordType.row && bytes.length === rowBytes) this.#rows.set(bytes.readUInt16LE(0), bytes)
    else if (type === recordType.header || type === recordType.footer) this.#addPrinted(type, bytes)
    else if (isKept(keptOfSheet, type, bytes)) (this.#isAhead ? this.#ahead : this.#behind).push(written(type, bytes))
  }

  #addPrinted(type: number, bytes: Buffer): void {
    if (bytes.length === 0) return
    const { text } = new PiecesReader([bytes]).text()
    const printed = (shown: string) => written(type, writtenText(shown.slice(0, mostPrinted)))
    const at = this.#ahead.push(printed(text)) - 1
    this.#workbook.words.ask(text, shown => (this.#ahead[at] = printed(shown)))
  }

  async #endRow(asked: Cell[]): Promise<void> {
    if (asked.length > 0) this.#batch.add(asked)
    if (this.#batch.isFull || this.#waiting.length >= mostWaiting) await this.#decide()
  }

  async #decide(): Promise<void> {
    if (!this.#batch.isEmpty) await this.#batch.settle((cell, answer) => (cell.answer = answer))
    this.#table.add(this.#waiting)
    this.#waiting = []
  }
}

/** Most writers put cells in order; where one does not, they are. */
function inOrder(places: number[]): Iterable<number> {
  const isOrdered = places.every((place, at) => at === 0 || place > places[at - 1]!)
  return isOrdered ? places : Float64Array.from(places).sort()
}

/** A sheet that is not selected, with its grid and its headings. */
const plainWindow = written(recordType.window2, Buffer.from('b60000000000400000000000000000000000', 'hex'))
