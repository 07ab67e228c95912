/**
 * The server that callers connect to: what it takes of a connection, and what happens on connections outside of exchanges. It is
 * made here and handed to Fastify, so that each request passes `onRequest` before a route is looked for.
 */
import { createServer as createHttpServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import { normalizeAddress } from '../address.ts'
import type { Config, ListenerTls } from '../config/config.ts'
import type { ProblemCode } from '../errors.ts'
import type { OperationalLog } from '../log.ts'
import { codeOfParserError, refuseConnection } from './refusal/client-error.ts'
import { type Revocations, watchRevocations } from './revocations.ts'
import { isBusy, waitsForUs } from './under-way.ts'

/** Called with the address of a client that was refused before there was an exchange. */
export type CountRefused = (address: string, code: ProblemCode) => void

export function createListener(config: Config, onRequest: RequestListener, count: CountRefused): Server {
  const { limits, tls } = config
  const options: ServerOptions = {
    maxHeaderSize: limits.requestHeaders,
    headersTimeout: limits.clientHeaders,
    insecureHTTPParser: false,
    // one that says nothing of a body has none (RFC 9112 6.3): no stream has to be read to its end
    optimizeEmptyRequests: true,
    connectionsCheckingInterval: 5000,
  }
  const server =
    tls === null
      ? createHttpServer(options, onRequest)
      : createHttpsServer({ ...options, ...tlsOptions(tls) }, onRequest)
  server.keepAliveTimeout = limits.clientKeepAlive
  server.requestTimeout = limits.clientRequest
  guardConnections(server, config, count)
  return server
}

/** What cannot be read as a request is refused and counted. */
export function refuseUnread(contact: Config['contact'], count: CountRefused) {
  return (error: Error, socket: Socket): void => refuse(socket, codeOfParserError(error), contact, count)
}

/** Ends a connection on which there is no exchange to refuse, and counts whose it was. */
function refuse(socket: Socket, code: ProblemCode, contact: Config['contact'], count: CountRefused): void {
  const address = normalizeAddress(socket.remoteAddress ?? '')
  if (address !== null) count(address, code)
  refuseConnection(socket, code, contact, isBusy(socket))
}

/** null: there is none to watch. */
export function revocationsOf(server: Server, { tls }: Config, log: OperationalLog): Revocations | null {
  if (tls?.clientCrlFile === undefined) return null
  const options = { ...tlsOptions(tls), crl: tls.clientCrl! }
  return watchRevocations({ server: server as unknown as TlsServer, options, path: tls.clientCrlFile, log })
}

/** Connections that are made from now on are under this certificate; those that are open go on. */
export function renewListener(server: Server, { tls }: Config, revocations: Revocations | null): void {
  if (tls === null) return
  if (revocations !== null) revocations.use(tlsOptions(tls))
  else (server as unknown as TlsServer).setSecureContext(tlsOptions(tls))
}

function tlsOptions({ certificate, key, clientCa, clientCrl, clientCertificates }: ListenerTls) {
  return {
    cert: certificate,
    key,
    minVersion: 'TLSv1.2' as const,
    ...(clientCa !== null && {
      ca: clientCa,
      requestCert: true,
      // where they are optional, one that nobody vouches for is refused by whoever asks for it: see peer.ts
      rejectUnauthorized: clientCertificates === 'required',
      ...(clientCrl !== null && { crl: clientCrl }),
    }),
  }
}

/** What happens on connections outside of exchanges: too many, CONNECT, clients that stop sending or taking. */
function guardConnections(server: Server, { limits, contact }: Config, count: CountRefused): void {
  server.maxConnections = limits.connections
  // Node would drop headers beyond its own count without a word
  server.maxHeadersCount = 0
  server.on('connect', (_request, socket) => refuse(socket as Socket, 'METHOD_NOT_ALLOWED', contact, count))
  // Node would answer 417 by itself: an expectation it does not know is refused like any malformed header
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  server.setTimeout(limits.clientIdle, socket => {
    // the system is slow, not the client; it has its own time limits
    if (!waitsForUs(socket)) socket.destroy()
  })
}
