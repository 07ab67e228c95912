import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startRawUpstream, type Upstream } from '../support/start-upstream.ts'

const secret = '13800138000'
const body = `{"tel":"${secret}","idCard":"11010519491231002X","name":"欧阳娜娜"}`
const head = (more: string) => `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${more}\r\n`
const json = (text: string, more = '') => `${head(`content-length: ${Buffer.byteLength(text)}\r\n${more}`)}${text}`

/** By path: what the system does once it has the request. */
const misdeeds: Record<string, (socket: Socket) => void> = {
  '/reset-at-once': socket => void socket.resetAndDestroy(),
  '/reset-in-mid-body': socket =>
    void socket.write(`${head('content-length: 500\r\n')}${body}`, () =>
      setTimeout(() => socket.resetAndDestroy(), 20),
    ),
  '/ends-too-early': socket => void socket.end(`${head('content-length: 500\r\n')}${body}`),
  '/chunk-cut-short': socket => void socket.end(`${head('transfer-encoding: chunked\r\n')}40\r\n${body.slice(0, 20)}`),
  '/no-last-chunk': socket =>
    void socket.end(`${head('transfer-encoding: chunked\r\n')}${body.length.toString(16)}\r\n${body}\r\n`),
  '/two-lengths': socket => void socket.end(`${head('content-length: 10\r\ncontent-length: 80\r\n')}${body}`),
  '/length-and-chunked': socket =>
    void socket.end(`${head('content-length: 10\r\ntransfer-encoding: chunked\r\n')}0\r\n\r\n${body}`),
  '/never-answers': () => {},
  '/head-never-ends': socket => void socket.write(`HTTP/1.1 200 OK\r\nx-tel: ${secret}\r\n`),
  '/stalls-in-mid-body': socket => void socket.write(`${head('content-length: 500\r\n')}${body}`),
  '/100000-headers': socket =>
    void socket.end(json(body, Array.from({ length: 1e5 }, (_, at) => `x-${at}: ${secret}\r\n`).join(''))),
  '/not-http': socket => void socket.end(`tel ${secret}\n`),
  '/bare-line-feeds': socket => void socket.end(`HTTP/1.1 200 OK\nx-tel: ${secret}\ncontent-length: 2\n\n{}`),
  '/status-999': socket => void socket.end(json(body).replace('200 OK', '999 Odd')),
  '/switches-protocols': socket =>
    void socket.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n${secret}`),
  '/many-interim-answers': socket =>
    void socket.write(`HTTP/1.1 102 Processing\r\nx-tel: ${secret}\r\n\r\n`.repeat(50) + json(body)),
  '/partial': socket =>
    void socket.end(json(body, 'content-range: bytes 0-9/80\r\n').replace('200 OK', '206 Partial Content')),
  '/unknown-encoding': socket => void socket.end(json(body, 'content-encoding: compress\r\n')),
  '/gzip-unlabelled': socket => {
    const bytes = gzipSync(body)
    socket.end(Buffer.concat([Buffer.from(head(`content-length: ${bytes.length}\r\n`)), bytes]))
  },
  '/gzip-with-a-tail': socket => {
    const bytes = Buffer.concat([gzipSync('{}'), Buffer.from(body)])
    const more = `content-encoding: gzip\r\ncontent-length: ${bytes.length}\r\n`
    socket.end(Buffer.concat([Buffer.from(head(more)), bytes]))
  },
  '/bomb': socket => {
    const bytes = gzipSync(Buffer.alloc(64 << 20, ' '))
    const more = `content-encoding: gzip\r\ncontent-length: ${bytes.length}\r\n`
    socket.end(Buffer.concat([Buffer.from(head(more)), bytes]))
  },
  '/picture': socket => void socket.end(json(`PNG ${secret}`).replace('application/json', 'image/png')),
  '/document': socket => void socket.end(json(`%PDF-1.4 ${secret}`).replace('application/json', 'application/pdf')),
  '/json-that-is-none': socket => void socket.end(json(`tel ${secret}`)),
  '/no-type': socket =>
    void socket.end(json(`\u0000\u0001 ${secret}`).replace('content-type: application/json\r\n', '')),
  '/malformed': socket => void socket.end(json(`{"tel":"${secret}",}`)),
  '/two-documents': socket => void socket.end(json(`{}{"tel":"${secret}"}`)),
  '/too-deep': socket => void socket.end(json(`${'['.repeat(100_000)}"${secret}"${']'.repeat(100_000)}`)),
  '/gbk': socket => void socket.end(json(body).replace('application/json', 'application/json; charset=gbk')),
  '/not-utf-8': socket =>
    void socket.end(Buffer.concat([Buffer.from(head('content-length: 7\r\n')), Buffer.from('7b2261223a22d5', 'hex')])),
  '/foreign-redirect': socket =>
    void socket.end(`HTTP/1.1 302 Found\r\nlocation: http://evil.example/?tel=${secret}\r\ncontent-length: 0\r\n\r\n`),
  '/redirect-with-a-number': socket =>
    void socket.end(`HTTP/1.1 302 Found\r\nlocation: /find/${secret}\r\ncontent-length: 0\r\n\r\n`),
}

/** Those that say nothing more: only they are to be given up soon. */
const stalls: ReadonlySet<string> = new Set(['/never-answers', '/head-never-ends', '/stalls-in-mid-body'])

let upstream: Upstream
let gateway: TestGateway
let impatient: TestGateway

