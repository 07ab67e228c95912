/** What the rules of a plan that look at the row make of what an object tells. */
import type { Place } from '../contracts.ts'
import { foldValue, normalizeName } from '../policy/names.ts'
import type { AgeWord, Plan, RowRule, TypeRule } from '../policy/plan.ts'
import { youngestAge } from './age.ts'
import type { FieldAutomaton } from './automaton.ts'
import type { Standing } from './fate.ts'

/** When an answer is made, in milliseconds since 1970, and for which operator; null: nobody knows. */
export type Asked = { readonly now: number | null; readonly operator: string | null }

/** The rules of one plan. */
export class RowRules {
  readonly #plan: Plan
  readonly #rules: readonly RowRule[]
  readonly #automaton: FieldAutomaton
  readonly #members: ReadonlySet<string>
  readonly #ofAges: boolean
  readonly #ofOwn: boolean

  constructor(plan: Plan, automaton: FieldAutomaton) {
    this.#plan = plan
    this.#rules = plan.rowRules ?? []
    this.#automaton = automaton
    this.#members = new Set(
      this.#rules.flatMap(({ members, own }) => [...members.map(({ name }) => name), ...(own === null ? [] : [own])]),
    )
    this.#ofAges = this.#rules.some(({ age }) => age !== null)
    this.#ofOwn = this.#rules.some(({ own }) => own !== null)
  }

  /** Whether a scalar of this name in an object at this place bears on any rule. */
  decides(object: Place, name: string): boolean {
    if (this.#members.has(normalizeName(name))) return true
    if (!this.#ofAges && !this.#ofOwn) return false
    const type = this.#typeOf(object, name)
    return (this.#ofAges && type?.tellsAge !== undefined) || (this.#ofOwn && tellsWho(type))
  }

  /** The place of an object by those of its own scalars that decide. */
  settle(
    object: Place,
    scalars: readonly (readonly [name: string, text: string])[],
    whole: boolean,
    asked: Asked,
  ): Place {
    const told = scalars.map(([name, text]) => {
      const type = this.#typeOf(object, name)
      return { name: normalizeName(name), text, tellsAge: type?.tellsAge, tellsWho: tellsWho(type) }
    })
    const around = this.#automaton.standings(object)
    return this.#automaton.settled(
      object,
      this.#rules.map((rule, at) => standingOf(rule, told, whole, around[at]!, asked)),
    )
  }

  /** The plan's types as they are at a place: they count as higher where rules say so. */
  typesAt(place: Place): readonly TypeRule[] {
    const raise = this.#automaton.raise(place)
    return raise === 0 ? this.#plan.types : this.#plan.raised![raise - 1]!
  }

  /** The same for fields that are named: what is the operator's own they may see. */
  fieldTypesAt(place: Place): readonly TypeRule[] {
    return (this.#automaton.isOwn(place) && this.#plan.own) || this.typesAt(place)
  }

  #typeOf(object: Place, name: string): TypeRule | undefined {
    const { strong } = this.#automaton.fate(this.#automaton.member(object, this.#automaton.symbol(name)))
    return this.#plan.types[this.#plan.bindings[strong]?.type ?? -1]
  }
}

/** A scalar of an object: its normalised name, its text, and what a value of its type tells: an age, and who somebody is. */
type Told = {
  readonly name: string
  readonly text: string
  readonly tellsAge: AgeWord | undefined
  readonly tellsWho: boolean
}

function tellsWho(type: TypeRule | undefined): boolean {
  return type?.kind === 'typed' && type.identifies !== null
}

/**
 * Where a rule stands in an object that tells this much. `whole`: nothing else stands in it. An object that says nothing of
 * what a rule asks is as the object around it; but only a person's own object tells an age, so that rows of an object which
 * was too large to wait for are not all taken for children.
 */
function standingOf(
  rule: RowRule,
  told: readonly Told[],
  whole: boolean,
  around: Standing,
  { now, operator }: Asked,
): Standing {
  if (rule.own !== null) return ownStanding(rule.own, told, whole, around, operator)
  const parts: Standing[] = rule.members.map(({ name, values }) => {
    const said = told.filter(one => one.name === name)
    const fitting = said.filter(({ text }) => values.has(foldValue(text))).length
    // A name that came twice with different values says nothing.
    if (fitting > 0 && fitting < said.length) return 'open'
    if (said.length > 0) return fitting > 0 ? 'yes' : 'no'
    return whole ? 'unsaid' : 'open'
  })
  if (rule.age !== null) parts.push(ageStanding(rule.age, told, whole, now))
  if (parts.includes('no')) return 'no'
  if (parts.every(part => part === 'yes')) return 'yes'
  if (parts.includes('open')) return 'open'
  // One of several names that are asked for together is there: the object is one of these, and lacks the others.
  if (parts.includes('yes')) return 'no'
  if (rule.age !== null) return around === 'yes' ? 'yes' : 'no'
  return around === 'unsaid' ? 'no' : around
}

/**
 * Whose own an object is has to be said, and by the object: what nobody knows is nobody's. One inside that says who somebody is, and
 * not by that key, may be of anybody that the operator is something to: a guardian, a roommate, whoever signed.
 */
function ownStanding(
  own: string,
  told: readonly Told[],
  whole: boolean,
  around: Standing,
  operator: string | null,
): Standing {
  if (operator === null) return 'no'
  const said = told.filter(({ name }) => name === own)
  if (said.length > 0) return said.every(({ text }) => foldValue(text) === foldValue(operator)) ? 'yes' : 'no'
  return whole && around === 'yes' && !told.some(one => one.tellsWho && one.text !== '') ? 'yes' : 'no'
}

function ageStanding(
  { from, under }: NonNullable<RowRule['age']>,
  told: readonly Told[],
  whole: boolean,
  now: number | null,
): Standing {
  const values = told.filter(({ tellsAge }) => tellsAge !== undefined)
  if (now === null) return 'open'
  const ages = values.flatMap(({ text, tellsAge }) => youngestAge(text, tellsAge!, now) ?? [])
  if (ages.some(age => age >= from && age < under)) return 'yes'
  if (ages.length > 0) return 'no'
  return whole ? 'unsaid' : 'open'
}
