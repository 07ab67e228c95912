/**
 * Where the cells and records of comma-separated text end: RFC 4180, and what spreadsheets accept beyond it. A quote
 * counts only at the start of a cell; what stands behind its closing quote belongs to the cell as it is.
 */
import { fault } from '../faults.ts'

const quote = 0x22
const carriageReturn = 0x0d
const lineFeed = 0x0a

const cellStart = 0
const plain = 1
const quoted = 2
const quoteInQuoted = 3

export class RecordScanner {
  /** Offsets of the record that was found: from and to of each cell. */
  readonly cells: number[] = []
  /** Behind the line break of the record that was found. */
  end = 0
  readonly #delimiter: number
  #state = cellStart
  #at = 0
  #from = 0

  constructor(delimiter: number) {
    this.#delimiter = delimiter
  }

  /** Whether another record is complete. `last`: nothing comes behind `length`. Throws where a quote is left open. */
  next(bytes: Uint8Array, length: number, last: boolean): boolean {
    if (this.#from === this.end && this.#state === cellStart) this.cells.length = 0
    const delimiter = this.#delimiter
    for (; this.#at < length; this.#at++) {
      const byte = bytes[this.#at]!
      if (this.#state === quoted) {
        if (byte === quote) this.#state = quoteInQuoted
      } else if (byte === quote && (this.#state === cellStart || this.#state === quoteInQuoted)) this.#state = quoted
      else if (byte === delimiter) this.#endCell()
      else if (byte === carriageReturn || byte === lineFeed) {
        if (byte === carriageReturn && this.#at + 1 === length && !last) return false
        const pair = byte === carriageReturn && this.#at + 1 < length && bytes[this.#at + 1] === lineFeed
        this.cells.push(this.#from, this.#at)
        this.#at += pair ? 2 : 1
        this.#begin()
        return true
      } else this.#state = plain
    }
    if (!last || (this.#from === length && this.cells.length === 0)) return false
    if (this.#state === quoted) throw fault('malformed')
    this.cells.push(this.#from, length)
    this.#begin()
    return true
  }

  /** All offsets count from `to` from now on. */
  rebase(to: number): void {
    this.#at -= to
    this.#from -= to
    this.end -= to
    for (let i = 0; i < this.cells.length; i++) this.cells[i]! -= to
  }

  /** Starts at `from`, at the beginning of a record. */
  startAt(from: number): void {
    this.#at = from
    this.#begin()
  }

  #begin(): void {
    this.#from = this.#at
    this.end = this.#at
    this.#state = cellStart
  }

  #endCell(): void {
    this.cells.push(this.#from, this.#at)
    this.#from = this.#at + 1
    this.#state = cellStart
  }
}
