import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Terms } from '../../gateway/access/grants/terms.ts'
import { liftText, orderText } from '../../gateway/access/lockdown/scope.ts'
import type { PostgresSettings } from '../../gateway/config/config.ts'
import { asking, connect } from '../../gateway/records/postgres/connect.ts'
import { beginningOf, sealed } from '../../gateway/records/postgres/order-chain.ts'
import { databaseOn } from '../records/copying.ts'
import { type Postgres, startPostgres, withoutPostgres } from '../support/start-postgres.ts'
import { at, attempt, hour, terms } from './grants.ts'
import { ask, keyOfAll, type Logged, openSharing, type SharingGateway, say, sign } from './sharing-gateway.ts'

const skip = withoutPostgres
const now = Date.now()
let server: Postgres
let [databases, grants] = [0, 0]
const open: SharingGateway[] = []

before(async t => {
  if (!skip) server = await startPostgres(t as Parameters<typeof startPostgres>[0])
})
after(async () => {
  for (const gateway of open) await gateway.close()
})

const fresh = () => databaseOn(server.url, `shared_${++databases}`)

async function gatewayOn(database: PostgresSettings, name: string, more: Parameters<typeof openSharing>[1] = {}) {
  const gateway = await openSharing(database, { name, ...more })
  open.push(gateway)
  return gateway
}

async function sql(database: PostgresSettings, text: string, values: unknown[] = []): Promise<unknown[]> {
  const client = await connect(database, asking)
  const { rows } = await client.query(text, values)
  await client.end()
  return rows
}

function wanted(): Terms {
  const hours = { from: at(now - hour), until: at(now + hour), made: at(now) }
  return terms({ id: `G${String(++grants).padStart(21, '0')}`, ...hours })
}

async function ready(gateway: SharingGateway, given = wanted()): Promise<Terms> {
  assert.ok('grant' in (await ask(gateway, given)))
  for (const by of ['wang', 'zhang']) assert.ok('grant' in (await say(gateway, 'approve', by, given, now)))
  return given
}

const unusable = { code: 'GRANTS_UNUSABLE' }
const use = (gateway: SharingGateway, given: Terms) => gateway.grants.use(attempt(given))

const blocking = { effect: 'block', rate: null, drill: false, until: null } as const

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 500) throw new Error('it did not come to that')
    await sleep(10)
  }
}

test('asked for at one, approved at both, it is used once, whichever of them is asked by how many', {
  skip,
}, async () => {
  const database = await fresh()
  const [east, west] = [await gatewayOn(database, 'east'), await gatewayOn(database, 'west')]
  const given = wanted()
  await ask(east, given)
  assert.ok('grant' in (await say(west, 'approve', 'wang', given, now)))
  assert.deepEqual(await use(east, given), { why: 'not_approved' })
  assert.ok('grant' in (await say(east, 'approve', 'zhang', given, now)))
  const answers = await Promise.all(Array.from({ length: 100 }, (_, nth) => use(nth % 2 ? east : west, given)))
  assert.equal(answers.filter(answer => 'terms' in answer).length, 1)
  for (const { events } of [east, west])
    assert.deepEqual(
      events.map(one => [one.action, one.order!.nth]),
      [
        ['asked', 1],
        ['approved', 2],
        ['approved', 3],
        ['used', 4],
      ],
    )
})

test('what no gateway has written, or was changed or taken out, stops all grants, loudly', { skip }, async () => {
  const changes: Record<string, string> = {
    'an approval that nobody gave': `INSERT INTO veilgate_control.events SELECT nth + 1, gateway, time, event, mac FROM veilgate_control.events WHERE nth = 2`,
    'more rows': `UPDATE veilgate_control.events SET event = replace(event, '"rows":1', '"rows":9') WHERE nth = 1`,
    'a revocation taken out': 'DELETE FROM veilgate_control.events WHERE nth = 3',
    'another order of things': 'UPDATE veilgate_control.events SET nth = nth + 10',
  }
  for (const [what, change] of Object.entries(changes)) {
    const database = await fresh()
    const east = await gatewayOn(database, 'east')
    const given = wanted()
    await ask(east, given)
    await say(east, 'approve', 'wang', given, now)
    if (what === 'a revocation taken out') {
      await say(east, 'revoke', 'li', given, now)
      await ask(east, wanted())
    }
    await sql(database, change)
    const west = await gatewayOn(database, 'west')
    await assert.rejects(say(west, 'approve', 'zhang', given, now), unusable, what)
    assert.match(west.said.join(), /FORGED/, what)
  }
})

test('a use that is taken out again is known to every gateway that has heard of it, also after a restart', {
  skip,
}, async () => {
  const database = await fresh()
  const [east, west] = [await gatewayOn(database, 'east'), await gatewayOn(database, 'west')]
  const given = await ready(east)
  assert.ok('terms' in (await use(east, given)))
  await west.grants.refresh()
  await sql(database, 'DELETE FROM veilgate_control.events WHERE nth = 4')
  for (const gateway of [east, west]) await assert.rejects(use(gateway, given), unusable)
  await until(() => /SET_BACK/.test(west.said.join()))
  await west.close()
  const again = await gatewayOn(database, 'west', { events: west.events })
  await assert.rejects(use(again, given), unusable)
})

