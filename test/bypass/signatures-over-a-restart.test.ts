import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { consumer } from '../support/consumer.ts'
import { get } from '../support/https-client.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { signRequest } from '../support/sign-request.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const pair = generateKeyPairSync('ed25519')
const declared = {
  key_id: 'oa-1',
  algorithm: 'ed25519',
  public_key: pair.publicKey.export({ format: 'pem', type: 'spki' }),
  max_age: 300,
}
const oa = consumer('oa', {
  audience: 'staff',
  credentials: new Map([['http_signature', declared]]),
})

let upstream: Upstream
let directory: string
let gateway: TestGateway

before(async () => {
  upstream = await startUpstream((_, response) => response.setHeader('content-type', 'application/json').end('{}'))
  directory = await mkdtemp(join(tmpdir(), 'veilgate-'))
  gateway = await start()
})
after(async () => {
  await gateway.close()
  await upstream.close()
  await removeFolder(directory)
})

const start = () =>
  startTestGateway({ upstream: upstream.url, directory, config: { consumers: new Map([['oa', oa]]) } })

const seconds = () => Math.floor(Date.now() / 1000)

function signed(created: number): Record<string, string> {
  const headers = { host: 'gw' }
  const covers = ['@method', '@path', '@authority']
  return { ...headers, ...signRequest({ target: '/a', headers }, pair.privateKey, 'oa-1', covers, { created }) }
}

const ask = (headers: Record<string, string>) => get(`${gateway.url}/a`, { headers })

test('a signed request that was answered counts for nothing after a restart, whatever time it bears', async () => {
  const began = seconds()
  await until('the next second', () => seconds() > began)
  const shown = [signed(seconds()), signed(seconds() + 2)]
  for (const headers of shown) assert.equal((await ask(headers)).status, 200)
  assert.ok(seconds() >= began + 3, 'one that was ahead was answered before its time')
  await gateway.close()
  gateway = await start()
  for (const headers of shown) assert.equal((await ask(headers)).code, 'IDENTITY_UNAVAILABLE')
  const restarted = seconds()
  await until('the next second', () => seconds() > restarted)
  for (const headers of shown) assert.equal((await ask(headers)).code, 'IDENTITY_UNAVAILABLE')
  assert.equal((await ask(signed(seconds()))).status, 200)
})
