/**
 * The gateway put together: Fastify on the listener, each system registered through @fastify/http-proxy. Fastify's router
 * never sees a target: that is parsed once, before, and `rewriteUrl` names a route by the system's number, so nothing is
 * decoded twice. reply-from is given a client whose answers are masked and recorded already, so it sees no header or byte of an upstream.
 */
import type { RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import httpProxy, { type FastifyHttpProxyOptions } from '@fastify/http-proxy'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { createRefusalCounter, flushEachMinute } from '../access/refusal-counter.ts'
import type { Config, ListenAddress } from '../config/config.ts'
import { problems, Refusal } from '../errors.ts'
import { letHeapGrow } from '../memory.ts'
import type { Policy } from '../policy/policy.ts'
import type { LoadDraft } from '../records/entry.ts'
import { aheadIn } from '../timezone.ts'
import { withoutSchemas } from '../without-schemas.ts'
import { answerDirectly, direct } from './direct.ts'
import { Exchange } from './exchange.ts'
import { createListener, refuseUnread, renewListener, revocationsOf } from './listener.ts'
import { type GatewayParts, noMeter, type ServedSystem, type Shared } from './parts.ts'
import { methods } from './request/framing.ts'
import { forwardedNames } from './request/headers.ts'
import { createHeldBodies } from './request/held-bodies.ts'
import type { Mount } from './request/mounts.ts'
import type { Answer } from './response/answer.ts'
import { ownCopy } from './response/blocks.ts'
import { linksOf } from './response/links.ts'
import { type Viewer, watermark } from './response/watermark.ts'
import { admit, refuse, run } from './steps.ts'
import { takeUp } from './under-way.ts'
import { UpstreamFaults } from './upstream/faults.ts'
import { connectUpstream } from './upstream/upstream.ts'

export type Gateway = {
  /**
   * Resolves to where it listens: the port that was free, where 0 was asked for. `exclusive`: in a worker of several, this one
   * alone, and not through the primary, which hands connections to any worker.
   */
  listen(exclusive?: boolean): Promise<ListenAddress>
  /** Takes no more; waits for answers in flight, up to `limits.drain`; resolves when their last entry is written. */
  close(): Promise<void>
  /** Ends all connections at once; what was under way is recorded as aborted. */
  cut(): void
  /** Exchanges that begin from now on are under this policy, once that is on record. */
  usePolicy(policy: Policy, told?: Pick<LoadDraft, 'wider' | 'approvers'>): Promise<void>
  /** Connections that are made from now on, on both sides, are under the certificates and keys of this configuration. */
  useCertificates(config: Config): void
  readonly stopping: boolean
}

/** Milliseconds for entries of exchanges that have no connection any more. */
const lastEntries = 5000
/** Milliseconds between two looks of a stopping gateway for connections that are answered. */
const idleSweep = 20

/**
 * Requests carry what belongs to them under a symbol: a WeakMap of every request costs the collector of
 * garbage more than all that Fastify does.
 */
const exchangeOf = Symbol('exchange')
type Passed = { [exchangeOf]: Exchange }
const exchangeIn = (raw: unknown): Exchange => (raw as Passed)[exchangeOf]

/** Builds the gateway. It calls nobody and opens nothing before `listen`. */
export async function createGateway(parts: GatewayParts): Promise<Gateway> {
  const { config, records } = parts
  letHeapGrow()
  const counter = createRefusalCounter()
  const secure = config.tls !== null || config.publicUrl?.startsWith('https:') === true
  const meter = parts.meter ?? noMeter
  const faults = new UpstreamFaults(parts.log)
  const { requestBody, requestBodies } = config.limits
  const held = createHeldBodies(Math.max(requestBodies, 2 * requestBody))
  const shared: Shared = {
    ...parts,
    meter,
    faults,
    stopping: false,
    inFlight: 0,
    counter,
    held,
    secure,
    revocations: null,
  }
  const mounts = [...config.systems.values()].map(settings => mountOf(settings.name, parts))
  const routes = new Map(mounts.map(({ system }, at) => [system, `/${at}`]))

  const closeIdle = () => app.server.closeIdleConnections()
  /** Made under another list of revoked certificates, it is not kept alive for a next request. */
  const endIfRevoked = (socket: Socket, response: ServerResponse) =>
    response.once('close', () => {
      if (shared.revocations?.holds(socket) === false) setImmediate(closeIdle)
    })
  /** Each request begins here, whatever route it takes then: its connection is busy with it from now on. */
  const beginning =
    (route: RequestListener): RequestListener =>
    (request, response) => {
      const exchange = new Exchange(request, shared, mounts)
      ;(request as unknown as Passed)[exchangeOf] = exchange
      takeUp(request.socket, exchange, response)
      if (shared.revocations !== null) endIfRevoked(request.socket, response)
      route(request, response)
    }
  const app = Fastify({
    ...fastifyOptions,
    serverFactory: route => createListener(config, beginning(route), counter.count),
    rewriteUrl(request) {
      const { system } = exchangeIn(request).admission
      return system === null ? '/none' : routes.get(system)!
    },
    clientErrorHandler: refuseUnread(config.contact, counter.count),
  }) as unknown as FastifyInstance

  // its own would read the text, and take all of it for UTF-8
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler(async (error, request, reply) => {
    const exchange = exchangeIn(request.raw)
    // after the first byte there is no other way to say it
    if (exchange.released) {
      reply.raw.destroy()
      return reply.hijack()
    }
    const answer = await refuse(exchange, refusalOf(error))
    return answer === null ? reply.hijack() : send(reply, answer)
  })
  app.setNotFoundHandler(async request => {
    await admit(exchangeIn(request.raw))
    throw new Refusal('ROUTE_UNKNOWN')
  })
  for (const [at, { system }] of mounts.entries()) {
    app.route({
      method: [...direct],
      url: `/${at}`,
      handler(request, reply) {
        reply.hijack()
        // not by a hook, which costs more than what it would do
        void answerDirectly(exchangeIn(request.raw), reply.raw)
      },
    })
    await app.register(async scope => {
      scope.addHook('onRequest', async request => admit(exchangeIn(request.raw)))
      await scope.register(httpProxy, proxyOptions(at, system))
    })
  }
  shared.revocations = revocationsOf(app.server, config, parts.log)

  const flusher = flushEachMinute(counter, refusals =>
    records.append(
      refusals.map(({ address, code, consumer, count }) => {
        const { status } = problems[code]
        return { kind: 'refused', consumer, address, status, code, count, policy: shared.policy.digest } as const
      }),
    ),
  )
  return {
    get stopping() {
      return shared.stopping
    },
    async listen(exclusive = false) {
      await app.listen({ host: config.listen.host, port: config.listen.port, exclusive })
      return { host: config.listen.host, port: (app.server.address() as AddressInfo).port }
    },
    async usePolicy(policy, told = {}) {
      const [digest, previous] = [policy.digest, shared.policy.digest]
      await records.append([{ kind: 'policy', digest, previous, outcome: 'loaded', faults: 0, ...told }])
      shared.policy = policy
    },
    useCertificates(changed) {
      renewListener(app.server, changed, shared.revocations)
      for (const { system } of mounts) {
        const tls = changed.systems.get(system.settings.name)?.upstream.tls
        if (tls) system.client.renew(tls)
      }
    },
    cut() {
      app.server.closeAllConnections()
    },
    async close() {
      shared.stopping = true
      shared.revocations?.close()
      const cut = setTimeout(() => app.server.closeAllConnections(), config.limits.drain)
      // those answered meanwhile are kept alive for a next request that will not be taken
      const sweep = setInterval(closeIdle, idleSweep)
      await app.close()
      clearInterval(sweep)
      clearTimeout(cut)
      // callers that left have no connection to wait for, but their entries are still being written
      for (let waited = 0; shared.inFlight > 0 && waited < lastEntries; waited += 10) await sleep(10)
      await flusher.close().catch(() => {})
      await Promise.all(mounts.map(({ system }) => system.client.close()))
    },
  }
}

function mountOf(name: string, { config, proofs }: GatewayParts): Mount<ServedSystem> {
  const settings = config.systems.get(name)!
  const proof = proofs.get(name)
  const extra = proof === undefined ? {} : { [proof.header]: proof.secret }
  const client = connectUpstream(settings, config.limits.answerHeaders, extra)
  const publicBase = (config.publicUrl ?? '') + (settings.prefix ?? '')
  const links = linksOf(settings.upstream.origin, settings.upstream.basePath, publicBase)
  const headerNames = forwardedNames(settings.requestHeaders)
  const outside = new URL(publicBase, 'http://gateway').pathname.replace(/\/$/, '')
  const inside = settings.upstream.basePath
  const pathBase = inside === outside ? null : { inside, outside }
  const ahead = settings.watermark ? aheadIn(config.timezone) : null
  const mark = ahead === null ? null : (viewer: Viewer) => watermark(viewer, ahead)
  const system = { settings, client, publicBase, headerNames, links, pathBase, watermark: mark }
  return { host: settings.host, prefix: settings.prefix, system }
}

const fastifyOptions = {
  logger: false,
  schemaController: withoutSchemas,
  exposeHeadRoutes: false,
  requestIdHeader: false,
  return503OnClosing: false,
  forceCloseConnections: 'idle',
} as const

/** Its upstream is our own client: what it is told to ask for is fixed, and what it is told comes from `run`. */
function proxyOptions(at: number, { settings }: ServedSystem): FastifyHttpProxyOptions {
  const client = {
    request(
      options: { headers: Passed; body: Readable | '' | undefined },
      callback: (error: null, answer: { statusCode: number; headers: object; body: unknown }) => void,
    ) {
      const exchange = options.headers[exchangeOf]
      void run(exchange, options.body || null).then(answer => {
        if (answer === null) return
        try {
          callback(null, { statusCode: answer.status, headers: answer.headers, body: ownBody(answer) })
        } catch {
          // the answer is on record and cannot be given: the connection ends, unless it did before and there is none
          exchange.raw.destroy()
        }
      })
    },
    // reply-from ends what it is given; the connections are ours to end
    destroy() {},
  }
  return {
    prefix: `/${at}`,
    routes: ['/'],
    httpMethods: methods.filter(method => !direct.includes(method)),
    upstream: settings.upstream.origin,
    rewritePrefix: '/',
    internalRewriteLocationHeader: false,
    undici: client,
    replyOptions: {
      retryDelay: () => null,
      rewriteRequestHeaders: (request: { raw: unknown }) => ({ [exchangeOf]: exchangeIn(request.raw) }) as object,
    },
  } as unknown as FastifyHttpProxyOptions
}

/** Fastify does not say when a body is written. */
function ownBody({ body }: Answer): Answer['body'] {
  return body instanceof Buffer ? ownCopy(body) : body
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  return reply.code(answer.status).headers(answer.headers).send(ownBody(answer))
}

/** Fastify's own errors (a content-type it cannot read) are the request's fault; anything else is ours. */
function refusalOf(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const aboutTheLabel = code.startsWith('FST_ERR_CTP_') || code === 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE'
  return aboutTheLabel ? new Refusal('HEADER_MALFORMED') : error
}
