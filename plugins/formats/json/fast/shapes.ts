/** Automata of shapes as ../wasm/automata.ts reads them, and which detectors share one. */
import type { Triggers } from '../../../../gateway/contracts.ts'
import { type Determined, determine } from './determine.ts'
import { endOfText, endsOf } from './expression.ts'
import { tablesOf, tablesSize } from './in-a-row.ts'
import { unite } from './unite.ts'

/** Where the columns of characters and of the end of the text are in an automaton; then which of them forget; `surely`; tables; its rows. */
const columnsIn = 8
const lostIn = columnsIn + endOfText + 4
const forgetsIn = columnsIn + endOfText + 8
const surelyIn = forgetsIn + 256

/** Of what shapes speak (`Triggers.shape`). */
const spokenOf: readonly (readonly [from: number, to: number])[] = [
  [0, 0x7f],
  [0x3001, 0x9fff],
  ...[...'！（），：；？“”‘’…'].map(one => [one.charCodeAt(0), one.charCodeAt(0)] as const),
]

/** Lengths of texts of digits alone of which it is known beforehand what they match. */
export const leastNumber = 8
export const mostNumber = 20
/** Behind them, an ID number that ends with an X. */
export const endsInX = mostNumber - leastNumber + 1
export const numberKinds = (endsInX + 1) * 100
const inARowIn = surelyIn + numberKinds
export const rowsIn = inARowIn + tablesSize

/** How moments are written, by their order in ../wasm/constants.ts, with a 0 for each digit: with a T, and with a space. */
export const momentKinds: readonly string[] = [
  ':00',
  ':00Z',
  ':00.000',
  ':00.000Z',
  ':00+00:00',
  ':00.000+00:00',
].flatMap(tail => ['T', ' '].map(between => `0000-00-00${between}00:00${tail}`))

/**
 * `numbers`, by length and the first two digits, is 1 where a text of digits alone may match, or seventeen with an X behind; `surely` where
 * every such text does; `moments` where one of a kind of moments may.
 */
export type ShapeAutomaton = Determined & {
  readonly numbers: Uint8Array
  readonly surely: Uint8Array
  readonly moments: Uint8Array
}

/** The automaton of some shapes; null where it is too large. */
export function automatonOf(sources: readonly string[]): ShapeAutomaton | null {
  // A long one has so many states that with others they are better made few before they meet.
  const short = sources.filter(({ length }) => length < longSource)
  const long = sources.filter(({ length }) => length >= longSource)
  const parts = [...long.map(one => [one]), ...(short.length > 0 ? [short] : [])].map(determine)
  if (!parts.every(part => part !== null)) return null
  const automaton = unite(parts)
  if (automaton === null) return null
  return {
    ...automaton,
    numbers: numbersOf(automaton, 'some'),
    surely: numbersOf(automaton, 'every'),
    moments: momentsOf(automaton),
  }
}

/** So long is no expression but that of names. */
const longSource = 4096

/** For each number of digits to come, the states from which a match is reached by some, or by every such, and the end: from none on up. */
function numbersOf({ columns, rows, ended }: Determined, by: 'some' | 'every'): Uint8Array {
  const digits = Array.from({ length: 10 }, (_, digit) => columns[0x30 + digit]!)
  const numbers = new Uint8Array(numberKinds)
  const behindDigit = (able: readonly boolean[]) => rows.map(row => digits[by](column => able[row[column]!]))
  const put = (kind: number, able: readonly boolean[]) => {
    for (let start = 0; start < 100; start++) {
      const first = rows[0]![digits[Math.floor(start / 10)]!]!
      const second = rows[first]![digits[start % 10]!]!
      numbers[kind * 100 + start] = able[second] ? 1 : 0
    }
  }
  const atEnd = rows.map(row => row[columns[endOfText]!] === ended)
  let able: readonly boolean[] = atEnd
  for (let length = 3; length <= mostNumber; length++) {
    able = behindDigit(able)
    if (length >= leastNumber) put(length - leastNumber, able)
  }
  able = rows.map(row => atEnd[row[columns[0x58]!]!]!)
  for (let length = 3; length <= 17; length++) able = behindDigit(able)
  put(endsInX, able)
  return numbers
}

/** By all digits at once: the states in which the automaton can be behind each character. */
function momentsOf({ columns, rows, ended }: Determined): Uint8Array {
  const after = (states: ReadonlySet<number>, characters: readonly number[]) =>
    new Set([...states].flatMap(state => characters.map(character => rows[state]![columns[character]!]!)))
  const digits = Array.from({ length: 10 }, (_, digit) => 0x30 + digit)
  return Uint8Array.from(momentKinds, moment => {
    let states: ReadonlySet<number> = new Set([0])
    for (const sign of moment) states = after(states, sign === '0' ? digits : [sign.charCodeAt(0)])
    return after(states, [endOfText]).has(ended) ? 1 : 0
  })
}

/** The bytes an automaton takes where it is written. */
export function sizeOf({ rows }: Determined): number {
  return rowsIn + rows.length * (rows[0]!.length + 1) * 4
}

/**
 * Writes an automaton to an address that is a multiple of four: a state is the address of its row. Characters that shapes do
 * not speak of get a column of their own, which leads to the end from everywhere.
 */
