import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { openSealed, sealTo } from '../../gateway/access/hpke.ts'
import {
  makeAuthority,
  openMonth,
  parseAuthority,
  parseAuthoritySecret,
  parseSealedMonth,
  sealMonth,
} from '../../gateway/access/trace-authority.ts'

const hex = (text: string) => Buffer.from(text, 'hex')
const raw = (secret: string) =>
  createPrivateKey({ format: 'der', type: 'pkcs8', key: hex(`302e020100300506032b656e04220420${secret}`) })

test('what RFC 9180 sealed in appendix A.1.1 opens', () => {
  const secret = raw('4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8')
  const sealed = {
    enc: hex('37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431'),
    ciphertext: hex('f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a'),
  }
  const context = { info: 'Ode on a Grecian Urn', aad: 'Count-0' }
  const opened = openSealed(secret, sealed, context, 'aes-128-gcm')
  assert.equal(Buffer.from(opened!).toString(), 'Beauty is truth, truth beauty')
})

test('what is sealed opens by the one key, in the one context, and only unchanged', () => {
  const { publicKey, privateKey } = generateKeyPairSync('x25519')
  const other = generateKeyPairSync('x25519').privateKey
  const context = { info: 'for this', aad: 'of this' }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(), (plain, at) => {
      const sealed = sealTo(publicKey, plain, context)
      assert.deepEqual(Buffer.from(openSealed(privateKey, sealed, context)!), Buffer.from(plain))
      assert.equal(openSealed(other, sealed, context), null)
      assert.equal(openSealed(privateKey, sealed, { ...context, aad: 'of that' }), null)
      assert.equal(openSealed(privateKey, sealed, { ...context, info: 'for that' }), null)
      const changed = Buffer.from(sealed.ciphertext)
      changed[at % changed.length]! ^= 1
      assert.equal(openSealed(privateKey, { ...sealed, ciphertext: changed }, context), null)
      const otherEnc = Buffer.from(sealed.enc)
      otherEnc[at % 31]! ^= 1
      assert.equal(openSealed(privateKey, { ...sealed, enc: otherEnc }, context), null)
    }),
    { numRuns: 50 },
  )
  for (const enc of [Buffer.alloc(0), Buffer.alloc(32), Buffer.alloc(33)])
    assert.equal(openSealed(privateKey, { enc, ciphertext: Buffer.alloc(48) }, context), null)
})

test('a month is sealed to the authority, and says which month it is', () => {
  const { publicText, secretText } = makeAuthority()
  const secret = parseAuthoritySecret(secretText)!
  assert.equal(secret.publicText, publicText)
  const key = Buffer.alloc(32, 9)
  const sealed = parseSealedMonth(sealMonth(publicText, '2026-11', key))!
  assert.deepEqual([sealed.month, sealed.authority], ['2026-11', publicText])
  assert.deepEqual(Buffer.from(openMonth(secret.key, sealed)!), key)
  assert.equal(openMonth(secret.key, { ...sealed, month: '2026-12' }), null)
  assert.equal(openMonth(parseAuthoritySecret(makeAuthority().secretText)!.key, sealed), null)
  for (const text of ['', 'x25519:', 'x25519:AAAA', publicText.slice(1), `${publicText}A`, secretText])
    assert.equal(parseAuthority(text), null)
  for (const text of ['', publicText, secretText.slice(0, -1)]) assert.equal(parseAuthoritySecret(text), null)
  for (const text of ['', '{', '{}', 'destroyed']) assert.equal(parseSealedMonth(text), null)
})
