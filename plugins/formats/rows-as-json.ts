/**
 * Rows of a format as an array of objects in JSON, which the compiled reader of JSON masks several times as fast as values can be
 * offered one by one; what it makes of them is put back into their places. To the cursor both are the same: a row is an element of an
 * array, and what stands in it a member.
 */
import type { FieldCursor, Place } from '../../gateway/contracts.ts'
import { areAlike, Bytes, type Word } from './bytes.ts'
import { lost } from './faults.ts'
import { texts } from './json/fast/layout.ts'
import { canReadFast, FastReader } from './json/fast/reader.ts'

/** So much of JSON is read at once, as it stays in the processor's cache. */
const batch = 60 << 10

/** Longer rows are few, and their values offered one by one. */
const longestRow = 16 << 10

/** Bytes of UTF-8 for each unit of a text, at the most. */
const bytesOfUnit = 3

/**
 * Of each value that waits for what becomes of it, so many integers: what its format knows of it, where it stands, and where it does in
 * JSON. The lowest bit of the first says whether a row begins with it.
 */
export const ints = 5
export const [beginsRow, whatShift] = [1, 1]

export const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]
export const [comma, quote, backslash] = [0x2c, 0x22, 0x5c]

/** Whether rows at a place can be read so, for what the plan says or for how they are read here and now. */
export function canBeJson(fields: FieldCursor, place: Place): boolean {
  if (fields.waits || !canReadFast(fields) || fields.limits.depth < 2) return false
  // Else it would count which row it is, or no row would leave.
  return fields.looksThrough(place) && fields.treatment(place) !== 'remove'
}

export abstract class RowsAsJson<Text extends Bytes> {
  protected readonly json: Text
  /** Bytes of a row that is taken; and units of its texts. */
  protected readonly longest: number
  protected readonly mostUnits: number
  /** What the reader has made of the rows. */
  protected readonly masked = new Bytes()
  /** Of the values that wait, as `ints`. */
  protected values = new Int32Array(1024)
  protected waiting = 0
  /** Whether any row has a value. */
  protected begun = false
  readonly #reader: FastReader
  /** How it was ahead of the row at hand. */
  readonly #before = { waiting: 0, length: 0, begun: false }
  /** Whether the cursor knows all that the reader has met. */
  #rests = true

  constructor(fields: FieldCursor, place: Place, json: Text) {
    this.#reader = new FastReader(fields, texts.one, undefined, place)
    this.json = json
    this.longest = Math.min(longestRow, fields.limits.scalar >> 3)
    this.mostUnits = Math.floor(this.longest / bytesOfUnit)
  }

  /** The name of a value's member, with its quotation marks and colon, by what its format knows of it. */
  protected abstract nameOf(what: number): Word
  /** Takes the member away that stands where its integers say, as they begin at `nth`. */
  protected abstract remove(nth: number): void
  /** Puts a changed text in its place, as its format has it written. */
  protected abstract replace(nth: number, shown: string): void

  /** The same of a text that stands in what was masked from `at`, its quotation mark; returns where it ends. */
  protected putText(nth: number, at: number): number {
    const { bytes: masked } = this.masked
    let escaped = false
    let end = at + 1
    for (; masked[end] !== quote; end++) {
      if (end >= masked.length) throw lost()
      if (masked[end] !== backslash) continue
      escaped = true
      end++
    }
    this.replace(nth, escaped ? JSON.parse(masked.toString('utf8', at, end + 1)) : masked.toString('utf8', at + 1, end))
    return end + 1
  }

  /** Whether enough waits to be masked together. */
  get isFull(): boolean {
    return this.json.length > batch
  }

  /** Makes room for so many integers more. */
  protected reserveValues(more: number): void {
    const needed = this.waiting + more
    if (needed <= this.values.length) return
    const wider = new Int32Array(needed * 2)
    wider.set(this.values)
    this.values = wider
  }

  /** A row is to be written, */
  protected beginRow(): void {
    this.#before.waiting = this.waiting
    this.#before.length = this.json.length
    this.#before.begun = this.begun
  }

  /** and could not be: nothing is left of it. */
  protected dropRow(): void {
    this.waiting = this.#before.waiting
    this.json.length = this.#before.length
    this.begun = this.#before.begun
  }

  /** Writes what stands ahead of a value in JSON, for which there must be room; returns where the value begins. */
  protected beginValue(name: Word): number {
    const { json } = this
    if (this.#isRowEmpty) {
      json.putByte(this.begun ? comma : openBracket)
      json.putByte(openBrace)
    } else json.putByte(comma)
    json.put(name)
    return json.length
  }

  /** The value is written: what its format knows of it, and where it stands. There must be room for its integers. */
  protected endValue(what: number, from: number, to: number, valueFrom: number): void {
    const { values, waiting: at } = this
    values[at] = (what << whatShift) | (this.#isRowEmpty ? beginsRow : 0)
    values[at + 1] = from
    values[at + 2] = to
    values[at + 3] = valueFrom
    values[at + 4] = this.json.length
    this.waiting = at + ints
  }

  /** The row is written; nothing is there of one without values. */
  protected endRow(): void {
    if (this.#isRowEmpty) return
    this.json.putByte(closeBrace)
    this.begun = true
  }

  get #isRowEmpty(): boolean {
    return this.waiting === this.#before.waiting
  }

  /** What its format knows of the value whose integers begin at `nth`. */
  protected whatOf(nth: number): number {
    return this.values[nth]! >> whatShift
  }

  /** Masks the rows that wait. */
  flush(): void {
    if (this.waiting === 0) return
    this.#rests = false
    const { json } = this
    this.masked.take(this.#reader.write(json.bytes.subarray(0, json.length)))
    this.#putBack()
    json.length = 0
    this.waiting = 0
  }

  /** To be called before the cursor is asked for anything but rows, and when what was known of their values may go. */
  pause(): void {
    this.flush()
    if (this.#rests) return
    this.#reader.forget()
    this.#rests = true
  }

  end(): void {
    this.flush()
    if (!this.begun) return
    this.#reader.write(Buffer.of(closeBracket))
    this.#reader.end()
  }

  /** Puts what became of the values in their places. All of what was written is found again in what was masked, or it fails. */
  #putBack(): void {
    const { bytes: masked, view, length } = this.masked
    const { values } = this
    let at = 0
    for (let nth = 0; nth < this.waiting; nth += ints) {
      if ((values[nth]! & beginsRow) !== 0) {
        if (nth > 0) at = behind(masked, at, closeBrace)
        if (masked[at] === comma || masked[at] === openBracket) at++
        at = behind(masked, at, openBrace)
      } else if (masked[at] === comma) at++
      const name = this.nameOf(this.whatOf(nth))
      if (areAlike(view, at, name.view, 0, name.length)) at = this.#putValue(nth, at + name.length)
      else this.remove(nth)
    }
    if (behind(masked, at, closeBrace) !== length) throw lost()
  }

  /** Puts back the value that stands at `at`, and says where it ends. */
  #putValue(nth: number, at: number): number {
    const { bytes: masked, view } = this.masked
    const valueFrom = this.values[nth + 3]!
    const size = this.values[nth + 4]! - valueFrom
    if (areAlike(view, at, this.json.view, valueFrom, size)) return at + size
    if (masked[at] === quote) return this.putText(nth, at)
    if (masked.toString('latin1', at, at + 4) !== 'null') throw lost()
    this.replace(nth, '***')
    return at + 4
  }
}

/** What stands behind a byte that has to be there, in a text that was masked. */
function behind(masked: Uint8Array, at: number, byte: number): number {
  if (masked[at] !== byte) throw lost()
  return at + 1
}
