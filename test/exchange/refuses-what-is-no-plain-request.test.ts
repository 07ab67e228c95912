import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { exchangeRaw, rawClient } from '../support/raw-client.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

let upstream: Upstream
let gateway: TestGateway

before(async () => {
  upstream = await startUpstream((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{"ok":1}'))
  })
  gateway = await startTestGateway({ upstream: upstream.url, limits: { requestBody: 1000 } })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

const get = (target: string, ...headers: string[]) =>
  `GET ${target} HTTP/1.1\r\nhost: gw\r\n${headers.map(header => `${header}\r\n`).join('')}\r\n`

/** What is sent, the status that comes back, and the code where the gateway itself could read the request. */
const refused: [string, string, number, string][] = [
  ['dots in the path', get('/a/../b'), 400, 'TARGET_MALFORMED'],
  ['encoded dots', get('/a/%2e%2e/b'), 400, 'TARGET_MALFORMED'],
  ['an encoded slash', get('/a%2fb'), 400, 'TARGET_MALFORMED'],
  ['double encoding', get('/a%252fb'), 400, 'TARGET_MALFORMED'],
  ['a path parameter', get('/a;jsessionid=1'), 400, 'TARGET_MALFORMED'],
  ['a NUL', get('/a%00'), 400, 'TARGET_MALFORMED'],
  ['a raw #', get('/a#b'), 400, 'TARGET_MALFORMED'],
  ['two slashes', get('//evil/x'), 400, 'TARGET_MALFORMED'],
  ['a URL of another host', get('http://evil.example/a'), 400, 'TARGET_MALFORMED'],
  ['a doubled parameter', get('/a?x=1&x=2'), 400, 'TARGET_MALFORMED'],
  ['TRACE', get('/a').replace('GET', 'TRACE'), 405, 'METHOD_NOT_ALLOWED'],
  ['PROPFIND', get('/a').replace('GET', 'PROPFIND'), 405, 'METHOD_NOT_ALLOWED'],
  ['OPTIONS *', get('*').replace('GET', 'OPTIONS'), 400, 'TARGET_MALFORMED'],
  ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n', 405, 'METHOD_NOT_ALLOWED'],
  ['a websocket', get('/a', 'connection: upgrade', 'upgrade: websocket'), 501, 'UPGRADE_REFUSED'],
  ['two hosts', get('/a', 'host: other'), 400, 'HEADER_MALFORMED'],
  ['two credentials', get('/a', 'authorization: Bearer a', 'authorization: Bearer b'), 400, 'HEADER_MALFORMED'],
  ['wrong credentials', get('/a', 'authorization: Bearer vg_nonsense'), 401, 'CREDENTIALS_WRONG'],
  ['a statement from a caller not trusted to', get('/a', 'veilgate-operator: u1'), 403, 'STATEMENT_NOT_TRUSTED'],
  ['an expectation', get('/a', 'expect: 200-maybe'), 400, 'HEADER_MALFORMED'],
  [
    'a body that says it is too large',
    get('/a', 'content-length: 1001').replace('GET', 'POST'),
    413,
    'REQUEST_TOO_LARGE',
  ],
  ['length and chunked', get('/a', 'content-length: 3', 'transfer-encoding: chunked'), 400, 'HEADER_MALFORMED'],
  ['two lengths', get('/a', 'content-length: 3', 'content-length: 4'), 400, 'HEADER_MALFORMED'],
  ['an odd coding', get('/a', 'transfer-encoding: chunked, identity'), 400, 'HEADER_MALFORMED'],
  ['an odd length', get('/a', 'content-length: +3'), 400, 'HEADER_MALFORMED'],
  ['a folded header', get('/a', 'x-a: 1\r\n\tfolded: 2'), 400, 'HEADER_MALFORMED'],
  ['a space before the colon', get('/a', 'host : other'), 400, 'HEADER_MALFORMED'],
  ['a bare line feed', 'GET /a HTTP/1.1\nhost: gw\n\n', 400, 'HEADER_MALFORMED'],
  ['no version', 'GET /a\r\n\r\n', 400, ''],
  ['a head too large', get('/a', `x-a: ${'a'.repeat(70_000)}`), 431, 'HEADERS_TOO_LARGE'],
  ['too many headers', get('/a', ...Array.from({ length: 300 }, (_, at) => `x-${at}: 1`)), 431, 'HEADERS_TOO_LARGE'],
]

for (const [what, request, status, code] of refused) {
  test(`${what} is refused with ${status}, and the upstream is not called`, async () => {
    const answer = await exchangeRaw(gateway.port, request)
    assert.equal(answer.status, status, answer.head + answer.body)
    assert.match(answer.head, /content-type: application\/problem\+json/i)
    assert.match(answer.head, /cache-control: no-store, private/i)
    const problem = JSON.parse(answer.body.toString()) as Record<string, unknown>
    if (code !== '') assert.equal(problem['code'], code)
    assert.equal(upstream.calls.length, 0)
  })
}

test('refusals of callers that are known have a record; the others are counted', async () => {
  const known = await exchangeRaw(gateway.port, get('/a/../b'))
  const problem = JSON.parse(known.body.toString()) as Record<string, unknown>
  // a count of earlier refusals may come after it, as a minute ends
  const record = (await gateway.records()).find(({ log, seq }) => problem['record'] === `${log}:${seq}`)!
  assert.partialDeepStrictEqual(record, {
    kind: 'refused',
    consumer: 'anonymous',
    code: 'TARGET_MALFORMED',
    status: 400,
  })
  const unknown = await exchangeRaw(gateway.port, get('/a', 'authorization: Bearer nonsense'))
  assert.equal(JSON.parse(unknown.body.toString()).record, undefined)
})

test('two requests on one connection get two answers, and a refused one ends it with its unread body', async () => {
  const client = await rawClient(gateway.port)
  client.write(get('/a') + get('/b', 'connection: close'))
  // the first answer is no reason to leave: the second may be long in coming, and ends the connection
  const two = await client.settled(10_000)
  assert.equal(two.body.toString().match(/\{"ok":1\}/g)?.length, 2)
  const smuggled = get('/hidden')
  const post = `POST /a HTTP/1.1\r\nhost: gw\r\ncontent-length: ${smuggled.length}\r\n\r\n`
  const before = upstream.calls.length
  const answer = await exchangeRaw(gateway.port, post + smuggled)
  assert.equal(answer.status, 405)
  assert.equal(upstream.calls.length, before)
})

test('an HTTP/1.0 request without a host is answered', async () => {
  const answer = await exchangeRaw(gateway.port, 'GET /a HTTP/1.0\r\n\r\n')
  assert.equal(answer.status, 200)
  assert.equal(answer.body.toString(), '{"ok":1}')
})
