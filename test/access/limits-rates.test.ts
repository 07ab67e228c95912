import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRateLimits } from '../../gateway/access/rate-limits.ts'
import { Refusal } from '../../gateway/errors.ts'
import { consumer, withKey } from '../support/consumer.ts'
import { accessFor, head, keys, outcome, peer, portal } from './people.ts'

const rate = { requests: 3, seconds: 3600, burst: 0 }

/** How many of `times` go through; the rest must be RATE_LIMITED with a time to wait. */
async function through(times: number, take: () => Promise<unknown> | undefined): Promise<number> {
  let passed = 0
  for (let time = 0; time < times; time++) {
    try {
      await take()
      passed++
    } catch (error) {
      assert.ok(error instanceof Refusal)
      assert.equal(error.code, 'RATE_LIMITED')
      assert.ok(error.details.retryAfter! >= 1 && error.details.retryAfter! <= 36_000)
    }
  }
  return passed
}

test('a consumer is held to its rate as a whole, and no other with it', async () => {
  const limits = createRateLimits(1000)
  const one = consumer('one', { credentials: withKey(keys.oa), rate })
  const other = consumer('other', { credentials: withKey(keys.portal), rate })
  assert.equal(await through(2, () => limits.take(one, null)), 2)
  assert.equal(await through(5, () => limits.take(one, null)), 1)
  assert.equal(await through(5, () => limits.take(other, null)), 3)
})

test('a burst comes on top', async () => {
  const limits = createRateLimits(1000)
  const one = consumer('one', { credentials: withKey(keys.oa), rate: { ...rate, burst: 4 } })
  assert.equal(await through(20, () => limits.take(one, null)), 7)
})

test('anonymous callers are held to it by address, one IPv6 subscriber as one', async () => {
  const limits = createRateLimits(1000)
  const anonymous = consumer('anonymous', { rate })
  assert.equal(await through(5, () => limits.take(anonymous, '192.0.2.1')), 3)
  assert.equal(await through(5, () => limits.take(anonymous, '192.0.2.2')), 3)
  let last = 0
  assert.equal(await through(5, () => limits.take(anonymous, `2001:db8::${++last}`)), 3)
})

test('anonymous callers bound to a network are still held to it one by one', async () => {
  const anonymous = consumer('anonymous', { rate, addresses: ['192.0.2.0/24'] })
  const access = accessFor([], { anonymous })
  const { consumer: found } = await access.identify(head(), peer())
  assert.equal(await through(5, () => access.limit(found, '192.0.2.1')), 3)
  assert.equal(await through(5, () => access.limit(found, '192.0.2.2')), 3)
})

test('a consumer without a rate is not held up', async () => {
  assert.equal(await through(500, () => createRateLimits(1).take(consumer('one'), null)), 500)
})

test('after too many failures an address is told to wait, but right credentials still count', async () => {
  const access = accessFor([portal], { failedAuthentications: 5 })
  const from = peer()
  const codes = []
  for (let time = 0; time < 8; time++) {
    codes.push(await outcome(() => access.identify(head({ authorization: 'Bearer vg_x' }), from)))
  }
  assert.deepEqual(codes, [...Array(5).fill('CREDENTIALS_WRONG'), ...Array(3).fill('RATE_LIMITED')])
  const right = await access.identify(head({ authorization: `Bearer ${keys.portal}` }), from)
  assert.equal(right.consumer.name, 'portal')
})

test('a store that fails lets nobody through', async () => {
  const limits = createRateLimits(1, () => ({ consume: () => Promise.reject(new Error('the store is gone')) }))
  assert.equal(await through(3, () => limits.take(consumer('one', { rate }), null)), 0)
})
