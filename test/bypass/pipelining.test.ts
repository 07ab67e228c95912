import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rawClient } from '../support/raw-client.ts'
import { person } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const around = wayAround()
const { ask } = around

test('fifty requests on one connection, of several callers, get each its own answer in order', async () => {
  const { gateway, upstream } = around
  const who = (at: number) =>
    at % 3 === 0 ? '' : `authorization: Bearer ${at % 3 === 1 ? gateway.keys.staff : 'vg_no'}\r\n`
  const client = await rawClient(gateway.port)
  const text = Array.from({ length: 50 }, (_, at) => `GET /x${at}?n=${at} HTTP/1.1\r\nhost: gw\r\n${who(at)}\r\n`).join(
    '',
  )
  const before = upstream.calls.length
  client.write(text)
  await client.settled(400)
  const statuses = [
    ...client
      .received()
      .toString('latin1')
      .matchAll(/HTTP\/1\.1 (\d{3})/g),
  ].map(([, status]) => Number(status))
  const expected = Array.from({ length: 50 }, (_, at) => (at % 3 === 2 ? 401 : 200))
  assert.deepEqual(statuses, expected.slice(0, statuses.length))
  assert.ok(statuses.length > 0)
  const asked = upstream.calls.slice(before).map(({ url }) => url)
  assert.equal(new Set(asked).size, asked.length)
  client.destroy()
})

test('an answer without a length ends with its connection; one cut short by that is told from one that ends', async () => {
  const body = JSON.stringify(person)
  const whole = await ask(socket => socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n${body}`))
  assert.equal(whole.status, 200)
  const old = await ask(socket => socket.end(`HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n${body}`))
  assert.equal(old.status, 200)
  const cut = await ask(socket =>
    socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n${body.slice(0, 60)}`),
  )
  assert.equal(cut.status, 502)
  const reset = await ask(socket => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n${body}`)
    setTimeout(() => socket.resetAndDestroy(), 30)
  })
  // what has arrived by then may pass, masked
  assert.ok([200, 502].includes(reset.status))
})

test('an answer that nobody asked for is never given to whoever asks next', async () => {
  for (let again = 0; again < 5; again++) {
    // a second answer behind the first, on a connection that is kept
    const first = await ask(Buffer.concat([answer('{"n":1}'), answer(JSON.stringify({ ...person, stray: true }))]))
    assert.ok([200, 502].includes(first.status))
    const next = await ask(answer('{"n":2}'))
    assert.ok(!next.text.includes('stray'), next.text)
  }
})

test('requests without a version are refused; those of HTTP/1.0 get their answer and no more', async () => {
  assert.equal((await ask('', { raw: path => `GET ${path}\r\n\r\n` })).status, 400)
  const old = await ask(answer('{"n":1}'), { raw: path => `GET ${path} HTTP/1.0\r\n\r\n` })
  assert.equal(old.status, 200)
  assert.ok(old.closed)
  const none = await ask(answer('{}'), { raw: path => `GET ${path} HTTP/1.1\r\nconnection: close\r\n\r\n` })
  assert.equal(none.status, 400)
})