test('who holds the keys of a gateway still cannot sign for a person', { skip }, async () => {
  const database = await fresh()
  const east = await gatewayOn(database, 'east')
  const given = wanted()
  await ask(east, given)
  const [{ epoch, mac }] = (await sql(
    database,
    'SELECT epoch, e.mac FROM veilgate_control.state, veilgate_control.events e',
  )) as [{ epoch: string; mac: string }]
  let place = { ...beginningOf(keyOfAll, epoch), nth: 1, mac }
  for (const [person, group] of [
    ['wang', 'security'],
    ['zhang', 'privacy'],
  ]) {
    const said = { person, group, signed: at(now), signature: sign('somebody', 'else') }
    const event = JSON.stringify({ kind: 'grant', action: 'approved', grant: given.id, ...said })
    const item = sealed(keyOfAll, place, { gateway: 'east', time: at(now), event })
    await sql(
      database,
      'INSERT INTO veilgate_control.events (nth, gateway, time, event, mac) VALUES ($1, $2, $3, $4, $5)',
      [...[item.nth, item.gateway, item.time, item.event, item.mac]],
    )
    place = { ...place, nth: item.nth, mac: item.mac }
  }
  assert.deepEqual(await use(east, given), { why: 'signature' })
})

test('gateways with other keys, or tables of a newer version, decide nothing', { skip }, async () => {
  const database = await fresh()
  await gatewayOn(database, 'east')
  const stranger = await gatewayOn(database, 'west', { key: Buffer.alloc(32, 9) })
  await assert.rejects(ask(stranger, wanted()), unusable)
  assert.match(stranger.said.join(), /OTHER_KEYS/)
  await sql(database, 'UPDATE veilgate_control.state SET version = 99')
  const older = await gatewayOn(database, 'north')
  await assert.rejects(ask(older, wanted()), unusable)
  assert.match(older.said.join(), /VERSION/)
})

test('where the order is dropped, what was open is void, and all begins anew', { skip }, async () => {
  const database = await fresh()
  const [east, west] = [await gatewayOn(database, 'east'), await gatewayOn(database, 'west')]
  const given = await ready(east)
  await west.grants.refresh()
  await sql(database, 'DROP SCHEMA veilgate_control CASCADE')
  await assert.rejects(use(east, given), unusable)
  const next = wanted()
  await until(() =>
    ask(east, next).then(
      answer => 'grant' in answer,
      () => false,
    ),
  )
  for (const gateway of [east, west])
    await until(() =>
      gateway.grants.refresh().then(
        () => true,
        () => false,
      ),
    )
  for (const gateway of [east, west]) assert.deepEqual(await use(gateway, given), { why: 'over' })
  for (const by of ['wang', 'zhang']) await say(west, 'approve', by, next, now)
  assert.ok('terms' in (await use(west, next)))
})

test('a grant from before gateways decided together is void: another gateway may have it used already', {
  skip,
}, async () => {
  const database = await fresh()
  const given = wanted()
  const signed = { person: 'li', group: null, signed: given.made }
  const alone: Logged = {
    ...{ kind: 'grant', action: 'asked', grant: given.id, ...signed, terms: given },
    signature: sign('li', 'veilgate'),
  }
  const east = await gatewayOn(database, 'east', { events: [alone] })
  assert.equal(east.grants.get(given.id)!.status, 'voided')
  assert.equal(east.events.at(-1)!.action, 'voided')
})

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
  await until(() => west.lockdowns.inForce().length === 1)
  assert.ok('lockdown' in (await lift(west, 'wang')))
  assert.ok('lockdown' in (await lift(east, 'zhang')))
  await until(() => west.lockdowns.inForce().length === 0)
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
  await until(() => east.lockdowns.inForce().length === 1)
  await east.close()
  assert.ok('terms' in (await use(west, given)))
  await own.stop()
  const again = await gatewayOn(database, 'east', { events: east.events })
  assert.equal(again.lockdowns.inForce().length, 1)
  await assert.rejects(use(again, given), unusable)
  await own.start()
  await until(() =>
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
  assert.ok(locked.spread.every(took => took !== null && took <= 1000))
  assert.deepEqual(
    west.lockdowns.inForce().map(one => one.scope),
    [scope],
  )
})

test('one for a time ends at all gateways, on record once, whichever of them was first', { skip }, async () => {
  const database = await fresh()
  const [east, west] = [await gatewayOn(database, 'east'), await gatewayOn(database, 'west')]
  const scope = { consumer: 'oa', operator: null, system: null, route: null }
  const until = at(Date.now() + 200)
  const lock = { ...blocking, id: 'N'.repeat(22), scope, until, made: at(Date.now()) }
  await west.lockdowns.lock(lock, 'wang', sign('wang', orderText(lock)))
  await sleep(250)
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
