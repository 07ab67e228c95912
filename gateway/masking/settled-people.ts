/** People whom a reader has settled by itself: most there are, so that little is made of each. */
import type { Form, SettledPeople, TextHold } from '../contracts.ts'
import type { TypeRule } from '../policy/plan.ts'
import type { KnownPerson, PersonalValue } from '../subject.ts'
import type { TypedRule } from './byte-rules.ts'
import { heldText, Someone } from './someone.ts'

/** Numbers for each value, and values for each person, in `SettledPeople`. */
const ofValue = 2
const ofPerson = 3 * ofValue
const lengthBits = 0xffff

class SettledValue implements PersonalValue {
  readonly dataType: string
  readonly mostVisible: Form
  readonly hold: TextHold
  readonly from: number
  readonly length: number

  constructor({ values, rules, hold }: SettledPeople, at: number, types: readonly TypeRule[]) {
    const written = values[at]!
    const { type, form } = rules[(written >> 16) - 1] as TypedRule
    this.dataType = types[type]!.name
    this.mostVisible = form
    this.hold = hold
    this.from = values[at + 1]!
    this.length = written & lengthBits
  }

  /** One rule has one form. */
  get strictest(): Form {
    return this.mostVisible
  }

  get held(): this {
    return this
  }

  get value(): string {
    return heldText(this.hold, this.from, this.length)
  }
}

class SettledPerson extends SettledValue implements KnownPerson {
  readonly also: readonly PersonalValue[]

  constructor(people: SettledPeople, at: number, types: readonly TypeRule[]) {
    super(people, at, types)
    const { values } = people
    const [second, third] = [at + ofValue, at + 2 * ofValue]
    if (values[second] === 0) this.also = nobody
    else if (values[third] === 0) this.also = [new SettledValue(people, second, types)]
    else this.also = [new SettledValue(people, second, types), new SettledValue(people, third, types)]
  }
}
const nobody: readonly PersonalValue[] = []

/** As records want them. */
export function personsIn(people: SettledPeople, types: readonly TypeRule[]): KnownPerson[] {
  const persons: KnownPerson[] = []
  for (let at = 0; at < people.values.length; at += ofPerson) persons.push(new SettledPerson(people, at, types))
  return persons
}

/** As they are settled among others: three for each, of the strongest value and two others, null where there are none. */
export function someoneIn({ values, rules, hold }: SettledPeople, types: readonly TypeRule[]): (Someone | null)[] {
  const people: (Someone | null)[] = []
  for (let at = 0; at < values.length; at += ofValue) {
    const value = values[at]!
    const rule = rules[(value >> 16) - 1] as TypedRule | undefined
    people.push(
      rule === undefined
        ? null
        : new Someone(types[rule.type]!, null, rule.form, hold, values[at + 1]!, value & lengthBits),
    )
  }
  return people
}
