import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import type { Consumer } from '../../gateway/config/config.ts'
import { makeApiKey } from '../../plugins/identities/api-key.ts'
import { consumer, withKey } from '../support/consumer.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { keys } from './people.ts'

const oa: Consumer = consumer('oa', {
  audience: 'counsellor',
  credentials: withKey(keys.oa),
  namesOperators: true,
  purposes: ['enrolment'],
  bases: ['work_order'],
})

let upstream: Upstream
let gateway: TestGateway

before(async () => {
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{"xm":"张三","tel":"13800138000"}')
  })
  const consumers = new Map([
    ['oa', oa],
    ['far', consumer('far', { credentials: withKey(keys.portal), addresses: ['192.0.2.0/24'] })],
  ])
  const proxies = { hops: 1, networks: ['127.0.0.0/8'] }
  gateway = await startTestGateway({
    upstream: upstream.url,
    config: { consumers, proxies },
    limits: { failedAuthentications: 400 },
  })
})

after(async () => {
  await gateway.close()
  await upstream.close()
})

type Answer = { status: number; code: string | undefined; headers: Record<string, unknown>; body: string }

/** Over node:http, as fetch joins headers that come twice. */
function call(headers: Readonly<Record<string, string | string[]>>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${gateway.url}/a`, { headers: { ...headers }, agent: false }, answer => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', chunk => (body += chunk))
      answer.on('end', () => {
        const { code } = JSON.parse(body || '{}') as { code?: string }
        resolve({ status: answer.statusCode!, code, headers: answer.headers, body })
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

test('each refusal has its status and code, and no call reaches the system', async () => {
  const cases: readonly (readonly [Record<string, string | string[]>, number, string])[] = [
    [bearer(makeApiKey()), 401, 'CREDENTIALS_WRONG'],
    [{ authorization: 'Basic eDp5' }, 401, 'CREDENTIALS_WRONG'],
    [{ authorization: '' }, 401, 'CREDENTIALS_WRONG'],
    [bearer(keys.portal), 403, 'ADDRESS_NOT_ALLOWED'],
    [{ ...bearer(keys.portal), 'x-forwarded-for': '192.0.2.7, 198.51.100.1' }, 403, 'ADDRESS_NOT_ALLOWED'],
    [{ 'x-forwarded-for': 'unknown' }, 400, 'HEADER_MALFORMED'],
    [{ 'veilgate-operator': 'u1' }, 403, 'STATEMENT_NOT_TRUSTED'],
    [{ ...bearer(keys.oa), 'veilgate-operator': 'u 1' }, 403, 'OPERATOR_MALFORMED'],
    [{ ...bearer(keys.oa), 'veilgate-operator': ['u1', 'u2'] }, 403, 'OPERATOR_MALFORMED'],
    [{ ...bearer(keys.oa), 'veilgate-purpose': 'marketing' }, 403, 'PURPOSE_NOT_ALLOWED'],
    [{ ...bearer(keys.oa), 'veilgate-basis': 'work_order' }, 403, 'BASIS_MALFORMED'],
  ]
  const before = upstream.calls.length
  for (const [headers, status, code] of cases) {
    const answer = await call(headers)
    assert.deepEqual([answer.status, answer.code], [status, code], JSON.stringify(headers))
  }
  assert.equal(upstream.calls.length, before)
})

test('a right key behind the trusted proxy is let in by the address the proxy saw', async () => {
  const answer = await call({ ...bearer(keys.portal), 'x-forwarded-for': '198.51.100.1, 192.0.2.7' })
  assert.equal(answer.status, 200)
  const last = (await gateway.records()).at(-1)!
  assert.deepEqual([last['consumer'], last['address']], ['far', '192.0.2.7'])
})

test('what is stated decides what is seen, and is on record; a phone number as login only as its index', async () => {
  const stated = { 'veilgate-purpose': 'enrolment', 'veilgate-basis': 'work_order;ref="WO-2026-12"' }
  assert.ok(!(await call(bearer(keys.oa))).body.includes('13800138000'))
  const seen = await call({ ...bearer(keys.oa), ...stated, 'veilgate-operator': '13800138000' })
  assert.ok(seen.body.includes('13800138000'))
  const records = await gateway.records()
  const last = records.at(-1)!
  assert.match(String(last['operator']), /^index:[\w-]{22}$/)
  assert.deepEqual(last['basis'], { kind: 'work_order', ref: 'WO-2026-12', verified: false })
  assert.ok(!JSON.stringify(records).includes('13800138000'))
})

test('a refused call is answered with the number of its record once the caller is known', async () => {
  const { body } = await call({ ...bearer(keys.oa), 'veilgate-operator': 'u 1' })
  const { record } = JSON.parse(body)
  const last = (await gateway.records()).at(-1)!
  assert.equal(record, `${last.log}:${last.seq}`)
  assert.deepEqual([last.kind, last['code'], last['consumer']], ['refused', 'OPERATOR_MALFORMED', 'oa'])
})

test('a flood of wrong keys is a handful of records that count all of it, and no key is among them', async () => {
  const tried = Array.from({ length: 500 }, () => makeApiKey())
  const codes = new Map<string, number>()
  for (const key of tried) {
    const { code = '' } = await call({ ...bearer(key), 'x-forwarded-for': '203.0.113.99' })
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }
  assert.deepEqual([...codes].sort(), [
    ['CREDENTIALS_WRONG', 400],
    ['RATE_LIMITED', 100],
  ])
  await gateway.running.close()
  const records = (await gateway.records()).filter(record => record['address'] === '203.0.113.99')
  assert.ok(records.length <= 8)
  assert.equal(
    records.reduce((sum, record) => sum + Number(record['count']), 0),
    500,
  )
  const written = JSON.stringify(await gateway.records()) + gateway.log.join('')
  for (const key of tried) assert.ok(!written.includes(key) && !written.includes(key.slice(3, 40)))
})
