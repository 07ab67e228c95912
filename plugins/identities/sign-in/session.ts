/** What a browser carries: a session, and while it signs in what it began with. Sealed, so that nobody reads or makes one. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Caller } from '../../../gateway/contracts.ts'

/** `id`, `began`: so that it can be ended before its time. */
export type Session = { readonly caller: Caller; readonly id: string; readonly began: number; readonly until: number }
/** `to`: where the browser was going, a path. */
export type Begun = {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly to: string
  readonly until: number
}

/** Seals JSON (AES-256-GCM); `what` keeps one kind of cookie from being taken for the other. */
export function seal<Value extends { readonly until: number }>(value: Value, what: string, secret: Uint8Array): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', secret, nonce)
  cipher.setAAD(Buffer.from(what))
  const sealed = [nonce, cipher.update(JSON.stringify(value), 'utf8'), cipher.final(), cipher.getAuthTag()]
  return Buffer.concat(sealed).toString('base64url')
}

/** null: not sealed by us for this, or over. */
export function open<Value extends { readonly until: number }>(
  text: string,
  what: string,
  secret: Uint8Array,
): Value | null {
  const bytes = Buffer.from(text, 'base64url')
  if (text.length > 4096 || bytes.length < 29 || bytes.toString('base64url') !== text) return null
  try {
    const decipher = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, 12))
    decipher.setAAD(Buffer.from(what))
    decipher.setAuthTag(bytes.subarray(-16))
    const value = JSON.parse(
      Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8'),
    )
    return Date.now() < (value as Value).until ? (value as Value) : null
  } catch {
    return null
  }
}

/** The one value of a cookie; null where there is none. Throws where it comes twice: nobody could say which is meant. */
export function cookieNamed(name: string, values: readonly string[]): string | null {
  const found = values
    .flatMap(value => value.split(';'))
    .map(pair => pair.trim())
    .filter(pair => pair.startsWith(`${name}=`))
  if (found.length > 1) throw new Error('a cookie that comes twice')
  return found[0]?.slice(name.length + 1) ?? null
}

/** `seconds`: 0 takes it away. */
export function setCookie(name: string, value: string, seconds: number, secure: boolean): string {
  return `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
}
