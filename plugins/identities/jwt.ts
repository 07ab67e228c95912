/**
 * Consumers by a signed token (RFC 7519, RFC 9068) of an OpenID provider: `Authorization: Bearer eyJ…`. Issuer, audience and
 * algorithms are pinned, keys come from the provider's JWKS, and a token without an end is none. A token that was found right
 * is remembered by its SHA-256, until it ends and for five minutes at most.
 */
import { hash } from 'node:crypto'
import { decodeJwt, type JSONWebKeySet, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { Caller, Identify, IdentityAnswer, IdentityPlugin, Peer } from '../../gateway/contracts.ts'
import { byConsumer } from './by-consumer.ts'
import {
  boundCertificate,
  type Claims,
  callerFrom,
  claimAt,
  isCertificate,
  type PersonClaims,
  wordsOf,
} from './jwt/claims.ts'
import { providerUrl } from './jwt/fetch-json.ts'
import { issuerKeys, KeysUnavailable } from './jwt/issuer-keys.ts'
import { personOptions } from './jwt/options.ts'

type Declared = PersonClaims & {
  readonly issuer: string
  readonly audience: string
  readonly algorithms?: readonly string[]
  readonly claims?: Readonly<Record<string, string>>
  readonly jwks_uri?: string
  readonly jwks?: JSONWebKeySet
  readonly clock_skew?: number
}
type Options = { readonly consumers: Readonly<Record<string, Declared>> }

const words = { zh: '写作 https://主机/路径', en: 'write https://host/path' }

export const jwt: IdentityPlugin<Options> = {
  kind: 'identity',
  name: 'jwt',
  summary: {
    zh: '统一身份认证（OpenID Connect）签发的令牌：Authorization: Bearer eyJ…',
    en: 'A token of an OpenID provider: Authorization: Bearer eyJ…; keys by discovery and JWKS',
  },
  options: byConsumer('By consumer: whose tokens, and what they hold.', {
    type: 'object',
    additionalProperties: false,
    required: ['issuer', 'audience'],
    properties: {
      issuer: {
        type: 'string',
        pattern: providerUrl,
        'x-words': words,
        description: 'The issuer, exactly (`iss`).',
      },
      audience: { type: 'string', minLength: 1, maxLength: 400, description: 'For whom tokens must be (`aud`).' },
      algorithms: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: {
          enum: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'],
        },
        description: 'By which they may be signed. Default RS256, PS256, ES256, EdDSA.',
      },
      claims: {
        type: 'object',
        additionalProperties: { type: 'string', minLength: 1, maxLength: 400 },
        description: 'Claims that must hold a word: { azp: portal }.',
      },
      jwks_uri: {
        type: 'string',
        pattern: providerUrl,
        'x-words': words,
        description: 'Where the keys are, for issuers without discovery.',
      },
      jwks: {
        type: 'object',
        required: ['keys'],
        properties: { keys: { type: 'array', minItems: 1, items: { type: 'object' } } },
        description: 'The public keys themselves, for issuers that cannot be reached.',
      },
      clock_skew: { type: 'integer', minimum: 0, maximum: 300, description: 'Seconds. Default 30.' },
      ...personOptions,
    },
  }),
  create: ({ consumers }) => byToken(consumers),
}

const pinned = ['RS256', 'PS256', 'ES256', 'EdDSA']
const challenge = { challenge: 'Bearer realm="veilgate"' }
const scheme = /^bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i
const longest = 16 * 1024
/** Milliseconds for which a token is remembered at most, and how many are. */
const [remembered, mostRemembered] = [300_000, 20_000]

type Remembered = { readonly caller: Caller; readonly until: number; readonly certificate: string | null }

function byToken(consumers: Options['consumers']): Identify {
  const sources = new Map<string, JWTVerifyGetKey>()
  const declared = Object.entries(consumers).map(([consumer, one]) => {
    const { issuer, jwks_uri: jwksUri, jwks } = one
    const source = JSON.stringify([issuer, jwksUri, jwks])
    const keys = sources.get(source) ?? issuerKeys({ issuer, ...(jwksUri && { jwksUri }), ...(jwks && { jwks }) })
    sources.set(source, keys)
    return { consumer, keys, ...one }
  })
  const known = new Map<string, Remembered>()

  const verify = async (token: string, key: string, peer: Peer): Promise<IdentityAnswer> => {
    const claimed = decodeJwt(token)
    const [found, ...others] = declared.filter(one => isFor(claimed, one))
    if (found === undefined || others.length > 0) throw new Error('a token of no consumer, or of two')
    const { issuer, audience, algorithms = pinned, clock_skew: clockTolerance = 30 } = found
    try {
      const options = { issuer, audience, algorithms: [...algorithms], clockTolerance, requiredClaims: ['exp'] }
      const { payload } = await jwtVerify(token, found.keys, options)
      const certificate = boundCertificate(payload)
      const caller = callerFrom(found.consumer, payload, found)
      const until = Math.min(payload.exp! * 1000, Date.now() + remembered)
      for (const old of known.keys()) if (known.size >= mostRemembered) known.delete(old)
      const entry = { caller: certificate === null ? caller : { ...caller, strong: true }, until, certificate }
      known.set(key, entry)
      return shown(entry, peer)
    } catch (error) {
      if (error instanceof KeysUnavailable) return { unavailable: 5 }
      throw error
    }
  }

  return (request, peer) => {
    const [value, ...more] = request.headers['authorization'] ?? []
    if (value === undefined) return challenge
    if (more.length > 0) throw new Error('more than one Authorization header')
    const token = value.length > longest ? undefined : scheme.exec(value)?.[1]
    if (token === undefined) return null
    const key = hash('sha256', token, 'base64')
    const found = known.get(key)
    return found !== undefined && Date.now() < found.until ? shown(found, peer) : verify(token, key, peer)
  }
}

/** A token that is bound to a certificate counts on connections with that one only. */
function shown({ caller, certificate }: Remembered, peer: Peer): Caller {
  if (certificate !== null && !isCertificate(peer, certificate)) throw new Error('a token of another certificate')
  return caller
}

/** Whose token it says it is; that it is right is found afterwards. */
function isFor(claims: Claims, { issuer, audience, claims: wanted = {} }: Declared): boolean {
  const isMeant = [claims['aud']].flat().includes(audience)
  const holds = ([name, word]: [string, string]) => wordsOf(claimAt(claims, name)).includes(word)
  return claims['iss'] === issuer && isMeant && Object.entries(wanted).every(holds)
}
