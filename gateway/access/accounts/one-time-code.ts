/** One-time codes (TOTP, RFC 6238): SHA-1, six digits, thirty seconds, as all authenticator apps have them. */
import { Secret, TOTP } from 'otpauth'

const [period, digits] = [30, 6]

/** Bytes of a secret: those of the hash (RFC 4226, 4). */
const secretBytes = 20

/** A new secret, in base32. */
export function makeTotpSecret(): string {
  return new Secret({ size: secretBytes }).base32
}

/** What an authenticator app takes in place of typing the secret. */
export function totpUri(secret: string, name: string): string {
  return totp(secret, name).toString()
}

/**
 * The step, counted from 1970, that a code is of; null: of none near now. One step before and after counts, for clocks
 * that differ.
 */
export function stepOfCode(secret: string, code: string, now: number): number | null {
  const token = /^[0-9]{6}$/.test(code) ? code : 'none'
  const off = totp(secret).validate({ token, timestamp: now, window: 1 })
  return off === null ? null : Math.floor(now / (period * 1000)) + off
}

/** The code of a moment. */
export function codeAt(secret: string, now: number): string {
  return totp(secret).generate({ timestamp: now })
}

function totp(secret: string, label = 'veilgate'): TOTP {
  return new TOTP({ issuer: 'Veilgate', label, secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits, period })
}
