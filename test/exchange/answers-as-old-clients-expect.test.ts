import assert from 'node:assert/strict'
import { get } from 'node:http'
import { after, before, test } from 'node:test'
import { brotliDecompressSync, createGunzip, gunzipSync } from 'node:zlib'
import { CharsetCodec } from '../../gateway/exchange/charset/codec.ts'
import { rawClient } from '../support/raw-client.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const policy = `
system: upstream
charset: gb18030
legacy_paths: true
assets: { paths: [/static/**, /favicon.ico] }
fields: { 姓名: person_name, 手机: cn_mobile }
routes:
  - path: /data
  - path: /gbk
    charset: gbk
  - path: /static/data.js
  - path: /file
    opaque: { allow: B3, reason: 学生自己的照片 }
  - path: /next
  - path: /saved
    methods: [POST]
    body: data
`
const gbk = (text: string) => Buffer.from(new CharsetCodec('gbk', 'text').write(Buffer.from(text)))
const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(4000, 7)])

type Reply = { type?: string; body: Buffer | string; headers?: Record<string, string> }
let reply: Reply = { body: '' }
let upstream: Upstream
let gateway: TestGateway

before(async () => {
  upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { ...(reply.type !== undefined && { 'content-type': reply.type }), ...reply.headers })
    response.end(reply.body)
  })
  const { url } = upstream
  gateway = await startTestGateway({
    upstream: url,
    policies: { 'systems/upstream.yaml': policy },
    limits: { asset: 8192 },
    system: { compress: true },
  })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

type Got = { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }

function ask(path: string, answer: Reply, headers: Record<string, string> = {}): Promise<Got> {
  reply = answer
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port: gateway.port, path, headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) })
      })
    })
    request.on('error', reject)
  })
}

function codeOf({ body }: Got): string {
  return JSON.parse(body.toString()).code
}

const staff = () => ({ authorization: `Bearer ${gateway.keys.staff}` })

test('a body in GBK is read by Chinese names, masked, and answered in GBK', async () => {
  for (const [type, given, expected] of [
    [
      'application/json; charset=GBK',
      '{"姓名":"张三","手机":"13800138000","班级":"一班"}',
      '{"姓名":"张*","手机":"***","班级":"一班"}',
    ],
    ['text/csv;charset=gb2312', '姓名,手机,班级\n张三,13800138000,一班\n', '姓名,手机,班级\n张*,***,一班\n'],
    [
      'text/xml; charset=gbk',
      '<?xml version="1.0" encoding="GBK"?><r><姓名>张三</姓名><班级>一班</班级></r>',
      '<?xml version="1.0" encoding="GBK"?><r><姓名>张*</姓名><班级>一班</班级></r>',
    ],
  ] as const) {
    const got = await ask('/data', { type, body: gbk(given) })
    assert.deepEqual(got.body, gbk(expected), got.body.toString())
    assert.equal(got.headers['content-type'], type.toLowerCase().replace(';charset', '; charset'))
  }
})

test('a page in GBK that says so in its meta element leaves as it came, but for what is masked', async () => {
  const page = (name: string, tel: string) =>
    gbk(
      `<!DOCTYPE html>\r\n<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>学生名单</title></head>` +
        `<body><table><tr><th>姓名</th><th>手机</th><th>班级</th></tr><tr><td>${name}</td><td>${tel}</td><td>一班</td></tr></table></body></html>`,
    )
  const got = await ask('/data', { type: 'text/html', body: page('张三', '13800138000') })
  assert.deepEqual(got.body, page('张*', '***'), new TextDecoder('gbk').decode(got.body))
  assert.equal(got.headers['content-type'], 'text/html; charset=gb2312')
  const lie = await ask('/data', { type: 'text/html; charset=utf-8', body: page('张三', '13800138000') })
  assert.equal(codeOf(lie), 'CHARSET_MALFORMED')
})

test('JSON under the label of a page is JSON, and a page under that of JSON is withheld', async () => {
  const got = await ask('/data', { type: 'text/html; charset=utf-8', body: `${'\r\n'.repeat(2000)}{"姓名":"张三"}` })
  assert.equal(got.body.toString().trim(), '{"姓名":"张*"}')
  assert.equal(got.headers['content-type'], 'application/json; charset=utf-8')
  const page = await ask('/data', { type: 'application/json', body: '<html><body>张三</body></html>' })
  assert.equal(codeOf(page), 'FORMAT_UNKNOWN')
})

test('a charset in the body or in the policy counts where the header has none', async () => {
  const xml = gbk('<?xml version="1.0" encoding="gbk"?><r><姓名>张三</姓名></r>')
  const declared = await ask('/data', { type: 'application/xml', body: xml })
  assert.equal(declared.headers['content-type'], 'application/xml; charset=gbk')
  assert.deepEqual(declared.body, gbk('<?xml version="1.0" encoding="gbk"?><r><姓名>张*</姓名></r>'))
  const byPolicy = await ask('/gbk', { type: 'application/json', body: gbk('{"姓名":"张三"}') })
  assert.equal(byPolicy.headers['content-type'], 'application/json; charset=gbk')
  assert.deepEqual(byPolicy.body, gbk('{"姓名":"张*"}'))
  const bySystem = await ask('/data', { type: 'text/plain', body: gbk('姓名：张三\n') })
  assert.equal(bySystem.headers['content-type'], 'text/plain; charset=gb18030')
})

test('a body that is not in the charset it is labelled with is withheld', async () => {
  for (const [type, body, code] of [
    ['application/json; charset=utf-8', gbk('{"姓名":"张三"}'), 'CHARSET_MALFORMED'],
    ['application/json; charset=gbk', Buffer.from('{"姓名":"张三","班级":"一班"}'), 'CHARSET_MALFORMED'],
    ['application/json; charset=gbk', Buffer.from('{"a":"\xb0"}', 'latin1'), 'CHARSET_MALFORMED'],
    ['application/json; charset=shift_jis', Buffer.from('{}'), 'CHARSET_UNKNOWN'],
    ['application/json', Buffer.from('\ufeff{"a":1}', 'utf16le'), 'CHARSET_UNKNOWN'],
  ] as const)
    assert.equal(codeOf(await ask('/data', { type, body })), code, type)
})

test('links to the system lead to the gateway', async () => {
  const body = JSON.stringify({ next: `${upstream.url}/next?page=2`, other: 'http://192.0.2.1/' })
  const got = await ask('/data', { type: 'application/json', body })
  assert.equal(got.body.toString(), '{"next":"/next?page=2","other":"http://192.0.2.1/"}')
})

test('what a page needs besides data passes unread, by its path and its type, and is on record', async () => {
  for (const [path, type, body, sent] of [
    ['/static/a.css', 'text/css', 'body{color:red}', 'text/css'],
    ['/static/a.js?v=1', 'application/x-javascript', 'var a = {b: 1}', 'text/javascript'],
    ['/static/a.png', 'image/png', png, 'image/png'],
    ['/favicon.ico', 'image/x-icon', Buffer.from('\0\0\x01\0\x01\0', 'latin1'), 'image/x-icon'],
    ['/static/a.woff', 'application/octet-stream', Buffer.from('wOFF\0\x01\0\0', 'latin1'), 'font/woff'],
  ] as const) {
    const got = await ask(path, { type, body })
    assert.equal(got.status, 200, path)
    assert.deepEqual(got.body, Buffer.from(body))
    assert.match(String(got.headers['content-type']), new RegExp(`^${sent}`))
    assert.equal(got.headers['cache-control'], 'no-store, private')
    const last = (await gateway.records()).at(-1)!
    assert.partialDeepStrictEqual(last, { kind: 'access', format: 'asset', outcome: 'released', fields: {} })
  }
})

test('a picture that is markup is read as markup', async () => {
  const svg = (text: string) => `<svg xmlns="http://www.w3.org/2000/svg"><text>${text}</text></svg>`
  const got = await ask('/static/a.svg', { type: 'image/svg+xml; charset=utf-8', body: svg('13800138000') })
  assert.equal(got.body.toString(), svg('***'))
})

test('what is no such file does not pass under its path', async () => {
  for (const [path, type, body] of [
    ['/static/a.js', 'text/javascript', '{"姓名":"张三"}'],
    ['/static/a.css', 'text/css', '<table><tr><td>张三</table>'],
    ['/static/a.png', 'image/png', '{"姓名":"张三"}'],
    ['/static/a.png', 'text/html', png],
    ['/static/list', 'application/json', '{"姓名":"张三"}'],
    ['/static/a.pdf', 'application/pdf', '%PDF-1.7'],
  ] as const)
    assert.equal(codeOf(await ask(path, { type, body })), 'FORMAT_UNKNOWN', `${path} ${type}`)
  const large = await ask('/static/a.png', { type: 'image/png', body: Buffer.concat([png, png, png]) })
  assert.equal(codeOf(large), 'ANSWER_TOO_LARGE')
})

test('a route that takes a path goes before the files of a page', async () => {
  const got = await ask('/static/data.js', { type: 'text/javascript; charset=utf-8', body: '{"姓名":"张三"}' })
  assert.equal(got.body.toString(), '{"姓名":"张*"}')
  assert.equal((await gateway.records()).at(-1)!['route'], '/static/data.js')
})

test('a file that cannot be read passes by leave of its route, to those who see its level, as one value of it', async () => {
  const refused = await ask('/file', { type: 'image/png', body: png })
  assert.equal(refused.status, 403)
  assert.equal(codeOf(refused), 'OPAQUE_NOT_ALLOWED')
  const headers = {
    authorization: `Bearer ${gateway.keys.counsellor}`,
    'veilgate-operator': 'u1203',
    'veilgate-purpose': 'enrolment',
    'veilgate-basis': 'work_order;ref="WO-2026-0012"',
  }
  const got = await ask('/file', { type: 'image/png', body: png }, headers)
  assert.equal(got.status, 200)
  assert.deepEqual(got.body, png)
  const last = (await gateway.records()).at(-1)!
  assert.partialDeepStrictEqual(last, { format: 'opaque', fields: { 'opaque@B3': { clear: 1 } } })
  for (const [type, body] of [
    ['image/png', '{"姓名":"张三"}'],
    ['image/png', '%PDF-1.7'],
    ['text/html', png],
    ['application/json', png],
    ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', png],
  ] as const)
    assert.equal(codeOf(await ask('/file', { type, body }, headers)), 'FORMAT_UNKNOWN', type)
  assert.equal(codeOf(await ask('/data', { type: 'image/png', body: png }, headers)), 'FORMAT_UNKNOWN')
})

test('a session id at the end of a path is passed on, matched without it, and not recorded', async () => {
  const got = await ask('/data;JSESSIONID=1A2B.node1?page=2', { type: 'application/json', body: '{}' })
  assert.equal(got.status, 200)
  assert.equal(upstream.calls.at(-1)!.url, '/data;jsessionid=1A2B.node1?page=2')
  assert.ok(!JSON.stringify(await gateway.records()).includes('1A2B'))
  for (const path of [
    '/da;jsessionid=1/ta',
    '/data;x=1',
    '/data;jsessionid=1;jsessionid=2',
    '/data;jsessionid=%2f',
    '/data;',
  ])
    assert.equal(codeOf(await ask(path, { type: 'application/json', body: '{}' })), 'TARGET_MALFORMED', path)
  const moved = await ask('/data', { body: '', headers: { location: `${upstream.url}/next;jsessionid=77?a=1` } })
  assert.equal(moved.headers['location'], '/next;jsessionid=77?a=1')
})

test('an answer is compressed for those who ask, where the system allows it', async () => {
  const body = JSON.stringify({ rows: Array(200).fill({ 姓名: '张三', n: 1 }) })
  const plain = await ask('/data', { type: 'application/json; charset=utf-8', body })
  assert.equal(plain.headers['content-encoding'], undefined)
  const zipped = await ask(
    '/data',
    { type: 'application/json; charset=utf-8', body },
    { 'accept-encoding': 'gzip, deflate' },
  )
  assert.equal(zipped.headers['content-encoding'], 'gzip')
  assert.equal(zipped.headers['vary'], 'accept-encoding')
  assert.deepEqual(gunzipSync(zipped.body), plain.body)
  assert.deepEqual((await gateway.records()).at(-1)!['bytes'], [Buffer.byteLength(body), zipped.body.length])
  const br = await ask(
    '/data',
    { type: 'application/json; charset=utf-8', body },
    { 'accept-encoding': 'gzip;q=0.5, br' },
  )
  assert.deepEqual(brotliDecompressSync(br.body), plain.body)
  for (const none of ['identity', 'gzip;q=0', 'zstd', 'gzip;q=0.1, identity', 'gzip;q=abc'])
    assert.equal(
      (await ask('/data', { type: 'application/json; charset=utf-8', body }, { 'accept-encoding': none })).headers[
        'content-encoding'
      ],
      undefined,
    )
  const short = await ask('/data', { type: 'application/json', body: '{}' }, { 'accept-encoding': 'gzip' })
  assert.equal(short.headers['content-encoding'], undefined)
})

test('a long answer is compressed window by window', async () => {
  const body = JSON.stringify({ rows: Array.from({ length: 30_000 }, (_, n) => ({ 姓名: '张三', n })) })
  const got = await ask(
    '/data',
    { type: 'application/json; charset=utf-8', body },
    { ...staff(), 'accept-encoding': 'gzip' },
  )
  assert.equal(got.headers['content-encoding'], 'gzip')
  const gunzip = createGunzip()
  gunzip.end(got.body)
  const parts: Buffer[] = []
  for await (const part of gunzip) parts.push(part)
  assert.equal(JSON.parse(Buffer.concat(parts).toString()).rows.length, 30_000)
  const close = (await gateway.records()).findLast(({ kind }) => kind === 'close')!
  assert.equal((close['bytes'] as number[])[1], got.body.length)
})

test('a client in Java, which asks for HTTP/2 with each request it sends, is answered in HTTP/1.1, and so is its next request', async () => {
  const http2 = 'connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAEAAEAAAAIAAAABAAMAAABk\r\n'
  reply = { type: 'application/json', body: '{"ok":1}' }
  const client = await rawClient(gateway.port)
  const body = '{"a":1}'
  const length = `content-type: application/json\r\ncontent-length: ${body.length}\r\n`
  const requests = [`POST /saved HTTP/1.1\r\nhost: gw\r\n${http2}${length}\r\n${body}`]
  requests.push(`GET /data HTTP/1.1\r\nhost: gw\r\n${http2}\r\n`)
  for (const [at, request] of requests.entries()) {
    client.write(request)
    await until('it is answered', () => client.received().toString().split('{"ok":1}').length === at + 2)
  }
  client.destroy()
  assert.equal(
    client
      .received()
      .toString()
      .match(/HTTP\/1\.1 200 OK/g)?.length,
    2,
  )
  for (const { headers } of upstream.calls.slice(-2)) {
    assert.equal(headers.connection, 'keep-alive')
    assert.ok(!('upgrade' in headers || 'http2-settings' in headers))
  }
})
