import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto'

/** Names of RFC 9421 3.3, those with a public key. */
export const algorithms = [
  'ed25519',
  'ecdsa-p256-sha256',
  'ecdsa-p384-sha384',
  'rsa-pss-sha512',
  'rsa-v1_5-sha256',
] as const
export type Algorithm = (typeof algorithms)[number]

const shortestRsa = 2048

/** A public key from PEM or base64 of its SPKI; null where it is none, or not one for the algorithm. */
export function publicKey(text: string, algorithm: Algorithm): KeyObject | null {
  const key = parse(text)
  return key !== null && fits(key, algorithm) ? key : null
}

function parse(text: string): KeyObject | null {
  try {
    if (text.includes('-----BEGIN')) return createPublicKey(text)
    return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
  } catch {
    return null
  }
}

function fits({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject, algorithm: Algorithm): boolean {
  if (algorithm === 'ed25519') return type === 'ed25519'
  if (algorithm === 'ecdsa-p256-sha256') return type === 'ec' && details?.namedCurve === 'prime256v1'
  if (algorithm === 'ecdsa-p384-sha384') return type === 'ec' && details?.namedCurve === 'secp384r1'
  const isRsa = type === 'rsa' || (type === 'rsa-pss' && algorithm === 'rsa-pss-sha512')
  return isRsa && (details?.modulusLength ?? 0) >= shortestRsa
}

export function isSigned(base: string, signature: Uint8Array, key: KeyObject, algorithm: Algorithm): boolean {
  const bytes = Buffer.from(base)
  if (algorithm === 'ed25519') return verify(null, bytes, key, signature)
  if (algorithm === 'rsa-v1_5-sha256') return verify('sha256', bytes, key, signature)
  if (algorithm === 'rsa-pss-sha512')
    return verify('sha512', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 }, signature)
  const digest = algorithm === 'ecdsa-p256-sha256' ? 'sha256' : 'sha384'
  return verify(digest, bytes, { key, dsaEncoding: 'ieee-p1363' }, signature)
}
