import { type KeyObject, randomUUID, sign } from 'node:crypto'
import { type InnerList, parseDictionary } from 'structured-headers'
import { signatureBase } from '../../plugins/identities/http-signature/message.ts'

export type ToSign = {
  readonly method?: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly secure?: boolean
}

/** Signs a request with an Ed25519 key (RFC 9421): `covers` names components; parameters are added to the usual ones. */
export function signRequest(
  { method = 'GET', target, headers, secure = false }: ToSign,
  key: KeyObject,
  keyId: string,
  covers: readonly string[],
  parameters: Readonly<Record<string, string | number>> = {},
): Record<string, string> {
  const all = { created: Math.floor(Date.now() / 1000), keyid: keyId, nonce: randomUUID(), ...parameters }
  const written = Object.entries(all).map(
    ([name, value]) => `;${name}=${typeof value === 'number' ? value : `"${value}"`}`,
  )
  const input = `sig1=(${covers.map(name => (name.includes('"') ? name : `"${name}"`)).join(' ')})${written.join('')}`
  const list = parseDictionary(input).get('sig1') as InnerList
  const single = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
  const base = signatureBase({ method, target, headers: single }, secure, list)
  const signature = sign(null, Buffer.from(base), key).toString('base64')
  return { 'signature-input': input, signature: `sig1=:${signature}:` }
}
