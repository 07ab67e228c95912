/**
 * Sealing to a public key: HPKE (RFC 9180), base mode, one message; DHKEM(X25519, HKDF-SHA256), which Node has as
 * `encapsulate`, HKDF-SHA256, AES-256-GCM. Whoever seals cannot open.
 */
import { createCipheriv, createDecipheriv, createHmac, decapsulate, encapsulate, type KeyObject } from 'node:crypto'

/** `enc`: what the opener's key agrees on the message's key by. */
export type Sealed = { readonly enc: Uint8Array; readonly ciphertext: Uint8Array }

/** What both sides must say the same of: what the message is for, and what belongs to it. */
export type Context = { readonly info: string; readonly aad: string }

const [kem, kdf] = [0x0020, 0x0001]
/** By AEAD of RFC 9180: number, bytes of a key. Sealing is by the second; published cases for X25519 are of the first. */
const aeads = { 'aes-128-gcm': [0x0001, 16], 'aes-256-gcm': [0x0002, 32] } as const
type Aead = keyof typeof aeads
const [nonceBytes, tagBytes, sharedBytes] = [12, 16, 32]

export function sealTo(publicKey: KeyObject, plain: Uint8Array, { info, aad }: Context): Sealed {
  const { sharedKey, ciphertext: enc } = encapsulate(publicKey)
  const { key, nonce } = schedule(sharedKey, Buffer.from(info), 'aes-256-gcm')
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(aad))
  return { enc, ciphertext: Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]) }
}

/** The message, or null where it was not sealed to this key, in this context, or was changed. */
export function openSealed(
  secretKey: KeyObject,
  { enc, ciphertext }: Sealed,
  { info, aad }: Context,
  aead: Aead = 'aes-256-gcm',
): Uint8Array | null {
  if (enc.length !== sharedBytes || ciphertext.length < tagBytes) return null
  try {
    const { key, nonce } = schedule(decapsulate(secretKey, enc), Buffer.from(info), aead)
    const cipher = createDecipheriv(aead, key, nonce, { authTagLength: tagBytes })
    cipher.setAAD(Buffer.from(aad))
    cipher.setAuthTag(ciphertext.subarray(-tagBytes))
    return Buffer.concat([cipher.update(ciphertext.subarray(0, -tagBytes)), cipher.final()])
  } catch {
    return null
  }
}

/** Section 5.1, mode base, of the first message. */
function schedule(shared: Uint8Array, info: Uint8Array, aead: Aead): { key: Buffer; nonce: Buffer } {
  const [number, keyBytes] = aeads[aead]
  const suite = Buffer.concat([Buffer.from('HPKE'), word(kem), word(kdf), word(number)])
  const extract = (salt: Uint8Array, label: string, input: Uint8Array): Buffer =>
    hmac(salt, Buffer.from('HPKE-v1'), suite, Buffer.from(label), input)
  const none = Buffer.alloc(0)
  const context = Buffer.concat([Buffer.of(0), extract(none, 'psk_id_hash', none), extract(none, 'info_hash', info)])
  const secret = extract(shared, 'secret', none)
  // Of HKDF-Expand (RFC 5869) one round is enough: no key is longer than a hash.
  const expand = (label: string, length: number): Buffer =>
    hmac(secret, word(length), Buffer.from('HPKE-v1'), suite, Buffer.from(label), context, Buffer.of(1)).subarray(
      0,
      length,
    )
  return { key: expand('key', keyBytes), nonce: expand('base_nonce', nonceBytes) }
}

function hmac(key: Uint8Array, ...parts: Uint8Array[]): Buffer {
  return createHmac('sha256', key).update(Buffer.concat(parts)).digest()
}

function word(value: number): Buffer {
  return Buffer.of(value >> 8, value & 255)
}
