import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Signatory } from '../../gateway/access/grants/desk.ts'
import { type LockdownDesk, openLockdownDesk } from '../../gateway/access/lockdown/desk.ts'
import { Barrier, type LockdownEvent } from '../../gateway/access/lockdown/ledger.ts'
import { liftText, type Order, orderText, type Scope } from '../../gateway/access/lockdown/scope.ts'
import { at, hour, morning } from './grants.ts'

const sign = (name: string, text: string): string => `${name} signed ${text}`
const person = (name: string, group: string | null): [string, Signatory] => [
  name,
  { name, group, verifies: (text, signature) => signature === sign(name, text) },
]
const people = new Map([
  person('li', null),
  person('wang', 'security'),
  person('zhao', 'security'),
  person('zhang', 'privacy'),
])
const nothing: Scope = { consumer: null, operator: null, system: null, route: null }
const order = (changed: Partial<Order> = {}): Order => ({
  id: 'L'.repeat(22),
  scope: { ...nothing, consumer: 'oa' },
  drill: false,
  made: at(morning),
  ...changed,
})

type Desk = LockdownDesk & { events: LockdownEvent[]; spread: (readonly Scope[])[] }

async function open(before: readonly LockdownEvent[] = []): Promise<Desk> {
  const [events, spread] = [[...before], [] as (readonly Scope[])[]]
  const desk = await openLockdownDesk(
    {
      append: async event => void events.push(event),
      people,
      now: () => morning,
      spread: async scopes => {
        spread.push(scopes)
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
  assert.deepEqual(first.spread, [[order().scope]])
  const second = await open(first.events)
  assert.deepEqual(second.inForce(), [order().scope])
  assert.ok('lockdown' in (await lift(second, order().id, 'wang')))
  assert.deepEqual(await lift(second, order().id, 'wang'), { why: 'again' })
  assert.deepEqual(await lift(second, order().id, 'zhao'), { why: 'again' })
  assert.deepEqual(await lift(second, order().id, 'li'), { why: 'no_approver' })
  const third = await open(second.events)
  assert.deepEqual(third.inForce(), [order().scope])
  assert.ok('lockdown' in (await lift(third, order().id, 'zhang')))
  assert.deepEqual(third.spread.at(-1), [])
  assert.deepEqual((await open(third.events)).inForce(), [])
  assert.deepEqual(await lift(third, order().id, 'zhang'), { why: 'over' })
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
    [{ operator: 'u2' }, false],
    [{ system: 's' }, true],
    [{ system: 's', route: '/x' }, true],
    [{ system: 's', route: '/y' }, false],
  ]
  for (const [scope, stops] of cases) {
    barrier.set([{ ...nothing, ...scope }])
    assert.equal(barrier.stops(known), stops, JSON.stringify(scope))
    assert.equal(barrier.stops({ ...known, operator: null }), stops && scope.operator === undefined)
  }
})
