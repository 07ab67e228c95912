import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { keys } from '../access/people.ts'
import { consumer, withKey } from '../support/consumer.ts'
import { get } from '../support/https-client.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const policies = {
  'audiences.yaml': `audiences:
  public: { 4: remove, 3: redact, 2: partial, 1: clear }
  staff: { like: public, clear_with: { 4: [operator, verified_basis], 3: [operator, basis] } }
`,
  'catalogue.yaml': `data_types:
  id: { title: { zh: 证号, en: ID }, cell: A4, names: [id] }
  tel: { title: { zh: 电话, en: Phone }, cell: A3, names: [tel] }
`,
  'systems/upstream.yaml': 'system: upstream\nroutes: [ { path: /a } ]\n',
}

let upstream: Upstream
let hook: Server
let gateway: TestGateway
/** What the work-order system was asked, and what it answers. */
let asked: Record<string, unknown>[] = []
let answer: string | null = null

before(async () => {
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"id":"A1","tel":"1"}')
  })
  hook = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      asked.push({ ...JSON.parse(body), authorization: request.headers.authorization })
      if (answer === null) response.destroy()
      else response.setHeader('content-type', 'application/json').end(answer)
    })
  })
  await new Promise<void>(resolve => hook.listen(0, '127.0.0.1', resolve))
  const oa = consumer('oa', {
    audience: 'staff',
    credentials: withKey(keys.oa),
    namesOperators: true,
    purposes: ['enrolment'],
    bases: ['work_order', 'complaint', 'consent'],
  })
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/verify`
  const bases = new Map([
    ['work_order' as const, { reference: 'WO-[0-9]{4}-[0-9]+', approvers: null, verify: { url, token: 'hook-token' } }],
    ['consent' as const, { reference: 'TY-[0-9]{6}', approvers: null, verify: null }],
  ])
  gateway = await startTestGateway({
    upstream: upstream.url,
    policies,
    config: { consumers: new Map([['oa', oa]]), bases },
  })
})
after(async () => {
  await gateway.close()
  await upstream.close()
  hook.closeAllConnections()
  hook.close()
})

const ask = (basis: string) =>
  get(`${gateway.url}/a`, {
    headers: {
      authorization: `Bearer ${keys.oa}`,
      'veilgate-operator': 'u1203',
      'veilgate-purpose': 'enrolment',
      'veilgate-basis': basis,
    },
  })
const basisOf = async () => (await gateway.records()).findLast(({ kind }) => kind === 'access')!['basis']

test('a basis that counts is verified, on record, and asked about once', async () => {
  answer = '{"valid":true}'
  for (let time = 0; time < 3; time++)
    assert.deepEqual(JSON.parse((await ask('work_order;ref="WO-2026-1"')).body), { id: 'A1', tel: '1' })
  assert.deepEqual(asked, [
    {
      kind: 'work_order',
      ref: 'WO-2026-1',
      consumer: 'oa',
      operator: 'u1203',
      purpose: 'enrolment',
      authorization: 'Bearer hook-token',
    },
  ])
  assert.deepEqual(await basisOf(), { kind: 'work_order', ref: 'WO-2026-1', verified: true })
})

test('one of another kind is taken at its word, and shows what asks for no more', async () => {
  asked = []
  assert.deepEqual(JSON.parse((await ask('complaint;ref="C-1"')).body), { tel: '1' })
  assert.deepEqual([asked, await basisOf()], [[], { kind: 'complaint', ref: 'C-1', verified: false }])
})

test('where it is said what references of a kind look like, one of that kind comes with its reference', async () => {
  assert.deepEqual(JSON.parse((await ask('consent;ref="TY-202611"')).body), { tel: '1' })
  assert.equal((await ask('consent')).code, 'BASIS_MALFORMED')
})

test('one that does not count, or has not its shape, is refused, and no answer is no yes', async () => {
  const calls = upstream.calls.length
  answer = '{"valid":false}'
  assert.equal((await ask('work_order;ref="WO-2026-2"')).code, 'BASIS_REFUSED')
  assert.equal((await ask('work_order;ref="XX-2026-2"')).code, 'BASIS_MALFORMED')
  for (const [nth, broken] of [
    null,
    'yes',
    '{"valid":"true"}',
    '{}',
    `{"valid":true,"x":"${'x'.repeat(20_000)}"}`,
  ].entries()) {
    answer = broken
    const { status, code } = await ask(`work_order;ref="WO-2027-${nth}"`)
    assert.deepEqual([status, code], [503, 'BASIS_UNVERIFIED'], String(broken).slice(0, 20))
  }
  assert.equal(upstream.calls.length, calls)
})

test('once the other system answers again, so does the gateway', async () => {
  answer = '{"valid":true}'
  assert.equal((await ask('work_order;ref="WO-2027-0"')).status, 200)
})
