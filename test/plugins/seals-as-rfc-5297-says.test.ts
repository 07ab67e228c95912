import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aessiv } from '@noble/ciphers/aes.js'
import fc from 'fast-check'
import { Siv } from '../../plugins/masks/siv.ts'

const bytes = (length: number, step: number) => Uint8Array.from({ length }, (_, at) => (at * step + length) & 0xff)

test('what is sealed is what the library makes of it, and opens by it', () => {
  const data = fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 4 })
  const text = fc.integer({ min: 1, max: 9 }).chain(count => {
    return fc.uint8Array({ minLength: count * 16, maxLength: count * 16 })
  })
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), data, text, (key, about, plain) => {
      const siv = new Siv(key)
      const sealed = siv.seal(plain, siv.about(...about))
      assert.deepEqual(new Uint8Array(sealed), aessiv(key, ...about).encrypt(plain))
      assert.deepEqual(aessiv(key, ...about).decrypt(new Uint8Array(sealed)), plain)
    }),
    { numRuns: 300 },
  )
})

test('many are sealed one after another by the same keys, each as if it was the first', () => {
  const key = bytes(64, 7)
  const siv = new Siv(key)
  const about = siv.about(bytes(16, 3), bytes(33, 5))
  for (let count = 1; count <= 256; count += 15) {
    const plain = bytes(count * 16, count)
    const expected = aessiv(key, bytes(16, 3), bytes(33, 5)).encrypt(plain)
    assert.deepEqual(new Uint8Array(siv.seal(plain, about)), expected)
    assert.deepEqual(new Uint8Array(siv.seal(plain, about)), expected)
  }
})
