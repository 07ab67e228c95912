import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  openReviewDesk,
  type PastReview,
  type ReviewDesk,
  type ReviewDeskParts,
} from '../../gateway/access/reviews/desk.ts'
import { type Fetching, ReviewLedger } from '../../gateway/access/reviews/ledger.ts'
import type { HeldAnswer, HeldStore } from '../../gateway/access/reviews/store.ts'
import { reviewVerdictText } from '../../gateway/access/reviews/terms.ts'
import { reviewSteps } from '../../gateway/config/config.ts'
import type { ReviewEvent } from '../../gateway/review-event.ts'
import { type ReviewTerms, type ReviewVerdict, reviewActions, reviewVerdicts } from '../../gateway/review-event.ts'

const morning = Date.parse('2026-11-21T09:00:00.000Z')
const hour = 3_600_000
const at = (time: number) => new Date(time).toISOString()
const groups = { pass: ['security'], check: ['privacy', 'security'], release: ['audit', 'security'] }
const limits = { expire: 2 * hour, remind: hour, answers: 3, bytes: 1000, answer: 500 }
const everybody = { wang: 'security', zhao: 'security', qian: 'security', zhang: 'privacy', chen: 'audit', li: null }
type Name = keyof typeof everybody
const names = Object.keys(everybody) as Name[]

const terms = (changed: Partial<ReviewTerms> = {}): ReviewTerms => ({
  ...{ id: 'A'.repeat(22), reason: 'route', consumer: 'oa', audience: 'staff', operator: 'qian', address: '10.1.2.3' },
  ...{
    purpose: null,
    basis: null,
    grant: null,
    system: 'old',
    route: '/x',
    method: 'GET',
    status: 200,
    format: 'json',
  },
  ...{ bytes: 100, rows: 1, unlisted: 0, policy: `sha256:${'0'.repeat(64)}`, sealed: `sha256:${'1'.repeat(64)}` },
  ...{ made: at(morning), until: at(morning + 2 * hour) },
  ...changed,
})
const fetching = (changed: Partial<Fetching> = {}): Fetching => ({
  ...{ id: 'A'.repeat(22), consumer: 'oa', audience: 'staff', operator: 'qian', address: '10.1.2.3', system: 'old' },
  anonymous: false,
  ...changed,
})
const rules = { groups, limits, hasAsked: (person: string, { operator }: ReviewTerms) => operator === person }

/** Who may do what, by the rules as they are written for people. */
function assertReleasedByThree(ledger: ReviewLedger): void {
  const { steps } = ledger.get('A'.repeat(22))!
  assert.deepEqual(
    steps.map(({ step }) => step),
    ['pass', 'check', 'release'],
  )
  assert.equal(new Set(steps.map(({ person }) => person)).size, 3)
  for (const { step, person, group } of steps) assert.ok(groups[step].includes(group) && person !== 'qian')
}

test('whatever people do, in whatever order, nothing is given that three have not released, and nothing twice', () => {
  const often = Array.from({ length: 10 }, () => reviewSteps).flat()
  let released = 0
  const act = fc.oneof(
    fc.record({
      kind: fc.constant('judge' as const),
      by: fc.constantFrom(...names),
      verdict: fc.constantFrom(...reviewVerdicts, ...often),
    }),
    fc.record({ kind: fc.constant('fetch' as const) }),
    fc.record({ kind: fc.constant('sweep' as const), later: fc.integer({ min: 0, max: 2 }) }),
  )
  fc.assert(
    fc.property(fc.array(act, { minLength: 20, maxLength: 50 }), acts => {
      const ledger = new ReviewLedger(rules)
      const events: ReviewEvent[] = []
      let [now, given] = [morning, 0]
      const take = (event: ReviewEvent) => {
        ledger.apply(event, now)
        events.push(event)
      }
      const held = ledger.hold(terms())
      if ('event' in held) take(held.event)
      for (const one of acts) {
        if (one.kind === 'sweep') {
          now += one.later * 600_000
          for (const event of ledger.sweep(now)) take(event)
        } else if (one.kind === 'judge') {
          const by = { name: one.by, group: everybody[one.by] }
          const decided = ledger.judge(one.verdict, 'A'.repeat(22), by, { signed: at(now), signature: '' }, now)
          if ('event' in decided) {
            assert.notEqual(one.by, 'qian')
            take(decided.event)
          }
        } else {
          const decided = ledger.fetch(fetching(), now)
          if (!('event' in decided)) continue
          assertReleasedByThree(ledger)
          take(decided.event)
          given++
        }
      }
      assert.ok(given <= 1)
      released += given
      const again = new ReviewLedger(rules)
      for (const event of events) again.apply(event, now)
      assert.deepEqual(again.get('A'.repeat(22))?.status, ledger.get('A'.repeat(22))?.status)
    }),
    { numRuns: 5000 },
  )
  assert.ok(released > 50, `only ${released} were ever released: the model tries too little`)
})

test('whatever stands on record, it makes up no release', () => {
  const event = fc.record({
    action: fc.constantFrom(...reviewActions),
    person: fc.constantFrom(...names, null),
    group: fc.constantFrom('security', 'privacy', 'audit', 'nobody', null),
  })
  fc.assert(
    fc.property(fc.array(event, { maxLength: 15 }), events => {
      const ledger = new ReviewLedger(rules)
      const said = { kind: 'review', review: 'A'.repeat(22), signed: null, signature: null } as const
      ledger.apply({ ...said, action: 'held', person: null, group: null, terms: terms() }, morning)
      for (const one of events) ledger.apply({ ...said, ...one }, morning)
      const void_ = ledger.void(new Map(Object.entries(everybody)), () => true)
      for (const one of void_) ledger.apply(one, morning)
      if ('event' in ledger.fetch(fetching(), morning)) assertReleasedByThree(ledger)
    }),
    { numRuns: 3000 },
  )
})

