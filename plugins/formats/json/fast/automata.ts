/** The automata of shapes in the memory of the compiled reader: each is made once, whatever plans look for it. */
import { automatonOf, sizeOf, writeAutomaton } from './shapes.ts'

/** Where an automaton is, and which texts of digits alone it may match (`ShapeAutomaton`). */
export type Automaton = { readonly at: number; readonly numbers: Uint8Array }

export class Automata {
  readonly #from: number
  readonly #to: number
  #end: number
  readonly #known = new Map<string, Automaton | null>()

  /** They have the memory from one address up to another. */
  constructor(from: number, to: number) {
    this.#from = from
    this.#to = to
    this.#end = from
  }

  /** Bytes that are left. */
  get room(): number {
    return this.#to - this.#end
  }

  clear(): void {
    this.#known.clear()
    this.#end = this.#from
  }

  /** The automaton of some expressions, which is written if it was not; null where it is too large. */
  of(shapes: readonly RegExp[], memory: Buffer): Automaton | null {
    const key = shapes.join('\n')
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = this.#make(shapes, memory)
    this.#known.set(key, made)
    return made
  }

  #make(shapes: readonly RegExp[], memory: Buffer): Automaton | null {
    // An expression with flags says something else than its source.
    if (shapes.some(({ flags }) => flags !== '')) return null
    const automaton = automatonOf(shapes.map(({ source }) => source))
    if (automaton === null) return null
    const size = sizeOf(automaton)
    if (size > this.room) return null
    const at = this.#end
    writeAutomaton(automaton, memory, at)
    this.#end += (size + 15) & ~15
    return { at, numbers: automaton.numbers }
  }
}
