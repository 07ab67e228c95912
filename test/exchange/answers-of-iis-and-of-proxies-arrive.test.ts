import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { behindContinue } from '../../gateway/exchange/upstream/unasked-continue.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const body = '{"xm":"张三","tel":"13800138000"}'
const masked = '{"xm":"张*","tel":"***"}'
const goOn = 'HTTP/1.1 100 Continue\r\nServer: Microsoft-IIS/5.0\r\nX-Tel: 13800138000\r\n\r\n'

test('an answer behind "100 Continue" that nobody asked for arrives, in one piece and in two', async () => {
  const whole = Buffer.concat([Buffer.from(goOn), answer(body)])
  assert.equal((await ask(whole)).text, masked)
  assert.equal((await ask(Buffer.concat([Buffer.from(goOn), whole]))).text, masked)
  const got = await ask(socket => {
    socket.setNoDelay(true)
    socket.write(goOn, () => setTimeout(() => socket.write(answer(body)), 20))
  })
  assert.equal(got.text, masked)
  assert.doesNotMatch(got.head, /IIS/)
})

test('words like it within an answer stay there', async () => {
  const words = JSON.stringify({ note: `${'x'.repeat(70_000)} HTTP/1.1 100 Continue\r\n\r\n` })
  assert.equal((await ask(answer(words))).text, words)
})

test('nothing but whole heads of 100 is left out of what comes', () => {
  const other = fc.oneof(
    fc.string(),
    fc.constantFrom('HTTP/1.1 200 OK\r\n\r\n', goOn.slice(0, 40), 'HTTP/1.1 1000 x\r\n\r\n'),
  )
  fc.assert(
    fc.property(fc.nat({ max: 3 }), other, (count, text) => {
      fc.pre(!/^HTTP\/1\.[01] 100[ \r]/.test(text) || !text.includes('\r\n\r\n'))
      const bytes = Buffer.from(goOn.repeat(count) + text)
      assert.equal(behindContinue(bytes, bytes.length), goOn.length * count)
    }),
  )
})

test('of two content types the last counts, as in browsers, and the charset of its like before it', async () => {
  const gbk = Buffer.from('7b22786d223a22d5c5c8fd227d', 'hex')
  for (const [types, bytes] of [
    [['text/plain', 'application/json'], body],
    [['application/json', 'application/json'], body],
    [['application/json', 'application/json;charset=utf-8'], body],
    [['text/html', 'application/json; charset=GBK', 'application/json', 'none'], gbk],
  ] as const) {
    const got = await ask(answer(bytes, { 'content-type': types }))
    assert.equal(got.status, 200, types.join())
    assert.match(got.head, /^content-type: application\/json(?:; charset=\S+)?\r?$/im)
    const shown = bytes === body ? Buffer.from(masked) : Buffer.from('7b22786d223a22d5c52a227d', 'hex')
    assert.deepEqual(got.body, shown)
  }
})
