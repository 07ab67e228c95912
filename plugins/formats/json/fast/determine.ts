/** One shape made an automaton without choices, as small as can be. */
import { addExpression, Choices, symbols } from './expression.ts'

export type Determined = {
  /** By symbol, its column. */
  readonly columns: Uint8Array
  /** By state and column, the next state; the first state is that of the beginning. */
  readonly rows: readonly Uint16Array[]
  /** The state in which a match has ended: it stays so. */
  readonly ended: number
}

/**
 * The automaton that tells whether an expression matches anywhere in a text: by subsets of the states of the one with
 * choices (M. Rabin and D. Scott, Finite Automata and Their Decision Problems, 1959). What follows a match counts for nothing.
 */
export function determine(source: string): Determined {
  const choices = new Choices()
  const start = choices.add()
  const end = choices.add()
  addExpression(choices, source, start, end)
  const { columns, samples } = divideSymbols(choices)
  const closure = closures(choices, end)
  const restart = closure([start], false)
  const again = samples.map(symbol => step(choices, restart, symbol))
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
  idOf(closure([start], true))
  const rows: Uint16Array[] = []
  for (let id = 0; id < subsets.length; id++) {
    const from = subsets[id]!
    const ended = from[0] === end
    const next = (symbol: number, column: number) =>
      ended ? id : idOf(closure([...again[column]!, ...step(choices, from, symbol)], false))
    rows.push(Uint16Array.from(samples, next))
  }
  return { columns, rows, ended: subsets.findIndex(([first]) => first === end) }
}

/** Where a symbol leads from these states. */
function step({ states }: Choices, from: readonly number[], symbol: number): number[] {
  const reached: number[] = []
  for (const at of from) {
    const { set, to } = states[at]!
    if (set?.[symbol] === 1) reached.push(to)
  }
  return reached
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
      open.push(...free)
      if (beginning) open.push(...atBeginning)
    }
    return held.sort((a, b) => a - b)
  }
}

/** Symbols that every set has or has not alike share a column; with a symbol of each column. */
function divideSymbols({ states }: Choices): { columns: Uint8Array; samples: number[] } {
  const sets = [...new Set(states.flatMap(({ set }) => (set === null ? [] : [Buffer.from(set).toString('latin1')])))]
  const kinds = new Map<string, number>()
  const samples: number[] = []
  const columns = Uint8Array.from({ length: symbols }, (_, symbol) => {
    const kind = sets.map(set => set[symbol]).join('')
    if (!kinds.has(kind)) kinds.set(kind, samples.push(symbol) - 1)
    return kinds.get(kind)!
  })
  return { columns, samples }
}
