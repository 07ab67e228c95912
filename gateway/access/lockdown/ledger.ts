/** Which lockdowns are in force: a pure state machine over events, made again from the records at each start. */
import type { Person } from '../grants/ledger.ts'
import { covers, type Known, type Order, type Scope } from './scope.ts'

/** What happened, as it is on record (`lockdown` in gateway/records/README.md). */
export type LockdownEvent = {
  readonly kind: 'lockdown'
  /** `lifting`: one person has signed that it may end; with the second, of another group, it has ended. */
  readonly action: 'locked' | 'lifting'
  readonly lockdown: string
  readonly scope: Scope
  readonly drill: boolean
  /** null: the gateway, by an alert. */
  readonly person: string | null
  readonly group: string | null
  readonly signed: string | null
  readonly signature: string | null
}

export type Lockdown = {
  readonly id: string
  readonly scope: Scope
  readonly drill: boolean
  readonly by: string | null
  /** Milliseconds since 1970. */
  readonly since: number
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

  /** What is stopped now; drills stop nothing. */
  inForce(): Scope[] {
    return this.list()
      .filter(one => one.lifted === null && !one.drill)
      .map(({ scope }) => scope)
  }

  apply(event: LockdownEvent, time: number): void {
    const { lockdown: id, scope, drill, person, group } = event
    const known = this.#all.get(id)
    if (event.action === 'locked') {
      if (known !== undefined) return
      this.#all.set(id, { id, scope, drill, by: person, since: time, lifting: [], lifted: null })
      this.#forget()
      return
    }
    if (known === undefined || known.lifted !== null || person === null || group === null || !counts(known, group))
      return
    const lifting = [...known.lifting, { person, group }]
    this.#all.set(id, { ...known, lifting, lifted: lifting.length >= liftsNeeded ? time : null })
  }

  /** `by`: null, the gateway itself. */
  lock({ id, scope, drill, made }: Order, by: Person | null, signature: string | null): Decided {
    if (this.#all.has(id)) return { why: 'again' }
    if (by !== null && by.group === null) return { why: 'no_approver' }
    if (this.list().filter(one => one.lifted === null).length >= mostInForce) return { why: 'full' }
    const who = { person: by?.name ?? null, group: by?.group ?? null, signed: by && made, signature }
    return { event: { kind: 'lockdown', action: 'locked', lockdown: id, scope, drill, ...who } }
  }

  lift(id: string, by: Person, sign: { signed: string; signature: string }): Decided {
    const known = this.#all.get(id)
    if (known === undefined) return { why: 'unknown' }
    if (known.lifted !== null) return { why: 'over' }
    if (by.group === null) return { why: 'no_approver' }
    if (!counts(known, by.group)) return { why: 'again' }
    const { scope, drill } = known
    const who = { person: by.name, group: by.group, ...sign }
    return { event: { kind: 'lockdown', action: 'lifting', lockdown: id, scope, drill, ...who } }
  }

  #forget(): void {
    const lifted = this.list().filter(one => one.lifted !== null)
    for (const { id } of lifted.slice(0, Math.max(0, lifted.length - mostLifted))) this.#all.delete(id)
  }
}

/** Of each group one counts: two people of two groups. */
function counts({ lifting }: Lockdown, group: string): boolean {
  return lifting.every(one => one.group !== group)
}

/** What is stopped, as each process that serves has it. It is asked of every exchange: nothing is looked at where nothing is locked. */
export class Barrier {
  #scopes: readonly Scope[]

  constructor(scopes: readonly Scope[] = []) {
    this.#scopes = scopes
  }

  /** From here on. */
  set(scopes: readonly Scope[]): void {
    this.#scopes = scopes
  }

  stops(known: Known): boolean {
    return this.#scopes.length > 0 && this.#scopes.some(scope => covers(scope, known))
  }
}
