import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alone } from '../../gateway/access/deciding.ts'
import type { Signatory } from '../../gateway/access/grants/desk.ts'
import { Barrier } from '../../gateway/access/lockdown/barrier.ts'
import { type LockdownDesk, openLockdownDesk } from '../../gateway/access/lockdown/desk.ts'
import { liftText, type Order, orderText, type Restraint } from '../../gateway/access/lockdown/scope.ts'
import type { LockdownEvent, Scope } from '../../gateway/lockdown-event.ts'
import { at, hour, morning } from './grants.ts'

const sign = (name: string, text: string): string => `${name} signed ${text}`
const person = (name: string, group: string | null, logins: string[] = []): [string, Signatory] => [
  name,
  { name, group, logins, verifies: (text, signature) => signature === sign(name, text) },
]
const people = new Map([
  person('li', null),
  person('wang', 'security'),
  person('zhao', 'security'),
  person('zhang', 'privacy', ['Z4711']),
])
const nothing: Scope = { consumer: null, operator: null, system: null, route: null }
const order = (changed: Partial<Order> = {}): Order => ({
  id: 'L'.repeat(22),
  scope: { ...nothing, consumer: 'oa' },
  effect: 'block',
  rate: null,
  drill: false,
  until: null,
  made: at(morning),
  ...changed,
})

type Desk = LockdownDesk & { events: LockdownEvent[]; spread: (readonly Restraint[])[] }

const restraint = ({ id, scope, effect, rate }: Order): Restraint => ({ id, scope, effect, rate })

async function open(before: readonly LockdownEvent[] = [], now = () => morning): Promise<Desk> {
  const [events, spread] = [[...before], [] as (readonly Restraint[])[]]
  const desk = await openLockdownDesk(
    {
      deciding: alone(async event => void events.push(event), now),
      people,
      now,
      spread: async restraints => {
        spread.push(restraints)
        return [1]
      },
    },
    (async function* () {
      for (const event of before) yield { event, time: morning }
    })(),
  )
  return { ...desk, events, spread }
}

const lock = (desk: LockdownDesk, given: Order, by = 'wang') => desk.lock(given, by, sign(by, orderText(given)))
const lift = (desk: LockdownDesk, id: string, by: string, signed = at(morning)) =>
  desk.lift(id, by, { signed, signature: sign(by, liftText(id, signed)) })

test('one approver locks; it takes two of two groups to lift it, and it outlives restarts on the way', async () => {
  const first = await open()
  assert.ok('lockdown' in (await lock(first, order())))
  assert.deepEqual(first.spread, [[restraint(order())]])
  const second = await open(first.events)
  assert.deepEqual(second.inForce(), [restraint(order())])
  assert.ok('lockdown' in (await lift(second, order().id, 'wang')))
  assert.deepEqual(await lift(second, order().id, 'wang'), { why: 'again' })
  assert.deepEqual(await lift(second, order().id, 'zhao'), { why: 'again' })
  assert.deepEqual(await lift(second, order().id, 'li'), { why: 'no_approver' })
  const third = await open(second.events)
  assert.deepEqual(third.inForce(), [restraint(order())])
  assert.ok('lockdown' in (await lift(third, order().id, 'zhang')))
  assert.deepEqual(third.spread.at(-1), [])
  assert.deepEqual((await open(third.events)).inForce(), [])
  assert.deepEqual(await lift(third, order().id, 'zhang'), { why: 'over' })
})

test('whom it stops has no say in when it ends, in whatever capitals they have signed in, and by whatever login', async () => {
  for (const operator of ['Zhang', 'z4711']) {
    const desk = await open()
    const stopped = order({ scope: { ...nothing, operator } })
    await lock(desk, stopped)
    assert.ok('lockdown' in (await lift(desk, stopped.id, 'wang')))
    assert.deepEqual(await lift(desk, stopped.id, 'zhang'), { why: 'no_approver' })
    assert.deepEqual(desk.inForce(), [restraint(stopped)])
  }
})

test('a drill is on record and stops nothing', async () => {
  const desk = await open()
  await lock(desk, order({ drill: true }))
  assert.equal(desk.events[0]!.drill, true)
  assert.deepEqual(desk.spread, [[]])
})

