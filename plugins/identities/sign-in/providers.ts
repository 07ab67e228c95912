/** Where people sign in: an OpenID provider (code flow with PKCE), or CAS (protocol 2 and 3). */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { jwtVerify } from 'jose'
import type { Caller } from '../../../gateway/contracts.ts'
import { type Claims, callerFrom, type PersonClaims } from '../jwt/claims.ts'
import { fetchJson, fetchText } from '../jwt/fetch-json.ts'
import { discovered, issuerKeys, KeysUnavailable } from '../jwt/issuer-keys.ts'
import type { Begun } from './session.ts'

export type Provider = {
  /** Where to send a browser. Rejects with Unavailable where the provider does not answer. */
  begin(begun: Begun, callback: string): Promise<string>
  /** Who came back. Rejects where nobody did. */
  finish(query: URLSearchParams, begun: Begun, callback: string): Promise<Caller>
}

/** Milliseconds for which what a provider says of itself is remembered; and that it does not answer. */
const [rememberedAnswer, rememberedSilence] = [10 * 60_000, 5000]

/** Anybody can open a page, and each would ask: one question is under way at a time, and its answer serves all for a while. */
function remembering(ask: () => Promise<Claims>): () => Promise<Claims> {
  let known: { readonly answer: Promise<Claims>; until: number } | null = null
  return () => {
    if (known !== null && Date.now() < known.until) return known.answer
    const answer = ask().catch(() => {
      if (known?.answer === answer) known.until = Date.now() + rememberedSilence
      throw new Unavailable()
    })
    known = { answer, until: Date.now() + rememberedAnswer }
    return answer
  }
}

/** The provider does not answer now. */
export class Unavailable extends Error {}

export type Oidc = {
  readonly issuer: string
  readonly client_id: string
  readonly client_secret_file?: string
  readonly scope?: string
}

export function oidcProvider(
  consumer: string,
  { issuer, client_id, client_secret_file, scope = 'openid' }: Oidc,
  person: PersonClaims,
): Provider {
  const keys = issuerKeys({ issuer })
  const secret = client_secret_file === undefined ? null : readFileSync(client_secret_file, 'utf8').trim()
  const described = remembering(() => discovered(issuer))
  return {
    async begin({ state, nonce, verifier }, callback) {
      const { authorization_endpoint: endpoint } = await described()
      const challenge = createHash('sha256').update(verifier).digest('base64url')
      const query = new URLSearchParams({
        ...{ response_type: 'code', client_id, redirect_uri: callback, scope, state, nonce },
        ...{ code_challenge: challenge, code_challenge_method: 'S256' },
      })
      return `${String(endpoint)}?${query}`
    },
    async finish(query, { state, nonce, verifier }, callback) {
      const code = query.get('code')
      if (query.get('state') !== state || code === null) throw new Error('another sign-in')
      const { token_endpoint: endpoint } = await described()
      const form = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: callback,
        client_id,
        code_verifier: verifier,
      }
      const answer = await fetchJson(String(endpoint), { ...form, ...(secret !== null && { client_secret: secret }) })
      try {
        const { payload } = await jwtVerify(String(answer['id_token']), keys, {
          ...{ issuer, audience: client_id, requiredClaims: ['exp', 'sub'], clockTolerance: 30 },
          algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
        })
        if (payload['nonce'] !== nonce) throw new Error('of another sign-in')
        return callerFrom(consumer, payload, person)
      } catch (error) {
        throw error instanceof KeysUnavailable ? new Unavailable() : error
      }
    },
  }
}

export type Cas = { readonly server: string }

/** A ticket is good once: the server itself sees to that. Its state is in `service`, which it validates along. */
export function casProvider(consumer: string, { server }: Cas, person: PersonClaims): Provider {
  const base = server.replace(/\/$/, '')
  const service = (callback: string, { state }: Begun) => `${callback}?state=${state}`
  return {
    begin: async (begun, callback) => `${base}/login?${new URLSearchParams({ service: service(callback, begun) })}`,
    async finish(query, begun, callback) {
      const ticket = query.get('ticket')
      if (query.get('state') !== begun.state || ticket === null || !/^[\x21-\x7e]{1,512}$/.test(ticket))
        throw new Error('another sign-in')
      const asked = new URLSearchParams({ service: service(callback, begun), ticket })
      const text = await fetchText(`${base}/serviceValidate?${asked}`)
      return callerFrom(consumer, claimsOf(text), person)
    },
  }
}

/**
 * Of a serviceValidate answer: `user` and the attributes that are plain text. Only an answer that begins with success
 * counts, so that nothing inside one that failed can pass for it.
 */
function claimsOf(text: string): Claims {
  const success =
    /^\s*(?:<\?xml[^>]*\?>\s*)?<cas:serviceResponse[^>]*>\s*<cas:authenticationSuccess>\s*<cas:user>([^<&]{1,128})<\/cas:user>([\s\S]*)<\/cas:authenticationSuccess>\s*<\/cas:serviceResponse>\s*$/.exec(
      text,
    )
  if (success === null) throw new Error('no success')
  const claims: Record<string, string[]> = Object.create(null)
  for (const [, name, value] of success[2]!.matchAll(/<cas:([A-Za-z][\w.-]{0,63})>([^<&]{1,512})<\/cas:\1>/g))
    (claims[name!] ??= []).push(value!.trim())
  return { ...claims, user: success[1]!.trim() }
}
