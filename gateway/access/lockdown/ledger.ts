/** Which lockdowns are in force: a pure state machine over events, made again from the records at each start. */
import type { LockdownEvent } from '../../lockdown-event.ts'
import { isPerson } from '../../person-name.ts'
import type { Person } from '../grants/ledger.ts'
import type { Order, Restraint } from './scope.ts'

export type Lockdown = Restraint & {
  readonly drill: boolean
  readonly by: string | null
  /** Milliseconds since 1970. */
  readonly since: number
  /** null: until people lift it. */
  readonly until: number | null
  readonly lifting: readonly { readonly person: string; readonly group: string }[]
  /** null: it is in force. */
  readonly lifted: number | null
}

export type LockdownWhy = 'unknown' | 'no_approver' | 'again' | 'over' | 'full'

type Decided = { readonly event: LockdownEvent } | { readonly why: LockdownWhy }

/** People whose word it takes to end one, of as many groups. */
export const liftsNeeded = 2
/** Lockdowns in force at one time: a person who locks one thing after the other means everything. */
const mostInForce = 1000
/** Of those that were lifted so many are remembered. */
const mostLifted = 1000

export class LockdownLedger {
  readonly #all = new Map<string, Lockdown>()

  get(id: string): Lockdown | undefined {
    return this.#all.get(id)
  }

  /** Oldest first. */
  list(): Lockdown[] {
    return [...this.#all.values()]
  }

  /** What is restrained now; drills restrain nothing. */
  inForce(): Restraint[] {
    return this.list()
      .filter(one => one.lifted === null && !one.drill)
      .map(({ id, scope, effect, rate }) => ({ id, scope, effect, rate }))
  }

  /** One in force that does the same to the same, for as long or longer. */
  sameAs({ scope, effect, rate, until, drill }: Order): Lockdown | undefined {
    const text = JSON.stringify([scope, effect, rate])
    const end = until === null ? Number.POSITIVE_INFINITY : Date.parse(until)
    return this.list().find(
      one =>
        one.lifted === null &&
        one.drill === drill &&
        JSON.stringify([one.scope, one.effect, one.rate]) === text &&
        (one.until ?? Number.POSITIVE_INFINITY) >= end,
    )
  }

  apply(event: LockdownEvent, time: number): void {
    const { lockdown: id, scope, drill, effect, rate, until, person, group } = event
    const known = this.#all.get(id)
    if (event.action === 'locked') {
      if (known !== undefined) return
      const does = { effect: effect ?? ('block' as const), rate: rate ?? null }
      const end = typeof until === 'string' ? Date.parse(until) : null
      this.#all.set(id, {
        ...{ id, scope, ...does, drill, by: person, since: time },
        ...{ until: end, lifting: [], lifted: null },
      })
      this.#forget()
      return
    }
    if (known === undefined || known.lifted !== null) return
    if (event.action === 'ended') {
      this.#all.set(id, { ...known, lifted: time })
      return
    }
    if (person === null || group === null || !counts(known, group)) return
    const lifting = [...known.lifting, { person, group }]
    this.#all.set(id, { ...known, lifting, lifted: lifting.length >= liftsNeeded ? time : null })
  }

  /** `by`: null, the gateway itself. */
  lock(order: Order, by: Person | null, signature: string | null): Decided {
    const { id, scope, effect, rate, drill, until, made } = order
    if (this.#all.has(id)) return { why: 'again' }
    if (by !== null && by.group === null) return { why: 'no_approver' }
    if (this.list().filter(one => one.lifted === null).length >= mostInForce) return { why: 'full' }
    const who = { person: by?.name ?? null, group: by?.group ?? null, signed: by && made, signature }
    const does = { ...(effect !== 'block' && { effect, rate }), until }
    return { event: { kind: 'lockdown', action: 'locked', lockdown: id, scope, drill, ...does, ...who } }
  }

  lift(id: string, by: Person, sign: { signed: string; signature: string }): Decided {
    const known = this.#all.get(id)
    if (known === undefined) return { why: 'unknown' }
    if (known.lifted !== null) return { why: 'over' }
    if (by.group === null || isOf(known, by)) return { why: 'no_approver' }
    if (!counts(known, by.group)) return { why: 'again' }
    return { event: { ...eventOf(known), action: 'lifting', person: by.name, group: by.group, ...sign } }
  }

  /** The ends of those whose time is over. */
  due(now: number): LockdownEvent[] {
    const nobody = { person: null, group: null, signed: null, signature: null }
    return this.list()
      .filter(({ until, lifted }) => lifted === null && until !== null && until <= now)
      .map(one => ({ ...eventOf(one), action: 'ended', ...nobody }))
  }

  #forget(): void {
    const lifted = this.list().filter(one => one.lifted !== null)
    for (const { id } of lifted.slice(0, Math.max(0, lifted.length - mostLifted))) this.#all.delete(id)
  }
}

function eventOf({ id, scope, drill, effect }: Lockdown) {
  return { kind: 'lockdown', lockdown: id, scope, drill, ...(effect !== 'block' && { effect }) } as const
}

/** Whether it stops this very person, who has no say in when it ends. */
function isOf({ scope }: Lockdown, person: Person): boolean {
  return scope.operator !== null && isPerson(person, scope.operator)
}

/** Of each group one counts: two people of two groups. */
function counts({ lifting }: Lockdown, group: string): boolean {
  return lifting.every(one => one.group !== group)
}
