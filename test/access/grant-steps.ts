/** What people, requests, time and restarts may do to grants, in any order; and what must hold of each use, recounted. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Attempt } from '../../gateway/access/grants/attempt.ts'
import type { Person } from '../../gateway/access/grants/ledger.ts'
import { type Verdict, verdicts } from '../../gateway/access/grants/terms.ts'
import type { GrantEvent } from '../../gateway/grant-event.ts'

export const people: readonly Person[] = [
  { name: 'li', group: null },
  { name: 'wang', group: 'security' },
  { name: 'zhao', group: 'security' },
  { name: 'zhang', group: 'privacy' },
  { name: 'chen', group: 'audit' },
]
export const audiences = new Map([['oa', new Set(['counsellor'])]])

export type Step =
  | { readonly do: 'ask'; readonly grant: number; readonly by: number | null; readonly emergency: boolean }
  | { readonly do: 'judge'; readonly grant: number; readonly by: number; readonly verdict: Verdict }
  | { readonly do: 'use'; readonly grant: number; readonly other: keyof Attempt | null }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'restart'; readonly leaves: number | null; readonly moves: number | null }

const grant = fc.nat({ max: 2 })
const by = fc.nat({ max: people.length - 1 })
const rarely = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value })

export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('ask' as const), grant, by: rarely(by), emergency: fc.boolean() }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('judge' as const),
      grant,
      by,
      verdict: fc.oneof({ weight: 8, arbitrary: fc.constant('approve' as const) }, fc.constantFrom(...verdicts)),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('use' as const),
      grant,
      other: rarely(
        fc.constantFrom<keyof Attempt>('consumer', 'operator', 'purpose', 'basis', 'route', 'query', 'address'),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.nat({ max: 90 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('restart' as const),
      leaves: rarely(by),
      moves: rarely(by),
    }),
  },
)

/** Who is there after a restart: of those who left or moved nobody acts any more as who they were. */
export function staffAfter({ leaves, moves }: Step & { do: 'restart' }): readonly Person[] {
  return people
    .filter((_, nth) => nth !== leaves)
    .map((one, nth) => (nth === moves && one.group !== null ? { ...one, group: 'archive' } : one))
}

/**
 * What is wrong with a use of the grant `id` now, from what is on record before it and in other words than the ledger's.
 * `other`: what of the request was not as approved.
 */
export function mayBeUsed(
  before: readonly GrantEvent[],
  id: string,
  { other, staff, now }: { other: keyof Attempt | null; staff: readonly Person[]; now: number },
): void {
  assert.equal(other, null, 'wider than approved')
  const own = before.filter(event => event.grant === id)
  assert.deepEqual(
    own.filter(({ action }) => !['asked', 'approved'].includes(action)),
    [],
    'used, refused, revoked, expired or void',
  )
  const asked = own[0]!.terms!
  const approvals = own.filter(({ action }) => action === 'approved')
  const names = new Set(approvals.map(({ person }) => person))
  const groups = new Set(approvals.map(({ group }) => group))
  const needed = asked.emergency ? 1 : 2
  assert.ok(names.size >= needed && groups.size >= needed, 'too few approvals')
  assert.ok(!names.has(asked.requester) && !groups.has(null), 'approved by somebody who may not')
  for (const { person, group } of approvals)
    assert.equal(staff.find(({ name }) => name === person)?.group, group, 'roles have changed')
  assert.ok(now >= Date.parse(asked.from) && now < Date.parse(asked.until), 'out of its time')
}
