/** What ../wasm/in-a-row.ts knows of shapes that want three characters in a row of a few. */
import type { Determined } from './determine.ts'
import { endOfText } from './expression.ts'

export const tablesSize = 80

/** More characters would be seen everywhere. */
const mostWanted = 64

/** The tables of an automaton; null where it matches without three in a row of a few characters, or ASCII is among them. */
export function tablesOf(automaton: Determined): Uint8Array | null {
  const wanted = wantedBy(automaton)
  if (automaton.columns.subarray(0, 0x80).some(column => wanted[column])) return null
  // Texts with any others are read to the end.
  const characters: number[] = []
  for (let character = 0x4000; character <= 0x9fff; character++)
    if (wanted[automaton.columns[character]!]) characters.push(character)
  return characters.length > mostWanted || mayMatchInTwo(automaton, wanted) ? null : tablesFor(characters)
}

/** By column, whether it leads anywhere but to the beginning. */
function wantedBy({ rows, ended }: Determined): readonly boolean[] {
  return Array.from(rows[0]!, (_, column) => rows.some((row, state) => state !== ended && row[column] !== 0))
}

/** Whether a match, up to the end of the text or not, is of two characters that are wanted, of fewer or of none. */
function mayMatchInTwo({ columns, rows, ended }: Determined, wanted: readonly boolean[]): boolean {
  let states = new Set([0])
  for (let length = 0; ; length++) {
    for (const state of states) if (state === ended || rows[state]![columns[endOfText]!] === ended) return true
    if (length === 2) return false
    states = new Set([...states].flatMap(state => Array.from(rows[state]!).filter((_, column) => wanted[column])))
  }
}

function tablesFor(characters: readonly number[]): Uint8Array {
  const tables = new Uint8Array(tablesSize)
  for (const character of characters) {
    const [first, second, third] = Buffer.from(String.fromCharCode(character)) as unknown as [number, number, number]
    // E4 to E9.
    const bit = 1 << ((first & 0x0f) - 4)
    const halves = [first & 0x0f, second >> 4, second & 0x0f, third >> 4, third & 0x0f]
    for (const [table, half] of halves.entries()) tables[table * 16 + half]! |= bit
  }
  return tables
}
