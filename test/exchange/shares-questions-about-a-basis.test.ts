import assert from 'node:assert/strict'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { keys } from '../access/people.ts'
import { consumer, withKey } from '../support/consumer.ts'
import { get } from '../support/https-client.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const policies = {
  'audiences.yaml': `audiences:
  public: { 4: remove, 3: redact, 2: partial, 1: clear }
  staff: { like: public, clear_with: { 4: [operator, verified_basis] } }
`,
  'catalogue.yaml': `data_types:
  id: { title: { zh: 证号, en: ID }, cell: A4, names: [id] }
`,
  'systems/upstream.yaml': 'system: upstream\nroutes: [ { path: /a } ]\n',
}

let upstream: Upstream
let hook: Server
let gateway: TestGateway
/** Questions that the work-order system has not answered yet. */
const open: { readonly operator: string; readonly response: ServerResponse }[] = []

before(async () => {
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"id":"A1"}')
  })
  hook = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => void open.push({ operator: (JSON.parse(body) as { operator: string }).operator, response }))
  })
  await new Promise<void>(resolve => hook.listen(0, '127.0.0.1', resolve))
  const all = (['oa', 'portal'] as const).map(name =>
    consumer(name, {
      audience: 'staff',
      credentials: withKey(keys[name]),
      namesOperators: true,
      bases: ['work_order'],
    }),
  )
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/verify`
  gateway = await startTestGateway({
    ...{ upstream: upstream.url, policies },
    config: {
      consumers: new Map(all.map(one => [one.name, one])),
      bases: new Map([['work_order' as const, { reference: null, approvers: null, verify: { url, token: null } }]]),
    },
  })
})
after(async () => {
  await gateway.close()
  await upstream.close()
  hook.closeAllConnections()
  hook.close()
})

let refs = 0
const ask = (name: 'oa' | 'portal', operator: string, ref = `WO-2026-${++refs}`) =>
  get(`${gateway.url}/a`, {
    headers: {
      authorization: `Bearer ${keys[name]}`,
      'veilgate-operator': operator,
      'veilgate-basis': `work_order;ref="${ref}"`,
    },
  })
const many = (count: number, one: () => ReturnType<typeof ask>) => Array.from({ length: count }, one)
const asked = (count: number) => until(`${count} questions`, () => open.length >= count)
const answer = () => {
  for (const { response } of open.splice(0))
    response.setHeader('content-type', 'application/json').end('{"valid":true}')
}
const codes = async (all: readonly ReturnType<typeof ask>[]) => {
  const counts: Record<string, number> = {}
  for (const { status, code = '' } of await Promise.all(all)) {
    const key = `${status} ${code}`.trim()
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

test('nobody who asks about very many bases at one moment takes the places of others', async () => {
  const greedy = many(40, () => ask('oa', 'u1'))
  await asked(8)
  const others = [ask('oa', 'u2'), ask('oa', 'u3'), ask('portal', 'u1')]
  await asked(11)
  answer()
  assert.deepEqual(await codes(others), { 200: 3 })
  assert.deepEqual(await codes(greedy), { 200: 8, '503 BASIS_UNVERIFIED': 32 })
})

test('nor does a consumer, whomever it names', async () => {
  const greedy = many(40, () => ask('oa', `v${refs}`))
  await asked(16)
  const other = ask('portal', 'u1')
  await asked(17)
  answer()
  assert.deepEqual(await codes([other]), { 200: 1 })
  assert.deepEqual(await codes(greedy), { 200: 16, '503 BASIS_UNVERIFIED': 24 })
})

test('places come back, and the same question is put once, however many wait for its answer', async () => {
  const same = many(30, () => ask('oa', 'u1', 'WO-2027-1'))
  await asked(1)
  // whatever came with it waits too: another one of this operator is put beside it
  const another = ask('oa', 'u1')
  await asked(2)
  answer()
  assert.deepEqual(await codes([...same, another]), { 200: 31 })
  assert.equal(open.length, 0)
})
