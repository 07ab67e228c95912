/**
 * The trace authority: who can find people in the records of past months. Each month's blind-index key is sealed to its
 * public key and kept with the records; its secret key stays away from the gateway.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { openSealed, sealTo } from './hpke.ts'

const [publicStart, secretStart] = ['x25519:', 'PRIVATE:x25519:']
const info = 'veilgate blind-index key v1'
const keyBytes = 32

/** A new pair: both as text. */
export function makeAuthority(): { readonly publicText: string; readonly secretText: string } {
  const { privateKey } = generateKeyPairSync('x25519')
  const { x, d } = privateKey.export({ format: 'jwk' })
  return { publicText: publicStart + x, secretText: secretStart + d }
}

/** The key to seal to, or null where the text is none. */
export function parseAuthority(text: string): KeyObject | null {
  const x = rawKey(text, publicStart)
  if (x === null) return null
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'X25519', x } })
}

const pkcs8 = Buffer.from('302e020100300506032b656e04220420', 'hex')

/** The key to open by, with the text of its public half; or null. */
export function parseAuthoritySecret(text: string): { readonly key: KeyObject; readonly publicText: string } | null {
  const d = rawKey(text, secretStart)
  if (d === null) return null
  const der = Buffer.concat([pkcs8, Buffer.from(d, 'base64url')])
  const key = createPrivateKey({ format: 'der', type: 'pkcs8', key: der })
  return { key, publicText: publicStart + createPublicKey(key).export({ format: 'jwk' }).x }
}

function rawKey(text: string, start: string): string | null {
  const raw = text.startsWith(start) ? text.slice(start.length) : ''
  const bytes = Buffer.from(raw, 'base64url')
  return bytes.length === keyBytes && bytes.toString('base64url') === raw ? raw : null
}

/** A month's key for the authority with this public key, as one line of text. */
export function sealMonth(publicText: string, month: string, secret: Uint8Array): string {
  const { enc, ciphertext } = sealTo(parseAuthority(publicText)!, secret, { info, aad: month })
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
  return JSON.stringify({ month, authority: publicText, enc: base64(enc), sealed: base64(ciphertext) })
}

export type SealedMonth = {
  readonly month: string
  readonly authority: string
  readonly enc: string
  readonly sealed: string
}

/** What `sealMonth` wrote, or null where the text is no such thing. */
export function parseSealedMonth(text: string): SealedMonth | null {
  try {
    const value = JSON.parse(text) as Record<string, unknown>
    const { month, authority, enc, sealed } = value
    const isWhole = [month, authority, enc, sealed].every(one => typeof one === 'string')
    return isWhole ? (value as SealedMonth) : null
  } catch {
    return null
  }
}

/** The month's key; null where it was sealed to another authority, or is damaged. */
export function openMonth(secretKey: KeyObject, { month, enc, sealed }: SealedMonth): Uint8Array | null {
  const parts = { enc: Buffer.from(enc, 'base64url'), ciphertext: Buffer.from(sealed, 'base64url') }
  const secret = openSealed(secretKey, parts, { info, aad: month })
  return secret?.length === keyBytes ? secret : null
}
