/** Comma-separated text: each record is a row, each cell a member of it named by its column. */
import type { FieldCursor, Place, Reader } from '../../../gateway/contracts.ts'
import { checkText, fault } from '../faults.ts'
import { SpanEditor } from '../spans.ts'
import { Columns, findLayout, type Layout, namesAt, type Role, RowRoles } from '../table/header.ts'
import { leave } from '../table/members.ts'
import { LabelledText, shown } from '../text/labels.ts'
import { readCell, writeCell } from './cell.ts'
import { dialectOf, endOfSample, firstRecords, sampleLines } from './dialect.ts'
import { decimal } from './number.ts'
import { type Cells, RecordScanner } from './records.ts'
import { JsonRows } from './rows.ts'

const byteOrderMark = [0xef, 0xbb, 0xbf] as const

export class CsvReader implements Reader {
  readonly #fields: FieldCursor
  /** Taken at the beginning: inside another body a reader stands where that body has it. */
  readonly #root: Place
  readonly #editor = new SpanEditor()
  /** Whether the text stands in a value: then a fault in it is not the end of the body, and who was met counts. */
  readonly #isInside: boolean
  readonly #labels: LabelledText
  #scanner: RecordScanner | null = null
  #delimiter = ','
  /** null: all records that come are rows. */
  #roles: RowRoles | null = null
  #columns: Columns | null = null
  /** null: all are read cell by cell. */
  #rows: JsonRows | null = null
  #row = 0
  /** Of the record under way, where bytes must be held from. */
  #start = 0

  constructor(fields: FieldCursor, isInside = false, root: Place = fields.root) {
    this.#fields = fields
    this.#isInside = isInside
    this.#root = root
    this.#labels = new LabelledText(fields)
  }

  write(chunk: Uint8Array): Uint8Array[] {
    this.#editor.take(chunk)
    return this.#read(false)
  }

  end(): Uint8Array[] {
    const out = this.#read(true)
    this.#rows?.end()
    return out
  }

  forget(): void {
    this.#rows?.pause()
  }

