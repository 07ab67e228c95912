/**
 * Names and values that a document of GraphQL asks or stores by, with the values of its variables in their places. They are made as they are
 * looked at: together they can be many times what was sent.
 */
import { type Pair, pairsIn } from '../pairs.ts'
import type { Document, Use } from './document.ts'
import { choosesRows } from './kinds-of-arguments.ts'
import { DocumentFault } from './reasons.ts'

/** Characters of variables that are used under a further name, each time: pages do so with a number or a word. */
const mostAgain = 4 * 1024 * 1024

type Variables = Readonly<Record<string, unknown>>

export class SentPairs {
  readonly #document: Document
  readonly #variables: Variables
  readonly #uses: readonly Use[]
  readonly #unused: readonly string[]
  readonly #written = new Map<string, string>()

  /** Throws DocumentFault where variables are used more often than they could be looked at. */
  constructor(document: Document, variables: Variables) {
    this.#document = document
    this.#variables = variables
    const uses = new Map(document.uses.map(use => [`${use.variable} ${use.name} ${use.stores}`, use]))
    this.#uses = [...uses.values()].filter(({ variable }) => Object.hasOwn(variables, variable))
    const used = new Set(document.uses.map(({ variable }) => variable))
    this.#unused = Object.keys(variables).filter(name => !used.has(name))
    this.#checkUses()
  }

  *asked(): Iterable<Pair> {
    yield* this.#document.asked
    yield* this.#defaults(false)
    for (const { variable, name, stores } of this.#uses) {
      if (!stores) yield* this.#pairsUnder(name, variable)
      else
        for (const [inside, value] of choosingIn(this.#variables[variable]))
          yield* pairsOf(inside, JSON.stringify(value))
    }
    for (const name of this.#unused) yield* this.#pairsUnder(name, name)
  }

  /** What a mutation is given asks for nothing, unless it is used elsewhere too, or chooses what is changed. */
  *stored(): Iterable<Pair> {
    yield* this.#document.stored
    yield* this.#defaults(true)
    for (const { variable, name, stores } of this.#uses) if (stores) yield* this.#pairsUnder(name, variable)
  }

  *#defaults(stored: boolean): Iterable<Pair> {
    const { uses, defaults } = this.#document
    for (const { variable, name, stores } of uses) {
      const value = defaults.get(variable)
      if (stores === stored && value !== undefined) yield { name, value }
    }
  }

  #pairsUnder(name: string, variable: string): Iterable<Pair> {
    return pairsOf(name, this.#writtenOf(variable))
  }

  #writtenOf(variable: string): string {
    const known = this.#written.get(variable)
    if (known !== undefined) return known
    const written = JSON.stringify(this.#variables[variable])
    this.#written.set(variable, written)
    return written
  }

  #checkUses(): void {
    const seen = new Set<string>()
    let again = 0
    for (const { variable } of this.#uses) {
      if (seen.has(variable)) again += this.#writtenOf(variable).length
      if (again > mostAgain) throw new DocumentFault('large', 0)
      seen.add(variable)
    }
  }
}

function pairsOf(name: string, written: string): Iterable<Pair> {
  return pairsIn('json', Buffer.from(`{${JSON.stringify(name)}:${written}}`))
}

/** What in a value that is stored chooses what is changed. */
function choosingIn(value: unknown): [name: string, value: unknown][] {
  const found: [string, unknown][] = []
  const waiting = [value]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (Array.isArray(next)) for (const one of next) waiting.push(one)
    else if (typeof next === 'object' && next !== null)
      for (const [name, inside] of Object.entries(next))
        if (choosesRows(name)) found.push([name, inside])
        else waiting.push(inside)
  }
  return found
}
