import type { Place } from '../../contracts.ts'
import { FieldAutomaton } from '../../masking/automaton.ts'
import type { Binding, FieldPath, TypeRule } from '../../policy/plan.ts'
import type { Policy, RoutePolicy, SystemPolicy } from '../../policy/policy.ts'
import { keyOf, type Lens, lensesOf, type Seen, type Sight, sightOf, sightOfUnlisted, typeLabel } from './diff-types.ts'
import type { Add } from './wider.ts'

/** One route of one policy. */
export type Side = { readonly policy: Policy; readonly system: SystemPolicy; readonly route: RoutePolicy }

/** How what is inside a field is written. */
export const inside = '.*'
/** A name that nothing binds, for it. */
const anyName = { descendant: false, name: 'veilgateany' } as const

/**
 * What fields show more of because they have another type than they had, or none. Looked at are the places of all bindings
 * that one side has and the other not, what is inside them, and all that routes and systems name themselves.
 */
export function compareFields(before: Side, next: Side, seen: readonly Seen[], add: Add): void {
  const [old, now] = [new Reading(before), new Reading(next)]
  if (old.rules !== now.rules) add({ subject: 'when', from: 'other rules', to: 'rules that look at the row' })
  const paths = new Map<string, FieldPath>()
  for (const [one, other] of [[old, now] as const, [now, old] as const]) {
    for (const binding of one.route.bindings) {
      if (binding.step < 2 || !other.keys.has(one.keyOf(binding))) paths.set(binding.path.text, binding.path)
    }
  }
  // a rule that holds hides what its fields are elsewhere; of rules that differ, that is told already
  const rows = old.rules === now.rules ? old.rows : Math.min(old.rows, now.rows, 2)
  const looked: Looked[] = [{ text: '(unlisted)', steps: [anyName] }, ...paths.values()].flatMap(({ text, steps }) => [
    { text, steps },
    { text: `${text}${inside}`, steps: [...steps, anyName] },
  ])
  const places = [...looked, ...insideOthers(old, now, [...paths.values()])].flatMap(
    ({ text: field, steps, inner, whole }) =>
      Array.from({ length: rows }, (_, row) => ({
        ...{ field, name: inner ?? field, was: old.at(steps, row), is: now.at(steps, row) },
        around: whole === undefined ? null : now.at(whole, row),
      })),
  )
  for (const one of seen) {
    const who = { audience: one.audience, with: [...one.presented] }
    const others = now.lenses(one)
    // once for all rows, and for what is inside others only where it is not so everywhere
    const told = new Set<string>()
    for (const [lens, types] of old.lenses(one)) {
      const newTypes = others.get(lens)
      if (newTypes === undefined) continue
      for (const { field, name, was, is, around } of places) {
        if ((lens !== 'plain' && told.has(field)) || (around !== null && told.has(name))) continue
        // what is removed as a whole shows nothing that is inside it
        if (around !== null && now.shown(around, newTypes)[0]!.sight.label === 'remove') continue
        const changes = compareAt(old.shown(was, types), now.shown(is, newTypes))
        for (const change of changes) add({ ...who, field, ...change })
        if (changes.length > 0) told.add(field)
      }
    }
  }
}

/**
 * Fields that only one side binds, inside what routes and systems bind as a whole: there the other side shows what it shows of
 * the whole. A field that is new is looked at where it surely is a whole: it has a cell alone, or a path leads into it.
 */
function insideOthers(old: Reading, now: Reading, paths: readonly FieldPath[]): Looked[] {
  const bindings = [...old.wholes(), ...now.wholes()]
  const wholes = new Map(bindings.map(one => [one.path.text, one]))
  return paths.flatMap(({ text, steps, rooted }) => {
    const [was, is] = [old, now].map(side => side.binds(side.at(steps, 0)))
    if (rooted || was === is) return []
    return [...wholes.values()]
      .filter(one => one.path.text !== text && (was || one.isSurely))
      .map(({ path }) => ({
        text: `${path.text}.${text}`,
        steps: [...path.steps, ...steps],
        inner: text,
        whole: path.steps,
      }))
  })
}

type Looked = Pick<FieldPath, 'text' | 'steps'> & { readonly inner?: string; readonly whole?: FieldPath['steps'] }

/** What may be seen at a place: by its type; or, without one, as what is unlisted, or as a type that counts where a detector agrees. */
type Shown = { readonly key: string; readonly type: string; readonly weak: boolean; readonly sight: Sight }

