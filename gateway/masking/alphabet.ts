import { latinEnds, mayEndInLatin } from '../policy/latin-ends.ts'
import { normalizeName } from '../policy/names.ts'
import { mayEndInName, namesAtEnd } from '../policy/names-at-end.ts'
import type { Binding, TypeRule } from '../policy/plan.ts'
import { NameSieve } from './name-sieve.ts'

/** So many spellings of its names are remembered, and no longer ones. */
const mostSpelt = 1024
const longestSpelt = 12

/** The names that paths of bindings have, by number from 1 on; 0 is any other. */
export class Alphabet {
  readonly #symbols = new Map<string, number>()
  /** Of names under which something is said not to be personal. */
  readonly #open = new Set<number>()
  readonly #sieve: NameSieve
  /** By how a name was spelled in bodies so far. */
  readonly #spelt = new Map<string, number>()

  constructor(bindings: readonly Binding[], types: readonly TypeRule[]) {
    for (const { path } of bindings) {
      for (const step of path.steps) {
        if ('name' in step && !this.#symbols.has(step.name)) this.#symbols.set(step.name, this.#symbols.size + 1)
      }
    }
    for (const { path, type } of bindings) {
      const last = path.steps.at(-1)!
      if ('name' in last && types[type]!.kind !== 'typed') this.#open.add(this.#symbols.get(last.name)!)
    }
    this.#sieve = new NameSieve([...this.#symbols.keys()])
  }

  get size(): number {
    return this.#symbols.size
  }

  /** The number of a name as a path has it. */
  of(name: string): number {
    return this.#symbols.get(name)!
  }

  /** The number of a name in a body, or of the one that it ends with. */
  symbol(name: string): number {
    if (!this.#sieve.mayHold(name) && !mayEndInName(name) && !mayEndInLatin(name)) return 0
    return this.#spelt.get(name) ?? this.#symbolOf(name)
  }

  #symbolOf(name: string): number {
    const symbol = this.#symbols.get(normalizeName(name)) ?? this.#symbolOfEnd(name)
    if (symbol === 0 || name.length > longestSpelt) return symbol
    if (this.#spelt.size === mostSpelt) this.#spelt.clear()
    this.#spelt.set(name, symbol)
    return symbol
  }

  #symbolOfEnd(name: string): number {
    for (const end of mayEndInName(name) ? namesAtEnd(name) : []) {
      const symbol = this.#symbols.get(end)
      if (symbol !== undefined) return symbol
    }
    // What one field is said not to be, others that only end so may be all the same.
    for (const end of mayEndInLatin(name) ? latinEnds(name) : []) {
      const symbol = this.#symbols.get(end)
      if (symbol !== undefined && !this.#open.has(symbol)) return symbol
    }
    return 0
  }
}
