import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSeal } from '../../gateway/access/seal.ts'

const old = randomBytes(32)
const next = randomBytes(32)

test('what was sealed opens again under its context and no other', () => {
  const seal = createSeal([next])
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (plain, context, other) => {
      const sealed = seal.seal(plain, context)
      assert.match(sealed, /^[A-Za-z0-9_-]+$/)
      assert.equal(seal.open(sealed, context), plain)
      assert.equal(seal.open(sealed, other), other === context ? plain : null)
      assert.notEqual(seal.seal(plain, context), sealed)
    }),
  )
})

test('a change of any bit, or another end, opens nothing', () => {
  const seal = createSeal([next])
  const sealed = Buffer.from(seal.seal('JSESSIONID-1', 'cookie'), 'base64url')
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed)
    changed[bit >> 3]! ^= 1 << (bit & 7)
    assert.equal(seal.open(changed.toString('base64url'), 'cookie'), null)
  }
  for (let length = 0; length < sealed.length; length++) {
    assert.equal(seal.open(sealed.toString('base64url', 0, length), 'cookie'), null)
  }
})

test('anything at all opens to nothing, and never throws', () => {
  const seal = createSeal([next])
  fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String()), text => assert.equal(seal.open(text, ''), null)))
  assert.equal(seal.open('A'.repeat(1_000_000), ''), null)
})

test('after a rotation what was sealed before still opens, until the old key is gone', () => {
  const sealed = createSeal([old]).seal('session', 'cookie')
  const rotated = createSeal([next, old])
  assert.equal(rotated.open(sealed, 'cookie'), 'session')
  assert.equal(createSeal([next]).open(rotated.seal('session', 'cookie'), 'cookie'), 'session')
  assert.equal(createSeal([next]).open(sealed, 'cookie'), null)
})
