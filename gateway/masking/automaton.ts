/**
 * The plan of fields of one route as an automaton over names and indices, built as bodies ask for it. Every format walks
 * the same automaton. A state is a place in a body: which paths are still open there, and which binding is in force.
 *
 * It knows nothing of audiences: plans of one route share it.
 */
import type { Place } from '../contracts.ts'
import { normalizeName } from '../policy/names.ts'
import type { Binding, PathStep, TypeRule } from '../policy/plan.ts'
import { KeyTable } from './key-table.ts'

/** A policy with many `..` and a hostile body could ask for a state per combination; beyond this the body is refused. */
const maxStates = 16_384

/** What is in force at a place. Indices into the bindings; `strong` is -1 where nothing is bound. */
export type Fate = { readonly strong: number; readonly weak: readonly number[] }

/** A path that has matched `done` of its steps. */
type Item = { readonly binding: number; readonly done: number }

type State = { readonly items: readonly Item[]; readonly fate: Fate; readonly elements: Map<number, Place> | null }

export class FieldAutomaton {
  readonly #bindings: readonly Binding[]
  readonly #types: readonly TypeRule[]
  readonly #symbols = new Map<string, number>()
  readonly #states: State[] = []
  readonly #ids = new Map<string, Place>()
  readonly #stride: number
  /** One more than the highest index that any path names: all from there on are alike. */
  readonly #otherIndex: number
  #next: Int32Array
  readonly keys: KeyTable
  readonly root: Place

  /** `isPersonal` says whether a name itself holds personal information. */
  constructor(bindings: readonly Binding[], types: readonly TypeRule[], isPersonal: (name: string) => boolean) {
    this.#bindings = bindings
    this.#types = types
    for (const { path } of bindings) {
      for (const step of path.steps) {
        if ('name' in step && !this.#symbols.has(step.name)) this.#symbols.set(step.name, this.#symbols.size + 1)
      }
    }
    this.#stride = this.#symbols.size + 1
    const indices = bindings.flatMap(({ path }) => path.steps.map(step => ('index' in step ? step.index : -1)))
    this.#otherIndex = 1 + indices.reduce((highest, index) => Math.max(highest, index), -1)
    this.#next = new Int32Array(this.#stride * 8)
    this.keys = new KeyTable(name => ({ symbol: this.symbol(name), personal: isPersonal(name) }))
    this.root = this.#intern(
      bindings.map((_, binding) => ({ binding, done: 0 })),
      { strong: -1, weak: [] },
    )
  }

  /** The number of a name in this automaton's alphabet. */
  symbol(name: string): number {
    return this.#symbols.get(normalizeName(name)) ?? 0
  }

  fate(place: Place): Fate {
    return this.#states[place]!.fate
  }

  member(place: Place, symbol: number): Place {
    const known = this.#next[place * this.#stride + symbol]!
    return known !== 0 ? known - 1 : this.#addMember(place, symbol)
  }

  /** Whether no path counts the elements of an array at this place. */
  looksThrough(place: Place): boolean {
    return this.#states[place]!.elements === null
  }

  element(place: Place, index: number): Place {
    const { elements } = this.#states[place]!
    if (elements === null) return place
    const named = Math.min(index, this.#otherIndex)
    const known = elements.get(named)
    if (known !== undefined) return known
    const to = this.#move(place, step => 'wildcard' in step || ('index' in step && step.index === index), true)
    elements.set(named, to)
    return to
  }

  /** The place itself and, for paths that count elements, the one at `index` of an array there. */
  repeated(place: Place, index: number): Place {
    const { items, elements } = this.#states[place]!
    if (elements === null) return place
    const named = -1 - Math.min(index, this.#otherIndex)
    const known = elements.get(named)
    if (known !== undefined) return known
    const counted = this.#states[this.element(place, index)]!
    const to = this.#intern([...items, ...counted.items], counted.fate)
    elements.set(named, to)
    return to
  }

  #addMember(place: Place, symbol: number): Place {
    const matches = (step: PathStep) =>
      'wildcard' in step || ('name' in step && this.#symbols.get(step.name) === symbol)
    const to = this.#move(place, matches, false)
    this.#next[place * this.#stride + symbol] = to + 1
    return to
  }

  #move(place: Place, matches: (step: PathStep) => boolean, toElement: boolean): Place {
    const from = this.#states[place]!
    const items: Item[] = []
    const reached: number[] = []
    for (const item of from.items) {
      const { path } = this.#bindings[item.binding]!
      const step = path.steps[item.done]!
      const lookedThrough = toElement && !path.exact
      if (lookedThrough || step.descendant || (item.done === 0 && !path.rooted)) items.push(item)
      if (lookedThrough || !matches(step)) continue
      if (item.done + 1 === path.steps.length) reached.push(item.binding)
      else items.push({ binding: item.binding, done: item.done + 1 })
    }
    return this.#intern(items, this.#decide(reached, from.fate, toElement))
  }

  /** The binding in force: the nearest; at one place the lowest step, then the longer path, then the higher level. */
  #decide(reached: readonly number[], inherited: Fate, toElement: boolean): Fate {
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
      right.path.steps.length - left.path.steps.length ||
      this.#types[right.type]!.level - this.#types[left.type]!.level ||
      a - b
    )
  }

  #intern(items: readonly Item[], fate: Fate): Place {
    const unique = new Map(items.map(item => [`${item.binding}:${item.done}`, item]))
    const key = `${fate.strong}/${fate.weak.join()}/${[...unique.keys()].sort().join()}`
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    if (this.#states.length === maxStates) throw Object.assign(new Error('too many places'), { code: 'too_large' })
    const kept = [...unique.values()]
    const exact = kept.some(item => this.#bindings[item.binding]!.path.exact)
    // An element of an array stands where its array stands, unless a path counts elements.
    const place = this.#states.push({ items: kept, fate, elements: exact ? new Map() : null }) - 1
    this.#ids.set(key, place)
    if ((place + 1) * this.#stride > this.#next.length) {
      const wider = new Int32Array(this.#next.length * 2)
      wider.set(this.#next)
      this.#next = wider
    }
    return place
  }
}
