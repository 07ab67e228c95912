import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRefusalCounter, flushEachMinute } from '../../gateway/access/refusal-counter.ts'

test('refusals of one address and code are one count, and counting begins anew', () => {
  const counter = createRefusalCounter()
  for (let time = 0; time < 100; time++) counter.count('192.0.2.1', 'CREDENTIALS_WRONG')
  counter.count('192.0.2.1', 'CREDENTIALS_MISSING')
  counter.count('192.0.2.2', 'CREDENTIALS_WRONG')
  assert.deepEqual(counter.take(), [
    { address: '192.0.2.1', code: 'CREDENTIALS_WRONG', consumer: null, count: 100 },
    { address: '192.0.2.1', code: 'CREDENTIALS_MISSING', consumer: null, count: 1 },
    { address: '192.0.2.2', code: 'CREDENTIALS_WRONG', consumer: null, count: 1 },
  ])
  assert.deepEqual(counter.take(), [])
})

test('a consumer over its limit is named', () => {
  const counter = createRefusalCounter()
  for (const consumer of ['oa', 'oa', 'xg']) counter.count('192.0.2.1', 'RATE_LIMITED', consumer)
  const counted = counter.take().map(({ consumer, count }) => [consumer, count])
  assert.deepEqual(counted, [
    ['oa', 2],
    ['xg', 1],
  ])
})

test('a flood from ever new addresses stays bounded and is counted in full', () => {
  const counter = createRefusalCounter()
  const all = 100_000
  for (let at = 0; at < all; at++) {
    counter.count(`10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`, 'CREDENTIALS_WRONG')
  }
  const taken = counter.take()
  assert.ok(taken.length <= 4097)
  assert.equal(
    taken.reduce((sum, { count }) => sum + count, 0),
    all,
  )
  assert.equal(taken.find(({ address }) => address === '::')?.count, all - 4096)
})

test('what could not be recorded is kept, and closing hands over the rest', async () => {
  const counter = createRefusalCounter()
  const recorded: number[] = []
  let broken = true
  const flusher = flushEachMinute(
    counter,
    async refusals => {
      if (broken) throw new Error('records are not usable')
      recorded.push(...refusals.map(({ count }) => count))
    },
    5,
  )
  counter.count('192.0.2.1', 'CREDENTIALS_WRONG')
  await new Promise(resolve => setTimeout(resolve, 30))
  counter.count('192.0.2.1', 'CREDENTIALS_WRONG')
  broken = false
  await flusher.close()
  assert.equal(
    recorded.reduce((sum, count) => sum + count, 0),
    2,
  )
  assert.deepEqual(counter.take(), [])
})

test('large counts are handed over before the minute is over, the largest first, and few at a time', () => {
  const counter = createRefusalCounter()
  for (let nth = 0; nth < 30; nth++)
    for (let time = 0; time < nth + 1; time++) counter.count(`192.0.2.${nth}`, 'CREDENTIALS_WRONG')
  const early = counter.takeMany()
  assert.deepEqual([early.length, early[0]!.count], [11, 30])
  assert.deepEqual(counter.takeMany(), [])
  assert.equal(counter.take().length, 19)
  for (let nth = 0; nth < 30; nth++)
    for (let time = 0; time < 20; time++) counter.count(`192.0.2.${nth}`, 'CREDENTIALS_WRONG')
  assert.equal(counter.takeMany().length, 16)
})
