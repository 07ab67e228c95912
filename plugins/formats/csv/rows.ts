/**
 * Rows of a table as an array of objects in JSON, which the compiled reader of JSON masks twenty times as fast as cells can be
 * offered one by one; what it makes of them is put back into the cells. To the cursor both are the same: a row is an element of an
 * array, and a cell a member named by its column.
 */
import { isUtf8 } from 'node:buffer'
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { areAlike, Bytes, behind, lost, Word } from '../bytes.ts'
import { fault } from '../faults.ts'
import { texts } from '../json/fast/layout.ts'
import { canReadFast, FastReader } from '../json/fast/reader.ts'
import type { SpanEditor } from '../spans.ts'
import { mayStartFormula, readCell, writeCell } from './cell.ts'
import { bare, empty, JsonText, oddly } from './cell-bytes.ts'
import { unsayable } from './number.ts'
import type { Cells } from './records.ts'

/** So much of JSON is read at once, as it stays in the processor's cache. */
const batch = 60 << 10
/** Longer rows are few, and their cells are offered one by one; as are those of columns with names that cost more than cells do. */
const longestRow = 16 << 10
const longestName = 128
const mostColumns = 256
const fewOdd = 16

// Of each cell that waits for what becomes of it: its column, whether a row begins with it and how it is written, in one; where it
// stands, and where its value does.
const ints = 5
const [columnShift, beginsRow, writtenBits] = [3, 4, 3]

const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]
const [comma, quote, backslash] = [0x2c, 0x22, 0x5c]

export class JsonRows {
  readonly #fields: FieldCursor
  readonly #reader: FastReader
  readonly #root: Place
  readonly #editor: SpanEditor
  readonly #delimiter: string
  readonly #code: number
  /** By column, `"name":`; null where its cells cannot be said in JSON. */
  #names: readonly Word[] | null = null
  #lengthOfNames = 0
  readonly #json = new JsonText()
  #masked = new Bytes()
  #cells = new Int32Array(1024)
  /** Of the cells that wait, as ints; between where their rows stand. */
  #waiting = 0
  #from = 0
  #to = 0
  #begun = false
  #taken = 0
  #odd = 0

  /** null where rows cannot be read so, for what the plan says or for how they are read here and now. */
  static of(fields: FieldCursor, root: Place, editor: SpanEditor, delimiter: string): JsonRows | null {
    if (fields.waits || !canReadFast(fields) || fields.limits.depth < 2 || !/^[\t -~]$/.test(delimiter)) return null
    // Else it would count which row it is, or no row would leave.
    if (!fields.looksThrough(root) || fields.treatment(root) === 'remove') return null
    return new JsonRows(fields, root, editor, delimiter)
  }

  private constructor(fields: FieldCursor, root: Place, editor: SpanEditor, delimiter: string) {
    this.#fields = fields
    this.#reader = new FastReader(fields, texts.one, undefined, root)
    this.#root = root
    this.#editor = editor
    this.#delimiter = delimiter
    this.#code = delimiter.charCodeAt(0)
  }

  /** The columns of the rows that come. */
  name(columns: readonly string[]): void {
    const names = columns.map(name => new Word(`${JSON.stringify(name)}:`))
    const areFew = names.length <= mostColumns && names.every(({ length }) => length <= longestName)
    // Which of two cells of one name is gone could not be told.
    const arePlain = new Set(columns).size === names.length && columns.every(name => this.#isPlain(name))
    this.#names = areFew && arePlain ? names : null
    this.#lengthOfNames = names.reduce((length, name) => length + name.length + 1, 0)
  }

  /** Whether a name says nothing but what stands in its column, and may stand in the open. */
  #isPlain(name: string): boolean {
    this.#fields.memberNamed(this.#root, name)
    return !this.#fields.keyIsPersonal && this.#fields.roles === 0
  }

