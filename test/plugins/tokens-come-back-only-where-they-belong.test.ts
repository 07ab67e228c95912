import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aessiv } from '@noble/ciphers/aes.js'
import fc from 'fast-check'
import type { KeyRing, Scope } from '../../gateway/contracts.ts'
import { token } from '../../plugins/masks/token.ts'
import { testKeys } from '../contract/key-ring.ts'

const scope: Scope = { consumer: 'portal', purpose: 'enrolment', dataType: 'student_number' }
const mask = token.create({}, testKeys)
const made = mask.mask('2026010001', scope)!

test('AES-SIV is that of RFC 5297 (appendix A.1)', () => {
  const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
  const key = bytes('fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff')
  const about = bytes('101112131415161718191a1b1c1d1e1f2021222324252627')
  const sealed = aessiv(key, about).encrypt(bytes('112233445566778899aabbccddee'))
  assert.equal(Buffer.from(sealed).toString('hex'), '85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c')
})

test('every text that a token was made of comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.string(), (value, purpose) => {
      const of = { ...scope, purpose }
      const text = mask.mask(value, of)!
      assert.match(text, /^vg1\.[\w-]{8}\.[\w-]+$/)
      assert.equal(mask.restore!(text, of), value)
    }),
    { numRuns: 200 },
  )
})

test('the same value has the same token, and another in every other scope', () => {
  assert.equal(mask.mask('2026010001', { ...scope }), made)
  const others = [
    { ...scope, consumer: 'library' },
    { ...scope, purpose: 'survey' },
    { ...scope, dataType: 'staff_number' },
  ]
  for (const other of others) {
    assert.notEqual(mask.mask('2026010001', other), made)
    assert.throws(() => mask.restore!(made, other))
  }
})

test('a token with any character changed, added or taken away does not open', () => {
  for (let at = 0; at < made.length; at++) {
    const other = made[at] === 'A' ? 'B' : 'A'
    assert.throws(() => mask.restore!(made.slice(0, at) + other + made.slice(at + 1), scope), `at ${at}`)
    assert.throws(() => mask.restore!(made.slice(0, at) + made.slice(at + 1), scope), `without ${at}`)
  }
  for (const text of [`${made}A`, ` ${made}`, `${made}=`, '', 'vg1..', '2026010001']) {
    assert.throws(() => mask.restore!(text, scope), text)
  }
})

test('no error says what a token was or held', () => {
  try {
    mask.restore!(`${made.slice(0, -4)}AAAA`, scope)
    assert.fail('it opened')
  } catch (error) {
    assert.ok(error instanceof Error && !error.message.includes(made.slice(13, 30)))
  }
})

test('what cannot be written and come back takes the stricter form', () => {
  for (const value of ['\ud800', 'a\udc00b', '张'.repeat(2000)]) assert.equal(mask.mask(value, scope), null)
})

test('short values have tokens of one length', () => {
  const lengths = ['张三', '张三丰', '欧阳娜娜', 'x'].map(name => mask.mask(name, scope)!.length)
  assert.equal(new Set(lengths).size, 1)
})

test('a token made under an older key comes back as long as that may be read', () => {
  const secrets = { old: testKeys.secret('old'), now: testKeys.secret('now') }
  let overlap = true
  const before: KeyRing = { secret: () => secrets.old }
  const after: KeyRing = {
    secret: () => secrets.now,
    readable: () => (overlap ? [secrets.now, secrets.old] : [secrets.now]),
  }
  const old = token.create({}, before).mask('2026010001', scope)!
  const current = token.create({}, after)
  assert.notEqual(current.mask('2026010001', scope), old)
  assert.equal(current.restore!(old, scope), '2026010001')
  overlap = false
  assert.throws(() => current.restore!(old, scope))
})
