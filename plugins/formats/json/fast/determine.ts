/** Shapes made one automaton without choices. */
import { addExpression, Choices, endOfText, type Range } from './expression.ts'

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
  const lists = new Lists(choices.states.length)
  const led: number[] = []
  const leadOf = (list: number): number => (led[list] ??= idOf(closure(lists.of(list), false)))
  const step = (by: Int32Array, from: readonly number[]) => {
    for (const at of from) lists.append(by, columnsOf[at]!, choices.states[at]!.to)
    return by
  }
  const again = step(new Int32Array(count), restart)
  again.forEach(leadOf)
  const beginning = closure([start], true)
  const first = idOf(beginning.includes(end) ? [end] : beginning.filter(at => !restart.includes(at)))
  const rows: Uint16Array[] = []
  for (let id = 0; id < subsets.length; id++) {
    if (subsets.length > mostStates) return null
    const from = subsets[id]!
    const ended = from[0] === end
    rows.push(ended ? new Uint16Array(count).fill(id) : Uint16Array.from(step(again.slice(), from), leadOf))
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

/** Lists of states by number, the empty one 0: each is another with one state behind it. */
class Lists {
  readonly #states: number
  readonly #shorter: number[] = [0]
  readonly #last: number[] = [0]
  readonly #longer = new Map<number, number>()

  /** `states`: how many there are. */
  constructor(states: number) {
    this.#states = states
  }

  /** Puts a state behind the lists that some columns have. */
  append(by: Int32Array, columns: readonly number[], state: number): void {
    // One column after another has the same.
    let before = -1
    let after = -1
    for (const column of columns) {
      const list = by[column]!
      if (list !== before) after = this.#with((before = list), state)
      by[column] = after
    }
  }

  #with(list: number, state: number): number {
    const key = list * this.#states + state
    const known = this.#longer.get(key)
    if (known !== undefined) return known
    const longer = this.#shorter.push(list) - 1
    this.#last.push(state)
    this.#longer.set(key, longer)
    return longer
  }

  of(list: number): number[] {
    const states: number[] = []
    for (let at = list; at !== 0; at = this.#shorter[at]!) states.push(this.#last[at]!)
    return states
  }
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
  const keys = states.map(({ set }) => set?.join() ?? '')
  const byKey = new Map(states.flatMap(({ set }, state) => (set === null ? [] : [[keys[state]!, set] as const])))
  const sets = [...byKey.values()]
  const bounds = new Set([0, endOfText, endOfText + 1])
  for (const [low, high] of sets.flat()) bounds.add(low).add(high + 1)
  const starts = [...bounds].sort((a, b) => a - b)
  const at = new Map(starts.map((start, index) => [start, index]))
  // By stretch between two bounds its column, of which each set makes two where it has only a part.
  const within = new Uint32Array(starts.length)
  const stretchesOf = sets.map(ranges => [...new Set(ranges.flatMap(range => stretches(range, at)))])
  let last = 0
  for (const inside of stretchesOf) {
    const parted = new Map<number, number>()
    for (const stretch of inside) {
      const whole = within[stretch]!
      const part = parted.get(whole) ?? ++last
      parted.set(whole, part)
      within[stretch] = part
    }
  }
  const columns = new Uint16Array(endOfText + 1)
  const kinds = new Map<number, number>()
  for (const [k, start] of starts.slice(0, -1).entries()) {
    const column = kinds.get(within[k]!) ?? kinds.size
    kinds.set(within[k]!, column)
    columns.fill(column, start, starts[k + 1])
  }
  const columnsIn = stretchesOf.map(inside => [...new Set(inside.map(k => kinds.get(within[k]!)!))])
  const columnsBy = new Map(Array.from(byKey.keys(), (key, index) => [key, columnsIn[index]!]))
  return { columns, count: kinds.size, columnsOf: keys.map(key => columnsBy.get(key) ?? []) }
}

/** The stretches of a range, by where each begins. */
function stretches([low, high]: Range, at: ReadonlyMap<number, number>): number[] {
  const first = at.get(low)!
  return Array.from({ length: at.get(high + 1)! - first }, (_, k) => first + k)
}
