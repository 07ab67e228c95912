import type { Attempt } from '../../gateway/access/grants/attempt.ts'
import type { Terms } from '../../gateway/access/grants/terms.ts'
import type { GrantEvent } from '../../gateway/grant-event.ts'

export const morning = Date.parse('2026-11-21T09:00:00.000Z')
export const hour = 3_600_000
export const at = (time: number): string => new Date(time).toISOString()

/** A grant that li asked for u1203, for the next two hours. */
export function terms(changed: Partial<Terms> = {}): Terms {
  return {
    id: 'A'.repeat(22),
    requester: 'li',
    operator: 'u1203',
    consumer: 'oa',
    audience: 'counsellor',
    purpose: 'enrolment',
    basis: { kind: 'work_order', ref: 'WO-2026-12' },
    system: 'student-affairs',
    route: '/api/students/{id}',
    query: 'q'.repeat(43),
    sees: ['cn_resident_id@A4:clear'],
    rows: 1,
    format: 'json',
    terminals: ['10.1.2.0/24'],
    from: at(morning),
    until: at(morning + 2 * hour),
    emergency: false,
    made: at(morning),
    ...changed,
  }
}

/** The request that these terms are for. */
export function attempt(given: Terms, changed: Partial<Attempt> = {}): Attempt {
  const { id, consumer, audience, operator, purpose, basis, system, route, query } = given
  const same = { consumer, audience, operator, purpose, basis, system, route, query }
  return { grant: id, ...same, address: '10.1.2.3', certificate: null, ...changed }
}

/** What a test puts in place of the records. */
export async function* past(
  events: readonly { readonly event: GrantEvent; readonly time: number }[],
): AsyncGenerator<{ event: GrantEvent; time: number }> {
  yield* events
}