test('nobody locks without their own fresh signature over these very words', async () => {
  const desk = await open()
  const signature = sign('wang', orderText(order()))
  const wider = order({ scope: nothing })
  assert.deepEqual(await desk.lock(wider, 'wang', signature), { why: 'signature' })
  assert.deepEqual(await desk.lock(order({ drill: true }), 'wang', signature), { why: 'signature' })
  assert.deepEqual(await desk.lock(order(), 'zhang', signature), { why: 'signature' })
  assert.deepEqual(await lock(desk, order({ made: at(morning - hour) })), { why: 'stale' })
  assert.deepEqual(await lock(desk, order(), 'li'), { why: 'no_approver' })
  const odd = order({ scope: { ...nothing, consumer: 'oa', route: '/x' } })
  assert.deepEqual(await lock(desk, odd), { why: 'scope' })
  const slow = { ...order({ effect: 'slow_down', rate: 6 }) }
  for (const other of [{ effect: 'block', rate: null }, { rate: 60 }, { until: at(morning + hour) }] as const)
    assert.deepEqual(await desk.lock({ ...slow, ...other }, 'wang', sign('wang', orderText(slow))), {
      why: 'signature',
    })
  const senseless = [{ ...slow, rate: null }, { ...slow, rate: 0 }, order({ rate: 6 }), order({ until: at(morning) })]
  for (const one of senseless) assert.deepEqual(await lock(desk, one), { why: 'effect' })
  await lock(desk, order())
  assert.deepEqual(await lift(desk, order().id, 'zhang', at(morning - hour)), { why: 'stale' })
})

test('what is stopped is what is named, and everything where nothing is', () => {
  const known = { consumer: 'oa', operator: 'u1', system: 's', route: '/x' }
  const barrier = new Barrier()
  assert.equal(barrier.stops(known), false)
  const cases: [Partial<Scope>, boolean][] = [
    [{}, true],
    [{ consumer: 'oa' }, true],
    [{ consumer: 'portal' }, false],
    [{ operator: 'u1' }, true],
    [{ operator: 'U１' }, true],
    [{ operator: 'u2' }, false],
    [{ system: 's' }, true],
    [{ system: 's', route: '/x' }, true],
    [{ system: 's', route: '/y' }, false],
  ]
  for (const [scope, stops] of cases) {
    barrier.set([restraint(order({ scope: { ...nothing, ...scope } }))])
    assert.equal(barrier.stops(known), stops, JSON.stringify(scope))
    assert.equal(barrier.stops({ ...known, operator: null }), stops && scope.operator === undefined)
  }
})

test('one that slows down or masks harder does no more than that, and with its time it ends', async () => {
  let now = morning
  const desk = await open([], () => now)
  const slow = order({ effect: 'slow_down', rate: 6, until: at(morning + hour) })
  const harder = order({ id: 'M'.repeat(22), effect: 'mask_harder' })
  for (const one of [slow, harder]) assert.ok('lockdown' in (await lock(desk, one)))
  const known = { consumer: 'oa', operator: 'u1', system: 's', route: '/x' }
  const barrier = new Barrier(desk.inForce())
  assert.deepEqual([barrier.stops(known), barrier.hardens(known)], [false, true])
  assert.deepEqual(barrier.slows(known), [restraint(slow)])
  assert.deepEqual(barrier.slows({ ...known, consumer: 'portal' }), [])
  await desk.sweep()
  assert.equal(desk.events.length, 2)
  now += hour
  await desk.sweep()
  assert.deepEqual(desk.spread.at(-1), [restraint(harder)])
  assert.partialDeepStrictEqual(desk.events.at(-1)!, { action: 'ended', lockdown: slow.id, person: null })
  assert.deepEqual(await lift(desk, slow.id, 'zhang', at(now)), { why: 'over' })
  assert.deepEqual((await open(desk.events, () => now)).inForce(), [restraint(harder)])
})

test('one whose time was over while the gateway was down stays until its end is on record', async () => {
  const first = await open()
  await lock(first, order({ effect: 'mask_harder', until: at(morning + hour) }))
  const second = await open(first.events, () => morning + 2 * hour)
  assert.equal(second.inForce().length, 1)
  await second.sweep()
  assert.equal(second.inForce().length, 0)
})

test('what an alert asks for again, and is in force already, is ordered once', async () => {
  const desk = await open()
  const asked = order({ effect: 'slow_down', rate: 6, until: at(morning + hour) })
  await desk.lockUnasked(asked)
  await desk.lockUnasked({ ...asked, id: 'N'.repeat(22) })
  assert.equal(desk.events.length, 1)
  await desk.lockUnasked({ ...asked, id: 'O'.repeat(22), until: at(morning + 2 * hour) })
  await desk.lockUnasked({ ...asked, id: 'P'.repeat(22), effect: 'block', rate: null, until: null })
  assert.equal(desk.inForce().length, 3)
})