  #read(last: boolean): Uint8Array[] {
    const editor = this.#editor
    if (this.#scanner === null) {
      const sample = endOfSample(editor.bytes, editor.length, last)
      if (sample === null) return editor.give(0)
      this.#begin(sample)
    }
    const scanner = this.#scanner!
    try {
      while (scanner.next(editor.bytes, editor.length, last)) {
        this.#readRecord(scanner)
        this.#start = scanner.end
      }
    } finally {
      // Also ahead of a fault: what is wrong with the records before it comes first.
      this.#rows?.flush()
    }
    if (editor.length - this.#start > this.#fields.limits.scalar) throw fault('scalar_too_large')
    const out = editor.give(this.#start)
    scanner.rebase(this.#start)
    this.#start = 0
    return out
  }

  /** Settles delimiter and header by the first records, once enough of them is there. */
  #begin(sample: number): void {
    const { bytes } = this.#editor
    const bodyFrom = byteOrderMark.every((byte, i) => i < sample && bytes[i] === byte) ? 3 : 0
    const { columns } = this.#fields
    const rowPlace = this.#fields.element(this.#root, 0)
    const dialect = dialectOf(bytes, bodyFrom, sample)
    let best: Layout = { header: 0, labels: false, across: false, known: -1 }
    for (const delimiter of dialect.candidates) {
      const layout = findLayout(firstRecords(bytes, dialect.from, sample, delimiter), this.#fields, rowPlace)
      if (layout.known <= best.known) continue
      best = layout
      this.#delimiter = String.fromCharCode(delimiter)
    }
    if (!this.#isInside) this.#rows = JsonRows.of(this.#fields, this.#root, this.#editor, this.#delimiter)
    if (columns === undefined) this.#roles = new RowRoles(best, namesAt(this.#fields, rowPlace), sampleLines)
    else this.#columns = new Columns(this.#fields, columns)
    this.#scanner = new RecordScanner(this.#delimiter.charCodeAt(0))
    this.#scanner.startAt(dialect.from)
    this.#start = dialect.from
  }

  #readRecord(record: Cells): void {
    const role = this.#roles === null ? 'data' : this.#roleOf(record, this.#roles)
    if (role === 'data' && this.#rows?.add(record) === true) return
    this.#rows = leave(this.#rows)
    const { cells, count } = record
    checkText(this.#editor.bytes, cells[0]!, cells[count * 2 - 1]!)
    if (role === 'header') this.#readHeader(record)
    else if (role === 'labels') this.#readLabels(record)
    else if (role === 'title') this.#readTitles(record)
    else if (count > 1 || cells[0] !== cells[1]) this.#readRow(record)
  }

  #roleOf(record: Cells, roles: RowRoles): Role {
    const role = roles.next(() => this.#texts(record))
    if (roles.areOver) this.#roles = null
    return role
  }

  #texts({ cells, count }: Cells): string[] {
    return Array.from({ length: count }, (_, at) => this.#text(cells[at * 2]!, cells[at * 2 + 1]!))
  }

  /** A name that holds personal information is masked: a first record that is data, not names. */
  #readHeader({ cells, count }: Cells): void {
    const row = this.#fields.element(this.#root, 0)
    const names: string[] = []
    let personal = 0
    for (let at = 0; at < count * 2; at += 2) {
      const cell = readCell(this.#editor.bytes.toString('utf8', cells[at]!, cells[at + 1]!))
      names.push(cell.value)
      this.#fields.memberNamed(row, cell.value)
      if (!this.#fields.keyIsPersonal) continue
      const outcome = this.#fields.key(cell.value, ++personal)
      const masked = shown(outcome, cell.value, this.#fields)
      if (masked !== cell.value)
        this.#editor.replace(cells[at]!, cells[at + 1]!, writeCell(cell, masked, this.#delimiter))
    }
    this.#name(names)
  }

  #name(columns: readonly string[]): void {
    this.#columns = new Columns(this.#fields, columns)
    this.#rows?.members.name(columns)
  }

  #readTitles({ cells, count }: Cells): void {
    for (let at = 0; at < count * 2; at += 2) {
      const written = this.#editor.bytes.toString('utf8', cells[at]!, cells[at + 1]!)
      const cell = readCell(written)
      if (cell.value === '') continue
      const masked = this.#labels.mask(this.#root, cell.value)
      if (masked !== cell.value)
        this.#editor.replace(cells[at]!, cells[at + 1]!, writeCell(cell, masked, this.#delimiter))
    }
  }

  /** Each text that is a name says what the next one is, or all behind it. */
  #readLabels({ cells, count }: Cells): void {
    const root = this.#root
    const across = this.#roles!.areAcross
    let place: Place = root
    for (let at = 0; at < count * 2; at += 2) {
      const [from, to] = [cells[at]!, cells[at + 1]!]
      const named = place === root && to - from < 256 ? this.#labels.placeOf(root, this.#text(from, to)) : null
      if (named !== null) {
        place = named
        continue
      }
      this.#readCell(place, from, to)
      if (to > from && !across) place = root
    }
  }

  #text(from: number, to: number): string {
    return readCell(this.#editor.bytes.toString('utf8', from, to)).value
  }

  #readRow(record: Cells): void {
    const { cells, count } = record
    const fields = this.#fields
    const row = fields.element(this.#root, this.#row++)
    fields.beginElement()
    const columns = this.#columns!
    const textAt = (column: number) => (column < count ? this.#text(cells[column * 2]!, cells[column * 2 + 1]!) : '')
    columns.enter(fields.waits ? this.#settled(row, record) : row, textAt)
    let lastText = count - 1
    while (lastText > 0 && cells[lastText * 2] === cells[lastText * 2 + 1]) lastText--
    const slipped = columns.slipped(lastText)
    for (let column = 0; column < count; column++) {
      this.#readCell(columns.at(column), cells[column * 2]!, cells[column * 2 + 1]!, slipped)
    }
    fields.endElement()
  }

  /** What the cells of a row tell of it decides how they are read. */
  #settled(row: Place, { cells, count }: Cells): Place {
    const scalars = this.#columns!.names.slice(0, count).flatMap((name, at) =>
      this.#fields.decides(row, name) && cells[at * 2]! < cells[at * 2 + 1]!
        ? [[name, this.#text(cells[at * 2]!, cells[at * 2 + 1]!)] as const]
        : [],
    )
    return this.#fields.settle(row, scalars, true)
  }

  /** `slipped`: the value may be of another column, so what would stay is covered. */
  #readCell(place: Place, from: number, to: number, slipped = false): void {
    if (from === to) return
    const { bytes } = this.#editor
    const fields = this.#fields
    if (!slipped) {
      const treatment = fields.treatment(place)
      if (treatment === 'copy') return
      if (treatment === 'read' && !mayHold(bytes, from, to) && !fields.mayMatch(bytes, from, to)) return
    }
    const cell = readCell(bytes.toString('utf8', from, to))
    if (cell.value === '') return
    const outcome = fields.scalar(place, cell.value, decimal.test(cell.value) ? 'number' : 'string')
    const masked = slipped && outcome === 'keep' ? '***' : shown(outcome, cell.value, fields)
    if (masked !== cell.value) this.#editor.replace(from, to, writeCell(cell, masked, this.#delimiter))
  }
}

/** Whether a cell may hold structured text, or a number with an exponent: both can hide digits from a count. */
function mayHold(bytes: Uint8Array, from: number, to: number): boolean {
  let digit = false
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!
    if (byte === 0x7b || byte === 0x5b || byte === 0x3c) return true
    if (digit && (byte === 0x65 || byte === 0x45)) return true
    digit = (byte >= 0x30 && byte <= 0x39) || byte === 0x2e
  }
  return false
}
