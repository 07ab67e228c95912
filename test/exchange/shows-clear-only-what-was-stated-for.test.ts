import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway, type TestRecord } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

let upstream: Upstream
let gateway: TestGateway
let seenByUpstream: TestRecord[] = []

before(async () => {
  upstream = await startUpstream(async (_request, response) => {
    seenByUpstream = await gateway.records()
    response.setHeader('content-type', 'application/json')
    response.end('[{"tel":"13800138000"},{"tel":"13912345678"},{"tel":"13912345678"}]')
  })
  const bulk = 'system: upstream\nroutes:\n  - path: /few\n    bulk: { rows: 2 }\n  - path: /**\n'
  gateway = await startTestGateway({ upstream: upstream.url, policies: { 'systems/upstream.yaml': bulk } })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

const statement = {
  'veilgate-operator': 'u1203',
  'veilgate-purpose': 'enrolment',
  'veilgate-basis': 'work_order;ref="WO-2026-0012"',
}

test('who says who, what for and why sees it clear, and the intent is on record before the upstream is called', async () => {
  const headers = { authorization: `Bearer ${gateway.keys.counsellor}`, ...statement }
  const answer = await fetch(`${gateway.url}/list`, { headers })
  assert.match(await answer.text(), /13912345678/)
  const intent = seenByUpstream.at(-1)!
  assert.partialDeepStrictEqual(intent, { kind: 'intent', operator: 'u1203', purpose: 'enrolment', route: '/**' })
  const access = (await gateway.records()).at(-1)!
  assert.partialDeepStrictEqual(access, {
    kind: 'access',
    consumer: 'counsellor',
    operator: 'u1203',
    basis: { kind: 'work_order', ref: 'WO-2026-0012', verified: false },
    fields: { 'cn_mobile@A3': { clear: 3 } },
    rows: 3,
    subjects: { count: 2 },
    of: `${intent.log}:${intent.seq}`,
  })
})

test('without a statement it is masked, and there is no intent', async () => {
  const headers = { authorization: `Bearer ${gateway.keys.counsellor}` }
  const answer = await fetch(`${gateway.url}/list`, { headers })
  assert.equal(await answer.text(), '[{"tel":"138****8000"},{"tel":"139****5678"},{"tel":"139****5678"}]')
  assert.notEqual(seenByUpstream.at(-1)!.kind, 'intent')
})

test('an operator whose login is a phone number is recorded by its blind index', async () => {
  const headers = {
    authorization: `Bearer ${gateway.keys.counsellor}`,
    ...statement,
    'veilgate-operator': '13700137000',
  }
  await (await fetch(`${gateway.url}/list`, { headers })).text()
  const access = (await gateway.records()).at(-1)!
  assert.match(String(access['operator']), /^index:[\w-]{22}$/)
  assert.ok(!JSON.stringify(await gateway.records()).includes('13700137000'))
})

test('more rows than a route lets out without a grant are withheld, with an intent before and a record after', async () => {
  const answer = await fetch(`${gateway.url}/few`)
  assert.equal(answer.status, 403)
  assert.partialDeepStrictEqual(await answer.json(), { code: 'ROWS_NEED_GRANT', missing: ['grant'] })
  assert.equal(seenByUpstream.at(-1)!.kind, 'intent')
  assert.partialDeepStrictEqual((await gateway.records()).at(-1)!, { outcome: 'withheld', code: 'ROWS_NEED_GRANT' })
})
