/** Rows of a sheet as JSON (../rows-as-json.ts): a cell is a member named by its column. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { Bytes, type Word } from '../bytes.ts'
import { longestString, writeString } from '../json/text.ts'
import { canBeJson, ints, RowsAsJson } from '../rows-as-json.ts'
import { Members } from '../table/members.ts'
import { isNumber, isText } from './offered.ts'
import type { CellAnswer, OfferedRows } from './protocol.ts'

/** What of the numbers in cells JSON can say as they are (RFC 8259, section 6). */
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

export class SheetRows extends RowsAsJson<Bytes> {
  readonly members: Members
  /** The question whose cells wait, and what is answered to it. */
  #texts: readonly string[] = []
  #answers: CellAnswer[] = []

  /** null where rows of the sheet cannot be read so. */
  static of(fields: FieldCursor, sheet: Place): SheetRows | null {
    return canBeJson(fields, sheet) ? new SheetRows(fields, sheet) : null
  }

  private constructor(fields: FieldCursor, sheet: Place) {
    super(fields, sheet, new Bytes())
    this.members = new Members(fields, sheet)
  }

  /** The question whose rows come; none of another waits. */
  take({ texts }: OfferedRows, answers: CellAnswer[]): void {
    this.#texts = texts
    this.#answers = answers
  }

  /**
   * Takes the row whose cells are from one index up to another; by `flush` at the latest those that do not stay are answered. False where
   * it has to be read cell by cell.
   */
  add(rows: OfferedRows, from: number, to: number): boolean {
    const isTaken = this.#take(rows, from, to)
    this.members.oddRows.count(isTaken)
    if (isTaken && this.isFull) this.flush()
    return isTaken
  }

  #take(rows: OfferedRows, from: number, to: number): boolean {
    const { names, length } = this.members
    if (names === null) return false
    let [units, bytes] = [0, length + 2]
    for (let at = from; at < to; at++) {
      units += rows.texts[at]!.length
      bytes += longestString(rows.texts[at]!)
    }
    if (units > this.mostUnits) return false
    this.json.reserve(bytes)
    this.reserveValues((to - from) * ints)
    this.beginRow()
    if (this.#put(rows, from, to, names)) return true
    this.dropRow()
    return false
  }

  #put(rows: OfferedRows, from: number, to: number, names: readonly Word[]): boolean {
    for (let at = from; at < to; at++) {
      // A formula is read behind its value, and as part of the same row.
      if ((rows.formulas.get(at) ?? '') !== '') return false
      if (rows.texts[at] === '') continue
      const column = rows.columns[at]!
      if (column >= names.length) return false
      const valueFrom = this.beginValue(names[column]!)
      if (!this.#putValue(rows, at)) return false
      this.endValue(column, at, at, valueFrom)
    }
    this.endRow()
    return true
  }

  #putValue({ kinds, texts }: OfferedRows, at: number): boolean {
    const { json } = this
    const text = texts[at]!
    if (isNumber(kinds[at]!)) {
      if (!number.test(text)) return false
      json.length += json.bytes.write(text, json.length, 'latin1')
      return true
    }
    if (!isText(kinds[at]!)) return false
    json.length = writeString(json.bytes, json.length, text)
    return true
  }

  protected override nameOf(column: number): Word {
    return this.members.names![column]!
  }

  protected override remove(nth: number): void {
    this.replace(nth, '')
  }

  protected override replace(nth: number, shown: string): void {
    const cell = this.values[nth + 1]!
    if (shown !== this.#texts[cell]) this.#answers[cell] = shown
  }
}
