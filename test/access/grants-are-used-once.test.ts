import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { alone } from '../../gateway/access/deciding.ts'
import { queryIndex } from '../../gateway/access/grants/attempt.ts'
import { type DeskParts, type GrantDesk, openGrantDesk, type Signatory } from '../../gateway/access/grants/desk.ts'
import { type Terms, termsText, type Verdict, verdictText } from '../../gateway/access/grants/terms.ts'
import type { GrantEvent } from '../../gateway/grant-event.ts'
import { at, attempt, hour, morning, past, terms } from './grants.ts'

/** Signs by writing the name under the text: what the desk asks of a signature is that it fits. */
const sign = (name: string, text: string): string => `${name} signed ${text}`
const person = (name: string, group: string | null, logins: string[] = []): [string, Signatory] => [
  name,
  { name, group, logins, verifies: (text, signature) => signature === sign(name, text) },
]
const people = new Map([person('li', null), person('wang', 'security'), person('zhang', 'privacy')])

type Desk = GrantDesk & { readonly events: { event: GrantEvent; time: number }[] }

type Changed = Partial<DeskParts> & { readonly append?: (event: GrantEvent) => Promise<unknown> }

async function openDesk(changed: Changed = {}, before: Desk['events'] = []): Promise<Desk> {
  const events = [...before]
  const append = async (event: GrantEvent) => {
    await sleep(0)
    events.push({ event, time: morning })
  }
  const parts = {
    deciding: alone(changed.append ?? append, changed.now ?? (() => morning)),
    people,
    audiences: new Map([['oa', new Set(['counsellor'])]]),
    now: () => morning,
    ...changed,
  }
  const desk = await openGrantDesk(parts, past(before))
  await desk.sweep()
  return Object.assign(desk, { events })
}

const say = (desk: GrantDesk, verdict: Verdict, by: string, given: Terms, signed = at(morning)) =>
  desk.judge(verdict, given.id, by, { signed, signature: sign(by, verdictText(verdict, given, signed)) })

async function ready(desk: GrantDesk, given: Terms): Promise<void> {
  assert.ok('grant' in (await desk.ask(given, 'li', sign('li', termsText(given)))))
  assert.ok('grant' in (await say(desk, 'approve', 'wang', given)))
  assert.ok('grant' in (await say(desk, 'approve', 'zhang', given)))
}

test('of a hundred requests at the same time one gets it, and after a restart none', async () => {
  const desk = await openDesk()
  const given = terms()
  await ready(desk, given)
  const answers = await Promise.all(Array.from({ length: 100 }, () => desk.use(attempt(given))))
  assert.equal(answers.filter(answer => 'terms' in answer).length, 1)
  assert.deepEqual(answers.find(answer => !('terms' in answer))!, { why: 'used' })
  assert.equal(desk.events.filter(({ event }) => event.action === 'used').length, 1)
  const again = await openDesk({}, desk.events)
  assert.deepEqual(await again.use(attempt(given)), { why: 'used' })
})

test('it survives a restart as it stood, with an approval on each side', async () => {
  const given = terms()
  const first = await openDesk()
  await first.ask(given, 'li', sign('li', termsText(given)))
  await say(first, 'approve', 'wang', given)
  const second = await openDesk({}, first.events)
  assert.deepEqual(await second.use(attempt(given)), { why: 'not_approved' })
  await say(second, 'approve', 'zhang', given)
  assert.deepEqual(await second.use(attempt(given)), { terms: given })
})

test('what could not be put on record does not count, and the grant is as it was', async () => {
  let broken = false
  const events: Desk['events'] = []
  const desk = await openDesk({
    append: async event => {
      if (broken) throw new Error('disk full')
      events.push({ event, time: morning })
    },
  })
  const given = terms()
  await ready(desk, given)
  broken = true
  await assert.rejects(desk.use(attempt(given)))
  broken = false
  assert.ok('terms' in (await desk.use(attempt(given))))
  assert.equal(events.filter(({ event }) => event.action === 'used').length, 1)
})

test('looking uses nothing up', async () => {
  const desk = await openDesk()
  const given = terms()
  await ready(desk, given)
  for (let times = 0; times < 3; times++) assert.ok('terms' in (await desk.look(attempt(given))))
  assert.ok('terms' in (await desk.use(attempt(given))))
})

