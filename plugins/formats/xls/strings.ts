/** Texts of BIFF8 (MS-XLS, 2.5.293 and 2.5.294), which may go on in CONTINUE records, there in characters of another width. */
import { fault } from '../faults.ts'
import { mostBytes } from './records.ts'

const flag = { wide: 0x01, extended: 0x04, rich: 0x08 } as const
/** Characters of a cell at the most. */
const mostCharacters = 32_767
/** Of each run of a text that looks different: its first character and its font. */
export const runBytes = 4

export type RichText = { readonly text: string /** Bytes of its runs. */; readonly runs: Buffer | null }

/** Reads values and texts out of a record's bytes and those of the records that continue it. */
export class PiecesReader {
  readonly #pieces: readonly Buffer[]
  #piece: Buffer
  #nth = 0
  #at: number

  constructor(pieces: readonly Buffer[], at = 0) {
    this.#pieces = pieces
    this.#piece = pieces[0] ?? Buffer.alloc(0)
    this.#at = at
  }

  get isOver(): boolean {
    return this.#at >= this.#piece.length && this.#nth >= this.#pieces.length - 1
  }

  byte(): number {
    if (this.#at >= this.#piece.length) this.#continue()
    return this.#piece[this.#at++]!
  }

  half(): number {
    return this.byte() | (this.byte() << 8)
  }

  word(): number {
    return (this.half() | (this.half() << 16)) >>> 0
  }

  /** So many bytes as they are. */
  raw(length: number): Buffer {
    if (this.#piece.length - this.#at >= length) return this.#piece.subarray(this.#at, (this.#at += length))
    const parts: Buffer[] = []
    for (let left = length; left > 0; ) {
      if (this.#at >= this.#piece.length) this.#continue()
      const part = this.#piece.subarray(this.#at, this.#at + left)
      parts.push(part)
      left -= part.length
      this.#at += part.length
    }
    return Buffer.concat(parts)
  }

  /** So many characters behind the byte that says how wide they are; a record that goes on has such a byte of its own. */
  characters(count: number, isWide: boolean): string {
    let wide = isWide
    let text = ''
    for (let left = count; left > 0; ) {
      if (this.#at >= this.#piece.length) {
        this.#continue()
        wide = (this.byte() & flag.wide) !== 0
      }
      const bytes = wide ? 2 : 1
      const here = Math.min(left, Math.floor((this.#piece.length - this.#at) / bytes))
      if (here === 0) {
        if (this.#at < this.#piece.length) throw fault('malformed')
        continue
      }
      const to = this.#at + here * bytes
      text += this.#piece.toString(wide ? 'utf16le' : 'latin1', this.#at, to)
      this.#at = to
      left -= here
    }
    return text
  }

  /** A text with its length ahead, as most records have it. Readings (phonetic ones) are passed over: they say the same again. */
  text(): RichText {
    const count = this.half()
    const flags = this.byte()
    const runs = (flags & flag.rich) === 0 ? 0 : this.half()
    const extended = (flags & flag.extended) === 0 ? 0 : this.word()
    const text = this.characters(count, (flags & flag.wide) !== 0)
    const looks = runs === 0 ? null : this.raw(runs * runBytes)
    this.raw(extended)
    return { text, runs: looks }
  }

  /** A text whose length is one byte, as names of fonts and sheets have it. */
  shortText(): string {
    const count = this.byte()
    return this.characters(count, (this.byte() & flag.wide) !== 0)
  }

  #continue(): void {
    do this.#nth++
    while (this.#pieces[this.#nth]?.length === 0)
    const next = this.#pieces[this.#nth]
    if (next === undefined) throw fault('malformed')
    this.#piece = next
    this.#at = 0
  }
}

/** Whether all characters have a byte each where they are written narrow. */
function isNarrow(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0xff) return false
  return true
}

/** Characters behind the byte that says how wide they are. */
export function writtenCharacters(text: string): Buffer {
  const narrow = isNarrow(text)
  return Buffer.concat([Buffer.from([narrow ? 0 : flag.wide]), Buffer.from(text, narrow ? 'latin1' : 'utf16le')])
}

/** A text with its length ahead, in two bytes. */
export function writtenText(text: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16LE(text.length)
  return Buffer.concat([length, writtenCharacters(text)])
}

/** A text with its length ahead, in one byte: cut after `most` characters. */
export function writtenShortText(text: string, most = 255): Buffer {
  const cut = text.slice(0, most)
  return Buffer.concat([Buffer.from([cut.length]), writtenCharacters(cut)])
}

/** Writes texts into one record and those that continue it. */
export class PiecesWriter {
  readonly #pieces: Buffer[] = []
  #piece = Buffer.allocUnsafe(mostBytes)
  #length = 0

  constructor(head: Buffer) {
    this.#length = head.copy(this.#piece)
  }

  /** A text with its length ahead. What says how it is written is not parted, nor is a run. */
  text({ text, runs }: RichText): void {
    const cut = text.slice(0, mostCharacters)
    const isRich = runs !== null && cut === text
    const narrow = isNarrow(cut)
    if (this.#room < (isRich ? 5 : 3) + 2) this.#continue()
    this.#half(cut.length)
    this.#piece[this.#length++] = (narrow ? 0 : flag.wide) | (isRich ? flag.rich : 0)
    if (isRich) this.#half(runs.length / runBytes)
    this.#characters(cut, narrow)
    if (!isRich) return
    for (let at = 0; at < runs.length; at += runBytes) {
      if (this.#room < runBytes) this.#continue()
      this.#length += runs.copy(this.#piece, this.#length, at, at + runBytes)
    }
  }

  /** To be called once, when there is nothing more to write. */
  end(): readonly Buffer[] {
    this.#pieces.push(this.#piece.subarray(0, this.#length))
    return this.#pieces
  }

  get #room(): number {
    return mostBytes - this.#length
  }

  #half(value: number): void {
    this.#length = this.#piece.writeUInt16LE(value, this.#length)
  }

  #characters(text: string, narrow: boolean): void {
    const width = narrow ? 1 : 2
    for (let at = 0; at < text.length; ) {
      if (this.#room < width) {
        this.#continue()
        this.#piece[this.#length++] = narrow ? 0 : flag.wide
      }
      const here = text.slice(at, at + Math.floor(this.#room / width))
      this.#length += this.#piece.write(here, this.#length, narrow ? 'latin1' : 'utf16le')
      at += here.length
    }
  }

  #continue(): void {
    this.#pieces.push(this.#piece.subarray(0, this.#length))
    this.#piece = Buffer.allocUnsafe(mostBytes)
    this.#length = 0
  }
}
