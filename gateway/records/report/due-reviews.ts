/** Emergency grants that were used and that nobody has reviewed yet, from all records of grants in their order. Pure. */

import type { Entry } from '../files/read.ts'
import { textOf } from '../query/query.ts'

/** Milliseconds after its use within which one is to be reviewed. */
const within = 86_400_000

/** What an emergency grant that was not used ends by. */
const endsUnused: ReadonlySet<string> = new Set(['refused', 'revoked', 'expired', 'voided'])

export class DueReviews {
  readonly #emergencies = new Set<string>()
  readonly #usedAt = new Map<string, number>()

  /** Those that wait, however long ago they were used. */
  get open(): number {
    return this.#usedAt.size
  }

  /** Those of them that should have been reviewed by then: milliseconds since 1970. */
  overdue(then: number): number {
    return [...this.#usedAt.values()].filter(used => then - used > within).length
  }

  add(entry: Entry): void {
    if (entry.kind !== 'grant') return
    const [action, id] = [textOf(entry, 'action') ?? '', textOf(entry, 'grant') ?? '']
    const { terms } = entry as { readonly terms?: { readonly emergency?: boolean } | null }
    if (action === 'asked' && terms?.emergency === true) this.#emergencies.add(id)
    else if (action === 'used' && this.#emergencies.delete(id)) this.#usedAt.set(id, Date.parse(entry.time))
    else if (action === 'reviewed') this.#usedAt.delete(id)
    else if (endsUnused.has(action)) this.#emergencies.delete(id)
  }
}
