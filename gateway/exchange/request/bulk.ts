import { Refusal } from '../../errors.ts'
import type { Tally } from '../../masking/tally.ts'
import type { Plan } from '../../policy/plan.ts'

/** Counts the rows and people of one answer, window by window, against what may leave. */
export class BulkCount {
  readonly #plan: Pick<Plan, 'bulkRows' | 'bulkPeople'>
  #rows = 0
  /** In memory only, and no more of them than may leave, and one window's. */
  #people: Set<string> | null = null

  constructor(plan: Pick<Plan, 'bulkRows' | 'bulkPeople'>) {
    this.#plan = plan
  }

  /** Takes in what a window holds. Throws ROWS_NEED_GRANT before it may leave, where it is too much. */
  add({ rows, subjects }: Tally): void {
    const { bulkRows, bulkPeople } = this.#plan
    this.#rows += rows
    if (bulkRows !== null && this.#rows > bulkRows) throw tooMuch()
    if (bulkPeople === null) return
    const people = (this.#people ??= new Set())
    for (const { dataType, value } of subjects) people.add(`${dataType}\0${value}`)
    if (people.size > bulkPeople) throw tooMuch()
  }
}

function tooMuch(): Refusal {
  return new Refusal('ROWS_NEED_GRANT', { missing: ['grant'] })
}
