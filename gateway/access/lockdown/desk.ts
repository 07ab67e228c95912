/** Where lockdowns are ordered and lifted: one in the whole gateway. On record, durably, then in force in every process. */
import { type Signatory, signatureAge } from '../grants/desk.ts'
import { createTurns } from '../in-turn.ts'
import { type Lockdown, type LockdownEvent, LockdownLedger, type LockdownWhy } from './ledger.ts'
import { isScope, liftText, type Order, orderText, type Scope } from './scope.ts'

export type LockdownDeskParts = {
  /** Resolves when the event is durable. */
  readonly append: (event: LockdownEvent) => Promise<unknown>
  readonly people: ReadonlyMap<string, Signatory>
  readonly now: () => number
  /** Has every process that serves take up what is stopped; resolves to how many milliseconds each took; null: it has not said so. */
  readonly spread: (scopes: readonly Scope[]) => Promise<readonly (number | null)[]>
}

export type LockdownRefused = { readonly why: LockdownWhy | 'signature' | 'stale' | 'scope' }
export type Ordered = {
  readonly lockdown: Lockdown /** Of each process. */
  readonly spread: readonly (number | null)[]
}

export type LockdownDesk = {
  list(): readonly Lockdown[]
  inForce(): readonly Scope[]
  /** `by` orders it, signed as `orderText` has it. One person will do: to stop is safe. */
  lock(order: Order, by: string, signature: string): Promise<Ordered | LockdownRefused>
  /** The gateway orders it, by an alert. */
  lockUnasked(order: Order): Promise<Ordered | LockdownRefused>
  /** `by` says that it may end, signed as `liftText` has it. */
  lift(id: string, by: string, sign: { signed: string; signature: string }): Promise<Ordered | LockdownRefused>
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
        return isScope(order.scope) ? take(ledger.lock(order, person, signature)) : { why: 'scope' }
      }),
    lockUnasked: order => inTurn(async () => take(ledger.lock(order, null, null))),
    lift: (id, by, sign) =>
      inTurn(async () => {
        const person = people.get(by)
        if (person?.verifies(liftText(id, sign.signed), sign.signature) !== true) return { why: 'signature' }
        return isLate(sign.signed) ? { why: 'stale' } : take(ledger.lift(id, person, sign))
      }),
  }
}
