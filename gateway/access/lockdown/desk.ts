/** Where lockdowns are ordered and lifted: one in the whole gateway. On record, durably, then in force in every process. */

import type { LockdownEvent } from '../../lockdown-event.ts'
import type { Deciding, Decisions } from '../deciding.ts'
import { type Signatory, signatureAge } from '../grants/desk.ts'
import { type Lockdown, LockdownLedger, type LockdownWhy } from './ledger.ts'
import { isDone, isScope, liftText, type Order, orderText, type Restraint } from './scope.ts'

export type LockdownDeskParts = {
  /** How decisions come into an order. */
  readonly deciding: Deciding<LockdownEvent>
  readonly people: ReadonlyMap<string, Signatory>
  readonly now: () => number
  /** Has every process that serves take up what is in force; resolves to how many milliseconds each took; null: it has not said so. */
  readonly spread: (restraints: readonly Restraint[]) => Promise<readonly (number | null)[]>
}

export type LockdownRefused = { readonly why: LockdownWhy | 'signature' | 'stale' | 'scope' | 'effect' }
export type Ordered = {
  readonly lockdown: Lockdown /** Of each process. */
  readonly spread: readonly (number | null)[]
}

export type LockdownDesk = {
  list(): readonly Lockdown[]
  inForce(): readonly Restraint[]
  /** `by` orders it, signed as `orderText` has it. One person will do: to stop is safe. */
  lock(order: Order, by: string, signature: string): Promise<Ordered | LockdownRefused>
  /** The gateway orders it, by an alert; where the same is in force already, there is nothing to do. */
  lockUnasked(order: Order): Promise<Ordered | LockdownRefused>
  /** `by` says that it may end, signed as `liftText` has it. */
  lift(id: string, by: string, sign: { signed: string; signature: string }): Promise<Ordered | LockdownRefused>
  /** Ends those whose time is over. Until that is on record they stay in force. */
  sweep(): Promise<void>
}

/** Opens the desk over what is on record, oldest first. */
export async function openLockdownDesk(
  { deciding, people, now, spread }: LockdownDeskParts,
  past: AsyncIterable<{ readonly event: LockdownEvent; readonly time: number }>,
): Promise<LockdownDesk> {
  const ledger = new LockdownLedger()
  for await (const { event, time } of past) ledger.apply(event, time)
  const isLate = (time: string) => !(Math.abs(now() - Date.parse(time)) <= signatureAge)
  /** What another gateway says is held to what is known here: to stop is safe, to go on is not. */
  const counts = (event: LockdownEvent, time: number): boolean => {
    const until = ledger.get(event.lockdown)?.until ?? null
    if (event.action === 'ended') return until !== null && until <= time
    return event.action === 'locked' || isSigned(event, people)
  }
  let here: readonly (number | null)[] = []
  const decisions = deciding({
    async apply(event, time) {
      if (!counts(event, time)) return
      ledger.apply(event, time)
      // a drill goes the same way, and adds nothing to what is stopped
      here = await spread(ledger.inForce())
    },
  })

  const take = async (
    how: Decisions<LockdownEvent>['take'],
    decide: () => { event: LockdownEvent } | Ordered | LockdownRefused,
  ): Promise<Ordered | LockdownRefused> => {
    const decided = await how(decide)
    if (!('event' in decided)) return decided
    const lockdown = ledger.get(decided.event.lockdown)!
    return { lockdown, spread: [...here, ...(await decisions.elsewhere())] }
  }
  /** To stop something is safe: where the others cannot be told now, it is stopped here, and with them when they can be. */
  const stop = async (decide: () => { event: LockdownEvent } | Ordered | LockdownRefused) => {
    try {
      return await take(decisions.take, decide)
    } catch {
      return take(decisions.takeHere, decide)
    }
  }
  return {
    list: () => ledger.list(),
    inForce: () => ledger.inForce(),
    lock: (order, by, signature) =>
      stop(() => {
        const person = people.get(by)
        if (person?.verifies(orderText(order), signature) !== true) return { why: 'signature' }
        if (isLate(order.made)) return { why: 'stale' }
        if (!isDone(order) || !(order.until === null || Date.parse(order.until) > now())) return { why: 'effect' }
        return isScope(order.scope) ? ledger.lock(order, person, signature) : { why: 'scope' }
      }),
    lockUnasked: order =>
      stop(() => {
        const same = ledger.sameAs(order)
        return same === undefined ? ledger.lock(order, null, null) : { lockdown: same, spread: [] }
      }),
    lift: (id, by, sign) =>
      take(decisions.take, () => {
        const person = people.get(by)
        if (person?.verifies(liftText(id, sign.signed), sign.signature) !== true) return { why: 'signature' }
        return isLate(sign.signed) ? { why: 'stale' } : ledger.lift(id, person, sign)
      }),
    async sweep() {
      // another gateway may have been first: what is due then is asked again
      for (const { lockdown } of ledger.due(now()))
        await take(decisions.take, () => {
          const event = ledger.due(now()).find(one => one.lockdown === lockdown)
          return event === undefined ? { why: 'over' } : { event }
        })
    },
  }
}

/** Whether a word that something may go on is this person's own. That something stops is believed of anybody. */
function isSigned(event: LockdownEvent, people: ReadonlyMap<string, Signatory>): boolean {
  const { lockdown, person, group, signed, signature } = event
  const known = people.get(person ?? '')
  return known?.group === group && known?.verifies(liftText(lockdown, signed ?? ''), signature ?? '') === true
}
