/** What formulas reach beyond their own sheet (MS-XLS, 2.4.271 and 2.4.105): sheets of this workbook. Other files are not reached. */
import { recordType, written } from './records.ts'

const ownMark = 0x0401
const entryBytes = 6
/** In the place of a sheet that is gone. */
const noSheet = 0xffff

type Entry = { readonly book: number; readonly first: number; readonly last: number }

export class References {
  /** Of each workbook that is referred to, whether it is this one. */
  readonly #own: boolean[] = []
  readonly #entries: Entry[] = []
  readonly #sheets: () => number

  /** `sheets`: how many there are. */
  constructor(sheets: () => number) {
    this.#sheets = sheets
  }

  /** Takes a SUPBOOK. */
  addBook(bytes: Buffer): void {
    this.#own.push(bytes.length === 4 && bytes.readUInt16LE(2) === ownMark)
  }

  /** Takes an EXTERNSHEET. */
  addEntries(bytes: Buffer): void {
    for (let at = 2; at + entryBytes <= bytes.length; at += entryBytes) {
      const [book, first, last] = [at, at + 2, at + 4].map(field => bytes.readUInt16LE(field)) as [
        number,
        number,
        number,
      ]
      this.#entries.push({ book, first, last })
    }
  }

  /** Whether an index leads to sheets of this workbook. */
  isOwn(index: number): boolean {
    const entry = this.#entries[index]
    return entry !== undefined && this.#leads(entry)
  }

  /** The same, at the same indices, for this workbook alone; empty where nothing was referred to. */
  written(): Buffer {
    if (this.#entries.length === 0) return Buffer.alloc(0)
    const book = Buffer.alloc(4)
    book.writeUInt16LE(this.#sheets(), 0)
    book.writeUInt16LE(ownMark, 2)
    const entries = Buffer.alloc(2 + this.#entries.length * entryBytes)
    entries.writeUInt16LE(this.#entries.length, 0)
    for (const [nth, entry] of this.#entries.entries()) {
      const leads = this.#leads(entry)
      entries.writeUInt16LE(leads ? entry.first : noSheet, 4 + nth * entryBytes)
      entries.writeUInt16LE(leads ? entry.last : noSheet, 6 + nth * entryBytes)
    }
    return Buffer.concat([written(recordType.supBook, book), written(recordType.externSheet, entries)])
  }

  #leads({ book, first, last }: Entry): boolean {
    return this.#own[book] === true && first <= last && last < this.#sheets()
  }
}
