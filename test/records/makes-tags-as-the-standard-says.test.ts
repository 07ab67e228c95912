import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cmac } from '@noble/ciphers/aes.js'
import fc from 'fast-check'
import { Cmac, subkeysOf } from '../../gateway/records/blind-index/cmac.ts'

/** NIST SP 800-38B, examples for AES-256. */
const key = Buffer.from('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4', 'hex')
const message = Buffer.from(
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
  'hex',
)
const tags = {
  0: '028962f61b7bf89efc6b551f4667d983',
  16: '28a7023f452e8f82bd4bf28d8c37c35c',
  40: 'aaf3d8f1de5640c232f5b169b9c911e6',
  64: 'e1992190549f6ed5696a2c056c315410',
}

function tagOf(mac: Cmac, bytes: Uint8Array): string {
  return mac.tag(Buffer.concat([bytes, Buffer.alloc(16, 0xee)]), bytes.length).toString('hex')
}

test('the examples of NIST SP 800-38B come out, in any order, one after the other', () => {
  const mac = new Cmac(key)
  for (let round = 0; round < 3; round++)
    for (const [length, tag] of Object.entries(tags)) assert.equal(tagOf(mac, message.subarray(0, Number(length))), tag)
})

test('subkeys are those of the standard, and of a block whose first bit is set', () => {
  const { whole, padded } = subkeysOf(Buffer.from('e568f68194cf76d6174d4cc04310a854', 'hex'))
  assert.equal(Buffer.from(whole).toString('hex'), 'cad1ed03299eedac2e9a99808621502f')
  assert.equal(Buffer.from(padded).toString('hex'), '95a3da06533ddb585d3533010c42a0d9')
})

test('tags of messages of any length are those of another implementation, and nothing of a message stays', () => {
  const bytes = (maxLength: number, minLength = 0) => fc.uint8Array({ minLength, maxLength })
  fc.assert(
    fc.property(bytes(32, 32), fc.array(bytes(200), { maxLength: 20 }), (some, messages) => {
      const mac = new Cmac(some)
      for (const one of messages) {
        const room = Buffer.concat([one, Buffer.alloc(16)])
        assert.equal(mac.tag(room, one.length).toString('hex'), Buffer.from(cmac(one, some)).toString('hex'))
        assert.ok(room.every(byte => byte === 0))
      }
      mac.close()
    }),
  )
})

test('a key has 32 bytes, and after the end there are no tags', () => {
  for (const length of [0, 16, 31, 33]) assert.throws(() => new Cmac(Buffer.alloc(length)))
  const mac = new Cmac(key)
  mac.close()
  assert.throws(() => mac.tag(Buffer.alloc(16), 0))
})