test('each signature counts for its own words, its own grant and its own time', async () => {
  const desk = await openDesk()
  const [one, other] = [terms(), terms({ id: 'B'.repeat(22), rows: 1000 })]
  for (const given of [one, other]) await desk.ask(given, 'li', sign('li', termsText(given)))
  const signature = sign('wang', verdictText('approve', one, at(morning)))
  const signed = at(morning)
  assert.deepEqual(await desk.judge('approve', other.id, 'wang', { signed, signature }), { why: 'signature' })
  assert.deepEqual(await desk.judge('revoke', one.id, 'wang', { signed, signature }), { why: 'signature' })
  assert.deepEqual(await desk.judge('approve', one.id, 'zhang', { signed, signature }), { why: 'signature' })
  assert.deepEqual(await say(desk, 'approve', 'wang', one, at(morning - hour)), { why: 'stale' })
  assert.deepEqual(await desk.ask({ ...one, id: 'C'.repeat(22), rows: 2 }, 'li', sign('li', termsText(one))), {
    why: 'signature',
  })
  assert.equal(desk.get(one.id)!.approvals.length, 0)
})

test('nobody approves what they asked for, nor twice, nor two of one group', async () => {
  const desk = await openDesk({ people: new Map([...people, person('zhao', 'security')]) })
  const own = terms({ requester: 'wang' })
  await desk.ask(own, 'wang', sign('wang', termsText(own)))
  assert.deepEqual(await say(desk, 'approve', 'wang', own), { why: 'requester' })
  assert.ok('grant' in (await say(desk, 'approve', 'zhao', own)))
  assert.deepEqual(await say(desk, 'approve', 'zhao', own), { why: 'again' })
  assert.deepEqual(await say(desk, 'approve', 'li', own), { why: 'no_approver' })
  assert.equal(desk.get(own.id)!.status, 'asked')
})

test('nobody approves or reviews what they will see themselves, whoever asked for it', async () => {
  const desk = await openDesk()
  for (const [id, emergency] of [
    ['A', false],
    ['B', true],
  ] as const) {
    const given = terms({ id: id.repeat(22), operator: id === 'A' ? 'wang' : 'Wang', emergency })
    await desk.ask(given, 'li', sign('li', termsText(given)))
    assert.deepEqual(await say(desk, 'approve', 'wang', given), { why: 'requester' })
    assert.ok('grant' in (await say(desk, 'approve', 'zhang', given)))
  }
  assert.deepEqual(await desk.use(attempt(terms({ operator: 'wang' }))), { why: 'not_approved' })
  const used = terms({ id: 'B'.repeat(22), operator: 'Wang', emergency: true })
  assert.ok('terms' in (await desk.use(attempt(used))))
  assert.deepEqual(await say(desk, 'review', 'wang', used), { why: 'requester' })
})

test('nobody approves what they will see under their login at the consumer, nor counts who has done so before it was known', async () => {
  const withLogin = new Map([...people, person('wang', 'security', ['w1203'])])
  const desk = await openDesk({ people: withLogin })
  const given = terms({ operator: 'W1203' })
  await desk.ask(given, 'li', sign('li', termsText(given)))
  assert.deepEqual(await say(desk, 'approve', 'wang', given), { why: 'requester' })
  assert.deepEqual(await say(desk, 'refuse', 'wang', given), { why: 'requester' })
  const unknown = await openDesk()
  await ready(unknown, given)
  const known = await openDesk({ people: withLogin }, unknown.events)
  assert.equal(known.events.at(-1)!.event.action, 'voided')
  assert.deepEqual(await known.use(attempt(given)), { why: 'over' })
})

test('where a kind of basis has approvers of its own, the approval of anybody else is turned away, on record', async () => {
  const own = new Map([['lawful_request', new Set(['zhang', 'chen'])]])
  const staff = new Map([...people, person('chen', 'audit')])
  const desk = await openDesk({ people: staff, approvers: own })
  const given = terms({ basis: { kind: 'lawful_request', ref: 'PSB-2026-7' } })
  await desk.ask(given, 'li', sign('li', termsText(given)))
  assert.deepEqual(await say(desk, 'approve', 'wang', given), { why: 'own_approvers' })
  assert.partialDeepStrictEqual(desk.events.at(-1)!.event, { action: 'turned_away', person: 'wang', group: 'security' })
  assert.ok('grant' in (await say(desk, 'approve', 'zhang', given)))
  assert.deepEqual(await desk.use(attempt(given)), { why: 'not_approved' })
  assert.ok('grant' in (await say(desk, 'approve', 'chen', given)))
  // who approved it before that was said is no approver of it any more
  const later = await openDesk(
    { people: staff, approvers: new Map([['lawful_request', new Set(['chen', 'wang'])]]) },
    desk.events,
  )
  assert.deepEqual(await later.use(attempt(given)), { why: 'over' })
  assert.ok('terms' in (await desk.use(attempt(given))))
  const other = terms({ id: 'B'.repeat(22) })
  await desk.ask(other, 'li', sign('li', termsText(other)))
  assert.ok('grant' in (await say(desk, 'approve', 'wang', other)))
})

