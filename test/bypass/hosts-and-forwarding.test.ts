import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answer, wayAround } from '../support/way-around.ts'

const around = wayAround()
const { ask } = around
const nameless = 'veilgate.example.invalid'

test('what a caller says of itself reaches neither the system nor the record', async () => {
  let seen = ''
  const got = await ask(
    (socket, head) => {
      seen = head
      socket.write(answer('{}'))
    },
    {
      headers: [
        'x-forwarded-for: 10.9.9.9',
        'x-forwarded-for: 10.9.9.8',
        'x-real-ip: 10.9.9.9',
        'forwarded: for=10.9.9.9;host=evil.example;proto=https',
        'x-forwarded-host: evil.example',
        'x-forwarded-proto: https',
        'true-client-ip: 10.9.9.9',
        'cf-connecting-ip: 10.9.9.9',
        'x-original-host: evil.example',
        'via: 1.1 evil',
      ],
    },
  )
  assert.equal(got.status, 200)
  assert.doesNotMatch(seen, /10\.9\.9|evil|forwarded|client-ip|real-ip|^via/im)
  assert.match(seen, new RegExp(`^host: 127\\.0\\.0\\.1:${around.upstream.port}\\r?$`, 'im'))
  assert.equal((await around.gateway.records()).at(-1)!['address'], '127.0.0.1')
})

test('the host a caller names goes nowhere', async () => {
  for (const host of [nameless, `${nameless}:80`, '127.0.0.1:1', 'user@gw', '[::1]', 'GW.']) {
    let seen = ''
    const got = await ask(
      (socket, head) => {
        seen = head
        socket.write(answer('', { location: '/next' }, '302 Found'))
      },
      { raw: path => `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n` },
    )
    assert.doesNotMatch(seen + got.head + got.text, /veilgate\.example|user@/i, host)
  }
})

test('an address of another host is no request for the gateway: it is no open proxy', async () => {
  for (const target of [
    `http://127.0.0.1:${around.upstream.port}`,
    'http://evil.example',
    'https://gw:8443',
    'http://gw@evil.example',
    'ftp://gw',
    'file://gw',
  ]) {
    const got = await ask(answer('{}'), {
      raw: path => `GET ${target}${path} HTTP/1.1\r\nhost: gw\r\nconnection: close\r\n\r\n`,
    })
    assert.deepEqual([got.status, got.calls], [400, 0], target)
  }
})

test('a caller cannot have its own headers, or ours, taken away by naming them in connection', async () => {
  let seen = ''
  await ask(
    (socket, head) => {
      seen = head
      socket.write(answer('{}'))
    },
    {
      raw: path =>
        `GET ${path} HTTP/1.1\r\nhost: gw\r\nconnection: close, host, accept-encoding, user-agent\r\nkeep-alive: 5\r\nproxy-connection: x\r\n\r\n`,
    },
  )
  assert.match(seen, /^host: /im)
  assert.match(seen, /^accept-encoding: identity/im)
  assert.doesNotMatch(seen, /keep-alive: 5|proxy-connection/i)
})

test('a caller that takes back, by connection, what says who it is gets no answer', async () => {
  for (const name of ['authorization', 'veilgate-operator', 'x-forwarded-for', 'cookie']) {
    const got = await ask(answer('{}'), {
      raw: path => `GET ${path} HTTP/1.1\r\nhost: gw\r\nconnection: close, ${name}\r\n\r\n`,
    })
    assert.deepEqual([got.status, got.calls], [400, 0], name)
  }
})