  /** Takes a row, to be masked by `flush` at the latest; false where it has to be read cell by cell. */
  add({ cells, count }: Cells): boolean {
    const names = this.#names
    const from = cells[0]!
    const to = cells[count * 2 - 1]!
    this.#odd++
    if (names === null || to - from > Math.min(longestRow, this.#fields.limits.scalar >> 3)) return false
    this.#reserve(count, to - from)
    const [length, waiting] = [this.#json.length, this.#waiting]
    if (!this.#put(cells, count, names)) {
      this.#json.length = length
      this.#waiting = waiting
      return false
    }
    this.#odd--
    this.#taken++
    if (waiting === 0) this.#from = from
    this.#to = to
    if (this.#json.length > batch) this.flush()
    return true
  }

  /** Whether so many rows had to be left that the others are not worth it. */
  get areOdd(): boolean {
    return this.#odd > fewOdd && this.#odd > this.#taken >> 2
  }

  #reserve(count: number, bytes: number): void {
    this.#json.reserveFor(bytes, this.#lengthOfNames + count * 2 + 8)
    const needed = this.#waiting + count * ints
    if (needed <= this.#cells.length) return
    const more = new Int32Array(needed * 2)
    more.set(this.#cells)
    this.#cells = more
  }

  #put(cells: Int32Array, count: number, names: readonly Word[]): boolean {
    const json = this.#json
    const waiting = this.#cells
    const { bytes } = this.#editor
    let first = beginsRow
    let at = this.#waiting
    json.putByte(this.#begun ? comma : openBracket)
    for (let column = 0; column < count; column++) {
      const [from, to] = [cells[column * 2]!, cells[column * 2 + 1]!]
      if (from === to) continue
      // Under no column; and those under others may have slipped.
      if (column >= names.length) return false
      const begin = json.length
      json.putByte(first !== 0 ? openBrace : comma)
      json.put(names[column]!)
      const valueFrom = json.length
      const written = json.putCell(bytes, from, to)
      if (written === unsayable) return false
      if (written === empty) {
        json.length = begin
        continue
      }
      waiting[at] = (column << columnShift) | first | written
      waiting[at + 1] = from
      waiting[at + 2] = to
      waiting[at + 3] = valueFrom
      waiting[at + 4] = json.length
      at += ints
      first = 0
    }
    if (first !== 0) json.length--
    else {
      json.putByte(closeBrace)
      this.#begun = true
    }
    this.#waiting = at
    return true
  }

  /** Masks the rows that wait. */
  flush(): void {
    if (this.#waiting === 0) return
    if (!isUtf8(this.#editor.bytes.subarray(this.#from, this.#to))) throw fault('not_utf8')
    const json = this.#json
    this.#masked.take(this.#reader.write(json.bytes.subarray(0, json.length)))
    this.#putBack()
    json.length = 0
    this.#waiting = 0
  }

  /** To be called before the cursor is asked for anything but rows, and when what was known of their values may go. */
  pause(): void {
    this.flush()
    this.#reader.forget()
  }

  end(): void {
    this.flush()
    if (!this.#begun) return
    this.#reader.write(Buffer.of(closeBracket))
    this.#reader.end()
  }

  /** Puts what became of the cells in their places. All of what was written is found again in what was masked, or it fails. */
  #putBack(): void {
    const { bytes: masked, view, length } = this.#masked
    const cells = this.#cells
    let at = 0
    for (let cell = 0; cell < this.#waiting; cell += ints) {
      const what = cells[cell]!
      if ((what & beginsRow) !== 0) {
        if (cell > 0) at = behind(masked, at, closeBrace)
        if (masked[at] === comma || masked[at] === openBracket) at++
        at = behind(masked, at, openBrace)
      } else if (masked[at] === comma) at++
      const name = this.#names![what >> columnShift]!
      if (areAlike(view, at, name.view, 0, name.length)) at = this.#putCell(cell, at + name.length)
      else this.#editor.replace(cells[cell + 1]!, cells[cell + 2]!, '')
    }
    if (behind(masked, at, closeBrace) !== length) throw lost()
  }

  /** Puts back the value that stands at `at`, and says where it ends. */
  #putCell(cell: number, at: number): number {
    const cells = this.#cells
    const { bytes: masked, view } = this.#masked
    const valueFrom = cells[cell + 3]!
    const size = cells[cell + 4]! - valueFrom
    if (areAlike(view, at, this.#json.view, valueFrom, size)) return at + size
    if (masked[at] !== quote) {
      if (masked.toString('latin1', at, at + 4) !== 'null') throw lost()
      this.#replace(cell, '***')
      return at + 4
    }
    const [from, to] = [cells[cell + 1]!, cells[cell + 2]!]
    const written = cells[cell]! & writtenBits
    const delimiter = this.#code
    let isPlain = written !== oddly && !mayStartFormula(masked[at + 1]!)
    let escaped = false
    let end = at + 1
    for (; masked[end] !== quote; end++) {
      if (end >= masked.length) throw lost()
      if (masked[end] === delimiter) isPlain = false
      else if (masked[end] === backslash) {
        escaped = true
        end++
      }
    }
    if (!isPlain || escaped || end === at + 1) {
      this.#replace(
        cell,
        escaped ? JSON.parse(masked.toString('utf8', at, end + 1)) : masked.toString('utf8', at + 1, end),
      )
    } else if (written === bare) this.#editor.replaceBytes(from, to, masked, at + 1, end)
    else this.#editor.replaceBytes(from + 1, to - 1, masked, at + 1, end)
    return end + 1
  }

  #replace(cell: number, masked: string): void {
    const [from, to] = [this.#cells[cell + 1]!, this.#cells[cell + 2]!]
    const read = readCell(this.#editor.bytes.toString('utf8', from, to))
    if (masked !== read.value) this.#editor.replace(from, to, writeCell(read, masked, this.#delimiter))
  }
}
