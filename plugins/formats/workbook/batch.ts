/** Rows of a sheet, as many at a time as one question takes. */
import { fault } from '../faults.ts'
import { type Offered, offer } from './offered.ts'
import type { Ask, CellAnswer } from './protocol.ts'

/** Cells in one question. The first of a sheet has rows enough to find its header by. */
const batchCells = 1500
const sampleRows = 10

export class RowBatch<Cell extends Offered> {
  readonly #sheet: number
  readonly #ask: Ask
  #rows: Cell[][] = []
  #cells = 0
  #isFirst = true

  /** `sheet`: its index, by which questions name it. */
  constructor(sheet: number, ask: Ask) {
    this.#sheet = sheet
    this.#ask = ask
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0
  }

  /** Whether it is time to ask. */
  get isFull(): boolean {
    return this.#cells >= batchCells && (!this.#isFirst || this.#rows.length >= sampleRows)
  }

  /** Takes the next row, whose cells are in order and at least one. */
  add(row: Cell[]): void {
    this.#rows.push(row)
    this.#cells += row.length
  }

  /** Has the rows decided that were taken, and hands each cell back with its answer, in order. */
  async settle(apply: (cell: Cell, answer: CellAnswer) => void): Promise<void> {
    const rows = this.#rows
    this.#rows = []
    this.#cells = 0
    this.#isFirst = false
    const cells = rows.flat()
    const answers = await this.#ask('rows', { sheet: this.#sheet, rows: offer(rows, cells) })
    if (answers.length !== cells.length) throw fault('malformed')
    for (const [at, cell] of cells.entries()) apply(cell, answers[at]!)
  }
}
