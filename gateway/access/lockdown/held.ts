/** The words by which things are locked down here, and which of them an order of several gateways does not have yet. */

import type { LockdownEvent } from '../../lockdown-event.ts'
import { liftsNeeded } from './ledger.ts'

type Held = { readonly event: LockdownEvent /** null: known here only. */; readonly epoch: string | null }

export class HeldLockdowns {
  readonly #held = new Map<string, Held[]>()

  /** `epoch`: of the order that has it. */
  take(event: LockdownEvent, epoch: string | null): void {
    if (event.drill) return
    const before = (this.#held.get(event.lockdown) ?? []).filter(one => !isSame(one.event, event))
    const held = [...before, { event, epoch }]
    const lifts = held.filter(one => one.event.action === 'lifting').length
    if (event.action === 'ended' || lifts >= liftsNeeded) this.#held.delete(event.lockdown)
    else this.#held.set(event.lockdown, held)
  }

  /** What is in force here and not in this order, oldest first. */
  lacking(epoch: string): LockdownEvent[] {
    return [...this.#held.values()].flat().flatMap(one => (one.epoch === epoch ? [] : [one.event]))
  }
}

function isSame(one: LockdownEvent, other: LockdownEvent): boolean {
  return one.action === other.action && one.person === other.person
}