test('in an emergency one approval will do, and somebody else reviews it', async () => {
  const staff = new Map([...people, person('chen', 'audit')])
  const desk = await openDesk({ people: staff })
  const given = terms({ emergency: true })
  await desk.ask(given, 'li', sign('li', termsText(given)))
  await say(desk, 'approve', 'wang', given)
  assert.ok('terms' in (await desk.use(attempt(given))))
  assert.equal(desk.get(given.id)!.reviewDue, morning + 24 * hour)
  assert.deepEqual(await say(desk, 'review', 'wang', given), { why: 'again' })
  assert.ok('grant' in (await say(desk, 'review', 'chen', given)))
  assert.equal(desk.get(given.id)!.reviewDue, null)
  assert.deepEqual(await say(desk, 'review', 'chen', given), { why: 'nothing_due' })
})

test('a grant nobody used in time ends, on record', async () => {
  let now = morning
  const desk = await openDesk({ now: () => now })
  const given = terms()
  await ready(desk, given)
  now = Date.parse(given.until)
  assert.deepEqual(await desk.use(attempt(given)), { why: 'over' })
  await desk.sweep()
  assert.equal(desk.events.at(-1)!.event.action, 'expired')
  assert.equal(desk.get(given.id)!.status, 'expired')
})

test('it is void, on record, once who asked or approved has left or moved, or the consumer is in another audience', async () => {
  const first = await openDesk()
  await ready(first, terms())
  const changes: Partial<DeskParts>[] = [
    { people: new Map([person('li', null), person('wang', 'security')]) },
    { people: new Map([person('li', null), person('wang', 'privacy'), person('zhang', 'privacy')]) },
    { people: new Map([person('wang', 'security'), person('zhang', 'privacy')]) },
    { audiences: new Map([['oa', new Set(['public'])]]) },
  ]
  for (const changed of changes) {
    const desk = await openDesk(changed, first.events)
    assert.equal(desk.events.at(-1)!.event.action, 'voided')
    assert.deepEqual(await desk.use(attempt(terms())), { why: 'over' })
  }
})

test('it is void where something that may have been its use cannot be read any more', async () => {
  const first = await openDesk()
  await ready(first, terms())
  const events: GrantEvent[] = []
  const parts = {
    deciding: alone(
      async (event: GrantEvent) => void events.push(event),
      () => morning,
    ),
    people,
    audiences: new Map([['oa', new Set(['counsellor'])]]),
    now: () => morning,
  }
  const desk = await openGrantDesk(
    parts,
    (async function* () {
      yield* first.events
      yield 'lost' as const
    })(),
  )
  assert.deepEqual(await desk.use(attempt(terms())), { why: 'over' })
  await desk.sweep()
  assert.deepEqual(
    events.map(({ action }) => action),
    ['voided'],
  )
})

test('what differs is named, and nothing is used up by it', async () => {
  const desk = await openDesk()
  const given = terms()
  await ready(desk, given)
  const answer = await desk.use(attempt(given, { operator: 'u9', address: '10.9.9.9', basis: null }))
  assert.deepEqual(answer, { differs: ['operator', 'basis', 'terminal'] })
  const withCertificate = terms({ id: 'B'.repeat(22), terminals: ['10.1.2.3/32', `cert:${'ab'.repeat(32)}`] })
  await ready(desk, withCertificate)
  assert.deepEqual(await desk.use(attempt(withCertificate)), { differs: ['terminal'] })
  assert.ok('terms' in (await desk.use(attempt(withCertificate, { certificate: 'ab'.repeat(32) }))))
  assert.ok('terms' in (await desk.use(attempt(given))))
})

test('a target has one index in a grant, whatever the order of its parameters, and another in another', () => {
  const key = Buffer.alloc(32, 7)
  const [a, b] = [
    { name: 'a', value: '1' },
    { name: 'b', value: null },
  ] as const
  const index = queryIndex(key, 'A', 'GET', '/x', [a, b])
  assert.equal(queryIndex(key, 'A', 'GET', '/x', [b, a]), index)
  assert.match(index, /^[\w-]{43}$/)
  const others = [
    queryIndex(key, 'B', 'GET', '/x', [a, b]),
    queryIndex(key, 'A', 'POST', '/x', [a, b]),
    queryIndex(key, 'A', 'GET', '/x/1', [a, b]),
    queryIndex(key, 'A', 'GET', '/x', [a]),
    queryIndex(key, 'A', 'GET', '/x', [a, { name: 'b', value: '' }]),
    queryIndex(Buffer.alloc(32, 8), 'A', 'GET', '/x', [a, b]),
  ]
  assert.equal(new Set([index, ...others]).size, others.length + 1)
})
