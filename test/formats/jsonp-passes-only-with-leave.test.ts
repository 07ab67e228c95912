import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const policy = `system: upstream
routes:
  - { path: /plain }
  - { path: /call, jsonp: allow }
`
let upstream: Upstream
let gateway: TestGateway
let [body, type] = ['', '']

before(async () => {
  upstream = await startUpstream((_request, response) => void response.setHeader('content-type', type).end(body))
  gateway = await startTestGateway({ upstream: upstream.url, policies: { 'systems/upstream.yaml': policy } })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

async function ask(path: string, text: string, label = 'text/javascript;charset=UTF-8') {
  ;[body, type] = [text, label]
  const answer = await fetch(gateway.url + path)
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
}

const call = '/**/cb({"rows":[{"xm":"张三","tel":"13800138000","note":"请拨13912345678"}]});'
const masked = '/**/cb({"rows":[{"xm":"张*","tel":"***","note":"请拨***"}]});'

test('with leave a call is masked as the JSON in it is, under every label it comes with', async () => {
  for (const label of ['text/javascript', 'application/javascript', 'application/json', 'text/html', 'text/plain'])
    assert.deepEqual((await ask('/call', call, label)).text, masked, label)
  assert.equal((await ask('/call', call)).type, 'text/javascript; charset=utf-8')
  const record = (await gateway.records()).at(-1)!
  assert.partialDeepStrictEqual(record, { format: 'jsonp', rows: 1, outcome: 'released' })
})

test('without leave it is withheld', async () => {
  for (const label of ['text/javascript', 'application/json', 'text/html'])
    assert.equal((await ask('/plain', call, label)).status, 502, label)
})

test('plain JSON passes where a call may come', async () => {
  assert.equal((await ask('/call', '{"xm":"张三"}', 'application/json')).text, '{"xm":"张*"}')
})

test('what does more than hand over data is withheld, and so is a function named by a number', async () => {
  for (const text of [
    `${call}alert("13800138000")`,
    'var rows = [{"tel":"13800138000"}];',
    'cb({tel:"13800138000"});',
    'cb_13800138000({"a":1});',
    "typeof cb === 'function' && cb({});",
  ]) {
    const got = await ask('/call', text)
    assert.equal(got.status, 502, text)
    assert.ok(!got.text.includes('138'), text)
  }
})
