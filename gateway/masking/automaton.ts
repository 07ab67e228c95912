/**
 * The plan of fields of one route as an automaton over names and indices, built as bodies ask for it. Every format walks
 * the same automaton. A state is a place in a body: which paths are still open there, and which binding is in force.
 *
 * It knows nothing of audiences: plans of one route share it, and of routes with the same bindings those that do the same
 * with what no binding names.
 */
import type { Place } from '../contracts.ts'
import type { Binding, PathStep, Plan, RowRule } from '../policy/plan.ts'
import { Alphabet } from './alphabet.ts'
import { type Fate, Precedence, type Standing, unbound } from './fate.ts'
import { type KeyEntry, KeyTable } from './key-table.ts'
import { nameInLabel, rolesOf } from './roles.ts'

/** A policy with many `..` and a hostile body could ask for a state per combination; beyond this the body is refused. */
const maxStates = 16_384
/** In place of the number of a name: paths that begin with any, and those that begin with none. */
const [anyName, noName] = [-1, -2]

/** A path that has matched `done` of its steps. */
type Item = { readonly binding: number; readonly done: number }

type State = {
  /** But those of paths that may begin here as anywhere (`#anywhere`). */
  readonly items: readonly Item[]
  readonly fate: Fate
  readonly elements: Map<number, Place> | null
  /** By rule that looks at the row; the same array for all places that no object has told anything about. */
  readonly standings: readonly Standing[]
  /** By how many levels such rules raise everything here. */
  readonly raise: number
  /** Whether such rules say that what stands here is the operator's own. */
  readonly own: boolean
  /** Whether it is a label that says what stands here. */
  readonly described: boolean
}

export class FieldAutomaton {
  readonly #bindings: readonly Binding[]
  readonly #rules: readonly RowRule[]
  readonly #alphabet: Alphabet
  readonly #precedence: Precedence
  /**
   * By their first name, paths that may begin at every place, and that look through arrays as all such do. Most are names that a
   * catalogue has for its types, thousands of them.
   */
  readonly #anywhere = new Map<number, Item[]>()
  readonly #states: State[] = []
  readonly #ids = new Map<string, Place>()
  /** By place: the same for each way the rules may stand. Asked for every object, where `#intern` looks at every path. */
  readonly #settled = new Map<Place, Map<string, Place>>()
  /** By the place a label leads to: the same, described. */
  readonly #described = new Map<Place, Place>()
  readonly #stride: number
  /** One more than the highest index that any path names: all from there on are alike. */
  readonly #otherIndex: number
  #next: Int32Array
  /** What is to be known of a name, worked out each time. */
  readonly entryOf: (name: string) => KeyEntry
  /** The same for names that come again, by their bytes. */
  readonly keys: KeyTable
  readonly root: Place

