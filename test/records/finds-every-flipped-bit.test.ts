import assert from 'node:assert/strict'
import { test } from 'node:test'
import { flipEach } from './flips.ts'
import { sample, verified } from './proofs.ts'

test('a flipped bit is found in any file, and the place is told', async t => {
  const { directory } = await sample(t, 400)
  let state = 12345
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647
  await flipEach(directory, 60, random)
  assert.deepEqual((await verified(directory)).problems, [])
})
