/** What a request asked by: a type, and the value where that says who a person is, until its blind index is made. */
import { Refusal } from '../../errors.ts'
import { normalized } from '../../masking/normalized.ts'
import type { TypeRule } from '../../policy/plan.ts'
import type { BlindIndex } from '../../records/blind-index/blind-index.ts'

export type Searched = {
  /** `type@cell`. */
  readonly type: string
  readonly dataType: string
  /** Normalised, never written anywhere; null: it says nothing of who a person is. */
  readonly value: string | null
}

/** Asking by what the audience does not see clear. What was asked by is on record all the same. */
export class MaskedQuestion extends Refusal {
  readonly searched: readonly Searched[]

  constructor(searched: readonly Searched[]) {
    super('PARAMETER_MASKED')
    this.searched = searched
  }
}

/** A record holds no more. */
export const mostSearched = 64

/** Longer than what says who somebody is. */
const longestValue = 256

/** null: it is none of a person's types, and asking by it is nothing to put on record. */
export function searchedBy(type: TypeRule | null, value: string | null): Searched | null {
  if (type === null || type.kind !== 'typed') return null
  const tells = type.identifies !== null && value !== null && value.trim() !== '' && value.length <= longestValue
  return {
    type: `${type.name}@${type.cell}`,
    dataType: type.name,
    value: tells ? normalized(type.detector, value) : null,
  }
}

/** As records name what was asked by: with the blind index of the person asked for, where there is one. */
export function searchedInRecord(searched: readonly Searched[], index: BlindIndex): string[] {
  if (searched.length === 0) return []
  const known = new Set(searched.filter(({ value }) => value !== null).map(({ type }) => type))
  const named = searched.flatMap(({ type, dataType, value }) =>
    value !== null ? [`${type}:${index.of(dataType, value)}`] : known.has(type) ? [] : [type],
  )
  return [...new Set(named)].slice(0, mostSearched)
}
