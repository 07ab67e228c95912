import assert from 'node:assert/strict'
import { test } from 'node:test'
import { liftText, orderText } from '../../gateway/access/lockdown/scope.ts'
import { databaseOn } from '../records/copying.ts'
import { withoutPostgres as skip, startPostgres } from '../support/start-postgres.ts'
import { until } from '../support/until.ts'
import { at } from './grants.ts'
import { blocking, fresh, gatewayOn, ready, unusable, use } from './sharing-fleet.ts'
import { type SharingGateway, sign } from './sharing-gateway.ts'

test('while the database is away nothing is used; lockdowns hold here, and everywhere once it is back', {
  skip,
}, async t => {
  const own = await startPostgres(t)
  const database = await databaseOn(own.url, 'away')
  const [east, west] = [await gatewayOn(database, 'east'), await gatewayOn(database, 'west')]
  const given = await ready(east)
  await own.stop()
  await assert.rejects(use(west, given), unusable)
  const order = { id: 'L'.repeat(22), scope: { consumer: 'oa', operator: null, system: null, route: null } }
  const lock = { ...order, ...blocking, made: at(Date.now()) }
  const locked = await east.lockdowns.lock(lock, 'wang', sign('wang', orderText(lock)))
  assert.ok('lockdown' in locked && locked.spread.includes(null))
  assert.equal(east.lockdowns.inForce().length, 1)
  assert.deepEqual(west.lockdowns.inForce(), [])
  const lift = (gateway: SharingGateway, by: string) => {
    const signed = at(Date.now())
    return gateway.lockdowns.lift(order.id, by, { signed, signature: sign(by, liftText(order.id, signed)) })
  }
  await assert.rejects(lift(east, 'wang'), unusable)
  await own.start()
  await until('the lockdown at the other', () => west.lockdowns.inForce().length === 1)
  assert.ok('lockdown' in (await lift(west, 'wang')))
  assert.ok('lockdown' in (await lift(east, 'zhang')))
  await until('its end at the other', () => west.lockdowns.inForce().length === 0)
  assert.ok('terms' in (await use(west, given)))
  assert.deepEqual(await use(east, given), { why: 'used' })
})

test('a gateway that starts while the database is away has what it knew, and the rest when it is back', {
  skip,
}, async t => {
  const own = await startPostgres(t)
  const database = await databaseOn(own.url, 'away')
  const [east, west] = [await gatewayOn(database, 'east'), await gatewayOn(database, 'west')]
  const given = await ready(east)
  const scope = { consumer: 'oa', operator: null, system: null, route: null }
  const lock = { ...blocking, id: 'P'.repeat(22), scope, made: at(Date.now()) }
  await west.lockdowns.lock(lock, 'wang', sign('wang', orderText(lock)))
  await until('the lockdown at the other', () => east.lockdowns.inForce().length === 1)
  await east.close()
  assert.ok('terms' in (await use(west, given)))
  await own.stop()
  const again = await gatewayOn(database, 'east', { events: east.events })
  assert.equal(again.lockdowns.inForce().length, 1)
  await assert.rejects(use(again, given), unusable)
  await own.start()
  await until('the database', () =>
    again.grants.refresh().then(
      () => true,
      () => false,
    ),
  )
  assert.deepEqual(await use(again, given), { why: 'used' })
})

test('a lockdown says when every other gateway has it', { skip }, async () => {
  const database = await fresh()
  const [east, west] = [await gatewayOn(database, 'east'), await gatewayOn(database, 'west')]
  const scope = { consumer: null, operator: 'u1203', system: null, route: null }
  const lock = { id: 'M'.repeat(22), scope, ...blocking, made: at(Date.now()) }
  const locked = await east.lockdowns.lock(lock, 'wang', sign('wang', orderText(lock)))
  assert.ok('lockdown' in locked)
  assert.equal(locked.spread.length, 2)
  assert.ok(!locked.spread.includes(null))
  assert.deepEqual(
    west.lockdowns.inForce().map(one => one.scope),
    [scope],
  )
})

test('one for a time ends at all gateways, on record once, whichever of them was first', { skip }, async () => {
  const database = await fresh()
  let time = Date.now()
  const now = () => time
  const [east, west] = [await gatewayOn(database, 'east', { now }), await gatewayOn(database, 'west', { now })]
  const scope = { consumer: 'oa', operator: null, system: null, route: null }
  const lock = { ...blocking, id: 'N'.repeat(22), scope, until: at(time + 60_000), made: at(time) }
  await west.lockdowns.lock(lock, 'wang', sign('wang', orderText(lock)))
  time += 61_000
  await Promise.all([east.lockdowns.sweep(), west.lockdowns.sweep()])
  await east.grants.refresh()
  await west.grants.refresh()
  for (const { lockdowns, events } of [east, west]) {
    assert.deepEqual(lockdowns.inForce(), [])
    assert.deepEqual(
      events.map(one => one.action),
      ['locked', 'ended'],
    )
  }
})
