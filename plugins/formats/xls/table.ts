/** The cells of a sheet as they leave (MS-XLS, 2.1.7.20.6): in blocks of 32 rows, each with its rows ahead of its cells. */
import type { HiddenTexts } from '../workbook/hidden.ts'
import type { Cell } from './cells.ts'
import { writtenFormula, writtenResult } from './formula.ts'
import { recordType, written } from './records.ts'
import type { ShownStrings } from './shared-strings.ts'

const rowsOfBlock = 32
/** Bytes that are made room for at once. */
const roomAtOnce = 1 << 16
/** Of a ROW: four bytes that nothing is kept in. */
const [unusedFrom, unusedTo] = [8, 12]
/** Bytes of a record's type and size, and of a cell's row, column and style. */
const [recordHead, cellHead] = [4, 6]

export class CellTable {
  readonly #stream: Buffer
  readonly #strings: ShownStrings
  readonly #hidden: HiddenTexts
  /** Rows that say how they look, in order, and how many of them are written. */
  readonly #rows: readonly (readonly [row: number, bytes: Buffer])[]
  #rowsWritten = 0
  /** The first row with anything in it, the row behind the last, and the column behind the last. */
  readonly #bounds: [firstRow: number, rows: number, columns: number] = [0xffff, 0, 0]
  /** What is written; formulas wait until it is known which of them stay. */
  readonly #left: (Buffer | Cell)[] = []
  #room = Buffer.alloc(0)
  #length = 0
  readonly #goneGroups = new Set<string>()
  readonly #firsts = new Set<string>()

  constructor(stream: Buffer, rows: ReadonlyMap<number, Buffer>, strings: ShownStrings, hidden: HiddenTexts) {
    this.#stream = stream
    this.#strings = strings
    this.#hidden = hidden
    this.#rows = [...rows].sort(([a], [b]) => a - b)
  }

  /** A formula that goes, and with it those that are written once for several cells with it; what it came to stays. */
  dropFormula(cell: Cell): void {
    const group = cell.formula?.group
    if (group != null) this.#goneGroups.add(group)
    cell.dropped = true
  }

  /** Takes cells in order, all decided, whole rows at a time. */
  add(cells: readonly Cell[]): void {
    for (let at = 0; at < cells.length; ) {
      const cell = cells[at]!
      this.#addRows(Math.floor(cell.row / rowsOfBlock))
      this.#widen(cell.row, cell.column)
      let to = at + 1
      while (to < cells.length && cells[to]!.at === cell.at) to++
      this.#addRecord(cells.slice(at, to))
      at = to
    }
  }

  /** All of it, with its size ahead. To be called once, when nothing more is hidden in the workbook. */
  written(): Buffer {
    this.#addRows(Number.POSITIVE_INFINITY)
    this.#endRoom()
    const cells = this.#left.map(one => (Buffer.isBuffer(one) ? one : this.#writtenFormula(one)))
    return Buffer.concat([this.#dimensions(), ...cells])
  }

  #addRows(block: number): void {
    for (; this.#rowsWritten < this.#rows.length; this.#rowsWritten++) {
      const [row, bytes] = this.#rows[this.#rowsWritten]!
      if (Math.floor(row / rowsOfBlock) > block) return
      this.#widen(row, 0)
      this.#put(written(recordType.row, Buffer.from(bytes).fill(0, unusedFrom, unusedTo)))
    }
  }

  /** The cells of one record: as it came where all of them stay. */
  #addRecord(cells: readonly Cell[]): void {
    const [first] = cells as readonly [Cell]
    if (first.type === recordType.mulBlank || (first.number >= 0 && cells.every(({ answer }) => answer === true)))
      this.#put(this.#stream.subarray(first.at, first.to))
    else for (const cell of cells) this.#addCell(cell)
  }

