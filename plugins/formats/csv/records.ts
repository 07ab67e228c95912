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

/** A record that was found: offsets, from and to of each of so many cells. */
export type Cells = { readonly cells: Int32Array; readonly count: number }

export class RecordScanner implements Cells {
  /** Only those of the first `count` cells; another list once there are more. */
  cells = new Int32Array(128)
  count = 0
  /** Behind the line break of the record that was found. */
  end = 0
  readonly #delimiter: number
  /** By byte: whether it may end a cell or begin what is quoted. */
  readonly #stops = new Uint8Array(256)
  #state = cellStart
  #at = 0
  #from = 0

  constructor(delimiter: number) {
    this.#delimiter = delimiter
    for (const byte of [delimiter, quote, carriageReturn, lineFeed]) this.#stops[byte] = 1
  }

  /** Whether another record is complete. `last`: nothing comes behind `length`. Throws where a quote is left open. */
  next(bytes: Uint8Array, length: number, last: boolean): boolean {
    if (this.#from === this.end && this.#state === cellStart) this.count = 0
    const stops = this.#stops
    let state = this.#state
    let at = this.#at
    while (at < length) {
      if (state === quoted) {
        while (at < length && bytes[at] !== quote) at++
        if (at === length) break
        state = quoteInQuoted
        at++
        continue
      }
      const byte = bytes[at]!
      if (stops[byte] === 0) {
        state = plain
        do at++
        while (at < length && stops[bytes[at]!] === 0)
      } else if (byte === this.#delimiter && (byte !== quote || state === plain)) {
        this.#endCell(at)
        this.#from = ++at
        state = cellStart
      } else if (byte === quote) {
        if (state !== plain) state = quoted
        at++
      } else {
        if (byte === carriageReturn && at + 1 === length && !last) break
        this.#endCell(at)
        this.#begin(byte === carriageReturn && at + 1 < length && bytes[at + 1] === lineFeed ? at + 2 : at + 1)
        return true
      }
    }
    this.#at = at
    this.#state = state
    if (!last || (this.#from === length && this.count === 0)) return false
    if (state === quoted) throw fault('malformed')
    this.#endCell(length)
    this.#begin(length)
    return true
  }

  /** All offsets count from `to` from now on. */
  rebase(to: number): void {
    this.#at -= to
    this.#from -= to
    this.end -= to
    for (let i = 0; i < this.count * 2; i++) this.cells[i]! -= to
  }

  /** Starts at `from`, at the beginning of a record. */
  startAt(from: number): void {
    this.#begin(from)
  }

  #begin(at: number): void {
    this.#at = at
    this.#from = at
    this.end = at
    this.#state = cellStart
  }

  #endCell(to: number): void {
    const at = this.count++ * 2
    if (at === this.cells.length) {
      const more = new Int32Array(at * 2)
      more.set(this.cells)
      this.cells = more
    }
    this.cells[at] = this.#from
    this.cells[at + 1] = to
  }
}
