/** What people and alerts have ordered of a caller, as one exchange is held to it. access/lockdown/README.md has the rules. */
import type { Known } from '../access/lockdown/scope.ts'
import { Refusal } from '../errors.ts'
import type { Shared } from './parts.ts'

export class Restraint {
  readonly #shared: Pick<Shared, 'barrier' | 'access'>
  /** Whether what is shown to this caller is masked one step stricter. */
  harder = false

  constructor(shared: Pick<Shared, 'barrier' | 'access'>) {
    this.#shared = shared
  }

  /**
   * What is locked down goes no further; of what is slowed down one request is counted. null: there is nothing to wait for.
   * `wantsAll`: whether nothing would be better than less. Throws LOCKED_DOWN, MASKED_HARDER; rejects with SLOWED_DOWN.
   */
  holdUp(known: () => Known, wantsAll: () => boolean): Promise<unknown> | null {
    const { barrier, access } = this.#shared
    if (barrier === undefined || barrier.isEmpty) return null
    const named = known()
    if (barrier.stops(named)) throw new Refusal('LOCKED_DOWN')
    this.harder = barrier.hardens(named)
    if (this.harder && wantsAll()) throw new Refusal('MASKED_HARDER')
    const slow = barrier.slows(named)
    return slow.length === 0 ? null : Promise.all(slow.map(({ id, rate }) => access.slowed(id, rate!)))
  }

  /** Asked again before an answer leaves, and before each of its windows: it was masked before what has been ordered since. */
  check(known: () => Known): void {
    const { barrier } = this.#shared
    if (barrier === undefined || barrier.isEmpty) return
    const named = known()
    if (barrier.stops(named)) throw new Refusal('LOCKED_DOWN')
    if (!this.harder && barrier.hardens(named)) throw new Refusal('MASKED_HARDER')
  }
}
