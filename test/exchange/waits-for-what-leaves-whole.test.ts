import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../../gateway/errors.ts'
import { BodyQueue, queueLimit } from '../../gateway/exchange/upstream/body.ts'

const nobody = { pause() {}, resume() {}, cancel() {} }

/** Whether it was there at once, or what it resolved to by the time everything that can happen has happened. */
async function soon(ready: Promise<void> | null): Promise<'there' | 'ready' | 'failed' | 'waits'> {
  if (ready === null) return 'there'
  const later = new Promise<'waits'>(resolve => setImmediate(resolve, 'waits'))
  return Promise.race([
    ready.then(
      () => 'ready' as const,
      () => 'failed' as const,
    ),
    later,
  ])
}

test('a body is ready once as many bytes are there as were asked for, in whatever pieces', async () => {
  const queue = new BodyQueue(nobody)
  const ready = queue.ready(10)
  for (const size of [4, 0, 5]) {
    queue.push(Buffer.alloc(size))
    assert.equal(await soon(ready), 'waits')
  }
  queue.push(Buffer.alloc(1))
  assert.equal(await soon(ready), 'ready')
  assert.equal(await soon(queue.ready(10)), 'there')
  assert.equal(await soon(queue.ready(11)), 'waits')
})

test('its end and its fault are not waited for with more', async () => {
  const ended = new BodyQueue(nobody)
  ended.push(Buffer.alloc(3))
  const ready = ended.ready(queueLimit)
  ended.end()
  assert.equal(await soon(ready), 'ready')
  assert.deepEqual([ended.take()?.length, ended.take()], [3, null])
  const failed = new BodyQueue(nobody)
  failed.push(Buffer.alloc(3))
  const never = failed.ready(queueLimit)
  failed.fail(new Refusal('UPSTREAM_BROKEN'))
  assert.equal(await soon(never), 'failed')
})

test('who waits for as much as a queue takes is woken before its source pauses for good', async () => {
  let paused = 0
  const queue = new BodyQueue({ ...nobody, pause: () => paused++ })
  const ready = queue.ready(queueLimit)
  for (let pushed = 0; paused === 0; pushed++) {
    assert.ok(pushed < 1000)
    queue.push(Buffer.alloc(1000))
  }
  assert.equal(await soon(ready), 'ready')
})
