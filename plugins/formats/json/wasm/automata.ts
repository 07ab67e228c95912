/**
 * Automata that ../fast/determine.ts makes of expressions, as they are in memory: 0 the state in which a match has ended, which
 * no character leaves; 8 by UTF-16 code unit, and behind them for the end of the text, its column; then by row and column the
 * next state. A state is the address of its row; the first is that of the beginning. Characters that expressions do not speak
 * of have a column that leads to the end: they may be anything. Before the rows, by column, whether it leads to one state from
 * wherever no match has ended.
 */

export const columnsIn: usize = 8
export const endOfText: usize = 0x10000
const forgetsIn: usize = columnsIn + endOfText + 8
const rowsIn: usize = forgetsIn + 256

// @ts-ignore: decorator
@inline export function beginningOf(automaton: usize): usize {
  return automaton + rowsIn
}

// @ts-ignore: decorator
@inline export function hasEnded(automaton: usize, state: usize): bool {
  return state == load<u32>(automaton)
}

// @ts-ignore: decorator
@inline export function step(automaton: usize, state: usize, character: usize): usize {
  return load<u32>(state + (<usize>load<u8>(automaton + character, columnsIn) << 2))
}

/** Whether behind a character it is all the same what stood before it. */
// @ts-ignore: decorator
@inline export function forgets(automaton: usize, character: usize): bool {
  return load<u8>(automaton + <usize>load<u8>(automaton + character, columnsIn), forgetsIn) != 0
}
