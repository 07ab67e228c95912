/** How often values of each type were given each form. */
import type { Form } from '../contracts.ts'
import { formOrder, rankOf } from '../forms.ts'
import type { TypeRule } from '../policy/plan.ts'

/** By `type@cell`, then by form. */
export type FormsByType = Record<string, FormsOfType>
export type FormsOfType = Partial<Record<Form, number>>

const forms = formOrder.length

/** By plan: how its types stand in a tally, and whether no two stand there alike. */
type Labels = { readonly of: readonly string[]; readonly differ: boolean }

/** The same strings for all bodies, as to make and to hash them costs more than to count. */
const known = new WeakMap<readonly TypeRule[], Labels>()

function labelsOf(types: readonly TypeRule[]): Labels {
  let labels = known.get(types)
  if (labels === undefined) {
    const of = types.map(({ name, cell }) => `${name}@${cell}`)
    labels = { of, differ: new Set(of).size === of.length }
    known.set(types, labels)
  }
  return labels
}

/** Few of all types and forms are in one body, and each comes once from a reader that counts on its own: two lists, in order. */
export class FormCounts {
  /** Type and form as one number, as `typeAndForm` reads it. */
  readonly #kinds: number[] = []
  readonly #times: number[] = []
  /** Where the last one is. */
  #at = 0

  add(type: number, form: Form, times: number): void {
    const kind = type * forms + rankOf[form]
    const kinds = this.#kinds
    if (kinds[this.#at] !== kind) this.#find(kind)
    this.#times[this.#at]! += times
  }

  #find(kind: number): void {
    const kinds = this.#kinds
    let at = kinds.length
    while (at > 0 && kinds[at - 1]! >= kind) at--
    if (kinds[at] !== kind) {
      for (let to = kinds.length; to > at; to--) {
        kinds[to] = kinds[to - 1]!
        this.#times[to] = this.#times[to - 1]!
      }
      kinds[at] = kind
      this.#times[at] = 0
    }
    this.#at = at
  }

  /** By a number that `typeAndForm` reads. */
  get all(): ReadonlyMap<number, number> {
    return new Map(this.#kinds.map((kind, at) => [kind, this.#times[at]!]))
  }

  typeAndForm(kind: number): readonly [type: number, form: Form] {
    return [Math.floor(kind / forms), formOrder[kind % forms]!]
  }

  /** All since the last call. */
  take(types: readonly TypeRule[]): FormsByType {
    const labels = labelsOf(types)
    // every name has an @ in it, so that none is one of an object's own; without a prototype it would be a slow dictionary
    const fields: FormsByType = {}
    const kinds = this.#kinds
    for (let at = 0; at < kinds.length; ) {
      const type = Math.floor(kinds[at]! / forms)
      const end = (type + 1) * forms
      const counts = counted(kinds[at]! % forms, this.#times[at]!)
      for (at++; at < kinds.length && kinds[at]! < end; at++) counts[formOrder[kinds[at]! % forms]!] = this.#times[at]!
      const label = labels.of[type]!
      fields[label] = labels.differ || fields[label] === undefined ? counts : sumOf(fields[label], counts)
    }
    kinds.length = 0
    this.#times.length = 0
    this.#at = 0
    return fields
  }
}

/** Most types have one form: to name a property in the code costs a third of computing its name. */
function counted(rank: number, times: number): FormsOfType {
  switch (rank) {
    case 0:
      return { clear: times }
    case 1:
      return { partial: times }
    case 2:
      return { generalize: times }
    case 3:
      return { token: times }
    case 4:
      return { digest: times }
    case 5:
      return { redact: times }
    default:
      return { remove: times }
  }
}

/** Two counts as one, with the forms in their order. */
export function sumOf(one: FormsOfType, other: FormsOfType): FormsOfType {
  const sum: FormsOfType = {}
  for (const form of formOrder) {
    if (one[form] !== undefined || other[form] !== undefined) sum[form] = (one[form] ?? 0) + (other[form] ?? 0)
  }
  return sum
}
