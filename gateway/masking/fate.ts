import type { Binding, Plan, TypeRule } from '../policy/plan.ts'

/** What is in force at a place. Indices into the bindings; `strong` is -1 where nothing is bound. */
export type Fate = { readonly strong: number; readonly weak: readonly number[] }
export const unbound: Fate = { strong: -1, weak: [] }

/**
 * Whether a rule holds at a place. `unsaid`: no object around the place was asked. `open`: one was, but was too large to
 * wait for, so that nobody knows. Under both the stricter reading counts.
 */
export type Standing = 'unsaid' | 'no' | 'yes' | 'open'

/** What was in force where a step began, and how the rules stand. */
type From = { readonly fate: Fate; readonly standings: readonly Standing[] }

/** The step of bindings by the names that a catalogue has (`Binding`). */
const ofCatalogue = 2

/** Which of several bindings is in force. */
export class Precedence {
  readonly #bindings: readonly Binding[]
  readonly #types: readonly TypeRule[]
  /** How strict it is with what no binding names: beyond every level where that goes, else between nothing and level 1. */
  readonly #unbound: number

  constructor(bindings: readonly Binding[], types: readonly TypeRule[], unlisted: Plan['unlisted']) {
    this.#bindings = bindings
    this.#types = types
    this.#unbound = unlisted === 'remove' ? 5 : 0.5
  }

  /** The type that is bound; -1: none is. */
  typeOf({ strong }: Fate): number {
    return this.#bindings[strong]?.type ?? -1
  }

  /** How much what is in force hides at the least. */
  strictnessOf({ strong, weak }: Fate): number {
    const own = this.#strictness(strong)
    // What a weak name says counts only where the detector agrees.
    return weak.length === 0 ? own : Math.max(own, this.#unbound + 0.1)
  }

  /**
   * What is in force where the paths of these bindings end. Of bindings that count only where a rule holds those count for
   * which it does; of those for which nobody knows the strictest, where it is stricter than what else is in force.
   */
  decide(reached: readonly number[], { fate, standings }: From, toElement: boolean): Fate {
    const inherited = !toElement && this.#isOfScalars(fate.strong) ? unbound : this.#inside(fate)
    const standing = (at: number) => standings[this.#bindings[at]!.rule ?? -1] ?? 'yes'
    const known = this.#nearest(
      reached.filter(at => standing(at) === 'yes'),
      inherited,
      toElement,
    )
    const unknown = reached.filter(at => standing(at) === 'open' || standing(at) === 'unsaid')
    const strictest = unknown.sort((a, b) => this.#strictness(b) - this.#strictness(a) || a - b)[0]
    if (strictest === undefined || this.#strictness(strictest) <= this.#strictness(known.strong)) return known
    return { strong: strictest, weak: [] }
  }

  /** What stands inside the place of a token that is handed out is none. */
  #inside(fate: Fate): Fate {
    return this.#bindings[fate.strong]?.handsOut === 'value' ? { strong: fate.strong + 1, weak: [] } : fate
  }

  /**
   * Whether a binding says nothing of what objects hold: by their usual names figures and the like are known that anybody may
   * see, and under such a name there may as well be people (`hits` of a search).
   */
  #isOfScalars(at: number): boolean {
    const binding = this.#bindings[at]
    if (binding === undefined || binding.step !== ofCatalogue) return false
    const { kind, level } = this.#types[binding.type]!
    return kind === 'typed' && level === 1
  }

  /** How much a binding hides at the least; -1: nothing is bound. */
  #strictness(binding: number): number {
    const type = this.#types[this.#bindings[binding]?.type ?? -1]
    if (type === undefined) return this.#unbound
    return type.kind === 'typed' ? type.level : type.kind === 'free_text' ? 0.6 : 0
  }

  /** The nearest; at one place the lowest step, then what a rule says, then the longer path, then the higher level. */
  #nearest(reached: readonly number[], inherited: Fate, toElement: boolean): Fate {
    const strong = reached.filter(at => !this.#bindings[at]!.weak).sort((a, b) => this.#rank(a, b))[0]
    const weak = reached.filter(at => this.#bindings[at]!.weak).sort((a, b) => this.#rank(a, b))
    if (strong !== undefined) return { strong, weak: [] }
    return { strong: inherited.strong, weak: weak.length > 0 || !toElement ? weak : inherited.weak }
  }

  #rank(a: number, b: number): number {
    const left = this.#bindings[a]!
    const right = this.#bindings[b]!
    return (
      left.step - right.step ||
      Number(left.rule === undefined) - Number(right.rule === undefined) ||
      right.path.steps.length - left.path.steps.length ||
      this.#types[right.type]!.level - this.#types[left.type]!.level ||
      a - b
    )
  }
}
