import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PostgresSettings } from '../../gateway/config/config.ts'
import { asking, connect } from '../../gateway/records/postgres/connect.ts'
import { beginningOf, sealed } from '../../gateway/records/postgres/order-chain.ts'
import { withoutPostgres as skip } from '../support/start-postgres.ts'
import { until } from '../support/until.ts'
import { at } from './grants.ts'
import { fresh, gatewayOn, now, ready, unusable, use, wanted } from './sharing-fleet.ts'
import { ask, keyOfAll, type Logged, say, sign } from './sharing-gateway.ts'

async function sql(database: PostgresSettings, text: string, values: unknown[] = []): Promise<unknown[]> {
  const client = await connect(database, asking)
  const { rows } = await client.query(text, values)
  await client.end()
  return rows
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
  await until('what west says', () => /SET_BACK/.test(west.said.join()))
  await west.close()
  const again = await gatewayOn(database, 'west', { events: west.events })
  await assert.rejects(use(again, given), unusable)
})

test('where they are named, a use that is taken out of the database finds no second majority', { skip }, async () => {
  const database = await fresh()
  const gateways = ['east', 'west', 'north']
  const [east, west] = [
    await gatewayOn(database, 'east', { gateways }),
    await gatewayOn(database, 'west', { gateways }),
  ]
  const given = await ready(east)
  const early = await gatewayOn(database, 'north', { gateways })
  await early.close()
  const before = early.events.slice()
  assert.ok('terms' in (await use(east, given)))
  assert.deepEqual(west.events.at(-1)!.action, 'used')
  await sql(database, `DELETE FROM veilgate_control.events WHERE nth = (SELECT max(nth) FROM veilgate_control.events)`)
  const north = await gatewayOn(database, 'north', { gateways, events: before, within: 50 })
  await assert.rejects(use(north, given), unusable)
  for (const gateway of [east, west]) await assert.rejects(use(gateway, given), unusable)
})

test('without a majority nothing is shown, and the grant is used up', { skip }, async () => {
  const database = await fresh()
  const east = await gatewayOn(database, 'east', { gateways: ['east', 'west'], within: 50 })
  const given = await ready(east)
  await assert.rejects(use(east, given), unusable)
  const west = await gatewayOn(database, 'west', { gateways: ['east', 'west'] })
  for (const gateway of [east, west]) assert.deepEqual(await use(gateway, given), { why: 'used' })
  const other = await ready(east)
  assert.ok('terms' in (await use(west, other)))
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
  await until('an order anew', () =>
    ask(east, next).then(
      answer => 'grant' in answer,
      () => false,
    ),
  )
  for (const gateway of [east, west])
    await until('an order anew', () =>
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
