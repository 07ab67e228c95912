/** The automata of shapes in the memory of the compiled reader: each is made once, whatever plans look for it. */
import { automatonOf, type ShapeAutomaton, sizeOf, writeAutomaton } from './shapes.ts'

/** Where an automaton is, and which texts of digits alone and moments it may match (`ShapeAutomaton`). */
export type Automaton = { readonly at: number } & Pick<ShapeAutomaton, 'numbers' | 'moments'>

/** What was made of expressions, the oldest first: to make those of the shipped policy takes a fifth of a second. */
const made = new Map<string, ShapeAutomaton | null>()
const mostMade = 64

export class Automata {
  readonly #from: number
  readonly #to: number
  #end: number
  readonly #known = new Map<string, Automaton | null>()
  #isCrowded = false

  /** They have the memory from one address up to another. */
  constructor(from: number, to: number) {
    this.#from = from
    this.#to = to
    this.#end = from
  }

  /** Whether there was no room for one since all were cleared. */
  get isCrowded(): boolean {
    return this.#isCrowded
  }

  clear(): void {
    this.#known.clear()
    this.#end = this.#from
    this.#isCrowded = false
  }

  /** The automaton of some expressions, which is written if it was not; null where it is too large, or has no room. */
  of(shapes: readonly RegExp[], memory: Buffer): Automaton | null {
    const key = shapes.join('\n')
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const written = this.#write(make(key, shapes), memory)
    this.#known.set(key, written)
    return written
  }

  #write(automaton: ShapeAutomaton | null, memory: Buffer): Automaton | null {
    if (automaton === null) return null
    const size = sizeOf(automaton)
    if (size > this.#to - this.#end) {
      this.#isCrowded = true
      return null
    }
    const at = this.#end
    writeAutomaton(automaton, memory, at)
    this.#end += (size + 15) & ~15
    return { at, numbers: automaton.numbers, moments: automaton.moments }
  }
}

function make(key: string, shapes: readonly RegExp[]): ShapeAutomaton | null {
  const known = made.get(key)
  if (known !== undefined) return known
  // An expression with flags says something else than its source.
  const automaton = shapes.some(({ flags }) => flags !== '') ? null : automatonOf(shapes.map(({ source }) => source))
  if (made.size === mostMade) made.delete(made.keys().next().value!)
  made.set(key, automaton)
  return automaton
}
