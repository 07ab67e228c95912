import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { exchangeRaw, type RawClient, rawClient } from '../support/raw-client.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const system = `system: upstream
routes: [ { path: /**, methods: [GET, POST] } ]
`
const size = 256 * 1024
let [upstream, gateway]: [Upstream, TestGateway] = [] as never

before(async () => {
  upstream = await startUpstream((asked, response) => {
    asked.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{"ok":1}'))
  })
  const limits = { requestBody: size, requestBodies: 4 * size }
  gateway = await startTestGateway({ upstream: upstream.url, limits, policies: { 'systems/upstream.yaml': system } })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

const head = (length: number, key?: string) =>
  [
    ...['POST /a HTTP/1.1', 'host: gw', 'content-type: application/json', `content-length: ${length}`],
    ...(key === undefined ? [] : [`authorization: Bearer ${key}`]),
    '\r\n',
  ].join('\r\n')

/** A body of which all but the last byte has come. */
async function almostSent(): Promise<RawClient> {
  const client = await rawClient(gateway.port)
  client.write(`${head(size)}"${'a'.repeat(size - 2)}`)
  return client
}

test('who sends many large bodies, and none to its end, leaves room for others', async () => {
  const clients: RawClient[] = []
  for (let sent = 0; sent < 8; sent++) clients.push(await almostSent())
  const refused = () => clients.filter(client => client.received().includes('503 ')).length
  await until('others are refused', () => refused() >= 5)
  const others = await exchangeRaw(gateway.port, `${head(size, gateway.keys.staff)}"${'b'.repeat(size - 2)}"`)
  assert.equal(others.status, 200, others.head)
  // what is small is taken from anybody
  assert.equal((await exchangeRaw(gateway.port, `${head(9)}{"a":"b"}`)).status, 200)

  const open = clients.filter(client => client.received().length === 0)
  for (const client of open) client.write('"')
  for (const client of open) assert.equal((await client.settled()).status, 200)
  for (const client of clients) client.destroy()
})

test('who leaves before a body has come gives its room back', async () => {
  for (let round = 0; round < 8; round++) {
    const client = await almostSent()
    client.destroy()
  }
  await until('there is room again', async () => {
    const answer = await exchangeRaw(gateway.port, `${head(size)}"${'b'.repeat(size - 2)}"`)
    return answer.status === 200
  })
})

test('a body that comes byte by byte is put together again', async () => {
  const text = `{"a":"${'x'.repeat(2000)}"}`
  const chunks = [...text].map(one => `1\r\n${one}\r\n`).join('')
  const sent = `POST /a HTTP/1.1\r\nhost: gw\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`
  assert.equal((await exchangeRaw(gateway.port, sent)).status, 200)
})