  #addCell(cell: Cell): void {
    const { answer, formula } = cell
    if (typeof answer === 'string') {
      this.#hidden.add(cell.text)
      if (formula !== null) this.dropFormula(cell)
      this.#putText(cell, answer)
    } else if (formula !== null) {
      if (!answer) this.dropFormula(cell)
      if (formula.isFirst) this.#firsts.add(formula.group!)
      this.#endRoom()
      this.#left.push(cell)
    } else if (cell.shared >= 0) this.#putShared(cell, this.#strings.keep(cell.shared))
    else if (cell.type === recordType.label || cell.type === recordType.richString)
      this.#putShared(cell, this.#strings.add(cell.text, cell.runs))
    else if (cell.type === recordType.mulRk) this.#putNumber(cell)
    else this.#put(this.#stream.subarray(cell.at, cell.to))
  }

  #putText(cell: Cell, text: string): void {
    if (text === '') this.#begin(recordType.blank, cell, 0)
    else this.#putShared(cell, this.#strings.add(text))
  }

  #putShared(cell: Cell, index: number): void {
    const at = this.#begin(recordType.labelShared, cell, 4)
    this.#room.writeUInt32LE(index, at)
  }

  #putNumber(cell: Cell): void {
    const from = cell.at + 4 + cell.number
    const at = this.#begin(recordType.rk, cell, 4)
    this.#stream.copy(this.#room, at, from, from + 4)
  }

  #writtenFormula(cell: Cell): Buffer {
    const formula = cell.formula!
    const { group } = formula
    const isText = cell.formula!.kind === 'string'
    const isGone = cell.dropped || (group !== null && (this.#goneGroups.has(group) || !this.#firsts.has(group)))
    const shown = isText && this.#hidden.has(cell.text) ? null : cell.text
    if (!isGone) return writtenFormula(formula, isText ? shown : null)
    if (!isText) return writtenResult(formula, headOf(cell))
    if (shown === null || shown === '') return written(recordType.blank, headOf(cell))
    const bytes = Buffer.alloc(10)
    headOf(cell).copy(bytes)
    bytes.writeUInt32LE(this.#strings.add(shown), 6)
    return written(recordType.labelShared, bytes)
  }

  #widen(row: number, column: number): void {
    const bounds = this.#bounds
    if (row < bounds[0]) bounds[0] = row
    if (row >= bounds[1]) bounds[1] = row + 1
    if (column >= bounds[2]) bounds[2] = column + 1
  }

  #dimensions(): Buffer {
    const [firstRow, rows, columns] = this.#bounds
    const bytes = Buffer.alloc(14)
    bytes.writeUInt32LE(Math.min(firstRow, rows), 0)
    bytes.writeUInt32LE(rows, 4)
    bytes.writeUInt16LE(columns, 10)
    return written(recordType.dimensions, bytes)
  }

  /** Writes what a cell's record begins with, up to its style; returns where so many more bytes of it are to be put. */
  #begin(type: number, { row, column, style }: Cell, more: number): number {
    this.#reserve(recordHead + cellHead + more)
    const room = this.#room
    let at = room.writeUInt16LE(type, this.#length)
    at = room.writeUInt16LE(cellHead + more, at)
    at = room.writeUInt16LE(row, at)
    at = room.writeUInt16LE(column, at)
    at = room.writeUInt16LE(style, at)
    this.#length = at + more
    return at
  }

  #put(bytes: Buffer): void {
    this.#reserve(bytes.length)
    this.#length += bytes.copy(this.#room, this.#length)
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#room.length) return
    this.#endRoom()
    this.#room = Buffer.allocUnsafe(Math.max(roomAtOnce, bytes))
  }

  #endRoom(): void {
    if (this.#length > 0) this.#left.push(this.#room.subarray(0, this.#length))
    this.#room = this.#room.subarray(this.#length)
    this.#length = 0
  }
}

/** What a cell begins with: its row, its column and its style. */
function headOf({ row, column, style }: Cell): Buffer {
  const head = Buffer.alloc(6)
  head.writeUInt16LE(row, 0)
  head.writeUInt16LE(column, 2)
  head.writeUInt16LE(style, 4)
  return head
}
