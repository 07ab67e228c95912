import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { rawClient } from '../support/raw-client.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startRawUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const policy = 'system: upstream\nroutes:\n  - path: /**\n    methods: [GET, POST]\n    body: data\n'
const body = '{"tel":"13800138000"}'
const answer = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
const large = Buffer.alloc(4 * 1024 * 1024, 'x')
const asking = (type: string) =>
  `POST /a HTTP/1.1\r\nhost: gw\r\ncontent-type: ${type}\r\ncontent-length: ${large.length}\r\n\r\n`

let upstream: Upstream
let gateway: TestGateway
let onAsked = (socket: Socket): void => void socket.write(answer)

before(async () => {
  upstream = await startRawUpstream(socket => onAsked(socket))
  gateway = await startTestGateway({ upstream: upstream.url, policies: { 'systems/upstream.yaml': policy } })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

test('a system that answers before it has all of an upload gives its caller that answer', async () => {
  for (const sent of [large, large.subarray(0, 100_000)]) {
    const client = await rawClient(gateway.port)
    client.write(asking('application/octet-stream'))
    client.write(sent)
    const got = await client.settled()
    assert.equal(got.status, 200)
    assert.equal(got.body.toString(), '{"tel":"***"}')
    client.destroy()
  }
})

test('a caller that leaves in the middle of an upload takes nothing down when the answer comes', async () => {
  let asked: Socket | null = null
  onAsked = socket => {
    if (asked === null) asked = socket
    else socket.write(answer)
  }
  const client = await rawClient(gateway.port)
  client.write(asking('application/octet-stream'))
  client.write(large.subarray(0, 100_000))
  const socket = await until('the system is asked', () => asked)
  const before = (await gateway.records()).length
  // in one packet with the answer: the gateway learns of both at once
  client.destroy()
  socket.write(answer)
  await until('an entry', async () => (await gateway.records()).length > before)
  assert.equal(await (await fetch(`${gateway.url}/b`)).text(), '{"tel":"***"}')
})
