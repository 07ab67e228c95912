import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { callerAddress } from '../../gateway/access/forwarded.ts'
import { Refusal } from '../../gateway/errors.ts'

const proxies = ['10.0.0.0/8']

test('without trusted hops the header is not looked at', () => {
  const address = callerAddress({ hops: 0, networks: proxies })
  assert.equal(address('10.0.0.1', ['not an address']), '10.0.0.1')
  assert.equal(address('::ffff:192.0.2.9', ['10.9.9.9']), '192.0.2.9')
})

test('one entry counts for each trusted hop, from the right', () => {
  const one = callerAddress({ hops: 1, networks: proxies })
  const two = callerAddress({ hops: 2, networks: proxies })
  assert.equal(one('10.0.0.1', ['198.51.100.1, 203.0.113.5']), '203.0.113.5')
  assert.equal(two('10.0.0.1', ['198.51.100.1, 203.0.113.5, 10.0.0.2']), '203.0.113.5')
  assert.equal(one('10.0.0.1', ['198.51.100.1', '203.0.113.5']), '203.0.113.5')
  assert.equal(one('10.0.0.1', ['203.0.113.5:4711']), '203.0.113.5')
  assert.equal(one('10.0.0.1', ['[2001:DB8::1]:4711']), '2001:db8::1')
})

test('a caller that goes around the proxies is known by its own address', () => {
  const address = callerAddress({ hops: 2, networks: proxies })
  assert.equal(address('203.0.113.5', ['10.1.2.3']), '203.0.113.5')
  assert.equal(address('10.0.0.1', ['10.1.2.3, 203.0.113.5']), '203.0.113.5')
})

test('a proxy that says nothing is itself the caller', () => {
  assert.equal(callerAddress({ hops: 1, networks: proxies })('10.0.0.1', []), '10.0.0.1')
})

test('an entry that is needed and is no address is refused', () => {
  const address = callerAddress({ hops: 1, networks: proxies })
  for (const header of [
    'unknown',
    '',
    '203.0.113.5,',
    '203.0.113.5 x',
    '203.0.113.5:x',
    '[203.0.113.5]',
    'x'.repeat(5000),
  ]) {
    assert.throws(
      () => address('10.0.0.1', [header]),
      (error: unknown) => error instanceof Refusal && error.code === 'HEADER_MALFORMED',
      header,
    )
  }
})

test('nothing a caller writes changes what its proxy appended', () => {
  const address = callerAddress({ hops: 1, networks: proxies })
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 40 }), { maxLength: 5 }), fc.ipV4(), (written, real) => {
      assert.equal(address('10.0.0.1', [...written, real]), real)
    }),
  )
})
