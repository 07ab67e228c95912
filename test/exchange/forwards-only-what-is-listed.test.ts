import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { exchangeRaw } from '../support/raw-client.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

let upstream: Upstream
let gateway: TestGateway
let received = ''

before(async () => {
  upstream = await startUpstream((request, response) => {
    received = ''
    request.on('data', chunk => (received += chunk))
    request.on('end', () => response.setHeader('content-type', 'application/json').end('{}'))
  })
  gateway = await startTestGateway({
    upstream: upstream.url,
    system: { requestHeaders: ['x-tenant', 'x-forwarded-for'], proofHeader: 'x-via-veilgate' },
    limits: { requestBody: 1000 },
    policies: {
      'systems/upstream.yaml':
        'system: upstream\nroutes:\n  - path: /**\n    methods: [GET, HEAD, POST, PUT, DELETE, OPTIONS]\n    body: data\n',
    },
  })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

test('the allow-list and what gateway.yaml adds reach the system, nothing else', async () => {
  const headers = [
    'accept: text/json',
    'Accept-Language: zh',
    'user-agent: old',
    'x-tenant: t1',
    'x-requested-with: XMLHttpRequest',
    'X-MicrosoftAjax: Delta=true',
    'Faces-Request: partial/ajax',
    'authorization: Basic',
    'cookie: a=b',
    'range: bytes=0-1',
    'if-none-match: "x"',
    'if-modified-since: Sat, 21 Nov 2026 09:30:00 GMT',
    'x-forwarded-for: 9.9.9.9',
    'forwarded: for=9.9.9.9',
    'x-original-url: /admin',
    'x-rewrite-url: /admin',
    'x-http-method-override: DELETE',
    'te: trailers',
    'accept-encoding: compress',
    'referer: http://x/?tel=13800138000',
    'x-anything: 1',
    '__proto__: 1',
    'constructor: 1',
  ].filter(line => !line.startsWith('authorization'))
  const answer = await exchangeRaw(gateway.port, `GET /a HTTP/1.1\r\nhost: gw\r\n${headers.join('\r\n')}\r\n\r\n`)
  assert.equal(answer.status, 200)
  const sent = upstream.calls.at(-1)!
  const { 'x-via-veilgate': proof, ...rest } = sent.headers
  assert.match(String(proof), /^[\w-]{43}$/)
  assert.deepEqual(rest, {
    host: `127.0.0.1:${upstream.port}`,
    connection: 'keep-alive',
    accept: 'text/json',
    'accept-language': 'zh',
    'user-agent': 'old',
    'x-tenant': 't1',
    'x-requested-with': 'XMLHttpRequest',
    'x-microsoftajax': 'Delta=true',
    'faces-request': 'partial/ajax',
    'accept-encoding': 'identity, gzip;q=0.5, deflate;q=0.4, br;q=0.3, zstd;q=0.2',
  })
})

test('a header that the caller names in connection stays between the caller and the gateway', async () => {
  await exchangeRaw(gateway.port, 'GET /a HTTP/1.1\r\nhost: gw\r\nconnection: close, x-tenant\r\nx-tenant: t1\r\n\r\n')
  assert.equal(upstream.calls.at(-1)!.headers['x-tenant'], undefined)
})

test('the target is forwarded in its one normal form', async () => {
  await exchangeRaw(gateway.port, 'GET /%61/%e5%bc%a0?q=a+b&k[]=%41 HTTP/1.1\r\nhost: gw\r\nconnection: close\r\n\r\n')
  assert.equal(upstream.calls.at(-1)!.url, '/a/%E5%BC%A0?q=a%20b&k%5B%5D=A')
})

for (const method of ['POST', 'PUT', 'DELETE']) {
  test(`the body of a ${method} is passed on`, async () => {
    const body = JSON.stringify({ text: '张三' })
    const answer = await fetch(`${gateway.url}/a`, { method, body, headers: { 'content-type': 'application/json' } })
    assert.equal(answer.status, 200)
    assert.equal(received, body)
    assert.equal(upstream.calls.at(-1)!.headers['content-length'], String(Buffer.byteLength(body)))
  })
}

test('a chunked body is passed on up to the limit, and refused over it', async () => {
  const post = (size: number) =>
    exchangeRaw(
      gateway.port,
      `POST /a HTTP/1.1\r\nhost: gw\r\ntransfer-encoding: chunked\r\n\r\n${size.toString(16)}\r\n${'a'.repeat(size)}\r\n0\r\n\r\n`,
    )
  assert.equal((await post(1000)).status, 200)
  assert.equal(received.length, 1000)
  const over = await post(1001)
  assert.equal(over.status, 413)
  assert.equal(JSON.parse(over.body.toString()).code, 'REQUEST_TOO_LARGE')
})

test('a content-type that cannot be read is refused', async () => {
  const answer = await exchangeRaw(
    gateway.port,
    'POST /a HTTP/1.1\r\nhost: gw\r\ncontent-type: @@;;\r\ncontent-length: 2\r\n\r\n{}',
  )
  assert.equal(answer.status, 400)
})
