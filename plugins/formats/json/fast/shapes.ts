/** Automata of shapes as ../wasm/shapes.ts reads them, and which detectors share one. */
import type { Triggers } from '../../../../gateway/contracts.ts'
import { type Determined, determine } from './determine.ts'
import { endOfText } from './expression.ts'

const columnsIn = 8
/** Up to here every character has a column of its own place; behind it those of U+FF00 to U+FFFF, and the end of the text. */
const plain = 0xa000
const endAt = plain + 0x100
const rowsIn = columnsIn + endAt + 8

/** Lengths of texts of digits alone of which it is known beforehand what they match. */
export const leastNumber = 8
export const mostNumber = 20
export const numberKinds = (mostNumber - leastNumber + 1) * 100

/** `numbers`, by length and the first two digits, is 1 where a text of digits alone may match. */
export type ShapeAutomaton = Determined & { readonly numbers: Uint8Array }

/** The automaton of some shapes; null where it is too large. */
export function automatonOf(sources: readonly string[]): ShapeAutomaton | null {
  const automaton = determine(sources)
  return automaton === null ? null : { ...automaton, numbers: numbersOf(automaton) }
}

/** For each number of digits to come, the states from which a match may be reached by them and the end: from none on up. */
function numbersOf({ columns, rows, ended }: Determined): Uint8Array {
  const digits = Array.from({ length: 10 }, (_, digit) => columns[0x30 + digit]!)
  let able = rows.map(row => row[columns[endOfText]!] === ended)
  const numbers = new Uint8Array(numberKinds)
  for (let length = 1; length <= mostNumber - 2; length++) {
    const before = able
    able = rows.map(row => digits.some(column => before[row[column]!]))
    if (length + 2 < leastNumber) continue
    for (let start = 0; start < 100; start++) {
      const first = rows[0]![digits[Math.floor(start / 10)]!]!
      const second = rows[first]![digits[start % 10]!]!
      numbers[(length + 2 - leastNumber) * 100 + start] = able[second] ? 1 : 0
    }
  }
  return numbers
}

/** The bytes an automaton takes where it is written. */
export function sizeOf({ rows }: Determined): number {
  return rowsIn + rows.length * rows[0]!.length * 4
}

/** Writes an automaton to an address that is a multiple of four: a state is the address of its row. */
export function writeAutomaton({ columns, rows, ended }: Determined, memory: Buffer, at: number): void {
  const width = rows[0]!.length * 4
  const addressOf = (state: number) => at + rowsIn + state * width
  memory.writeUInt32LE(addressOf(ended), at)
  memory.set(columns.subarray(0, plain), at + columnsIn)
  memory.set(columns.subarray(0xff00, endOfText), at + columnsIn + plain)
  memory[at + columnsIn + endAt] = columns[endOfText]!
  for (const [id, row] of rows.entries()) {
    for (const [column, to] of row.entries()) memory.writeUInt32LE(addressOf(to), addressOf(id) + column * 4)
  }
}

/** Some detectors that one automaton looks for, and what stands in every text in which one of them could match. */
export type ShapeGroup = {
  readonly members: readonly Triggers[]
  readonly digits: number
  /** 1 a commercial at, 2 anything outside ASCII, 8 the digits in a row, 16 a code. */
  readonly needs: number
}

/**
 * Detectors worth looking for by one automaton, as each costs as much for each character: those of words in Chinese text. Names
 * make too many states with them, and stay by themselves.
 */
export function groupsOf(shaped: readonly Triggers[]): readonly ShapeGroup[] {
  const words = shaped.filter(one => isWord(one) && one.shape!.source.length < longSource)
  return words.length > 1 ? [groupOf(words)] : []
}

/** So long is no expression but that of names. */
const longSource = 4096

function isWord({ wide, joined, code, at }: Triggers): boolean {
  return wide !== undefined && joined !== true && code !== true && at === undefined
}

export function groupOf(members: readonly Triggers[]): ShapeGroup {
  const all = (has: (one: Triggers) => unknown, bit: number) => (members.every(has) ? bit : 0)
  return {
    members,
    digits: Math.min(...members.map(({ digits = 0 }) => digits)),
    needs: all(one => one.at, 1) | all(one => one.wide, 2) | all(one => one.joined, 8) | all(one => one.code, 16),
  }
}
