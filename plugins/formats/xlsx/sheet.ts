/** One sheet: its cells as rows, and the few things beside them that are read. All else in it goes. */
import { fault } from '../faults.ts'
import { RowBatch } from '../workbook/batch.ts'
import { isDroppedFormula } from '../workbook/formulas.ts'
import type { HiddenTexts } from '../workbook/hidden.ts'
import type { Ask, CellAnswer } from '../workbook/protocol.ts'
import { type Cell, type CellContext, columnOf, readCell } from './cells.ts'
import { betweenElements, enterRoot, leaveRoot, PartEdits } from './edits.ts'
import { MarkedText } from './marked.ts'
import { writtenText } from './strings.ts'
import { XmlReader } from './xml.ts'

/** Children of a worksheet that stay. Attributes and texts in them are read. */
const kept: ReadonlySet<string> = new Set([
  ...['sheetPr', 'dimension', 'sheetViews', 'sheetFormatPr', 'cols', 'sheetProtection', 'autoFilter', 'mergeCells'],
  ...['printOptions', 'pageMargins', 'pageSetup', 'headerFooter', 'rowBreaks', 'colBreaks', 'ignoredErrors'],
  ...['drawing', 'legacyDrawing', 'legacyDrawingHF', 'picture', 'tableParts'],
])

export type Workbook = CellContext & {
  /** Texts of cells that do not stay, so that no formula's old result shows one. */
  readonly hidden: HiddenTexts
  readonly ask: Ask
}

export class Sheet {
  readonly #xml: XmlReader
  readonly #edits: PartEdits
  readonly #marked: MarkedText
  readonly #workbook: Workbook
  readonly #rows: RowBatch<Cell>
  /** Where the rows of the next question stand, and what there was before them. */
  #batch = { from: 0, to: 0, edits: 0, pending: 0, formulas: 0 }
  /** Formulas that stay as far as is known; those of one group stay or go together. */
  readonly #formulas: Cell[] = []
  readonly #goneGroups = new Set<string>()

  constructor(text: string, index: number, relations: ReadonlySet<string>, workbook: Workbook) {
    this.#xml = new XmlReader(text)
    this.#edits = new PartEdits(text)
    this.#marked = new MarkedText(this.#edits, relations)
    this.#rows = new RowBatch(index, workbook.ask)
    this.#workbook = workbook
  }

  /** The sheet as it leaves. */
  async read(): Promise<Buffer> {
    const xml = this.#xml
    enterRoot(xml, this.#edits, 'worksheet')
    this.#marked.attributes(xml)
    while (xml.next() !== 'close') {
      betweenElements(xml, this.#edits)
      if (!xml.at('open') && !xml.at('empty')) continue
      if (xml.is('sheetData')) await this.#readRows()
      else if (kept.has(xml.local)) this.#marked.element(xml)
      else this.#marked.drop(xml, true)
    }
    leaveRoot(xml, this.#edits)
    this.#settleFormulas()
    this.#marked.end()
    await this.#marked.settle(this.#workbook.ask)
    return this.#edits.result()
  }

  async #readRows(): Promise<void> {
    const xml = this.#xml
    if (xml.at('empty')) return
    const { depth } = xml
    let row = 0
    while (xml.next() !== 'close' || xml.depth !== depth) {
      betweenElements(xml, this.#edits)
      if (!xml.at('open') && !xml.at('empty')) continue
      if (!xml.is('row')) throw fault('malformed')
      if (this.#batch.to === 0) this.#beginBatch(xml.from)
      row = this.#rowNumber(row)
      const cells = this.#readRow(row)
      this.#batch.to = xml.to
      if (cells.length === 0) continue
      this.#rows.add(cells)
      if (this.#rows.isFull) await this.#decide()
    }
    await this.#decide()
  }

  #beginBatch(from: number): void {
    const formulas = this.#formulas.length
    this.#batch = { from, to: from, edits: this.#edits.count, pending: this.#marked.pending, formulas }
  }

  /** Rows of which nothing waits to be decided are written at once. */
  #endBatch(): void {
    const { from, to, edits, pending, formulas } = this.#batch
    this.#batch.to = 0
    if (this.#marked.pending === pending && this.#formulas.length === formulas) this.#edits.settle(from, to, edits)
  }

  #rowNumber(before: number): number {
    const written = this.#xml.get('r')
    const row = written === undefined ? before + 1 : /^\d{1,7}$/.test(written) ? Number(written) : 0
    if (row <= before) throw fault('malformed')
    const plain = /^(?:[\d.]{0,10}|\d{1,5}:\d{1,5})$/
    if (this.#xml.attributes.some(({ value }) => !plain.test(value))) this.#marked.attributes(this.#xml)
    return row
  }

  #readRow(row: number): Cell[] {
    const xml = this.#xml
    if (xml.at('empty')) return []
    const { depth } = xml
    const cells: Cell[] = []
    let column = -1
    while (xml.next() !== 'close' || xml.depth !== depth) {
      betweenElements(xml, this.#edits)
      if (!xml.at('open') && !xml.at('empty')) continue
      if (!xml.is('c')) {
        this.#marked.drop(xml, true)
        continue
      }
      const at = columnOf(xml.get('r'), row, column + 1)
      if (at <= column) throw fault('malformed')
      column = at
      const cell = readCell(xml, column, this.#workbook, this.#edits)
      if (cell.formula !== null && isDroppedFormula(cell.formula, cell.text)) this.#dropFormula(cell)
      if (cell.text !== '' || cell.formula !== null) cells.push(cell)
    }
    return cells
  }

  async #decide(): Promise<void> {
    if (this.#rows.isEmpty) return
    await this.#rows.settle((cell, answer) => this.#apply(cell, answer))
    this.#endBatch()
  }

  #apply(cell: Cell, answer: CellAnswer): void {
    if (typeof answer !== 'string') {
      if (cell.shared >= 0) this.#workbook.strings!.show(cell.shared)
      if (cell.odd) this.#edits.replace(cell.from, cell.to, written(cell, cell.text))
      if (cell.formula === null) return
      if (answer) this.#formulas.push(cell)
      else this.#dropFormula(cell)
      return
    }
    this.#workbook.hidden.add(cell.text)
    if (cell.formula?.group != null) this.#goneGroups.add(cell.formula.group)
    this.#edits.replace(cell.from, cell.to, written(cell, answer))
  }

  #dropFormula(cell: Cell): void {
    const formula = cell.formula!
    if (formula.group !== null) this.#goneGroups.add(formula.group)
    this.#edits.replace(formula.from, formula.to, '')
    cell.formula = null
  }

  /** Formulas of a group that lost one go; old results that show what was hidden since go, until they are worked out anew. */
  #settleFormulas(): void {
    for (const { formula, text, kind, value } of this.#formulas) {
      if (formula!.group !== null && this.#goneGroups.has(formula!.group))
        this.#edits.replace(formula!.from, formula!.to, '')
      if (kind === 'string' && value !== null && this.#workbook.hidden.has(text))
        this.#edits.replace(value.from, value.to, '')
    }
  }
}

/** A cell that holds this text, or nothing. */
function written({ name, place, style }: Cell, text: string): string {
  const attributes = `${place === null ? '' : ` r="${place}"`}${style === null ? '' : ` s="${style}"`}`
  if (text === '') return `<${name}${attributes}/>`
  const prefix = name.slice(0, -1)
  return `<${name}${attributes} t="inlineStr"><${prefix}is>${writtenText(prefix, text)}</${prefix}is></${name}>`
}
