import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answer, wayAround } from '../support/way-around.ts'

const around = wayAround({
  policies: {
    'systems/upstream.yaml': 'system: upstream\nroutes:\n  - path: /**\n    methods: [GET, POST]\n',
  },
})
const { ask } = around
const hidden = 'GET /hidden HTTP/1.1\r\nhost: gw\r\n\r\n'
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`

/** Requests of which two readers may see two different ends; `path` is what is asked for. */
const requests: Record<string, (path: string) => string> = {
  'length, then chunked': path => `${post(path, 'content-length: 6', 'transfer-encoding: chunked')}0\r\n\r\n${hidden}`,
  'chunked, then length': path => post(path, 'transfer-encoding: chunked', 'content-length: 4') + chunk(hidden),
  'two codings': path => `${post(path, 'transfer-encoding: chunked', 'transfer-encoding: identity')}0\r\n\r\n${hidden}`,
  'a coding ahead of chunked': path => `${post(path, 'transfer-encoding: x, chunked')}0\r\n\r\n${hidden}`,
  'chunked ahead of a coding': path => `${post(path, 'transfer-encoding: chunked, x')}0\r\n\r\n${hidden}`,
  'a tab in the coding': path => `${post(path, 'transfer-encoding:\x0bchunked')}0\r\n\r\n${hidden}`,
  'a coding in quotes': path => `${post(path, 'transfer-encoding: "chunked"')}0\r\n\r\n${hidden}`,
  'a coding on a folded line': path => `${post(path, 'transfer-encoding:\r\n chunked')}0\r\n\r\n${hidden}`,
  'a blank ahead of the colon': path => `${post(path, 'transfer-encoding : chunked')}0\r\n\r\n${hidden}`,
  'a byte behind the name': path => `${post(path, 'transfer-encoding\x00: chunked')}0\r\n\r\n${hidden}`,
  'two lengths': path => post(path, 'content-length: 0', `content-length: ${hidden.length}`) + hidden,
  'two lengths on one line': path => post(path, `content-length: 0, ${hidden.length}`) + hidden,
  'a signed length': path => post(path, 'content-length: +0') + hidden,
  'a negative length': path => post(path, 'content-length: -1') + hidden,
  'a length in hex': path => post(path, 'content-length: 0x0') + hidden,
  'a length with a blank': path => post(path, 'content-length: 0 0') + hidden,
  'a length beyond numbers': path => post(path, `content-length: ${'9'.repeat(30)}`) + hidden,
  'a chunk size beyond numbers': path => `${post(path, 'transfer-encoding: chunked')}${'f'.repeat(17)}\r\n${hidden}`,
  'a chunk size with a sign': path => `${post(path, 'transfer-encoding: chunked')}+0\r\n\r\n${hidden}`,
  'a chunk size in octal': path => `${post(path, 'transfer-encoding: chunked')}0x0\r\n\r\n${hidden}`,
  'a chunk that ends in a line feed': path => `${post(path, 'transfer-encoding: chunked')}1\nX\n0\n\n${hidden}`,
  'a chunk without its end': path => `${post(path, 'transfer-encoding: chunked')}1\r\nXY\r\n0\r\n\r\n${hidden}`,
  'a bare line feed in the head': path => `POST ${path} HTTP/1.1\nhost: gw\ncontent-length: 0\n\n${hidden}`,
  'a bare return in the head': path => `POST ${path} HTTP/1.1\r\nhost: gw\rx: y\r\ncontent-length: 0\r\n\r\n${hidden}`,
  'a NUL in a header': path => post(path, 'x: a\x00b', 'content-length: 0') + hidden,
  'a head in another version': path => `POST ${path} HTTP/1.2\r\nhost: gw\r\ncontent-length: 0\r\n\r\n${hidden}`,
  'chunked under HTTP/1.0': path =>
    `POST ${path} HTTP/1.0\r\nhost: gw\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'a line ahead of the request': path => `X\r\nPOST ${path} HTTP/1.1\r\nhost: gw\r\ncontent-length: 0\r\n\r\n${hidden}`,
}

function post(path: string, ...headers: string[]): string {
  return `POST ${path} HTTP/1.1\r\nhost: gw\r\n${headers.join('\r\n')}\r\n\r\n`
}

for (const [what, raw] of Object.entries(requests)) {
  test(`${what}: refused, and nothing behind it is taken for a request`, async () => {
    const before = around.upstream.calls.length
    const got = await ask(answer('{"ok":1}'), { raw })
    // 0: an answer was under way, so the connection is cut without a word
    assert.ok([0, 400, 405].includes(got.status), got.head)
    assert.doesNotMatch(got.body.toString('latin1'), /HTTP\/1\.1 200/)
    const calls = around.upstream.calls.slice(before).map(({ url }) => url)
    assert.ok(!calls.includes('/hidden'), calls.join())
    assert.ok(got.closed, 'the connection ends')
  })
}

test('a body that is refused before it has arrived is not taken for the next request', async () => {
  const before = around.upstream.calls.length
  for (const raw of [
    (path: string) => post(`${path}/../x`, `content-length: ${hidden.length}`) + hidden,
    (path: string) => post(path, 'transfer-encoding: chunked', 'veilgate-operator: u1') + chunk(hidden),
    (path: string) => post(path, `content-length: ${hidden.length}`, 'expect: x') + hidden,
    (path: string) => `PUT ${path} HTTP/1.1\r\nhost: gw\r\ncontent-length: ${hidden.length}\r\n\r\n${hidden}`,
  ]) {
    const got = await ask(answer('{}'), { raw })
    assert.ok(got.status >= 400)
    assert.doesNotMatch(got.body.toString('latin1'), /HTTP\/1\.1 200/)
  }
  assert.equal(around.upstream.calls.length, before)
})

test('a body on a GET goes nowhere, and is not taken for a request', async () => {
  const before = around.upstream.calls.length
  await ask(answer('{}'), {
    raw: path =>
      `GET ${path} HTTP/1.1\r\nhost: gw\r\nconnection: close\r\ncontent-length: ${hidden.length}\r\n\r\n${hidden}`,
  })
  const calls = around.upstream.calls.slice(before)
  assert.ok(calls.length <= 1 && calls.every(({ url }) => url !== '/hidden'))
})
