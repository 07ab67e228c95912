import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

let upstream: Upstream
let gateway: TestGateway

before(async () => {
  upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', server: 'Legacy/1.0', etag: '"x"' })
    response.end('{"xm":"张三","idCard":"11010519491231002X","tel":"13800138000","note":"call 13800138000","n":7}')
  })
  gateway = await startTestGateway({ upstream: upstream.url })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

test('any JSON server is masked by the shipped catalogue, and the access is on record', async () => {
  const answer = await fetch(`${gateway.url}/anything/here?page=2`)
  assert.equal(answer.status, 200)
  assert.equal(await answer.text(), '{"xm":"张*","tel":"***","note":"call ***","n":7}')
  assert.equal(upstream.calls[0]!.url, '/anything/here?page=2')
  const records = await gateway.records()
  const access = records.filter(({ kind }) => kind === 'access')
  assert.equal(access.length, 1)
  assert.partialDeepStrictEqual(access[0], {
    consumer: 'anonymous',
    address: '127.0.0.1',
    system: 'upstream',
    route: '/**',
    method: 'GET',
    status: 200,
    upstream_status: 200,
    format: 'json',
    outcome: 'released',
    rows: 1,
    subjects: { count: 1 },
  })
})

test('only headers made by the gateway leave', async () => {
  const answer = await fetch(`${gateway.url}/a`)
  await answer.text()
  const names = [...answer.headers.keys()].sort()
  assert.deepEqual(names, [
    'cache-control',
    'connection',
    'content-length',
    'content-type',
    'date',
    'keep-alive',
    'x-content-type-options',
  ])
  assert.equal(answer.headers.get('cache-control'), 'no-store, private')
})

test('a HEAD request has an access record, and no length to measure by', async () => {
  const answer = await fetch(`${gateway.url}/a`, { method: 'HEAD' })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-length'), null)
  assert.equal((await gateway.records()).at(-1)!['method'], 'HEAD')
})

test('an unknown method is refused with a record', async () => {
  const answer = await fetch(`${gateway.url}/a`, { method: 'POST', body: '{}' })
  assert.equal(answer.status, 405)
  assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8')
  const problem = (await answer.json()) as Record<string, unknown>
  assert.equal(problem['code'], 'METHOD_NOT_ALLOWED')
  assert.equal(answer.headers.get('allow'), 'GET, HEAD')
  const last = (await gateway.records()).at(-1)!
  assert.equal(problem['record'], `${last.log}:${last.seq}`)
  assert.equal(last.kind, 'refused')
})
