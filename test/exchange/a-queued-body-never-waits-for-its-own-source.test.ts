import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BodyQueue, type BodySource, queueLimit } from '../../gateway/exchange/upstream/body.ts'

const chunk = () => new Uint8Array(queueLimit / 4)

/** A source that pauses as it is told to, and hands on the next chunk at once when it may go on. */
function sourceOf(chunks: number) {
  const told: string[] = []
  let left = chunks
  let paused = false
  const source: BodySource = {
    pause() {
      told.push('pause')
      paused = true
    },
    resume() {
      told.push('resume')
      paused = false
      flow()
    },
    cancel: () => {},
  }
  const queue = new BodyQueue(source)
  const flow = () => {
    while (!paused && left > 0) {
      left--
      queue.push(chunk())
    }
    if (left === 0) queue.end()
  }
  flow()
  return { queue, told }
}

test('whoever waits for more than a paused source has left in the queue has it go on', async () => {
  const { queue, told } = sourceOf(6)
  assert.deepEqual(told, ['pause'])
  assert.equal(queue.take()?.length, queueLimit / 4)
  await queue.ready(queueLimit)
  assert.deepEqual(told, ['pause', 'resume', 'pause'])
  let taken = queueLimit / 4
  for (let next = queue.take(); next !== null; next = queue.take()) {
    if (next === undefined) await queue.ready()
    else taken += next.length
  }
  assert.equal(taken, (6 * queueLimit) / 4)
})

test('a source that is not waited for stays paused until half of the queue was taken', () => {
  const { queue, told } = sourceOf(6)
  queue.take()
  queue.take()
  assert.deepEqual(told, ['pause'])
  queue.take()
  assert.deepEqual(told, ['pause', 'resume'])
})
