/**
 * Automata that ../fast/determine.ts makes of expressions, as they are in memory: 0 the state in which a match has ended, which
 * no character leaves; 4 whether ASCII leads nowhere from the beginning; 5 whether a match takes three in a row of the
 * characters that in-a-row.ts looks for; 6 a column of which every text matches, or 255; 8 by UTF-16 code unit, and behind them
 * for the end of the text, its column; 4 behind that a state that no digit and no X leaves, and in which no match ends with the
 * text, or 0; then by row and column the next state. A state is the address of its row; the first is that of the beginning.
 * Characters that expressions do not speak of have a column that leads to the end: they may be anything. Before the rows, by
 * column, whether it leads to one state from wherever no match has ended; by length and the first two digits, as `numbersIn` has
 * them, whether every text of digits matches; and the tables of in-a-row.ts.
 */
import { ten, zeroDigit } from './constants'
import { endsInX, leastNumber, mostNumber } from './layout'

export const columnsIn: usize = 8
export const endOfText: usize = 0x10000
const lostIn: usize = columnsIn + endOfText + 4
const forgetsIn: usize = columnsIn + endOfText + 8
const surelyIn: usize = forgetsIn + 256
const inARowIn: usize = surelyIn + 1400
const rowsIn: usize = inARowIn + 80

// @ts-ignore: decorator
@inline export function beginningOf(automaton: usize): usize {
  return automaton + rowsIn
}

/** Whether ASCII changes nothing as long as nothing else stands before it. */
// @ts-ignore: decorator
@inline export function passesAscii(automaton: usize): bool {
  return load<u8>(automaton, 4) != 0
}

/** The tables of `mayBeThree`; 0: there may be a match without. */
// @ts-ignore: decorator
@inline export function inARowOf(automaton: usize): usize {
  return load<u8>(automaton, 5) != 0 ? automaton + inARowIn : 0
}

// @ts-ignore: decorator
@inline export function hasEnded(automaton: usize, state: usize): bool {
  return state == load<u32>(automaton)
}

/** Whether all of a text is of the one column of which every text matches. */
export function isOfOneColumn(automaton: usize, from: usize, to: usize): bool {
  const column = load<u8>(automaton, 6)
  if (column == 255) return false
  // None of these waits for the one before, as states do.
  let others: u8 = 0
  for (let p = from; p < to; p++) others |= load<u8>(automaton + <usize>load<u8>(p), columnsIn) ^ column
  return others == 0
}

/** Whether no text matches of which digits and X are left. */
// @ts-ignore: decorator
@inline export function isLost(automaton: usize, state: usize): bool {
  return state == load<u32>(automaton, lostIn)
}

// @ts-ignore: decorator
@inline export function step(automaton: usize, state: usize, character: usize): usize {
  return load<u32>(state + (<usize>load<u8>(automaton + character, columnsIn) << 2))
}

/**
 * Whether every text matches that is digits alone, of this length and with these first two, or that is 17 digits and an X. False where
 * that is not what stands there.
 */
export function everyNumberMatches(automaton: usize, from: usize, length: u32): bool {
  if (length - leastNumber > mostNumber - leastNumber) return false
  const digits = digitsAt(from) | digitsAt(from + 16) << 16
  const others = ~digits & ((1 << length) - 1)
  let kind = length - leastNumber
  if (others != 0) {
    if (length != 18 || others != 1 << 17 || load<u8>(from, 17) != 0x58) return false
    kind = endsInX
  }
  const start = (<u32>load<u8>(from) - 0x30) * 10 + <u32>load<u8>(from, 1) - 0x30
  return load<u8>(automaton + <usize>(kind * 100 + start), surelyIn) != 0
}

/** Which of 16 bytes are digits. */
// @ts-ignore: decorator
@inline function digitsAt(from: usize): u32 {
  return <u32>i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(from), v128.load(zeroDigit)), v128.load(ten)))
}

/** Whether behind a character it is all the same what stood before it. */
// @ts-ignore: decorator
@inline export function forgets(automaton: usize, character: usize): bool {
  return load<u8>(automaton + <usize>load<u8>(automaton + character, columnsIn), forgetsIn) != 0
}
