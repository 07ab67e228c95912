/**
 * What the admin listener holds every request to, before anything looks at it: said once what must be said once, meant for
 * this listener and not for a name that somebody else made lead here, and not asked for by another site.
 */

import { isIP } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerAddress } from '../access/forwarded.ts'
import { normalizeAddress } from '../address.ts'
import type { TrustedProxies } from '../config/config.ts'
import { ruleOf } from './duties.ts'

export type GuardOptions = {
  /** Origin under which people reach it; null: as it listens. */
  readonly publicUrl: string | null
  /** Names it listens by, besides addresses and localhost. */
  readonly host: string
  /** Whether browsers reach it encrypted. */
  readonly isEncrypted: boolean
  /** Whose word about who calls counts. */
  readonly proxies: TrustedProxies
}

/** Two of one of these, and nobody could say which is meant. */
const once = ['host', 'authorization', 'cookie', 'origin', 'content-type', 'content-length', 'x-veilgate-csrf']

/** Headers that every answer has. */
export const answered: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** What an OpenID provider sends a browser back to: the one call that comes from another site. */
export const callbackPath = '/api/login/callback'

const health = new Set(['/healthz', '/readyz'])
const addresses = new WeakMap<FastifyRequest, string>()

/** Adds the checks, and the headers that every answer has. */
export function addGuard(app: FastifyInstance, options: GuardOptions): void {
  const addressFor = callerAddress(options.proxies)
  app.addHook('onRequest', async (request, reply) => {
    for (const [name, value] of Object.entries(answered)) reply.header(name, value)
    if (options.isEncrypted) reply.header('strict-transport-security', 'max-age=31536000')
    const fault = faultOf(request, options) ?? addressFault(request, addressFor)
    if (fault !== null) return reply.code(fault.status).send({ why: fault.why })
  })
}

function faultOf(request: FastifyRequest, options: GuardOptions): { status: number; why: string } | null {
  const { rawHeaders } = request.raw
  const names = rawHeaders.filter((_, at) => at % 2 === 0).map(name => name.toLowerCase())
  if (once.some(name => names.indexOf(name) !== names.lastIndexOf(name))) return { status: 400, why: 'malformed' }
  // as the router has read it: an address can be written in several ways
  const route = request.routeOptions.url ?? ''
  if (!route.startsWith('/api/')) return null
  // who signs a call says in it what is called: no name that leads here makes a difference
  const { duty, otherwise } = ruleOf(request.method, route)
  const isSigned = duty !== null && otherwise && /^Veilgate /.test(request.headers.authorization ?? '')
  if (!isSigned && !isOwnHost(request.headers.host, options)) return { status: 421, why: 'host' }
  const site = request.headers['sec-fetch-site']
  const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none'
  if (isForeign && route !== callbackPath) return { status: 403, why: 'site' }
  return null
}

/** Keeps from where a request comes; what only asks about health can do without. */
function addressFault(
  request: FastifyRequest,
  addressFor: ReturnType<typeof callerAddress>,
): { status: number; why: string } | null {
  if (health.has(request.routeOptions.url ?? '')) return null
  // values of a header that comes more than once are joined in the order they came
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat()
  try {
    addresses.set(request, addressFor(request.socket.remoteAddress ?? '', forwarded))
    return null
  } catch {
    return { status: 400, why: 'malformed' }
  }
}

/** Where a request comes from: the connection's end, or what trusted proxies say of it. */
export function addressOf(request: FastifyRequest): string {
  const address = addresses.get(request) ?? normalizeAddress(request.socket.remoteAddress ?? '')
  return address ?? '::'
}

/** Addresses lead nowhere else; of names only those that were said in gateway.yaml (DNS rebinding). */
function isOwnHost(given: string | undefined, { publicUrl, host }: GuardOptions): boolean {
  if (given === undefined || !URL.canParse(`http://${given}`)) return false
  const name = new URL(`http://${given}`).hostname
  const known = ['localhost', host.toLowerCase(), ...(publicUrl === null ? [] : [new URL(publicUrl).hostname])]
  return known.includes(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0
}

/** Whether what changes something comes from a page of ours, or from no page at all (RFC 6454). */
export function isOwnOrigin(request: FastifyRequest, { publicUrl, isEncrypted }: GuardOptions): boolean {
  const { origin, host } = request.headers
  if (origin === undefined) return true
  return origin === publicUrl || origin === `${isEncrypted ? 'https' : 'http'}://${host}`
}
