import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aessiv } from '@noble/ciphers/aes.js'
import fc from 'fast-check'
import { Siv } from '../../plugins/masks/siv.ts'

const bytes = (length: number, step: number) => Uint8Array.from({ length }, (_, at) => (at * step + length) & 0xff)

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))

test('the examples of RFC 5297 come out (appendices A.1 and A.2)', () => {
  const one = new Siv(hex('fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0 f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'))
  const about = one.about(hex('101112131415161718191a1b1c1d1e1f2021222324252627'))
  assert.equal(
    one.seal(hex('112233445566778899aabbccddee'), about).toString('hex'),
    '85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c',
  )
  const other = new Siv(hex('7f7e7d7c7b7a79787776757473727170 404142434445464748494a4b4c4d4e4f'))
  const [first, second, nonce, text] = [
    '00112233445566778899aabbccddeeff deaddadadeaddadaffeeddccbbaa9988 7766554433221100',
    '102030405060708090a0',
    '09f911029d74e35bd84156c5635688c0',
    '7468697320697320736f6d6520706c61 696e7465787420746f20656e63727970 74207573696e67205349562d414553',
  ].map(hex)
  assert.equal(
    other.seal(text!, other.about(first!, second!, nonce!)).toString('hex'),
    '7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d',
  )
})

test('the counter begins without bits 31 and 63 of the IV, whatever they are', () => {
  const siv = new Siv(bytes(64, 3))
  const seen = new Set<number>()
  for (let n = 0; seen.size < 4; n++) {
    const plain = bytes(40, n)
    const sealed = new Uint8Array(siv.seal(plain, siv.about()))
    seen.add((sealed[8]! >> 7) * 2 + (sealed[12]! >> 7))
    assert.deepEqual(sealed, aessiv(bytes(64, 3)).encrypt(plain))
    assert.ok(n < 200)
  }
})

test('a key of another length is refused', () => {
  for (const length of [0, 16, 31, 33, 63, 65, 128]) assert.throws(() => new Siv(new Uint8Array(length)), `${length}`)
})

test('what is sealed is what the library makes of it, and opens by it', () => {
  const data = fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 4 })
  const text = fc.oneof(fc.uint8Array({ maxLength: 33 }), fc.uint8Array({ maxLength: 150 }))
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
