import { createHash } from 'node:crypto'
import type { Caller, Peer } from '../../../gateway/contracts.ts'

export type Claims = Readonly<Record<string, unknown>>

/** A claim by its name; of claims inside claims by a path: `realm_access.roles`. undefined where there is none. */
export function claimAt(claims: Claims, path: string): unknown {
  // names may hold dots themselves: https://example.edu.cn/roles
  if (Object.hasOwn(claims, path)) return claims[path]
  let value: unknown = claims
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Claims)[name]
  }
  return value
}

/** Words of a claim that holds one, a list, or (RFC 8693 `scope`) several parted by spaces. */
export function wordsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.split(' ').filter(word => word !== '')
  return Array.isArray(value) ? value.filter(word => typeof word === 'string').slice(0, 500) : []
}

export type PersonClaims = {
  readonly operator?: string
  readonly roles?: string
  readonly strong?: { readonly acr?: readonly string[]; readonly amr?: readonly string[] }
}

/** What claims say of a caller. Throws where they have no operator and should. */
export function callerFrom(consumer: string, claims: Claims, { operator, roles, strong }: PersonClaims): Caller {
  const person = operator === undefined ? null : claimAt(claims, operator)
  if (operator !== undefined && (typeof person !== 'string' || person === '')) throw new Error('no operator')
  return {
    consumer,
    ...(operator !== undefined && { operator: person as string }),
    ...(roles !== undefined && { roles: wordsOf(claimAt(claims, roles)) }),
    ...(isStrong(claims, strong) && { strong: true }),
  }
}

function isStrong(claims: Claims, strong: PersonClaims['strong']): boolean {
  if (strong === undefined) return false
  const acr = claimAt(claims, 'acr')
  const methods = wordsOf(claimAt(claims, 'amr'))
  return strong.acr?.includes(String(acr)) === true || strong.amr?.some(method => methods.includes(method)) === true
}

/**
 * The certificate a token is bound to (RFC 8705, `cnf` with `x5t#S256`), as base64url of SHA-256; null: it is bound to
 * nothing. Throws where it is bound to something else, which cannot be checked here.
 */
export function boundCertificate(claims: Claims): string | null {
  if (claims['cnf'] === undefined) return null
  const thumbprint = claimAt(claims, 'cnf.x5t#S256')
  if (typeof thumbprint !== 'string') throw new Error('bound to what is not known here')
  return thumbprint
}

export function isCertificate(peer: Peer, thumbprint: string): boolean {
  const certificate = peer.certificate()
  return certificate !== null && createHash('sha256').update(certificate.raw).digest('base64url') === thumbprint
}
