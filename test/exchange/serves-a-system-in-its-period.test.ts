import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keys } from '../access/people.ts'
import { consumer, withKey } from '../support/consumer.ts'
import { get } from '../support/https-client.ts'
import { startTestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'

test('before and after its period a system answers 410, on record, and is not called', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"a":1}')
  })
  const hour = 3_600_000
  for (const [from, until, status, calls] of [
    [null, Date.now() - hour, 410, 0],
    [Date.now() + hour, null, 410, 0],
    [Date.now() - hour, Date.now() + hour, 200, 1],
  ] as const) {
    const gateway = await startTestGateway({ upstream: upstream.url, system: { from, until } })
    const got = await get(`${gateway.url}/a`)
    assert.deepEqual([got.status, upstream.calls.length], [status, calls])
    const last = (await gateway.records()).findLast(({ kind }) => kind !== 'expiry')!
    assert.equal(last['code'], status === 410 ? 'SYSTEM_EXPIRED' : undefined)
    await gateway.close()
  }
  await upstream.close()
})

test('a consumer that is over, or calls from elsewhere, is refused and on record by its name', async () => {
  const upstream = await startUpstream((_request, response) => response.end('{}'))
  const over = consumer('over', { credentials: withKey(keys.oa), until: Date.now() - 1 })
  const away = consumer('away', { credentials: withKey(keys.portal), addresses: ['10.1.0.0/16'] })
  const consumers = new Map([over, away].map(one => [one.name, one]))
  const gateway = await startTestGateway({ upstream: upstream.url, config: { consumers } })
  const statuses = await Promise.all(
    [keys.oa, keys.portal].map(async key => {
      const got = await get(`${gateway.url}/a`, { headers: { authorization: `Bearer ${key}` } })
      assert.doesNotMatch(got.body, /over|away/)
      return got.status
    }),
  )
  assert.deepEqual([statuses, upstream.calls.length], [[410, 403], 0])
  await gateway.running.close()
  const refused = (await gateway.records()).filter(({ kind }) => kind === 'refused')
  assert.deepEqual(refused.map(({ code, consumer, count }) => `${code} ${consumer} ${count}`).sort(), [
    'ADDRESS_NOT_ALLOWED away 1',
    'CONSUMER_EXPIRED over 1',
  ])
  await gateway.close()
  await upstream.close()
})

test('a route has a period of its own', async () => {
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"a":1}')
  })
  const routes = `system: upstream
routes:
  - { path: /over, until: '2020-01-31T00:00+08:00' }
  - { path: /later, from: '2120-01-31T00:00:00Z' }
  - { path: /now, from: '2020-01-31T00:00Z', until: '2120-01-31T00:00Z' }
`
  const gateway = await startTestGateway({ upstream: upstream.url, policies: { 'systems/upstream.yaml': routes } })
  const codes = await Promise.all(['/over', '/later', '/now'].map(async path => (await get(gateway.url + path)).code))
  assert.deepEqual([codes, upstream.calls.length], [['ROUTE_EXPIRED', 'ROUTE_EXPIRED', undefined], 1])
  await gateway.close()
  await upstream.close()
})
