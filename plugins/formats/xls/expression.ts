/** Formulas as they are kept: tokens in reverse Polish notation (MS-XLS, 2.2.2 and 2.5.198). */
import { fault } from '../faults.ts'
import { PiecesReader } from './strings.ts'

export type Expression = {
  /** The texts and numbers in it, in order; what it refers to is no part of it. */
  readonly constants: string
  /** It stands in another cell for several: row and column of that, as one number; null: here. */
  readonly sharedAt: number | null
  /** Whether it consists of tokens that are known, and stays in the workbook. */
  readonly plain: boolean
}

/** Of tokens without a class, and of those whose class is taken off: bytes behind the token. Tokens that are not here are not known. */
const sizes: ReadonlyMap<number, number> = new Map<number, number>([
  // operators, brackets, arguments left out
  ...Array.from({ length: 0x14 }, (_, at): [number, number] => [0x03 + at, 0]),
  // errors, booleans; functions
  ...([
    [0x1c, 1],
    [0x1d, 1],
    [0x21, 2],
  ] as const),
  // names, cells, areas, those that are gone, and those of shared formulas
  ...([
    [0x23, 4],
    [0x24, 4],
    [0x25, 8],
    [0x29, 2],
    [0x2a, 4],
    [0x2b, 8],
    [0x2c, 4],
    [0x2d, 8],
  ] as const),
])
const token = {
  shared: 0x01,
  text: 0x17,
  attribute: 0x19,
  integer: 0x1e,
  number: 0x1f,
  array: 0x20,
  anyFunction: 0x22,
  func: 0x21,
  /** Cells and areas of other sheets, and such that are gone, by their index in EXTERNSHEET. */
  elsewhere: new Map([
    [0x3a, 4],
    [0x3b, 8],
    [0x3c, 4],
    [0x3d, 8],
  ]) as ReadonlyMap<number, number>,
} as const
const [choose, arrayBytes] = [0x04, 7]
/** What of a token is left without its class: whether it is a reference, a value or an array. */
const classless = 0x1f

/** Functions that fetch from elsewhere or run what is gone: REGISTER, CALL, EXEC, EVALUATE, those users define, REGISTER.ID, RTD. */
const reaching: ReadonlySet<number> = new Set([149, 150, 110, 257, 255, 267, 379])
/** Functions beyond these are commands of macros. */
const mostFunctions = 0x7fff

/**
 * `behind`: where the values of arrays stand; `isOwn`: whether an index of EXTERNSHEET leads to sheets of this workbook. Throws
 * `malformed` where a token ends behind its formula.
 */
export function readExpression(tokens: Buffer, behind: Buffer | null, isOwn: (index: number) => boolean): Expression {
  const reader = new PiecesReader([tokens])
  const constants: string[] = []
  let arrays = 0
  let plain = true
  let sharedAt: number | null = null
  while (plain && !reader.isOver) {
    const written = reader.byte()
    const id = written < 0x20 ? written : (written & classless) | (written & 0x80) | 0x20
    const size = sizes.get(id)
    const elsewhere = token.elsewhere.get(id)
    if (id === token.shared) sharedAt = cellNumber(reader.half(), reader.half())
    else if (id === token.text) constants.push(`"${reader.shortText()}"`)
    else if (id === token.integer) constants.push(String(reader.half()))
    else if (id === token.number) constants.push(String(reader.raw(8).readDoubleLE()))
    else if (id === token.attribute) skipAttribute(reader)
    else if (id === token.array) arrays += reader.raw(arrayBytes).length / arrayBytes
    else if (id === token.func || id === token.anyFunction) plain = isPlainFunction(reader, id)
    else if (elsewhere !== undefined) plain = isOwn(reader.half()) && reader.raw(elsewhere).length === elsewhere
    else if (size === undefined) plain = false
    else reader.raw(size)
  }
  if (arrays > 0 && behind === null) plain = false
  const rest = new PiecesReader([behind ?? Buffer.alloc(0)])
  for (; plain && arrays > 0; arrays--) readArray(rest, constants)
  if (!rest.isOver) plain = false
  return { constants: constants.join(','), sharedAt, plain }
}

/** Row and column as one number. */
function cellNumber(row: number, column: number): number {
  return row * 256 + (column & 0xff)
}

function isPlainFunction(reader: PiecesReader, id: number): boolean {
  if (id === token.anyFunction) reader.byte()
  const func = reader.half()
  return func <= mostFunctions && !reaching.has(func)
}

/** What tells how a formula is worked out and where it has blanks. */
function skipAttribute(reader: PiecesReader): void {
  const kind = reader.byte()
  const value = reader.half()
  if (kind === choose) reader.raw((value + 1) * 2)
}

/** The values of an array of constants stand behind all tokens (MS-XLS, 2.5.198.8). */
function readArray(reader: PiecesReader, constants: string[]): void {
  const columns = reader.byte() + 1
  const rows = reader.half() + 1
  for (let left = columns * rows; left > 0; left--) {
    const kind = reader.byte()
    if (kind === 0x02) constants.push(`"${reader.text().text}"`)
    else {
      const value = reader.raw(8)
      if (kind === 0x01) constants.push(String(value.readDoubleLE()))
      else if (kind !== 0x00 && kind !== 0x04 && kind !== 0x10) throw fault('malformed')
    }
  }
}
