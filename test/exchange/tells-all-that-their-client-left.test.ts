import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rawClient } from '../support/raw-client.ts'
import { startTestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const policies = {
  'systems/upstream.yaml': 'system: upstream\nroutes:\n  - { path: /**, methods: [GET, POST], body: data }\n',
}
const body = '{"name":"new"}'
const posted = `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
/** What follows a request's host, on each way through the gateway that calls a system. */
const ways: readonly (readonly [method: string, rest: string])[] = [
  ['GET', '\r\n'],
  ['POST', posted],
]

for (const [method, rest] of ways)
  test(`of a client that asks several at once by ${method} and leaves, none is asked on`, async t => {
    const upstream = await startUpstream(() => {})
    t.after(() => upstream.close())
    const gateway = await startTestGateway({ upstream: upstream.url, policies })
    t.after(() => gateway.close())
    const client = await rawClient(gateway.port)
    client.write(['/1', '/2', '/3'].map(path => `${method} ${path} HTTP/1.1\r\nhost: gw\r\n${rest}`).join(''))
    await until('all are with the system', () => upstream.calls.length === 3)
    client.destroy()
    await until('no connection to the system is kept for them', () => upstream.connections() === 0)
  })

test('each is on record as aborted', async t => {
  const upstream = await startUpstream(() => {})
  t.after(() => upstream.close())
  const gateway = await startTestGateway({ upstream: upstream.url })
  t.after(() => gateway.close())
  const client = await rawClient(gateway.port)
  client.write(['/1', '/2'].map(path => `GET ${path} HTTP/1.1\r\nhost: gw\r\n\r\n`).join(''))
  await until('both are with the system', () => upstream.calls.length === 2)
  client.destroy()
  const outcomes = async () => (await gateway.records()).flatMap(record => record['outcome'] ?? [])
  await until('both are on record', async () => (await outcomes()).filter(one => one === 'aborted').length === 2)
})

test('what was answered on a connection is not told again when it ends', async t => {
  const upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"ok":1}')
  })
  t.after(() => upstream.close())
  const gateway = await startTestGateway({ upstream: upstream.url })
  t.after(() => gateway.close())
  const client = await rawClient(gateway.port)
  for (let asked = 1; asked <= 3; asked++) {
    client.write('GET / HTTP/1.1\r\nhost: gw\r\n\r\n'.repeat(2))
    await until('both are answered', () => String(client.received()).split('{"ok":1}').length - 1 === asked * 2)
  }
  client.destroy()
  const records = (await gateway.records()).filter(({ kind }) => kind === 'access')
  assert.deepEqual(
    records.map(record => record['outcome']),
    Array(6).fill('released'),
  )
})
