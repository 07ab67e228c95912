/** Automata without choices, made as small as they can be and several made one. */
import { type Determined, mostColumns, mostStates } from './determine.ts'

/** The automaton that tells whether one of some automata finds a match; null: it is too large. */
export function unite([first, ...others]: readonly Determined[]): Determined | null {
  let united = minimize(first!)
  for (const other of others) {
    const both = product(united, minimize(other))
    if (both === null) return null
    united = minimize(both)
  }
  return united.rows[0]!.length > mostColumns ? null : united
}

/** Two at once: a state for each two in which they can be at the same time. */
function product(a: Determined, b: Determined): Determined | null {
  const [columns, pairs] = divide(a.columns, b.columns)
  const ids = new Map<number, number>()
  const states: (readonly [inA: number, inB: number])[] = []
  const idOf = (inA: number, inB: number): number => {
    // Where one has ended it does not matter any more where the other is.
    const key = inA === a.ended || inB === b.ended ? -1 : inA * b.rows.length + inB
    const known = ids.get(key)
    if (known !== undefined) return known
    ids.set(key, states.length)
    return states.push(key === -1 ? [a.ended, b.ended] : [inA, inB]) - 1
  }
  idOf(0, 0)
  const rows: Uint16Array[] = []
  for (let id = 0; id < states.length; id++) {
    if (states.length > mostStates) return null
    const [inA, inB] = states[id]!
    rows.push(Uint16Array.from(pairs, ([ofA, ofB]) => idOf(a.rows[inA]![ofA]!, b.rows[inB]![ofB]!)))
  }
  return { columns, rows, ended: idOf(a.ended, b.ended) }
}

/** By character, a column for each two of the columns that it has; and which two these are. */
function divide(a: Uint16Array, b: Uint16Array): [columns: Uint16Array, pairs: (readonly [number, number])[]] {
  const ids = new Map<number, number>()
  const pairs: (readonly [number, number])[] = []
  const columns = a.map((ofA, character) => {
    const ofB = b[character]!
    const key = ofA * 65_536 + ofB
    const known = ids.get(key)
    if (known !== undefined) return known
    ids.set(key, pairs.length)
    return pairs.push([ofA, ofB]) - 1
  })
  return [columns, pairs]
}

/**
 * The same with as few states and columns as there can be: states are told apart until all of a kind lead to the same kinds
 * (E. Moore, Gedanken-experiments on Sequential Machines, 1956).
 */
function minimize({ columns, rows, ended }: Determined): Determined {
  let kinds: readonly number[] = rows.map((_, state) => (state === ended ? 1 : 0))
  let count = new Set(kinds).size
  for (;;) {
    const alone = onlyOnes(kinds)
    const led = (row: Uint16Array) => String.fromCharCode(...row.map(to => kinds[to]!))
    const told = numbered(rows.map((row, state) => kinds[state] + (alone[kinds[state]!] ? '' : `:${led(row)}`)))
    kinds = told.numbers
    if (told.firsts.length === count) break
    count = told.firsts.length
  }
  const { firsts } = numbered(kinds.map(String))
  const kept = firsts.map(state => rows[state]!)
  const alike = numbered(
    Array.from(rows[0]!, (_, column) => String.fromCharCode(...kept.map(row => kinds[row[column]!]!))),
  )
  return {
    columns: columns.map(column => alike.numbers[column]!),
    rows: kept.map(row => Uint16Array.from(alike.firsts, column => kinds[row[column]!]!)),
    ended: kinds[ended]!,
  }
}

/** By kind, whether there is one of it alone. */
function onlyOnes(kinds: readonly number[]): readonly boolean[] {
  const counts: number[] = []
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1
  return counts.map(count => count === 1)
}

/** Numbers for keys, the same for the same, in the order in which they come; and where each came first. */
function numbered(keys: readonly string[]): { numbers: readonly number[]; firsts: readonly number[] } {
  const known = new Map<string, number>()
  const firsts: number[] = []
  const numbers = keys.map((key, at) => {
    const number = known.get(key) ?? firsts.push(at) - 1
    known.set(key, number)
    return number
  })
  return { numbers, firsts }
}