export function writeAutomaton(automaton: ShapeAutomaton, memory: Buffer, at: number): void {
  const { columns, rows, ended, surely } = automaton
  const unspoken = rows[0]!.length
  const width = (unspoken + 1) * 4
  const addressOf = (state: number) => at + rowsIn + state * width
  const tables = tablesOf(automaton)
  const lost = lostBy(automaton)
  memory.writeUInt32LE(addressOf(ended), at)
  memory[at + 4] = passesAscii(automaton) ? 1 : 0
  memory[at + 5] = tables === null ? 0 : 1
  memory[at + 6] = columnOf(automaton) ?? none
  memory.fill(unspoken, at + columnsIn, at + columnsIn + endOfText)
  for (const [from, to] of spokenOf) memory.set(columns.subarray(from, to + 1), at + columnsIn + from)
  memory[at + columnsIn + endOfText] = columns[endOfText]!
  memory.writeUInt32LE(lost === -1 ? 0 : addressOf(lost), at + lostIn)
  memory.fill(0, at + forgetsIn, at + rowsIn)
  memory.set(surely, at + surelyIn)
  if (tables !== null) memory.set(tables, at + inARowIn)
  for (const column of rows[0]!.keys()) memory[at + forgetsIn + column] = forgets(rows, ended, column) ? 1 : 0
  const words = new Uint32Array(memory.buffer, memory.byteOffset + addressOf(0), rows.length * (unspoken + 1))
  for (const [id, row] of rows.entries()) {
    const first = id * (unspoken + 1)
    for (let column = 0; column < unspoken; column++) words[first + column] = addressOf(row[column]!)
    words[first + unspoken] = addressOf(ended)
  }
}

/** No column: an automaton has fewer. */
const none = 255

/** A column of ASCII of which every text matches that is of no other; undefined: there is none. */
function columnOf({ columns, rows, ended }: Determined): number | undefined {
  return columns.subarray(0, 0x80).find(column => {
    const behind = rows[0]![column]!
    return behind !== ended && rows[behind]![column] === behind && rows[behind]![columns[endOfText]!] === ended
  })
}

/** A state that digits and X do not leave, and in which a text does not match; -1: there is none. */
function lostBy({ columns, rows, ended }: Determined): number {
  const staying = [...'0123456789X'].map(sign => columns[sign.charCodeAt(0)]!)
  return rows.findIndex(
    (row, state) =>
      state !== ended && row[columns[endOfText]!] !== ended && staying.every(column => row[column] === state),
  )
}

/** Whether ASCII at the beginning of a text changes nothing. */
function passesAscii({ columns, rows }: Determined): boolean {
  return columns.subarray(0, 0x80).every(column => rows[0]![column] === 0)
}

/** Whether behind a character it is all the same what stood before it. */
function forgets(rows: readonly Uint16Array[], ended: number, column: number): boolean {
  const to = rows[0]![column]!
  return to !== ended && rows.every((row, state) => state === ended || row[column] === to)
}

/** Some detectors that one automaton looks for, and what stands in every text in which one of them could match. */
export type ShapeGroup = {
  readonly members: readonly Triggers[]
  readonly digits: number
  /** 1 a commercial at, 2 anything outside ASCII, 8 the digits in a row, 16 a code; 32: matches end in ASCII letters or digits. */
  readonly needs: number
}

/**
 * Detectors worth looking for by one automaton, as each costs as much for each character: those of words in Chinese text. Those
 * that find values behind labels are by themselves, as only what stands before ASCII has to be looked at for them.
 */
export function groupsOf(shaped: readonly Triggers[]): readonly ShapeGroup[] {
  const words = shaped.filter(isWord)
  const groups = [words.filter(one => !endsPlainly(one)), words.filter(endsPlainly)]
  return groups.filter(({ length }) => length > 1).map(groupOf)
}

function isWord({ wide, joined, code, at }: Triggers): boolean {
  return wide !== undefined && joined !== true && code !== true && at === undefined
}

const plainEnds = new WeakMap<RegExp, boolean>()

function endsPlainly({ shape }: Triggers): boolean {
  const known = plainEnds.get(shape!)
  if (known !== undefined) return known
  const ends = endsOf(shape!.source).every(([low, high]) =>
    /^(?:[0-9]{2}|[A-Z]{2}|[a-z]{2})$/.test(String.fromCharCode(low, high)),
  )
  plainEnds.set(shape!, ends)
  return ends
}

export function groupOf(members: readonly Triggers[]): ShapeGroup {
  const all = (has: (one: Triggers) => unknown, bit: number) => (members.every(has) ? bit : 0)
  return {
    members,
    digits: Math.min(...members.map(({ digits = 0 }) => digits)),
    needs:
      all(one => one.at, 1) |
      all(one => one.wide, 2) |
      all(one => one.joined, 8) |
      all(one => one.code, 16) |
      all(one => isWord(one) && endsPlainly(one), 32),
  }
}

const zeros = (text: string) => text.split('0').length - 1
/** Of each kind of moments the digits, and how many stand in a row (`Triggers.joined`). */
const momentDigits = momentKinds.map(moment => ({
  all: zeros(moment),
  joined: Math.max(...moment.split(/[T:+]/).map(zeros)),
}))

/** Whether a kind of moments has what stands in every text in which one of a group could match. */
export function mayTrigger({ digits, needs }: ShapeGroup, kind: number): boolean {
  const has = momentDigits[kind]!
  return (needs & (1 | 2 | 16)) === 0 && ((needs & 8) === 0 ? has.all : has.joined) >= digits
}
