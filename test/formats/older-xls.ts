/** Workbooks from before Excel 97 (BIFF5), and cells alone as pages of 2008 print them. */
import { writeCompoundFile } from '../support/write-compound.ts'
import { double, half, never, record, word } from '../support/write-xls.ts'

export type OlderCell = string | number | boolean | null

/** Characters of GB 2312 as bytes: Node has no encoder for it. */
const chinese = new Map<string, Buffer>()
for (let lead = 0xa1; lead <= 0xf7; lead++) {
  for (let trail = 0xa1; trail <= 0xfe; trail++) {
    const bytes = Buffer.from([lead, trail])
    chinese.set(new TextDecoder('gbk').decode(bytes), bytes)
  }
}

export type Charset = 'utf-8' | 'gbk'

export function encoded(text: string, charset: Charset): Buffer {
  if (charset === 'utf-8') return Buffer.from(text)
  return Buffer.concat(Array.from(text, one => chinese.get(one) ?? Buffer.from(one)))
}

function cellOf(cell: OlderCell, at: readonly [row: number, column: number], charset: Charset): Buffer {
  const head = Buffer.concat([half(at[0]), half(at[1]), half(0)])
  if (cell === null) return record(0x201, head)
  if (typeof cell === 'boolean') return record(0x205, head, [cell ? 1 : 0, 0])
  if (typeof cell === 'number') return record(0x203, head, double(cell))
  const bytes = encoded(cell, charset)
  return record(0x204, head, half(bytes.length), bytes)
}

function cellsOf(rows: readonly (readonly OlderCell[])[], charset: Charset): Buffer[] {
  return rows.flatMap((row, at) => row.map((cell, column) => cellOf(cell, [at, column], charset)))
}

export function bareXls(rows: readonly (readonly OlderCell[])[], charset: Charset): Buffer {
  const bof = record(0x809, half(0), half(0x10), word(0))
  return Buffer.concat([bof, ...cellsOf(rows, charset), record(0x0a)])
}

export type OlderBook = {
  readonly name: string
  readonly rows: readonly (readonly OlderCell[])[]
  readonly codePage: number
  readonly charset: Charset
  readonly globals?: readonly Buffer[]
  readonly more?: readonly Buffer[]
}

function olderStream({ name, rows, codePage, charset, globals = [], more = [] }: OlderBook): Buffer {
  const bof = (kind: number) => record(0x809, half(0x500), half(kind), word(0))
  const shortly = (text: string) =>
    Buffer.concat([Buffer.from([encoded(text, charset).length]), encoded(text, charset)])
  const head = [
    ...[bof(5), record(0x42, half(codePage)), record(0x31, half(200), Buffer.alloc(12), shortly('宋体'))],
    ...[
      record(0x41e, half(164), shortly('yyyy"年"')),
      record(0xe0, half(0), half(0), half(1), [0x20, 0], word(0), word(0)),
    ],
    ...[record(0xe0, half(0), half(164), half(1), [0x29, 0x02], word(0x00c2_2041), word(0)), ...globals],
  ]
  const entry = (at: number) => record(0x85, word(at), half(0), shortly(name))
  const start = Buffer.concat([...head, entry(0), record(0x0a)]).length
  const sheet = [bof(0x10), record(0x14, shortly(`&L${name}`)), ...cellsOf(rows, charset), ...more]
  return Buffer.concat([...head, entry(start), record(0x0a), ...sheet, record(0x23e, Buffer.alloc(10)), record(0x0a)])
}

export function olderXls(book: OlderBook): Buffer {
  const streams = [{ name: 'Book', bytes: olderStream(book) }]
  return writeCompoundFile(streams, { chance: never, slack: Buffer.alloc(0), sectorBytes: 512 })
}
