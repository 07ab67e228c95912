import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { keys } from '../access/people.ts'
import { consumer, withKey } from '../support/consumer.ts'
import { get } from '../support/https-client.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

let upstream: Upstream
let gateway: TestGateway
before(async () => {
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"a":1}')
  })
  const trusted = { audience: 'staff', namesOperators: true, purposes: ['enrolment'], bases: ['work_order' as const] }
  const old = consumer('old', { ...trusted, credentials: withKey(keys.oa), saysInQuery: true })
  const oa = consumer('oa', { ...trusted, credentials: withKey(keys.portal) })
  const consumers = new Map([old, oa].map(one => [one.name, one]))
  gateway = await startTestGateway({ upstream: upstream.url, closed: true, config: { consumers } })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

const ask = (query: string, headers: Record<string, string> = {}, key = keys.oa) =>
  get(`${gateway.url}/a?${query}`, { headers: { authorization: `Bearer ${key}`, ...headers } })

test('an old client says by parameters what others say by headers, and the system sees none of it', async () => {
  const said = 'veilgate_operator=u1203&veilgate_purpose=enrolment&veilgate_basis=work_order%3Bref%3D%22WO-2026-1%22'
  assert.equal((await ask(`page=2&${said}`)).status, 200)
  const last = (await gateway.records()).at(-1)!
  assert.deepEqual([last['operator'], last['purpose']], ['u1203', 'enrolment'])
  assert.deepEqual(last['basis'], { kind: 'work_order', ref: 'WO-2026-1', verified: false })
  assert.equal(upstream.calls.at(-1)!.url, '/a?page=2')
})

test('the same is held to the same shapes, may not be said twice, and is nobody else s to say', async () => {
  const before = upstream.calls.length
  assert.equal((await ask('veilgate_operator=u%201')).code, 'OPERATOR_MALFORMED')
  assert.equal((await ask('veilgate_basis=work_order%3Bref%3D%22WO-13800138000%22')).code, 'BASIS_MALFORMED')
  assert.equal((await ask('veilgate_operator=u1', { 'veilgate-operator': 'u1' })).code, 'HEADER_MALFORMED')
  assert.equal((await ask('veilgate_operator=u1&Veilgate_Operator=u2')).code, 'TARGET_MALFORMED')
  for (const query of ['veilgate_other=1', 'veilgate-operator=u1', 'Veilgate_operator=u1', 'veilgate_operator'])
    assert.equal((await ask(query)).code, 'PARAMETER_UNDECLARED', query)
  assert.equal((await ask('veilgate_operator=u1', {}, keys.portal)).code, 'PARAMETER_UNDECLARED')
  assert.equal(upstream.calls.length, before)
  assert.ok(!JSON.stringify(await gateway.records()).includes('13800138000'))
})
