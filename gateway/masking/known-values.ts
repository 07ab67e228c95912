/**
 * The values by which the people of one window are known, by numbers. A value that a reader met has the reader's number, and
 * the same value from elsewhere gets it too, so that no strings are made of hundreds because of one.
 */
import type { MetValues } from '../contracts.ts'
import type { TypeRule } from '../policy/plan.ts'
import type { TypedRule } from './byte-rules.ts'
import type { RowPeople } from './row-people.ts'
import { type Someone, someoneMet } from './someone.ts'

/** From here on, numbers are those of values of which there are strings, in their order. */
const firstSpelled = 4096

/** Values of one type that have numbers by what they spell: `all` of them, or those that no reader has a number for. */
type Spelled = { readonly all: boolean; readonly numbers: Map<string, number> }

export class KnownValues {
  /** What one reader met; the numbers of another may be the same, so that its values are spelled. */
  #met: MetValues | null = null
  /** By which rules: each of a type with a name of its own, or that is spelled. */
  readonly #rules: TypedRule[] = []
  readonly #someones: Someone[] = []
  /** By name of type. */
  #spelled: Map<string, Spelled> | null = null
  readonly #inUse: () => readonly number[]

  /** `inUse`: of the numbers that were given out, those that may be asked for again. */
  constructor(inUse: () => readonly number[]) {
    this.#inUse = inUse
  }

  /** To be called before entries of a row are asked for: from one of them on, all of its type may have to be spelled. */
  expect({ entries, count, values }: RowPeople): void {
    this.#met ??= values
    for (let nth = 0; nth < count; nth++) {
      const entry = entries[nth]!
      if (typeof entry !== 'number') this.#numberOf(entry)
    }
  }

  /** The number of an entry's value: the same for all spellings, whoever met it. */
  at({ entries, values }: RowPeople, nth: number): number {
    const entry = entries[nth]!
    if (typeof entry !== 'number') return this.#numberOf(entry)
    if (this.#met !== values) return this.#numberOf(someoneMet(values!, entry))
    const rule = this.#met!.ruleOf(entry) as TypedRule
    if (!this.#rules.includes(rule)) this.#meetRule(rule)
    const spelled = this.#spelled?.get(rule.of.name)
    if (spelled === undefined || !spelled.all) return entry
    const text = this.#met!.textOf(entry)
    const known = spelled.numbers.get(text)
    if (known === undefined) spelled.numbers.set(text, entry)
    return known ?? entry
  }

  typeOf(number: number): TypeRule {
    if (number >= firstSpelled) return this.#someones[number - firstSpelled]!.type
    return (this.#met!.ruleOf(number) as TypedRule).of
  }

  dataTypeOf(number: number): string {
    return this.typeOf(number).name
  }

  /** In which those stand of which no string was made, in UTF-8. */
  get bytes(): Uint8Array | null {
    return this.#met?.bytes ?? null
  }

  /** Where it begins in `bytes`; negative: it does not stand there. */
  fromOf(number: number): number {
    return number < firstSpelled ? this.#met!.fromOf(number) : -1
  }

  lengthOf(number: number): number {
    return this.#met!.lengthOf(number)
  }

  /** Normalised. Never written anywhere. */
  textOf(number: number): string {
    return number < firstSpelled ? this.#met!.textOf(number) : this.#someones[number - firstSpelled]!.value
  }

  #numberOf(one: Someone): number {
    const { name } = one.type
    let spelled = this.#spelled?.get(name)
    if (spelled === undefined || !spelled.all) {
      const rule = this.#met?.rules.find(rule => (rule as TypedRule).of.name === name)
      const number = rule === undefined ? noNumber : this.#met!.numberOf(rule, one.value)
      if (number >= 0) return number
      spelled = number === noNumber ? this.#spell(name, true) : (spelled ?? this.#spell(name, false))
    }
    const known = spelled.numbers.get(one.value)
    if (known !== undefined) return known
    const number = firstSpelled + this.#someones.push(one) - 1
    spelled.numbers.set(one.value, number)
    return number
  }

  /** Values of two rules never have the same number: where their types have one name, they are told apart by what they spell. */
  #meetRule(rule: TypedRule): void {
    const { name } = rule.of
    if (this.#rules.some(({ of }) => of.name === name)) this.#spell(name, true)
    this.#rules.push(rule)
  }

  #spell(name: string, all: boolean): Spelled {
    this.#spelled ??= new Map()
    const numbers = this.#spelled.get(name)?.numbers ?? new Map<string, number>()
    if (all)
      for (const number of this.#inUse()) if (this.dataTypeOf(number) === name) numbers.set(this.textOf(number), number)
    const spelled = { all, numbers }
    this.#spelled.set(name, spelled)
    return spelled
  }
}

/** What a reader answers for a value of which it cannot say whether it met it. */
const noNumber = -2
