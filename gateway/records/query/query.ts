/** Which records are asked for. Pure. */
import type { Entry } from '../files/read.ts'

/**
 * Each list: any of these. Empty lists ask for nothing in particular. Times are UTC as in records; `until` is excluded.
 * `without`: none of these kinds.
 */
export type Filters = {
  readonly from: string | null
  readonly until: string | null
  readonly consumer: readonly string[]
  readonly operator: readonly string[]
  readonly system: readonly string[]
  readonly route: readonly string[]
  readonly grant: readonly string[]
  readonly review: readonly string[]
  readonly dataType: readonly string[]
  readonly cell: readonly string[]
  readonly outcome: readonly string[]
  readonly code: readonly string[]
  readonly kind: readonly string[]
  readonly without: readonly string[]
}

/** Asks for every record. */
export const everything: Filters = {
  from: null,
  until: null,
  consumer: [],
  operator: [],
  system: [],
  route: [],
  grant: [],
  review: [],
  dataType: [],
  cell: [],
  outcome: [],
  code: [],
  kind: [],
  without: [],
}

/** What few records have in common: an index has the records of each. */
export const rareKeys = ['grant', 'review'] as const

/** What is asked of a record beside its time. */
export type Asking = Omit<Filters, 'from' | 'until'>

const outcomeOfKind: ReadonlyMap<string, string> = new Map([
  ['refused', 'refused'],
  ['aborted', 'aborted'],
  ['close', 'released'],
])

/** Long answers kept in mind while their windows are read; beyond, the oldest is forgotten. */
const mostOpen = 10_000

/**
 * Adds to the records of a long answer what only its `open` record says: who asked for what. Give it all records, in
 * their order.
 */
export class Contexts {
  readonly #open = new Map<string, Entry>()

  has(open: string): boolean {
    return this.#open.has(open)
  }

  of(entry: Entry): Entry {
    if (entry.kind === 'open') {
      if (this.#open.size >= mostOpen) this.#open.delete(this.#open.keys().next().value!)
      this.#open.set(idOf(entry), entry)
      return entry
    }
    if (entry.kind !== 'window' && entry.kind !== 'close' && entry.kind !== 'aborted') return entry
    const began = this.#open.get(String(entry['of']))
    if (began === undefined) return entry
    if (entry.kind !== 'window') this.#open.delete(String(entry['of']))
    return { ...began, ...entry }
  }
}

export function idOf(entry: Entry): string {
  return `${entry.log}:${entry.seq}`
}

export function outcomeOf(entry: Entry): string | null {
  return textOf(entry, 'outcome') ?? outcomeOfKind.get(entry.kind) ?? null
}

export function textOf(entry: Entry, key: string): string | null {
  const value = Object.hasOwn(entry, key) ? entry[key] : undefined
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null
}

/** Data types in an answer with their cells, and how often each form was given. */
export function fieldsOf(entry: Entry): { type: string; cell: string; forms: [string, number][] }[] {
  const fields = entry['fields']
  if (typeof fields !== 'object' || fields === null) return []
  return Object.entries(fields).map(([key, forms]) => {
    const [type = '', cell = ''] = key.split('@')
    return { type, cell, forms: Object.entries(forms ?? {}).map(([form, n]) => [form, Number(n)]) }
  })
}

/** `type@cell` of what a request asked by. */
export function searchedOf(entry: Entry): { type: string; cell: string }[] {
  const searched = entry['searched']
  if (!Array.isArray(searched)) return []
  return searched.map(one => {
    const [type = '', cell = ''] = String(one).split(':')[0]!.split('@')
    return { type, cell }
  })
}

/** How many requests a record stands for. */
export function timesOf(entry: Entry): number {
  const { count } = entry
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 1 ? count : 1
}

export function subjectCount(entry: Entry): number {
  const subjects = entry['subjects'] as { count?: unknown } | undefined
  return typeof subjects?.count === 'number' ? subjects.count : 0
}

/** Whether a record, in its context, is one of those asked for. */
export function matches(entry: Entry, filters: Filters): boolean {
  if (filters.from !== null && entry.time < filters.from) return false
  return !(filters.until !== null && entry.time >= filters.until) && answers(entry, filters)
}

/** The same for what is asked beside the time. */
export function answers(entry: Entry, filters: Asking): boolean {
  if (filters.without.includes(entry.kind)) return false
  if (!isOneOf(entry.kind, filters.kind) || !isOneOf(outcomeOf(entry), filters.outcome)) return false
  for (const key of ['consumer', 'operator', 'system', 'route', ...rareKeys, 'code'] as const)
    if (!isOneOf(textOf(entry, key), filters[key])) return false
  if (filters.dataType.length === 0 && filters.cell.length === 0) return true
  return [...fieldsOf(entry), ...searchedOf(entry)].some(
    ({ type, cell }) => isOneOf(type, filters.dataType) && isOneOf(cell, filters.cell),
  )
}

function isOneOf(value: string | null, wanted: readonly string[]): boolean {
  return wanted.length === 0 || (value !== null && wanted.includes(value))
}
