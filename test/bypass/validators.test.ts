import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const body = JSON.stringify(person)

test('a HEAD answer tells neither the length nor the hash of what is masked', async () => {
  const hashes: Record<string, string>[] = [
    { etag: '"330106199408135525"' },
    { 'content-md5': 'x', digest: 'sha-256=x' },
    {},
  ]
  for (const headers of hashes) {
    const got = await ask(answer('', { ...headers, 'content-length': String(Buffer.byteLength(body)) }), {
      method: 'HEAD',
    })
    assert.equal(got.status, 200)
    assert.equal(got.body.length, 0)
    assert.doesNotMatch(got.head, /content-length|etag|digest|md5|last-modified/i)
  }
})

test('conditions of a caller never reach the system, so no guess is ever confirmed', async () => {
  const conditions = [
    'if-match: "x"',
    'if-none-match: "x"',
    'if-modified-since: Sat, 21 Nov 2026 09:30:00 GMT',
    'if-unmodified-since: x',
    'if-range: "x"',
    'if: (<x>)',
    'want-digest: sha-256',
  ]
  let seen = ''
  const got = await ask(
    (socket, head) => {
      seen = head
      socket.write(answer(body, { etag: '"x"', 'last-modified': 'x' }))
    },
    { headers: conditions },
  )
  assert.equal(got.status, 200)
  assert.doesNotMatch(seen, /^(if-|if:|want-)/im)
  assert.doesNotMatch(got.head, /etag|last-modified/i)
})

test('answers without a body have none, whatever the system sends behind them', async () => {
  for (const status of ['204 No Content', '304 Not Modified']) {
    const got = await ask(Buffer.concat([answer('', { 'content-length': null }, status), Buffer.from(body)]))
    assert.equal(got.body.length === 0 || got.status === 502, true, got.text)
  }
  const reset = await ask(answer(body, {}, '205 Reset Content'))
  assert.equal(reset.status, 502)
})
