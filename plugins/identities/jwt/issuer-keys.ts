import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { fetchJson } from './fetch-json.ts'

/** The keys of an issuer cannot be had now. */
export class KeysUnavailable extends Error {}

/** Milliseconds: keys are fetched anew after the first, and not used any more after the second; between two tries the third. */
const [fresh, usable, pause] = [10 * 60_000, 60 * 60_000, 10_000]

export type IssuerKeysOptions = {
  readonly issuer: string
  /** Where the keys are; discovered (OpenID Connect Discovery 1.0) where left out. */
  readonly jwksUri?: string
  /** The keys themselves: nothing is fetched. */
  readonly jwks?: JSONWebKeySet
  readonly now?: () => number
}

/**
 * The public keys of an issuer, for jose. Nothing is fetched before a token has to be verified, so that a gateway starts
 * without its issuer; until there are keys, and where they have grown too old, KeysUnavailable is thrown. A key that is not
 * among them makes them be fetched anew, at most every ten seconds, so that keys can be rotated.
 */
export function issuerKeys({ issuer, jwksUri, jwks, now = Date.now }: IssuerKeysOptions): JWTVerifyGetKey {
  if (jwks !== undefined) return createLocalJWKSet(jwks)
  let keys: JWTVerifyGetKey | null = null
  let fetched = Number.NEGATIVE_INFINITY
  let tried = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> | null = null

  const refresh = async (): Promise<void> => {
    try {
      const uri = jwksUri ?? (await discover(issuer))
      keys = createLocalJWKSet((await fetchJson(uri)) as unknown as JSONWebKeySet)
      fetched = now()
    } catch {
      // what there is stays in use until it is too old
    } finally {
      fetching = null
    }
  }
  const tryAgain = async (): Promise<void> => {
    if (fetching === null && now() - tried < pause) return
    if (fetching === null) {
      tried = now()
      fetching = refresh()
    }
    await fetching
  }

  return async (header, token) => {
    if (now() - fetched > fresh) await tryAgain()
    if (keys === null || now() - fetched > usable) throw new KeysUnavailable()
    try {
      return await keys(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      const before = fetched
      await tryAgain()
      if (fetched === before) throw error
      return keys(header, token)
    }
  }
}

async function discover(issuer: string): Promise<string> {
  const { jwks_uri: uri } = await discovered(issuer)
  if (typeof uri !== 'string') throw new Error('no keys')
  return uri
}

/** What an issuer says of itself (OpenID Connect Discovery 1.0, 4). */
export async function discovered(issuer: string): Promise<Readonly<Record<string, unknown>>> {
  const found = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  if (found['issuer'] !== issuer) throw new Error('another issuer')
  return found
}
