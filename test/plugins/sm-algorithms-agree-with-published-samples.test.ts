import assert from 'node:assert/strict'
import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { hmac } from '../../plugins/masks/hmac.ts'
import { testKeys } from '../contract/key-ring.ts'
import { corpus } from '../support/corpora.ts'

const { path, skip } = corpus('sm')
const rows = (file: string) =>
  readFileSync(`${path}/${file}`, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, string>)
const bytes = (hex: string | undefined) => Buffer.from(hex ?? '', 'hex')

test('SM3 of the runtime agrees with GB/T 32905', { skip }, () => {
  const all = rows('sm3.jsonl')
  assert.ok(all.length > 0)
  for (const { msg_hex, digest_hex } of all) {
    assert.equal(createHash('sm3').update(bytes(msg_hex)).digest('hex'), digest_hex)
  }
})

test('SM4 of the runtime agrees with GB/T 32907, in every mode', { skip }, () => {
  const all = rows('sm4.jsonl')
  assert.ok(all.length > 0)
  for (const { mode, key_hex, iv_hex, aad_hex, plaintext_hex, ciphertext_hex, tag_hex } of all) {
    const [text, iv] = [bytes(plaintext_hex), iv_hex === null ? null : bytes(iv_hex)]
    const options = { authTagLength: 16 }
    const cipher = createCipheriv(`sm4-${mode}` as 'aes-256-gcm', bytes(key_hex), iv as Buffer, options)
    if (mode === 'gcm' || mode === 'ccm') cipher.setAAD(bytes(aad_hex), { plaintextLength: text.length } as object)
    else cipher.setAutoPadding(false)
    const sealed = Buffer.concat([cipher.update(text), cipher.final()])
    assert.equal(sealed.toString('hex'), ciphertext_hex, String(mode))
    if (tag_hex !== undefined && tag_hex !== null)
      assert.equal(cipher.getAuthTag().toString('hex'), tag_hex, String(mode))
  }
})

test('a digest by SM3 is HMAC-SM3 of scope and value', () => {
  const scope = { consumer: 'portal', purpose: 'enrolment', dataType: 'student_number' }
  const read = JSON.stringify(['portal', 'enrolment', 'student_number', '2026010001'])
  const digest = createHmac('sm3', testKeys.secret('mask:hmac')).update(read).digest('base64url')
  assert.equal(hmac.create({ hash: 'sm3', length: 43 }, testKeys).mask('2026010001', scope), digest)
  assert.notEqual(hmac.create({}, testKeys).mask('2026010001', scope), digest.slice(0, 22))
})
