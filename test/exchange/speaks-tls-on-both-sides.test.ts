import assert from 'node:assert/strict'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { localhost } from '../support/certificates.ts'
import { startTestGateway } from '../support/start-gateway.ts'

const tls = { cert: localhost.certificate, key: localhost.key }

function get(port: number): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/a', ca: localhost.certificate, agent: false as const }
    request(options, response => {
      let body = ''
      response.on('data', chunk => (body += chunk)).on('end', () => resolve({ status: response.statusCode!, body }))
    })
      .on('error', reject)
      .end()
  })
}

test('the listener and the way to the system are encrypted, and a system with an unknown certificate gets no request', async () => {
  let calls = 0
  const system = createServer(tls, (_request, response) => {
    calls++
    response.setHeader('content-type', 'application/json').end('{"tel":"13800138000"}')
  })
  await new Promise<void>(resolve => system.listen(0, '127.0.0.1', resolve))
  const upstream = `https://127.0.0.1:${(system.address() as AddressInfo).port}`
  const clients = { clientCa: null, clientCertificates: 'required', clientCrl: null } as const
  const listener = { ...localhost, ...clients }

  const strict = await startTestGateway({ upstream, config: { tls: listener } })
  const refused = await get(strict.port)
  assert.equal(refused.status, 502)
  assert.equal(calls, 0)
  await strict.close()

  const settings = { ca: localhost.certificate, serverName: null, certificate: null, key: null }
  const trusting = await startTestGateway({ upstream, config: { tls: listener }, tls: settings })
  assert.deepEqual(await get(trusting.port), { status: 200, body: '{"tel":"***"}' })
  await trusting.close()
  system.close()
})
