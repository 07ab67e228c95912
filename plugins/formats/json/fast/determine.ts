/** Shapes made one automaton without choices. */
import { addExpression, Choices, endOfText } from './expression.ts'

export type Determined = {
  /** By character, its column: those of one column are alike. The end of the text has the last. */
  readonly columns: Uint16Array
  /** By state and column, the next state; the first state is that of the beginning. */
  readonly rows: readonly Uint16Array[]
  /** The state in which a match has ended: it stays so. */
  readonly ended: number
}

/** More kinds of characters, or states, are not worth their memory; a byte tells a column, and what none speaks of has one. */
export const mostColumns = 255
export const mostStates = 8192

/**
 * The automaton that tells whether one of some expressions matches anywhere in a text: by subsets of the states of the one
 * with choices (M. Rabin and D. Scott, Finite Automata and Their Decision Problems, 1959). null: it is too large.
 */
export function determine(sources: readonly string[]): Determined | null {
  const choices = new Choices()
  const start = choices.add()
  const end = choices.add()
  for (const source of sources) addExpression(choices, source, start, end)
  const { columns, count, columnsOf } = divide(choices)
  if (count > mostColumns) return null
  const closure = closures(choices, end)
  const restart = closure([start], false)
  const again = step(choices, restart, columnsOf, count)
  const ids = new Map<string, number>()
  const subsets: (readonly number[])[] = []
  const idOf = (subset: readonly number[]): number => {
    const kept = subset.includes(end) ? [end] : subset
    const key = String.fromCharCode(...kept)
    const known = ids.get(key)
    if (known !== undefined) return known
    ids.set(key, subsets.length)
    return subsets.push(kept) - 1
  }
  // Most characters lead where many others do.
  const led = new Map<string, number>()
  const leadOf = (to: readonly number[]): number => {
    const key = String.fromCharCode(...to)
    const known = led.get(key)
    if (known !== undefined) return known
    const id = idOf(closure(to, false))
    led.set(key, id)
    return id
  }
  const anyway = again.map(leadOf)
  const beginning = closure([start], true)
  const first = idOf(beginning.includes(end) ? [end] : beginning.filter(at => !restart.includes(at)))
  const rows: Uint16Array[] = []
  for (let id = 0; id < subsets.length; id++) {
    if (subsets.length > mostStates) return null
    const from = subsets[id]!
    const ended = from[0] === end
    const to = step(choices, ended ? [] : from, columnsOf, count)
    const next = (column: number): number => {
      if (ended) return id
      return to[column]!.length === 0 ? anyway[column]! : leadOf([...again[column]!, ...to[column]!])
    }
    rows.push(Uint16Array.from({ length: count }, (_, column) => next(column)))
  }
  return {
    columns,
    rows: swapped(rows, first),
    ended: swap(
      subsets.findIndex(([only]) => only === end),
      first,
    ),
  }
}

/** Where the characters of each column lead from these states. */
function step(
  { states }: Choices,
  from: readonly number[],
  columnsOf: readonly (readonly number[])[],
  count: number,
): number[][] {
  const reached: number[][] = Array.from({ length: count }, () => [])
  for (const at of from) for (const column of columnsOf[at]!) reached[column]!.push(states[at]!.to)
  return reached
}

/** With the first state in the place of the one that stands for the beginning, and that in its. */
function swapped(rows: readonly Uint16Array[], first: number): readonly Uint16Array[] {
  return rows.map((_, id) => rows[swap(id, first)]!.map(to => swap(to, first)))
}

function swap(id: number, first: number): number {
  return id === first ? 0 : id === 0 ? first : id
}

/** All states that are reached for nothing, in order, of such as go on or end. */
function closures({ states }: Choices, end: number) {
  const seen = new Int32Array(states.length)
  let round = 0
  return (from: readonly number[], beginning: boolean): number[] => {
    round++
    const held: number[] = []
    const open = [...from]
    while (open.length > 0) {
      const at = open.pop()!
      if (seen[at] === round) continue
      seen[at] = round
      const { set, free, atBeginning } = states[at]!
      if (set !== null || at === end) held.push(at)
      for (const to of free) open.push(to)
      if (beginning) for (const to of atBeginning) open.push(to)
    }
    return held.sort((a, b) => a - b)
  }
}

/** Characters that every set has or has not alike share a column; and by state, the columns of its set. */
function divide({ states }: Choices): {
  columns: Uint16Array
  count: number
  columnsOf: readonly (readonly number[])[]
} {
  const sets = [...new Map(states.flatMap(({ set }) => (set === null ? [] : [[set.join(), set] as const]))).values()]
  const bounds = new Set([0, endOfText, endOfText + 1])
  for (const [low, high] of sets.flat()) bounds.add(low).add(high + 1)
  const starts = [...bounds].sort((a, b) => a - b)
  const at = new Map(starts.map((start, index) => [start, index]))
  // By stretch between two bounds, in which sets it is.
  const within = starts.map((): number[] => [])
  for (const [index, ranges] of sets.entries()) {
    for (const [low, high] of ranges) for (let k = at.get(low)!; k < at.get(high + 1)!; k++) within[k]!.push(index)
  }
  const columns = new Uint16Array(endOfText + 1)
  const kinds = new Map<string, number>()
  const columnsIn = sets.map(() => new Set<number>())
  for (const [k, start] of starts.slice(0, -1).entries()) {
    const members = [...new Set(within[k])]
    const kind = members.join()
    if (!kinds.has(kind)) kinds.set(kind, kinds.size)
    const column = kinds.get(kind)!
    columns.fill(column, start, starts[k + 1])
    for (const member of members) columnsIn[member]!.add(column)
  }
  const indices = new Map(sets.map((set, index) => [set.join(), index]))
  return {
    columns,
    count: kinds.size,
    columnsOf: states.map(({ set }) => (set === null ? [] : [...columnsIn[indices.get(set.join())!]!])),
  }
}
