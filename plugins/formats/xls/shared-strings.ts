/** The strings that cells share (MS-XLS, 2.4.265): those of the workbook as it comes, and those of the one that leaves. */
import { fault } from '../faults.ts'
import { recordType, writtenPieces } from './records.ts'
import { PiecesReader, PiecesWriter, type RichText } from './strings.ts'

/** Bytes of a text at the least, by which a count that lies is known. */
const leastBytes = 3

export function readSharedStrings(pieces: readonly Buffer[]): RichText[] {
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0)
  const reader = new PiecesReader(pieces)
  reader.word()
  const count = reader.word()
  if (count * leastBytes > bytes) throw fault('malformed')
  return Array.from({ length: count }, () => reader.text())
}

/** Holds what is shown and nothing else, so that no string stays behind that a cell had. */
export class ShownStrings {
  readonly #before: readonly RichText[]
  readonly #texts: RichText[] = []
  /** By index in the strings before: where it stands now, from 1. */
  readonly #kept: Uint32Array
  readonly #added = new Map<string, number>()
  #uses = 0

  constructor(before: readonly RichText[]) {
    this.#before = before
    this.#kept = new Uint32Array(before.length)
  }

  /** What such a string said; throws where there is none. */
  at(index: number): string {
    const found = this.#before[index]
    if (found === undefined) throw fault('malformed')
    return found.text
  }

  /** The index of a string that stays, with how its runs look. */
  keep(index: number): number {
    this.#uses++
    if (this.#kept[index] === 0) this.#kept[index] = this.#texts.push(this.#before[index]!)
    return this.#kept[index]! - 1
  }

  /** The index of a text that a cell is given. */
  add(text: string, runs: Buffer | null = null): number {
    this.#uses++
    const known = runs === null ? this.#added.get(text) : undefined
    if (known !== undefined) return known
    const index = this.#texts.push({ text, runs }) - 1
    if (runs === null) this.#added.set(text, index)
    return index
  }

  written(): Buffer {
    const head = Buffer.alloc(8)
    head.writeUInt32LE(this.#uses, 0)
    head.writeUInt32LE(this.#texts.length, 4)
    const writer = new PiecesWriter(head)
    for (const text of this.#texts) writer.text(text)
    return writtenPieces(recordType.sharedStrings, writer.end())
  }
}
