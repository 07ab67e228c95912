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
 * The same with as few states and columns as there can be: states are told apart, by one column after the other, until all of a
 * kind lead to the same kinds (E. Moore, Gedanken-experiments on Sequential Machines, 1956).
 */
function minimize({ columns, rows, ended }: Determined): Determined {
  const led = transposed(rows)
  const { numbers: kinds, firsts } = numbered(kindsOf(led, ended))
  const leading = led.map(to => new Uint16Array(firsts.map(state => kinds[to[state]!]!)))
  const alike = numbered(leading.map(to => Buffer.from(to.buffer).toString('latin1')))
  return {
    columns: alike.firsts.length === led.length ? columns : columns.map(column => alike.numbers[column]!),
    rows: transposed(alike.firsts.map(column => leading[column]!)),
    ended: kinds[ended]!,
  }
}

function transposed(rows: readonly Uint16Array[]): Uint16Array[] {
  const columns = Array.from(rows[0]!, () => new Uint16Array(rows.length))
  for (const [at, row] of rows.entries())
    for (let column = 0; column < row.length; column++) columns[column]![at] = row[column]!
  return columns
}

/** By state its kind. `led`: by column and state, the next state. */
function kindsOf(led: readonly Uint16Array[], ended: number): Uint16Array {
  const kinds = new Uint16Array(led[0]!.length)
  kinds[ended] = 1
  const reached = new Uint16Array(kinds.length)
  let among = Uint16Array.from(kinds.keys())
  let count = 2
  for (let before = 0; before < count; ) {
    before = count
    for (const to of led) {
      const told = tellApart(kinds, count, among, to, reached)
      if (told > count) among = notAlone(kinds, (count = told), among)
    }
  }
  return kinds
}

/** Those of some states that are not the only one of their kind. */
function notAlone(kinds: Uint16Array, count: number, among: Uint16Array): Uint16Array<ArrayBuffer> {
  const counts = new Uint16Array(count)
  for (const state of among) counts[kinds[state]!]!++
  return among.filter(state => counts[kinds[state]!]! > 1)
}

/**
 * Gives states that lead elsewhere than the first of their kind a kind of those that lead where they do; returns how many kinds
 * there are then. `reached` has room for all states.
 */
function tellApart(
  kinds: Uint16Array,
  count: number,
  among: Uint16Array,
  to: Uint16Array,
  reached: Uint16Array,
): number {
  for (const state of among) reached[state] = kinds[to[state]!]!
  const usual = new Int32Array(count).fill(-1)
  const others = new Map<number, number>()
  for (const state of among) {
    const kind = kinds[state]!
    if (usual[kind] === -1) usual[kind] = reached[state]!
    if (usual[kind] === reached[state]) continue
    const key = kind * 65_536 + reached[state]!
    const other = others.get(key) ?? count + others.size
    others.set(key, other)
    kinds[state] = other
  }
  return count + others.size
}

/** Numbers for keys, the same for the same, in the order in which they come; and where each came first. */
function numbered(keys: Iterable<string | number>): { numbers: readonly number[]; firsts: readonly number[] } {
  const known = new Map<string | number, number>()
  const numbers: number[] = []
  const firsts: number[] = []
  for (const key of keys) {
    const number = known.get(key) ?? firsts.push(numbers.length) - 1
    known.set(key, number)
    numbers.push(number)
  }
  return { numbers, firsts }
}
