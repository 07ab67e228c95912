import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const around = wayAround()
const { ask } = around
const { mobile } = sentinel
const switched = `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n\x81\x0b${mobile}`

for (const headers of [
  [
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  ],
  ['connection: HTTP2-Settings', 'http2-settings: AAMAAABkAARAAAAAAAIAAAAA'],
  ['connection: upgrade', 'upgrade: h2c', 'upgrade: websocket'],
  ['connection: upgrade', 'upgrade: TLS/1.0'],
  ['upgrade: websocket'],
  ['connection: upgrade', 'upgrade: websocket, h2c'],
]) {
  test(`no connection is handed over: ${headers.join(', ').slice(0, 60)}`, async () => {
    const got = await ask(switched, {
      raw: path => `GET ${path} HTTP/1.1\r\nhost: gw\r\n${headers.join('\r\n')}\r\n\r\n`,
    })
    assert.deepEqual([got.status, got.calls], [501, 0])
  })
}

test('who asks for HTTP/2 beside a plain request is answered in HTTP/1.1, and no system switches', async () => {
  const http2 = 'connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAARAAAAAAAIAAAAA'
  const got = await ask(answer('{"ok":1}'), { raw: path => `GET ${path} HTTP/1.1\r\nhost: gw\r\n${http2}\r\n\r\n` })
  assert.deepEqual([got.status, got.calls], [200, 1])
  const switching = await ask(switched.replace('websocket', 'h2c'), {
    raw: path => `GET ${path} HTTP/1.1\r\nhost: gw\r\n${http2}\r\n\r\n`,
  })
  assert.deepEqual([switching.status, switching.code], [502, 'UPSTREAM_BROKEN'])
})

test('a system that switches without being asked is cut off', async () => {
  const got = await ask(switched)
  assert.deepEqual([got.status, got.code], [502, 'UPSTREAM_BROKEN'])
})

test('a tunnel is refused, and what is sent into it goes nowhere', async () => {
  const before = around.upstream.calls.length
  const port = around.upstream.port
  for (const target of [`127.0.0.1:${port}`, 'evil.example:443', '/x', '*']) {
    const got = await ask('', {
      raw: () => `CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\nGET /1t HTTP/1.1\r\nhost: x\r\n\r\n`,
    })
    assert.ok([400, 405].includes(got.status), String(got.status))
  }
  assert.equal(around.upstream.calls.length, before)
})

test('HTTP/2 is not spoken: its preface is no request', async () => {
  const got = await ask('', { raw: () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0' })
  assert.equal(got.status, 400)
  assert.equal((await ask(answer('{}'))).status, 200)
})