function compareAt(was: readonly Shown[], is: readonly Shown[]): { subject: string; from: string; to: string }[] {
  const surely = is.find(one => !one.weak)!
  return was.flatMap(old => {
    const now = (old.weak ? is.find(one => one.weak && one.key === old.key) : undefined) ?? surely
    // the same type is looked at once, wherever it occurs
    if (now.key === old.key && now.key !== 'unlisted') return []
    if (now.sight.rank >= old.sight.rank) return []
    return [{ subject: old.type, from: old.sight.label, to: `${now.sight.label} as ${now.type}` }]
  })
}

/** One route's plan of fields. */
class Reading {
  readonly route: RoutePolicy
  readonly keys: ReadonlySet<string>
  /** What rules that look at the row say, in one text. */
  readonly rules: string
  readonly #side: Side
  readonly #names: readonly string[]
  readonly #automaton: FieldAutomaton

  constructor(side: Side) {
    this.#side = side
    this.route = side.route
    const { bindings, unlisted, rowRules = [] } = this.route
    const [audience] = side.policy.audiences.keys()
    const types = this.lenses({ audience: audience!, presented: new Set() }).get('plain')!
    this.#names = types.map(typeLabel)
    // it knows nothing of audiences but for rules that look at the row, and these are compared by themselves
    this.#automaton = new FieldAutomaton({ bindings, types, unlisted, rowRules }, () => false)
    this.keys = new Set(bindings.map(binding => this.keyOf(binding)))
    const rules = rowRules.map(({ members, age, own, raise }) => [
      members.map(({ name, values }) => [name, [...values]]),
      age,
      own,
      raise,
    ])
    // whose age is not known is taken for whoever a rule is stricter with
    const asksAge = rowRules.some(({ age }) => age !== null)
    const ruled = bindings.filter(
      ({ rule, type }) => rule !== undefined || (asksAge && types[type]!.tellsAge !== undefined),
    )
    const ages = ruled.map(({ type }) => types[type]!.tellsAge)
    this.rules = JSON.stringify([rules, ruled.map(binding => this.keyOf(binding)), ages])
  }

  /** The same for bindings that do the same. */
  keyOf({ path, type, step, weak, rule }: Binding): string {
    return JSON.stringify([path.steps, path.rooted, path.exact, this.#names[type], step, weak, rule])
  }

  lenses({ audience, presented }: Seen): ReadonlyMap<Lens, readonly TypeRule[]> {
    return lensesOf(this.#side.policy.plan(this.#side.system, this.route, audience, presented))
  }

  /** What a route or a system binds, and whether surely more than one value. */
  wholes(): { readonly path: FieldPath; readonly isSurely: boolean }[] {
    const named = this.route.bindings.filter(({ step }) => step < 2)
    const ledInto = new Set(named.flatMap(({ path }) => path.steps.slice(0, -1).map(step => JSON.stringify(step))))
    return named.map(({ path, type }) => ({
      path,
      isSurely: !this.#names[type]!.includes('@') || ledInto.has(JSON.stringify(path.steps.at(-1))),
    }))
  }

  binds(place: Place): boolean {
    return this.#automaton.fate(place).strong >= 0
  }

  /** How many kinds of rows rules tell apart: of which nobody knows, that none is for, and that one of them is for. */
  get rows(): number {
    const count = this.route.rowRules?.length ?? 0
    return count === 0 ? 1 : count + 2
  }

  /** The place a path leads to, in a row of the `row`th kind. */
  at(steps: FieldPath['steps'], row: number): Place {
    const automaton = this.#automaton
    const standings = (this.route.rowRules ?? []).map((_, rule) => (rule === row - 2 ? 'yes' : 'no'))
    const root = row === 0 ? automaton.root : automaton.settled(automaton.root, standings)
    return steps.reduce<Place>((place, step) => {
      if ('index' in step) return automaton.element(place, step.index)
      return automaton.member(place, 'name' in step ? automaton.symbol(step.name) : 0)
    }, root)
  }

  shown(place: Place, types: readonly TypeRule[]): Shown[] {
    const { strong, weak } = this.#automaton.fate(place)
    const shownBy = (binding: number, isWeak: boolean): Shown => {
      const rule = types[this.route.bindings[binding]!.type]!
      return { key: keyOf(rule), type: typeLabel(rule), weak: isWeak, sight: sightOf(rule) }
    }
    if (strong >= 0) return [shownBy(strong, false)]
    const unlisted = { key: 'unlisted', type: 'unlisted', weak: false, sight: sightOfUnlisted(this.route.unlisted) }
    return [unlisted, ...weak.map(binding => shownBy(binding, true))]
  }
}
