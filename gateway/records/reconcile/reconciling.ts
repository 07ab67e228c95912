/** Holds accesses against orders, and orders against accesses. Pure: records go in one by one, findings come out. */

import { parsePeople } from '../../subject.ts'
import type { Entry } from '../files/read.ts'
import { markOf, PeopleOfEntries, wasShown } from '../query/people.ts'
import { fieldsOf, idOf, textOf } from '../query/query.ts'
import type { Found } from '../query/source.ts'
import { type Order, referenceKey } from './orders.ts'

/**
 * `NO_ORDER`: the reference that was stated is of no order. `NO_REFERENCE`: something of level 3 or 4 was clear, and no
 * reference was stated. `OUTSIDE_…`: not within what the order says. `TOO_MANY`: more people than it is for. `NEVER_USED`.
 */
export const findingCodes = [
  'NO_ORDER',
  'NO_REFERENCE',
  'OUTSIDE_TIME',
  'OUTSIDE_PERSON',
  'OUTSIDE_PURPOSE',
  'OUTSIDE_SYSTEM',
  'OUTSIDE_ROUTE',
  'TOO_MANY',
  'NEVER_USED',
] as const
export type FindingCode = (typeof findingCodes)[number]

export type Finding = {
  readonly code: FindingCode
  /** The access; null where it is about the order alone. */
  readonly access: Entry | null
  /** `log:seq` of it. */
  readonly record: string | null
  readonly order: Order | null
  readonly reference: string | null
  /** What the order says, or how many people were seen. */
  readonly detail: string | null
}

/** An answer, long or not: who asked for it, whether something was clear in it, and whom it showed. */
type Answer = { readonly began: Entry; clear: boolean; readonly people: Set<number> }

/** Of an order: who was seen under it. */
type Use = { readonly order: Order; readonly people: Set<number>; isUsed: boolean }

export class Reconciling {
  readonly findings: Finding[] = []
  /** Accesses that were held against orders, and those that agreed with one. */
  checked = 0
  agreed = 0
  readonly #bases: ReadonlySet<string>
  readonly #uses: readonly Use[]
  readonly #byReference: ReadonlyMap<string, readonly Use[]>
  readonly #people = new PeopleOfEntries(parsePeople)
  readonly #open = new Map<string, Answer>()

  constructor(orders: readonly Order[], bases: readonly string[]) {
    this.#bases = new Set(bases)
    this.#uses = orders.map(order => ({ order, people: new Set(), isUsed: false }))
    this.#byReference = Map.groupBy(this.#uses, ({ order }) => referenceKey(order.reference))
  }

  /** Records of a log come in their order. */
  add({ entry, context }: Found): void {
    const people = this.#people.of(entry).map(({ index }) => markOf(index))
    if (entry.kind === 'access') {
      if (wasShown(entry)) this.#judge({ began: entry, clear: hasClear(entry), people: new Set(people) })
    } else if (entry.kind === 'open') this.#open.set(idOf(entry), { began: entry, clear: false, people: new Set() })
    else if (entry.kind === 'window') {
      const answer = this.#answerOf(entry, context)
      answer.clear ||= hasClear(entry)
      for (const one of people) answer.people.add(one)
    } else if (entry.kind === 'close' || entry.kind === 'aborted') {
      this.#judge(this.#answerOf(entry, context))
      this.#open.delete(String(entry['of']))
    }
  }

  /** Judges what is left, and the orders. `until`: UTC; orders that begin later are not due yet; null: all are. */
  finish(until: string | null): void {
    for (const answer of this.#open.values()) this.#judge(answer)
    this.#open.clear()
    for (const { order, people, isUsed } of this.#uses) {
      const isDue = until === null || order.from === null || order.from < until
      if (!isUsed && isDue) this.#found('NEVER_USED', null, order, null)
      if (order.people !== null && people.size > order.people) this.#found('TOO_MANY', null, order, String(people.size))
    }
  }

  /** A window whose `open` is not among the records asked for stands for it. */
  #answerOf(entry: Entry, context: Entry): Answer {
    const key = String(entry['of'])
    const known = this.#open.get(key)
    if (known !== undefined) return known
    const answer: Answer = { began: context, clear: false, people: new Set() }
    this.#open.set(key, answer)
    return answer
  }

  #judge({ began, clear, people }: Answer): void {
    const basis = (began['basis'] ?? null) as { kind?: unknown; ref?: unknown } | null
    const reference = typeof basis?.ref === 'string' ? basis.ref : null
    if (reference === null || !this.#bases.has(String(basis?.kind))) {
      if (!clear || reference !== null) return
      this.checked++
      this.#found('NO_REFERENCE', began, null, null)
      return
    }
    this.checked++
    const uses = this.#byReference.get(referenceKey(reference)) ?? []
    if (uses.length === 0) {
      this.#found('NO_ORDER', began, null, null)
      return
    }
    for (const use of uses) use.isUsed = true
    const judged = uses.map(use => ({ use, misfits: misfitsOf(began, use.order) }))
    const best = judged.reduce((one, other) => (other.misfits.length < one.misfits.length ? other : one))
    for (const person of people) best.use.people.add(person)
    if (best.misfits.length === 0) this.agreed++
    for (const { code, detail } of best.misfits) this.#found(code, began, best.use.order, detail)
  }

  #found(code: FindingCode, access: Entry | null, order: Order | null, detail: string | null): void {
    const basis = (access?.['basis'] ?? null) as { ref?: unknown } | null
    const reference = order?.reference ?? (typeof basis?.ref === 'string' ? basis.ref : null)
    this.findings.push({ code, access, record: access === null ? null : idOf(access), order, reference, detail })
  }
}

function misfitsOf(access: Entry, order: Order): { readonly code: FindingCode; readonly detail: string }[] {
  const misfits: { code: FindingCode; detail: string }[] = []
  const { from, until } = order
  if ((from !== null && access.time < from) || (until !== null && access.time >= until))
    misfits.push({ code: 'OUTSIDE_TIME', detail: `${from ?? ''}/${until ?? ''}` })
  for (const [code, key, allowed] of [
    ['OUTSIDE_PERSON', 'operator', order.operators],
    ['OUTSIDE_PURPOSE', 'purpose', order.purposes],
    ['OUTSIDE_SYSTEM', 'system', order.systems],
    ['OUTSIDE_ROUTE', 'route', order.routes],
  ] as const)
    if (allowed.length > 0 && !allowed.includes(textOf(access, key) ?? ''))
      misfits.push({ code, detail: allowed.join(', ') })
  return misfits
}

function hasClear(entry: Entry): boolean {
  return fieldsOf(entry).some(({ cell, forms }) => Number(cell[1]) >= 3 && forms.some(([form]) => form === 'clear'))
}
