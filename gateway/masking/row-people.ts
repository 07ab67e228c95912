/** Who is in a row, by the values in it that say so. */
import type { Form, MetValues } from '../contracts.ts'
import type { TypeRule } from '../policy/plan.ts'
import type { TypedRule } from './byte-rules.ts'
import { rankOf } from './forms.ts'
import { type Someone, sharedFrom, someoneMet } from './someone.ts'

/** A value that says who somebody is: its number where the row's reader met it, so that no string is made of it. */
type Entry = number | Someone

/** The people of one row so far: all values that say who somebody is, in their order. */
export class RowPeople {
  typed = false
  /** Of which so many count: to shorten a list calls into the runtime, and to begin another lets it grow again. */
  readonly entries: Entry[] = []
  count = 0
  /** Of each its type, and its form as `rankOf` has it. */
  readonly types: TypeRule[] = []
  readonly forms: number[] = []
  /** What the numbers among them are of. */
  values: MetValues | null = null
  /** The strongest type so far, by `identifies`. */
  rank = Number.POSITIVE_INFINITY
  /** Name of the first type of this rank: how many values it has, so many people there are. */
  strongest = ''
  /** Whether all of them are of the strongest type. */
  alike = true

  clear(): void {
    this.typed = false
    this.count = 0
    this.rank = Number.POSITIVE_INFINITY
    this.alike = true
  }

  /** Whether a value that identifies by so much counts for anything here. */
  takes(rank: number): boolean {
    return rank <= this.rank || rank < sharedFrom
  }

  /** Takes the people of another row as well. */
  join(other: RowPeople): void {
    if (other.typed) this.typed = true
    for (let nth = 0; nth < other.count; nth++) {
      const entry = other.entries[nth]!
      this.add(typeof entry === 'number' ? someoneMet(other.values!, entry) : entry)
    }
  }

  add(one: Someone): void {
    if (this.#admits(one.type)) this.#put(one, one.type, one.form)
  }

  /** One of whom a reader has the value; a number stays a number if what it stands for is spelled in one way only. */
  addMet(values: MetValues, number: number): void {
    if (!values.isNormal(number) || values.kept[number] !== undefined) {
      this.add(someoneMet(values, number))
      return
    }
    const { of, form } = values.ruleOf(number) as TypedRule
    if (!this.#admits(of)) return
    if (values !== this.values) this.#leave(values)
    this.#put(number, of, form)
  }

  #put(entry: Entry, type: TypeRule, form: Form): void {
    this.entries[this.count] = entry
    this.types[this.count] = type
    this.forms[this.count++] = rankOf[form]
  }

  #admits({ identifies, name }: TypeRule): boolean {
    const rank = identifies!
    if (!this.takes(rank)) return false
    if (rank < this.rank) {
      if (this.rank >= sharedFrom) this.count = 0
      this.alike = this.count === 0
      this.rank = rank
      this.strongest = name
    } else if (name !== this.strongest) this.alike = false
    return true
  }

  /** From now on numbers are of other values: those there are go by what they stand for. */
  #leave(values: MetValues): void {
    for (let nth = 0; nth < this.count; nth++) {
      const entry = this.entries[nth]!
      if (typeof entry === 'number') this.entries[nth] = someoneMet(this.values!, entry)
    }
    this.values = values
  }
}
