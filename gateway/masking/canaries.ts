/**
 * Values of people whom nobody should look at (`canaries` of alerts.yaml). Of the values by which a person of a row is
 * known these are kept before stronger ones, so that whatever else is in the row, the record has them.
 */
import type { TypeRule } from '../policy/plan.ts'
import { normalized } from './normalized.ts'

export type Canary = { readonly dataType: string; readonly value: string }

export class Canaries {
  readonly #byType = new Map<string, Set<string>>()
  /** Of a type that is met, normalised as its values are; made anew when there are more. */
  #met = new Map<TypeRule, ReadonlySet<string>>()

  /** From now on these as well. None is ever forgotten: to keep one that nobody asks for costs nothing. */
  add(canaries: readonly Canary[]): void {
    for (const { dataType, value } of canaries) {
      const values = this.#byType.get(dataType)
      if (values === undefined) this.#byType.set(dataType, new Set([value]))
      else values.add(value)
    }
    this.#met = new Map()
  }

  get areNone(): boolean {
    return this.#byType.size === 0
  }

  /** Of a value as it is normalised, which is not asked for where nothing of its type is looked for. */
  has(one: { readonly type: TypeRule; readonly value: string }): boolean {
    const values = this.#byType.get(one.type.name)
    return values !== undefined && this.#normalized(one.type, values).has(one.value)
  }

  #normalized(type: TypeRule, values: ReadonlySet<string>): ReadonlySet<string> {
    let known = this.#met.get(type)
    if (known === undefined) {
      // types are of a policy, and another takes its place now and then
      if (this.#met.size >= mostTypes) this.#met.clear()
      known = new Set(Array.from(values, value => normalized(type.detector, value)))
      this.#met.set(type, known)
    }
    return known
  }
}

const mostTypes = 1000

export const noCanaries = new Canaries()
