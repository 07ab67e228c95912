import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rawClient } from '../support/raw-client.ts'
import { startTestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const policy = 'system: upstream\nroutes:\n  - path: /**\n    methods: [GET, POST]\n    body: data\n'
const types = ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'application/octet-stream', null]

for (const type of types) {
  test(`a POST of ${type ?? 'no type'} that says no length is sent on, empty, and the next is answered`, async t => {
    const bodies: number[] = []
    const upstream = await startUpstream((request, response) => {
      let size = 0
      request.on('data', (chunk: Buffer) => (size += chunk.length))
      request.on('end', () => {
        bodies.push(size)
        response.setHeader('content-type', 'application/json').end('{"ok":1}')
      })
    })
    t.after(() => upstream.close())
    const gateway = await startTestGateway({ upstream: upstream.url, policies: { 'systems/upstream.yaml': policy } })
    t.after(() => gateway.close())
    const client = await rawClient(gateway.port)
    const head = `POST /a HTTP/1.1\r\nhost: gw\r\n${type === null ? '' : `content-type: ${type}\r\n`}\r\n`
    client.write(head)
    await until('the first is answered', () => String(client.received()).split('HTTP/1.1 ').length === 2)
    client.write(head)
    await until('the second is answered', () => String(client.received()).split('HTTP/1.1 ').length === 3)
    assert.deepEqual(bodies, [0, 0], String(client.received()))
    client.destroy()
  })
}