  /** `isPersonal` says whether a name itself holds personal information. */
  constructor(
    { bindings, types, unlisted, rowRules = [] }: Pick<Plan, 'bindings' | 'types' | 'unlisted' | 'rowRules'>,
    isPersonal: (name: string) => boolean,
  ) {
    this.#bindings = bindings
    this.#rules = rowRules
    this.#alphabet = new Alphabet(bindings, types)
    this.#precedence = new Precedence(bindings, types, unlisted)
    this.#stride = this.#alphabet.size + 1
    const indices = bindings.flatMap(({ path }) => path.steps.map(step => ('index' in step ? step.index : -1)))
    this.#otherIndex = 1 + indices.reduce((highest, index) => Math.max(highest, index), -1)
    this.#next = new Int32Array(this.#stride * 8)
    this.entryOf = name => ({ symbol: this.symbol(name), personal: isPersonal(name), roles: rolesOf(name) })
    this.keys = new KeyTable(this.entryOf)
    const begun: Item[] = []
    for (const [binding, { path }] of bindings.entries()) {
      const items = path.rooted ? begun : this.#beginningWith(path.steps[0]!)
      items.push({ binding, done: 0 })
    }
    this.root = this.#intern(
      begun,
      unbound,
      rowRules.map(() => 'unsaid'),
    )
  }

  #beginningWith(step: PathStep): Item[] {
    const first = 'wildcard' in step ? anyName : 'name' in step ? this.#alphabet.of(step.name) : noName
    const known = this.#anywhere.get(first)
    if (known !== undefined) return known
    const items: Item[] = []
    this.#anywhere.set(first, items)
    return items
  }

  /** The number of a name in a body; 0: no path has it. */
  symbol(name: string): number {
    return this.#alphabet.symbol(name)
  }

  fate(place: Place): Fate {
    return this.#states[place]!.fate
  }

  /** By how many levels what stands at a place counts as higher. */
  raise(place: Place): number {
    return this.#states[place]!.raise
  }

  /** Whether what stands at a place is the operator's own. */
  isOwn(place: Place): boolean {
    return this.#states[place]!.own
  }

  /** Where each rule that looks at the row stands at a place. */
  standings(place: Place): readonly Standing[] {
    return this.#states[place]!.standings
  }

  /** The place of an object for which it is known where the rules stand. */
  settled(place: Place, standings: readonly Standing[]): Place {
    let settled = this.#settled.get(place)
    if (settled === undefined) this.#settled.set(place, (settled = new Map()))
    const key = standings.join()
    const known = settled.get(key)
    if (known !== undefined) return known
    const { items, fate, described } = this.#states[place]!
    const to = this.#intern(items, fate, standings, described)
    settled.set(key, to)
    return to
  }

  member(place: Place, symbol: number): Place {
    const known = this.#next[place * this.#stride + symbol]!
    return known !== 0 ? known - 1 : this.#addMember(place, symbol)
  }

  /** The place of a member that labels name; that of one with an unknown name where they say nothing, or nothing stricter. */
  described(parent: Place, labels: readonly string[]): Place {
    const plain = this.member(parent, 0)
    let best: Place | null = null
    let most = this.#precedence.strictnessOf(this.fate(plain))
    for (const label of labels) {
      const symbol = this.symbol(nameInLabel(label))
      const place = symbol === 0 ? plain : this.member(parent, symbol)
      if (place === plain || this.#precedence.strictnessOf(this.fate(place)) <= most) continue
      best = place
      most = this.#precedence.strictnessOf(this.fate(place))
    }
    return best === null ? plain : this.#describe(best)
  }

  #describe(place: Place): Place {
    const known = this.#described.get(place)
    if (known !== undefined) return known
    const { items, fate, standings } = this.#states[place]!
    const to = this.#intern(items, fate, standings, true)
    this.#described.set(place, to)
    return to
  }

  isDescribed(place: Place): boolean {
    return this.#states[place]!.described
  }

  /** Whether this text is itself the name of a field of the type that is bound at the place. */
  isKeyOf(place: Place, text: string): boolean {
    const symbol = this.symbol(text)
    if (symbol === 0) return false
    const { fate } = this.#states[this.member(this.root, symbol)]!
    return this.#precedence.typeOf(fate) === this.#precedence.typeOf(this.fate(place))
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
    const { items, elements, standings } = this.#states[place]!
    if (elements === null) return place
    const named = -1 - Math.min(index, this.#otherIndex)
    const known = elements.get(named)
    if (known !== undefined) return known
    const counted = this.#states[this.element(place, index)]!
    const to = this.#intern([...items, ...counted.items], counted.fate, standings)
    elements.set(named, to)
    return to
  }

  #addMember(place: Place, symbol: number): Place {
    const matches = (step: PathStep) =>
      'wildcard' in step || ('name' in step && this.#alphabet.of(step.name) === symbol)
    const begun = [anyName, symbol].flatMap(first => this.#anywhere.get(first) ?? [])
    const to = this.#move(place, matches, false, begun)
    this.#next[place * this.#stride + symbol] = to + 1
    return to
  }

  /** `begun`: items beside those of the place, which match and stay. */
  #move(place: Place, matches: (step: PathStep) => boolean, toElement: boolean, begun: readonly Item[] = []): Place {
    const from = this.#states[place]!
    const items: Item[] = []
    const reached: number[] = []
    const pass = ({ binding, done }: Item) => {
      if (done + 1 === this.#bindings[binding]!.path.steps.length) reached.push(binding)
      else items.push({ binding, done: done + 1 })
    }
    for (const item of from.items) {
      const { path } = this.#bindings[item.binding]!
      const step = path.steps[item.done]!
      const lookedThrough = toElement && !path.exact
      if (lookedThrough || step.descendant) items.push(item)
      if (!lookedThrough && matches(step)) pass(item)
    }
    begun.forEach(pass)
    return this.#intern(items, this.#precedence.decide(reached, from, toElement), from.standings)
  }

  #intern(items: readonly Item[], fate: Fate, standings: readonly Standing[], described = false): Place {
    const unique = new Map(items.map(item => [`${item.binding}:${item.done}`, item]))
    const key = `${described ? 'd' : ''}${fate.strong}/${fate.weak.join()}/${standings.join()}/${[...unique.keys()].sort().join()}`
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    if (this.#states.length === maxStates) throw Object.assign(new Error('too many places'), { code: 'too_large' })
    const kept = [...unique.values()]
    // An element of an array stands where its array stands, unless a path counts elements, or its caller's token would.
    const handsOut = this.#bindings[fate.strong]?.handsOut === 'value'
    const exact = handsOut || kept.some(item => this.#bindings[item.binding]!.path.exact)
    const own = standings.some((one, rule) => one === 'yes' && this.#rules[rule]!.own !== null)
    const raise = standings.reduce((most, one, rule) => {
      return one === 'no' ? most : Math.max(most, this.#rules[rule]!.raise)
    }, 0)
    const place =
      this.#states.push({ items: kept, fate, elements: exact ? new Map() : null, standings, raise, own, described }) - 1
    this.#ids.set(key, place)
    if ((place + 1) * this.#stride > this.#next.length) {
      const wider = new Int32Array(this.#next.length * 2)
      wider.set(this.#next)
      this.#next = wider
    }
    return place
  }
}