before(async () => {
  upstream = await startRawUpstream((socket, requestHead) => {
    const path = requestHead.split(' ')[1]!.split('?')[0]!
    const misdeed = misdeeds[path]
    if (misdeed === undefined) socket.write(json('{"ok":true}'))
    else misdeed(socket)
  })
  const timeouts = { connect: 500, headers: 600, idle: 600, total: 2000 }
  gateway = await startTestGateway({ upstream: upstream.url })
  impatient = await startTestGateway({ upstream: upstream.url, timeouts })
})
after(async () => {
  await gateway.close()
  await impatient.close()
  await upstream.close()
})

for (const path of Object.keys(misdeeds)) {
  test(`an upstream that does ${path.slice(1)} gets nothing past the gateway`, async () => {
    const asked = stalls.has(path) ? impatient : gateway
    const before = upstream.calls.length
    const answer = await fetch(`${asked.url}${path}`, { redirect: 'manual' })
    const text = await answer.text()
    const all = JSON.stringify([...answer.headers]) + text
    for (const part of [secret, '欧阳', '1949', 'content-range', 'x-tel', 'evil']) assert.ok(!all.includes(part), part)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8', text)
    assert.ok([502, 504].includes(answer.status), String(answer.status))
    const problem = JSON.parse(text) as Record<string, unknown>
    const record = (await asked.records()).at(-1)!
    assert.equal(problem['record'], `${record.log}:${record.seq}`)
    assert.partialDeepStrictEqual(record, { kind: 'access', outcome: 'withheld', code: problem['code'] })
    assert.equal(upstream.calls.length, before + 1, 'one call, no retry')
    const next = await fetch(`${gateway.url}/well`)
    assert.equal(await next.text(), '{"ok":true}')
  })
}

test('gzip that was asked for second best is read and masked', async () => {
  const bytes = gzipSync(body)
  misdeeds['/gzip'] = socket => {
    const more = `content-encoding: gzip\r\ncontent-length: ${bytes.length}\r\n`
    socket.end(Buffer.concat([Buffer.from(head(more)), bytes]))
  }
  const answer = await fetch(`${gateway.url}/gzip`)
  assert.equal(await answer.text(), '{"tel":"***","name":"欧***"}')
  assert.equal(answer.headers.get('content-encoding'), null)
})

test('interim answers and trailers stay behind', async () => {
  misdeeds['/interim'] = socket =>
    void socket.end(
      `HTTP/1.1 103 Early Hints\r\nlink: </${secret}>\r\n\r\n` +
        head('transfer-encoding: chunked\r\ntrailer: x-tel\r\n') +
        `2\r\n{}\r\n0\r\nx-tel: ${secret}\r\n\r\n`,
    )
  const { exchangeRaw } = await import('../support/raw-client.ts')
  const request = 'GET /interim HTTP/1.1\r\nhost: x\r\nte: trailers\r\nconnection: close\r\n\r\n'
  const { head: answerHead, body: answerBody } = await exchangeRaw(gateway.port, request)
  assert.match(answerHead, /^HTTP\/1\.1 200 /)
  assert.equal(answerBody.toString(), '{}')
  assert.ok(!answerHead.includes(secret))
})

test('a redirect to itself is handed on, not followed', async () => {
  misdeeds['/loop'] = socket =>
    void socket.end(
      `HTTP/1.1 302 Found\r\nlocation: ${upstream.url}/loop?page=2\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n`,
    )
  const answer = await fetch(`${gateway.url}/loop`, { redirect: 'manual' })
  assert.equal(answer.status, 302)
  assert.equal(answer.headers.get('location'), '/loop?page=2')
})

test('an error page with a stack trace full of PI is replaced, and its status stays', async () => {
  const trace = `Error: no student ${secret}\n    at find (11010519491231002X.js:1)`
  misdeeds['/error'] = socket =>
    void socket.end(json(trace).replace('200 OK', '500 Oh no').replace('application/json', 'text/plain'))
  const answer = await fetch(`${gateway.url}/error`)
  const text = await answer.text()
  assert.equal(answer.status, 500)
  assert.ok(!text.includes(secret) && !text.includes('1949'))
  assert.partialDeepStrictEqual(JSON.parse(text), { code: 'UPSTREAM_ERROR', status: 500 })
})

test('a system that says 503 is asked once, whatever it says of coming back', async () => {
  misdeeds['/busy'] = socket =>
    void socket.end(json('{}', 'retry-after: 0\r\n').replace('200 OK', '503 Service Unavailable'))
  const before = upstream.calls.length
  const answer = await fetch(`${gateway.url}/busy`)
  assert.equal(answer.status, 503)
  assert.equal(await answer.text(), '{}')
  assert.equal(answer.headers.get('retry-after'), '0')
  assert.equal(upstream.calls.length, before + 1)
})

test('an error in JSON is masked, with all its unlisted strings as free text', async () => {
  misdeeds['/json-error'] = socket =>
    void socket.end(json(`{"message":"no student ${secret}"}`).replace('200 OK', '404 Not Found'))
  const answer = await fetch(`${gateway.url}/json-error`)
  assert.equal(answer.status, 404)
  assert.equal(await answer.text(), '{"message":"no student ***"}')
})

test('an upstream that is not there is 502', async () => {
  const { createServer } = await import('node:net')
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  const other = await startTestGateway({ upstream: `http://127.0.0.1:${port}` })
  const answer = await fetch(`${other.url}/a`)
  assert.equal(answer.status, 502)
  assert.partialDeepStrictEqual(await answer.json(), { code: 'UPSTREAM_UNREACHABLE' })
  await other.close()
})
