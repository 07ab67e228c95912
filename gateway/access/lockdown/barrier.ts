/** What is in force, as each process that serves has it. It is asked of every exchange: nothing is looked at where nothing is. */

import type { Effect } from '../../lockdown-event.ts'
import { covers, type Known, type Restraint } from './scope.ts'

export class Barrier {
  #restraints: readonly Restraint[]

  constructor(restraints: readonly Restraint[] = []) {
    this.#restraints = restraints
  }

  /** From here on. */
  set(restraints: readonly Restraint[]): void {
    this.#restraints = restraints
  }

  /** Whether nothing is in force, for anybody: then nobody need be named. */
  get isEmpty(): boolean {
    return this.#restraints.length === 0
  }

  stops(known: Known): boolean {
    return this.#has('block', known)
  }

  /** Whether it is shown as if nothing was presented, and one form stricter. */
  hardens(known: Known): boolean {
    return this.#has('mask_harder', known)
  }

  /** Those that slow it down: one request counts with each. */
  slows(known: Known): readonly Restraint[] {
    return this.#restraints.filter(one => one.effect === 'slow_down' && covers(one.scope, known))
  }

  #has(effect: Effect, known: Known): boolean {
    return this.#restraints.some(one => one.effect === effect && covers(one.scope, known))
  }
}
