import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { keys } from '../access/people.ts'
import { consumer, withKey } from '../support/consumer.ts'
import { get } from '../support/https-client.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const policies = {
  'audiences.yaml': `audiences:
  staff: { 4: remove, 3: redact, 2: partial, 1: clear, clear_with: { 4: [operator, basis, grant], 3: [operator, purpose] } }
`,
  'systems/upstream.yaml': `system: upstream
routes:
  - { path: /tel, fields: { tel: A3 } }
  - { path: /any }
`,
}

let upstream: Upstream
let gateway: TestGateway
before(async () => {
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"tel":"1"}')
  })
  const oa = consumer('oa', {
    audience: 'staff',
    credentials: withKey(keys.oa),
    namesOperators: true,
    purposes: ['enrolment'],
    bases: ['consent'],
  })
  gateway = await startTestGateway({
    upstream: upstream.url,
    policies,
    closed: true,
    config: { consumers: new Map([['oa', oa]]) },
  })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

async function ask(path: string, headers: Record<string, string>): Promise<string> {
  const { status, code, body } = await get(gateway.url + path, {
    headers: { authorization: `Bearer ${keys.oa}`, ...headers },
  })
  if (status === 200) return body
  return `${code} ${(JSON.parse(body) as { missing: string[] }).missing.join(' ')}`
}

const strict = { prefer: 'respond-async, handling=strict' }
const operator = { 'veilgate-operator': 'u1203' }
const purpose = { 'veilgate-purpose': 'enrolment' }

test('who insists is told what is missing for the fields of this route, and the system is not asked', async () => {
  assert.equal(await ask('/tel', strict), 'STATEMENT_MISSING operator purpose')
  assert.equal(await ask('/tel', { ...strict, ...operator }), 'STATEMENT_MISSING purpose')
  assert.equal(await ask('/any', { ...strict, ...operator, ...purpose }), 'STATEMENT_MISSING basis grant')
  assert.equal(upstream.calls.length, 0)
})

test('who has presented all of it sees it clear, and who does not insist sees it as without', async () => {
  assert.equal(await ask('/tel', { ...strict, ...operator, ...purpose }), '{"tel":"1"}')
  assert.equal(await ask('/tel', operator), '{"tel":"***"}')
  for (const prefer of ['handling=lenient', 'handling=lenient, handling=strict', 'strict', 'xhandling=strict', ''])
    assert.equal(await ask('/tel', { prefer }), '{"tel":"***"}', prefer)
  for (const prefer of ['Handling = "STRICT"; x=1', 'return=minimal,handling=strict'])
    assert.equal(await ask('/tel', { prefer }), 'STATEMENT_MISSING operator purpose', prefer)
})