const sign = (name: string, text: string) => `${name} signed ${text}`
const people = new Map(
  names.map(name => [
    name as string,
    { name, group: everybody[name], verifies: (text: string, signature: string) => signature === sign(name, text) },
  ]),
)
const answer = {
  headers: {},
  fields: {},
  subjects: { count: 0, index: [] },
  unlisted: [],
  upstreamStatus: 200,
  body: Buffer.of(1),
}

type Opened = ReviewDesk & { readonly events: { event: ReviewEvent; time: number }[]; readonly files: Set<string> }

async function openDesk(
  changed: Partial<ReviewDeskParts> = {},
  before: readonly PastReview[] = [],
  files = new Set<string>(),
): Promise<Opened> {
  const events: Opened['events'] = []
  const store: HeldStore = {
    keep: async () => '',
    open: async ({ id }) => (files.has(id) ? (answer as HeldAnswer) : null),
    has: async id => files.has(id),
    erase: async id => void files.delete(id),
    sweep: async () => {},
  }
  const parts: ReviewDeskParts = {
    ...rules,
    append: async event => void events.push({ event, time: morning }),
    store,
    people,
    isOvertaken: () => false,
    now: () => morning,
    ...changed,
  }
  async function* past() {
    yield* before
  }
  return Object.assign(await openReviewDesk(parts, past()), { events, files })
}

const say = (desk: ReviewDesk, verdict: Exclude<ReviewVerdict, 'read'>, by: string) =>
  desk.judge(verdict, terms().id, by, {
    signed: at(morning),
    signature: sign(by, reviewVerdictText(verdict, terms(), at(morning))),
  })

async function released(files: Set<string>): Promise<Opened> {
  const desk = await openDesk({}, [], files)
  files.add(terms().id)
  assert.deepEqual(await desk.hold(terms()), { held: true })
  for (const [by, verdict] of [
    ['wang', 'pass'],
    ['zhang', 'check'],
    ['chen', 'release'],
  ] as const)
    assert.ok('review' in (await say(desk, verdict, by)), by)
  return desk
}

test('after a restart it stands as it stood, unless a role has changed, something was lost or its file is gone', async () => {
  const files = new Set<string>()
  const first = await released(files)
  const again = await openDesk({}, first.events, files)
  assert.ok('released' in (await again.look(fetching())))
  const moved = new Map([...people, ['zhang', { ...people.get('zhang')!, group: 'audit' }]])
  const cases: [Partial<ReviewDeskParts>, PastReview[], Set<string>][] = [
    [{ people: moved }, [...first.events], new Set(files)],
    [{ groups: { ...groups, release: ['security'] } }, [...first.events], new Set(files)],
    [{}, [...first.events, 'lost'], new Set(files)],
    [{}, [...first.events], new Set()],
  ]
  for (const [changed, before, there] of cases) {
    const desk = await openDesk(changed, before, there)
    assert.partialDeepStrictEqual(await desk.look(fetching()), { ended: 'voided' })
    assert.equal(there.size, 0)
    assert.deepEqual(
      desk.events.map(({ event }) => event.action),
      ['voided'],
    )
  }
})

test('steps on record that nobody has signed release nothing', async () => {
  const files = new Set<string>()
  const { events } = await released(files)
  const forged = events.map(one =>
    one.event.action === 'released'
      ? { ...one, event: { ...one.event, signature: sign('chen', 'something else') } }
      : one,
  )
  const desk = await openDesk({}, forged, files)
  assert.partialDeepStrictEqual(await desk.fetch(fetching()), { ended: 'voided' })
  assert.equal(files.size, 0)
})

test('at its end it is erased, on record, and one that waits long is told of once', async () => {
  let now = morning
  const late: string[] = []
  const files = new Set([terms().id])
  const desk = await openDesk({ now: () => now, onLate: ({ terms }) => void late.push(terms.id) }, [], files)
  await desk.hold(terms())
  for (const minutes of [10, 61, 62, 119]) {
    now = morning + minutes * 60_000
    await desk.sweep()
  }
  assert.equal(late.length, 1)
  now = morning + 2 * hour
  assert.partialDeepStrictEqual(await desk.look(fetching()), { ended: 'expired' })
  await desk.sweep()
  assert.deepEqual(
    desk.events.map(({ event }) => event.action),
    ['held', 'expired'],
  )
  assert.equal(files.size, 0)
})

test('what cannot be put on record did not happen', async () => {
  const files = new Set<string>()
  const desk = await released(files)
  let broken = true
  const append = async () => {
    if (broken) throw new Error('the disk is full')
  }
  const next = await openDesk({ append }, desk.events, files)
  await assert.rejects(next.fetch(fetching()))
  assert.equal(files.size, 1)
  broken = false
  assert.ok('released' in (await next.fetch(fetching())))
  assert.partialDeepStrictEqual(await next.fetch(fetching()), { ended: 'fetched' })
})

test('as many wait at one time, and as much, as the limits say', async () => {
  const desk = await openDesk()
  const nth = (n: number, bytes: number) => terms({ id: String(n).repeat(22), bytes })
  assert.deepEqual(await desk.hold(nth(1, 501)), { why: 'review_full' })
  assert.deepEqual(await desk.hold(nth(1, 500)), { held: true })
  assert.deepEqual(await desk.hold(nth(2, 450)), { held: true })
  assert.deepEqual(await desk.hold(nth(3, 51)), { why: 'review_full' })
  assert.deepEqual(await desk.hold(nth(3, 50)), { held: true })
  assert.deepEqual(await desk.hold(nth(4, 0)), { why: 'review_full' })
})
