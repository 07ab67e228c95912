/** Where lockdowns are ordered and lifted: one in the whole gateway. On record, durably, then in force in every process. */
import { type Signatory, signatureAge } from '../grants/desk.ts'
import { createTurns } from '../in-turn.ts'
import { type Lockdown, type LockdownEvent, LockdownLedger, type LockdownWhy } from './ledger.ts'
import { isDone, isScope, liftText, type Order, orderText, type Restraint } from './scope.ts'

export type LockdownDeskParts = {
  /** Resolves when the event is durable. */
  readonly append: (event: LockdownEvent) => Promise<unknown>
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
  { append, people, now, spread }: LockdownDeskParts,
  past: AsyncIterable<{ readonly event: LockdownEvent; readonly time: number }>,
): Promise<LockdownDesk> {
  const ledger = new LockdownLedger()
  for await (const { event, time } of past) ledger.apply(event, time)
  const inTurn = createTurns()
  const isLate = (time: string) => !(Math.abs(now() - Date.parse(time)) <= signatureAge)

  const take = async (decided: { event: LockdownEvent } | LockdownRefused): Promise<Ordered | LockdownRefused> => {
    if (!('event' in decided)) return decided
    const { event } = decided
    await append(event)
    ledger.apply(event, now())
    // a drill goes the same way, and adds nothing to what is stopped
    return { lockdown: ledger.get(event.lockdown)!, spread: await spread(ledger.inForce()) }
  }
  return {
    list: () => ledger.list(),
    inForce: () => ledger.inForce(),
    lock: (order, by, signature) =>
      inTurn(async () => {
        const person = people.get(by)
        if (person?.verifies(orderText(order), signature) !== true) return { why: 'signature' }
        if (isLate(order.made)) return { why: 'stale' }
        if (!isDone(order) || !(order.until === null || Date.parse(order.until) > now())) return { why: 'effect' }
        return isScope(order.scope) ? take(ledger.lock(order, person, signature)) : { why: 'scope' }
      }),
    lockUnasked: order =>
      inTurn(async () => {
        const same = ledger.sameAs(order)
        return same === undefined ? take(ledger.lock(order, null, null)) : { lockdown: same, spread: [] }
      }),
    lift: (id, by, sign) =>
      inTurn(async () => {
        const person = people.get(by)
        if (person?.verifies(liftText(id, sign.signed), sign.signature) !== true) return { why: 'signature' }
        return isLate(sign.signed) ? { why: 'stale' } : take(ledger.lift(id, person, sign))
      }),
    sweep: () =>
      inTurn(async () => {
        for (const event of ledger.due(now())) await take({ event })
      }),
  }
}
