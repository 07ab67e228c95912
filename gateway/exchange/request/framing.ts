import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { Limits } from '../../config/config.ts'
import type { RequestHead } from '../../contracts.ts'
import { Refusal } from '../../errors.ts'

/** Methods a route can have. */
export const methods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Of these, one is all there may be: two would be read differently by different readers. */
const single = ['host', 'content-type', 'content-length', 'transfer-encoding', 'origin', 'referer', 'user-agent']

/** As it was read. `hasRepeated`: whether any header came more than once. */
export type ReadHead = RequestHead & { readonly hasRepeated: boolean }

/** A request's head with every value of every header, names in lower case. No name reaches a prototype. */
export function headOf(raw: IncomingMessage): ReadHead {
  const headers: Record<string, string[]> = Object.create(null)
  let hasRepeated = false
  const lines = raw.rawHeaders
  for (let at = 0; at < lines.length; at += 2) {
    const name = lines[at]!.toLowerCase()
    const values = headers[name]
    if (values === undefined) headers[name] = [lines[at + 1]!]
    else {
      values.push(lines[at + 1]!)
      hasRepeated = true
    }
  }
  return { method: raw.method ?? '', headers, target: raw.url ?? '', hasRepeated }
}

/** Connections with a request whose end others could read elsewhere: what follows it is no request of anybody. */
const doubtful = Symbol('doubtful')
type Doubtful = IncomingMessage['socket'] & { [doubtful]?: true }

/**
 * Refuses what is no plain request: other versions and methods, upgrades, doubled headers that decide something, framing beyond what
 * the parser has refused already, too many headers, a body that says it is too large. Throws METHOD_NOT_ALLOWED,
 * UPGRADE_REFUSED, HEADER_MALFORMED, HEADERS_TOO_LARGE, REQUEST_TOO_LARGE.
 */
export function checkRequest(raw: IncomingMessage, head: ReadHead, limits: Limits): void {
  const { headers } = head
  if (raw.httpVersion !== '1.1' && raw.httpVersion !== '1.0') throw new Refusal('HEADER_MALFORMED')
  if (raw.rawHeaders.length / 2 > limits.requestHeaderCount) throw new Refusal('HEADERS_TOO_LARGE')
  if (!methods.includes(head.method)) throw new Refusal('METHOD_NOT_ALLOWED', { allow: methods })
  if (asksForAnotherProtocol(headers)) throw new Refusal('UPGRADE_REFUSED')
  const [coding] = headers['transfer-encoding'] ?? []
  const isOdd = coding !== undefined && coding.trim().toLowerCase() !== 'chunked'
  const socket: Doubtful = raw.socket
  if (isOdd || (head.hasRepeated && single.some(name => (headers[name]?.length ?? 0) > 1))) socket[doubtful] = true
  if (socket[doubtful]) throw new Refusal('HEADER_MALFORMED')
  const [expectation] = headers['expect'] ?? []
  if (expectation !== undefined && expectation.trim().toLowerCase() !== '100-continue')
    throw new Refusal('HEADER_MALFORMED')
  const [length] = headers['content-length'] ?? []
  if (length !== undefined && Number(length) > limits.requestBody) throw new Refusal('REQUEST_TOO_LARGE')
}

/**
 * Whether it is meant for another protocol than HTTP. HTTP/2 is asked for beside a plain request, by Java's client and by curl
 * with each that they send without TLS; who does not switch answers that (RFC 9110 7.8). No system is told of it: an upgrade
 * that a proxy passed on would carry requests that the proxy does not see.
 */
function asksForAnotherProtocol(headers: ReadHead['headers']): boolean {
  const upgrade = headers['upgrade']?.join().toLowerCase()
  return upgrade === undefined ? headers['http2-settings'] !== undefined : upgrade.trim() !== 'h2c'
}

/**
 * A caller's body on its way to a system, which may answer before it has all of it: what is left is read and dropped, as the answer
 * goes out on the same connection, which ended with the body if that were destroyed. Throws REQUEST_TOO_LARGE.
 */
export async function* passedOn(body: Readable, limit: number): AsyncGenerator<Uint8Array> {
  // what fails when nobody reads it any more is nobody's fault
  body.on('error', () => {})
  try {
    yield* boundedBody(body.iterator({ destroyOnReturn: false }), limit)
  } finally {
    body.resume()
  }
}

/** A request's body as it comes, and not more than the limit. Throws REQUEST_TOO_LARGE over it. */
export async function* boundedBody(body: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limit) throw new Refusal('REQUEST_TOO_LARGE')
    yield chunk
  }
}
