import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const impatient = wayAround({ timeouts: { headers: 1000 } })

test('one request is one call, whatever the system answers', async () => {
  for (const [doing, status] of [
    [answer('', { 'retry-after': '0' }, '503 No'), 503],
    [answer('', {}, '429 Slow'), 429],
    [answer('', {}, '408 Late'), 408],
    [answer('', {}, '500 No'), 500],
  ] as const) {
    const got = await ask(doing)
    assert.deepEqual([got.status, got.calls], [status, 1])
  }
  const reset = await ask(socket => void socket.resetAndDestroy())
  assert.deepEqual([reset.status, reset.calls], [502, 1])
  const silent = await impatient.ask(() => {})
  assert.deepEqual([silent.status, silent.calls], [504, 1])
})
