import { createHash, timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:tls'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { AccountDesk } from '../access/accounts/desk.ts'
import type { ListenAddress, TrustedProxies } from '../config/config.ts'
import { withoutSchemas } from '../without-schemas.ts'
import { addAccountsApi } from './accounts-api.ts'
import { limitConnections } from './connections.ts'
import { addGuard, answered } from './guard.ts'
import type { Metrics } from './metrics.ts'
import { addOidcApi, type ProviderPart } from './oidc-api.ts'
import { addOpenapi } from './openapi-path.ts'
import { addRecordsApi, type RecordsApi } from './records-api.ts'
import { addSessionApi } from './session-api.ts'
import { addSessionsGate, sessionOf } from './sessions-gate.ts'
import { statusOf } from './signed-api.ts'
import { addStandingApi, type Readiness, type StandingApi } from './standing-api.ts'

/** Who signs in, and what they are held to. */
export type AdminPeople = {
  readonly desk: AccountDesk
  /** Whom people turn to; null: nobody is named. */
  readonly contact: string | null
  /** Who knows them in place of passwords; null: nobody. */
  readonly oidc: ProviderPart | null
  readonly records: RecordsApi
  readonly standing: Omit<StandingApi, 'readiness'>
}

/** Adds paths of its own to the admin listener. */
export type AdminApi = (app: FastifyInstance) => void

export type AdminParts = {
  readonly readiness: () => Readiness
  readonly metrics: Pick<Metrics, 'render' | 'contentType'>
  /** What `/metrics` asks for: `Authorization: Bearer TOKEN`. The text of keys/admin.secret. */
  readonly token: string
  /** Each adds what it has to say: grants. */
  readonly apis?: readonly AdminApi[]
  /** PEM; left out: not encrypted. */
  readonly tls?: { readonly certificate: string; readonly key: string } | null
  /** Origin under which people reach it; left out: as it listens. */
  readonly publicUrl?: string | null
  /** Who may stand in front of it; left out: nobody. */
  readonly proxies?: TrustedProxies
  /** Left out: nobody signs in. */
  readonly people?: AdminPeople
}

export type Admin = {
  /** Resolves to where it listens: the port that was free, where 0 was asked for. */
  listen(): Promise<ListenAddress>
  /** Connections that are made from now on are under this certificate. */
  renew(tls: NonNullable<AdminParts['tls']>): void
  close(): Promise<void>
}

/**
 * The admin listener: `/healthz` (the process answers), `/readyz` (records can be written, a policy is in force and callers can connect;
 * 503 otherwise), `/metrics` (Prometheus, with the token). Nothing it says comes from a request or an answer.
 */
export function createAdmin(parts: AdminParts, listening: ListenAddress): Admin {
  const { tls = null, publicUrl = null, proxies = { hops: 0, networks: [] }, people } = parts
  const app = Fastify({
    ...(tls !== null && { https: { cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' } }),
    logger: false,
    schemaController: withoutSchemas,
    // an address that cannot be read comes to no hook; the router's own words would repeat it
    frameworkErrors: (error, _request, reply) => plain(reply.headers(answered), statusOf(error), 'malformed\n'),
    bodyLimit: 1024,
    requestTimeout: 10_000,
    connectionTimeout: 30_000,
    keepAliveTimeout: 30_000,
    forceCloseConnections: true,
    exposeHeadRoutes: true,
    routerOptions: { ignoreTrailingSlash: false },
  })
  limitConnections(app.server, proxies)
  app.setErrorHandler((error, _request, reply) => {
    const status = statusOf(error)
    return plain(reply, status, status === 500 ? 'failed\n' : 'malformed\n')
  })
  app.setNotFoundHandler((_request, reply) => plain(reply, 404, 'no such page\n'))

  const isEncrypted = tls !== null || publicUrl?.startsWith('https:') === true
  const guard = { publicUrl, host: listening.host, isEncrypted, proxies }
  addGuard(app, guard)
  if (people !== undefined) addSessionsGate(app, people.desk, guard)
  addOpenapi(app)

  app.get('/healthz', (_request, reply) => plain(reply, 200, 'ok\n'))

  app.get('/readyz', (_request, reply) => {
    const readiness = parts.readiness()
    const ready =
      readiness.records === 'usable' && readiness.policy !== null && readiness.listening && !readiness.stopping
    const body = `${JSON.stringify({ ready, ...readiness })}\n`
    return plain(reply, ready ? 200 : 503, body, 'application/json; charset=utf-8')
  })

  app.get('/metrics', async (request, reply) => {
    if (sessionOf(request) === null && !isToken(request.headers.authorization, parts.token)) {
      reply.header('www-authenticate', 'Bearer realm="veilgate admin"')
      return plain(reply, 401, 'the token is in admin.secret in the keys folder\n')
    }
    return plain(reply, 200, await parts.metrics.render(), parts.metrics.contentType)
  })

  if (people !== undefined) {
    const { desk, contact, oidc, records, standing } = people
    addSessionApi(app, { desk, guard, contact, passwords: oidc === null })
    if (oidc !== null) addOidcApi(app, { ...oidc, desk, guard, contact })
    addAccountsApi(app, desk)
    addRecordsApi(app, records)
    addStandingApi(app, { ...standing, readiness: parts.readiness })
  }
  for (const addTo of parts.apis ?? []) addTo(app)

  return {
    async listen() {
      const { host, port } = listening
      await app.listen({ host, port })
      return { host, port: (app.server.address() as AddressInfo).port }
    },
    renew({ certificate, key }) {
      const server = app.server as unknown as Server
      server.setSecureContext({ cert: certificate, key, minVersion: 'TLSv1.2' })
    },
    close: () => app.close(),
  }
}

function plain(reply: FastifyReply, status: number, body: string, type = 'text/plain; charset=utf-8'): FastifyReply {
  return reply.code(status).header('content-type', type).send(body)
}

/** Compared by hash, so that the time it takes says nothing about the token. */
function isToken(header: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S{1,256})$/i.exec(header ?? '')?.[1]
  if (given === undefined) return false
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(token))
}
