/** Workbooks of Excel 97 to 2003 (MS-XLS) as writers of all kinds write them: what is left open is decided by chance. */
import { writeCompoundFile } from './write-compound.ts'

/** A formula: its tokens, and its old result; `shared`: records behind it. */
export type FormulaCell = {
  readonly tokens: Buffer
  readonly result: string | number | boolean | null
  readonly shared?: Buffer
}
export type XlsCell =
  | string
  | number
  | boolean
  | null
  | { readonly day: number }
  | { readonly runs: readonly string[] }
  | FormulaCell

export type XlsSheet = {
  readonly name: string
  readonly rows: readonly (readonly XlsCell[])[]
  /** Records ahead of the cells, and behind them. */
  readonly ahead?: readonly Buffer[]
  readonly behind?: readonly Buffer[]
  readonly state?: number
}

export type XlsBook = { readonly sheets: readonly XlsSheet[]; readonly globals?: readonly Buffer[] }

type Chance = (below: number) => number

/** Always the first of what can be done. */
export const never: Chance = () => 0

export function record(type: number, ...parts: readonly (Buffer | readonly number[])[]): Buffer {
  const bytes = Buffer.concat(parts.map(part => Buffer.from(part as Buffer)))
  return Buffer.concat([half(type), half(bytes.length), bytes])
}

export function half(value: number): Buffer {
  return Buffer.from([value & 0xff, value >> 8])
}

export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

export function double(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}

/** A text with its length ahead, in one byte or two. */
export function text(value: string, lengthBytes: 1 | 2 = 2): Buffer {
  const narrow = isNarrow(value)
  const length = lengthBytes === 1 ? Buffer.from([value.length]) : half(value.length)
  return Buffer.concat([length, Buffer.from([narrow ? 0 : 1]), Buffer.from(value, narrow ? 'latin1' : 'utf16le')])
}

function isNarrow(value: string): boolean {
  return !/[^\x00-\xff]/.test(value)
}

/** In a container by chance, with `others` beside it. */
export function xlsFile(book: XlsBook, chance: Chance = never, slack: Buffer = Buffer.alloc(0)): Buffer {
  const stream = { name: 'Workbook', bytes: xlsStream(book, chance) }
  return writeCompoundFile([stream], { chance, slack, sectorBytes: chance(4) === 3 ? 4096 : 512 })
}

const dateStyle = 16

/** The stream in it. */
export function xlsStream({ sheets, globals = [] }: XlsBook, chance: Chance = never): Buffer {
  const strings: (string | readonly string[])[] = []
  const bodies = sheets.map(sheet => sheetOf(sheet, strings, chance))
  const styles = Array.from({ length: dateStyle + 1 }, (_, at) =>
    record(0xe0, half(0), half(at === dateStyle ? 14 : 0), half(at < 15 ? 0xfff5 : 1), Buffer.alloc(14)),
  )
  const font = record(0x31, half(200), Buffer.alloc(12), text('Arial', 1))
  const head = [bofOf(5), record(0x42, half(1200)), font, ...styles, record(0x293, half(0x8000), [0, 0xff])]
  const entries = (offsets: readonly number[]) =>
    sheets.map(({ name, state = 0 }, at) => record(0x85, word(offsets[at] ?? 0), [state, 0], text(name, 1)))
  const tail = [...globals, stringsOf(strings, chance), record(0x0a)]
  let at = Buffer.concat([...head, ...entries([]), ...tail]).length
  const offsets = bodies.map(({ length }) => (at += length) - length)
  return Buffer.concat([...head, ...entries(offsets), ...tail, ...bodies])
}

function bofOf(kind: number): Buffer {
  return record(0x809, half(0x600), half(kind), Buffer.alloc(12))
}

function sheetOf(
  { rows, ahead = [], behind = [] }: XlsSheet,
  strings: (string | readonly string[])[],
  chance: Chance,
): Buffer {
  const cells = rows.flatMap((row, at) => cellsOf(row, at, strings, chance))
  // some writers have the columns of a table one after the other
  if (chance(5) === 4) cells.reverse()
  return Buffer.concat([
    bofOf(0x10),
    ...ahead,
    record(0x200, Buffer.alloc(14)),
    ...cells,
    ...behind,
    record(0x23e, Buffer.alloc(18)),
    record(0x0a),
  ])
}

function cellsOf(
  row: readonly XlsCell[],
  at: number,
  strings: (string | readonly string[])[],
  chance: Chance,
): Buffer[] {
  const records: Buffer[] = []
  for (let column = 0; column < row.length; column++) {
    const to = chance(2) === 1 ? endOfWhole(row, column) : column
    if (to - column > 1) {
      const numbers = row.slice(column, to).map(value => Buffer.concat([half(15), wholeNumber(value as number)]))
      records.push(record(0xbd, half(at), half(column), ...numbers, half(to - 1)))
      column = to - 1
    } else records.push(...cellOf(row[column]!, at, column, strings, chance))
  }
  return records
}

