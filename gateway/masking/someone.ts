/** A value by which somebody is met, and the person they are taken for by it. */
import type { Form, TextHold } from '../contracts.ts'
import { rankOf } from '../forms.ts'
import type { TypeRule } from '../policy/plan.ts'
import type { HeldValue, KnownPerson, PersonalValue } from '../subject.ts'
import type { Canaries } from './canaries.ts'
import { normalized } from './normalized.ts'

/** Types that identify by this or less are shared by many, as names are: they count where there is nothing stronger. */
export const sharedFrom = 9

/** A value by which somebody is met, in one form. Most count for nothing, as their row has a stronger one: these cost little. */
export class Someone {
  readonly type: TypeRule
  /** How surely it says who they are: `identifies` of its type, of which 1 is the strongest. */
  readonly rank: number
  readonly form: Form
  /** Whom it was settled to be, among the people of which number. */
  settledAs: Subject | null = null
  settledIn = 0
  /** Where the value stands, normalised, if no string was made of it: no other of its type there is the same. Else null. */
  readonly hold: TextHold | null
  readonly from: number
  readonly length: number
  readonly #text: string | null
  #value: string | null = null

  constructor(type: TypeRule, text: string | null, form: Form, hold: TextHold | null = null, from = 0, length = 0) {
    this.type = type
    this.rank = type.identifies!
    this.#text = text
    this.form = form
    this.hold = hold
    this.from = from
    this.length = length
  }

  /** Normalised: one spelling for all. Never written anywhere. */
  get value(): string {
    return (this.#value ??= this.#make())
  }

  /** Whether two have the same value of a type of the same name. */
  isSameAs(other: Someone): boolean {
    if (this === other) return true
    if (this.type !== other.type) return this.type.name === other.type.name && this.value === other.value
    return (this.hold === null || this.hold !== other.hold) && this.value === other.value
  }

  #make(): string {
    if (this.hold === null) return normalized(this.type.detector, this.#text!)
    return heldText(this.hold, this.from, this.length)
  }
}

/** A value of a row, and the forms it was given. */
export class KnownBy implements PersonalValue {
  readonly #one: Someone
  mostVisible: Form
  strictest: Form

  constructor(one: Someone) {
    this.#one = one
    this.mostVisible = one.form
    this.strictest = one.form
  }

  get dataType(): string {
    return this.#one.type.name
  }

  get value(): string {
    return this.#one.value
  }

  get held(): HeldValue {
    return this.#one
  }

  get rank(): number {
    return this.#one.rank
  }

  isOf(one: Someone): boolean {
    return this.#one.isSameAs(one)
  }

  isIn(canaries: Canaries): boolean {
    return canaries.has(this.#one)
  }

  widen(form: Form): void {
    if (rankOf[form] < rankOf[this.mostVisible]) this.mostVisible = form
    if (rankOf[form] > rankOf[this.strictest]) this.strictest = form
  }
}

export class Subject extends KnownBy implements KnownPerson {
  /** Made anew when somebody is known by more: an array that is pushed to takes room for 17, of which two are used. */
  also: readonly KnownBy[] = nothingElse
}

const nothingElse: readonly KnownBy[] = []

/** The text of a value that was not made a string: of ASCII alone, as what is its own normalisation is. */
export function heldText({ bytes }: TextHold, from: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, length).toString('latin1')
}