/** Where whole numbers in a row end. */
function endOfWhole(row: readonly XlsCell[], from: number): number {
  let to = from
  while (to < row.length && typeof row[to] === 'number' && isWhole(row[to] as number)) to++
  return to
}

function isWhole(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 29 && !Object.is(value, -0)
}

function wholeNumber(value: number): Buffer {
  return word(((value << 2) | 2) >>> 0)
}

function cellOf(
  cell: XlsCell,
  row: number,
  column: number,
  strings: (string | readonly string[])[],
  chance: Chance,
): Buffer[] {
  const head = (style = 15) => Buffer.concat([half(row), half(column), half(style)])
  if (cell === null) return [record(0x201, head())]
  if (typeof cell === 'boolean') return [record(0x205, head(), [cell ? 1 : 0, 0])]
  if (typeof cell === 'number')
    return [
      isWhole(cell) && chance(2) === 1 ? record(0x27e, head(), wholeNumber(cell)) : record(0x203, head(), double(cell)),
    ]
  if (typeof cell === 'string' && chance(4) === 1 && cell.length < 2000) return [record(0x204, head(), text(cell))]
  if (typeof cell === 'string') return [record(0xfd, head(), word(strings.push(cell) - 1))]
  if ('day' in cell) return [record(0x203, head(dateStyle), double(cell.day))]
  if ('runs' in cell && chance(2) === 0) return [record(0xfd, head(), word(strings.push(cell.runs) - 1))]
  if ('runs' in cell)
    return [record(0xd6, head(), text(cell.runs.join('')), half(cell.runs.length - 1), runsOf(cell.runs))]
  return formulaOf(cell, head())
}

function formulaOf({ tokens, result, shared }: FormulaCell, head: Buffer): Buffer[] {
  const value =
    typeof result === 'number'
      ? double(result)
      : Buffer.from([
          typeof result === 'boolean' ? 1 : result === null ? 2 : 0,
          0,
          Number(result === true),
          0,
          0,
          0,
          0xff,
          0xff,
        ])
  const own = record(0x06, head, value, half(0), word(0), half(tokens.length), tokens)
  return [
    own,
    ...(shared === undefined ? [] : [shared]),
    ...(typeof result === 'string' ? [record(0x207, text(result))] : []),
  ]
}

/** Where each run but the first begins, and its font. */
function runsOf(runs: readonly string[]): Buffer {
  const starts = runs.slice(1).map((_, at) => runs.slice(0, at + 1).join('').length)
  return Buffer.concat(starts.map(start => Buffer.concat([half(start), half(0)])))
}

/** Shared strings, parted where chance has it: between strings, between characters, which change their width there, and in what is behind them. */
function stringsOf(strings: readonly (string | readonly string[])[], chance: Chance): Buffer {
  const pieces: Buffer[][] = [[word(strings.length), word(strings.length)]]
  const length = () => pieces.at(-1)!.reduce((sum, part) => sum + part.length, 0)
  const part = () => pieces.push([])
  const put = (bytes: Buffer) => {
    if (length() + bytes.length > 8224) part()
    pieces.at(-1)!.push(bytes)
  }
  for (const value of strings) {
    const runs = typeof value === 'string' ? [value] : value
    const whole = runs.join('')
    const rich = runs.length > 1
    const reading = chance(6) === 5 ? Buffer.from(whole, 'utf16le').subarray(0, 60) : null
    const widthOf = (rest: string) => (isNarrow(rest) && chance(3) > 0 ? 0 : 1)
    if (chance(9) === 8) part()
    let wide = widthOf(whole)
    const flags = wide | (rich ? 8 : 0) | (reading === null ? 0 : 4)
    put(
      Buffer.concat([
        half(whole.length),
        Buffer.from([flags]),
        rich ? half(runs.length - 1) : Buffer.alloc(0),
        reading === null ? Buffer.alloc(0) : word(reading.length),
      ]),
    )
    for (let at = 0; at < whole.length; ) {
      const room = Math.floor((8224 - length()) / (wide + 1))
      const here = whole.slice(at, at + (chance(5) === 4 ? chance(room + 1) : room))
      pieces.at(-1)!.push(Buffer.from(here, wide === 0 ? 'latin1' : 'utf16le'))
      at += here.length
      if (at === whole.length) break
      part()
      wide = widthOf(whole.slice(at))
      pieces.at(-1)!.push(Buffer.from([wide]))
    }
    if (rich) for (let at = 0, bytes = runsOf(runs); at < bytes.length; at += 4) put(bytes.subarray(at, at + 4))
    if (reading !== null) {
      if (chance(3) === 2) part()
      put(reading)
    }
  }
  return Buffer.concat(pieces.map((parts, at) => record(at === 0 ? 0xfc : 0x3c, ...parts)))
}
