/** What the APIs of people have in common: who calls, what a call brings, and answers in constant words. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Signatory } from '../access/grants/desk.ts'
import { Refusal } from '../errors.ts'
import { createCallsSeen } from './calls-seen.ts'
import { sessionOf } from './sessions-gate.ts'
import { whoSigned } from './signed-request.ts'

/** Bytes of a call. */
export const bodyLimit = 64 * 1024

/** Ends a call: a status, why, and the names of what is wrong. */
export class ApiFault extends Error {
  readonly status: number
  readonly wrong: readonly string[]

  constructor(status: number, why: string, wrong: readonly string[] = []) {
    super(why)
    this.status = status
    this.wrong = wrong
  }
}

/** Who has signed a call, which counts once. Throws ApiFault 401, or 429. */
export type CallerOf = (request: FastifyRequest) => Signatory

/** The timezone of the gateway, in all answers of paths that are added after this. */
export const zoneHeader = 'veilgate-timezone'

export function sayTimezone(app: FastifyInstance, timezone: string): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header(zoneHeader, timezone)
    done()
  })
}

/** Adds paths that take JSON and nothing else; bodies come as text. Faults are answered in constant words. */
export function addJsonApi(app: FastifyInstance, add: (api: FastifyInstance) => void): void {
  void app.register(async api => {
    api.removeAllContentTypeParsers()
    api.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit }, (_request, body, done) => {
      done(null, body)
    })
    api.setErrorHandler((error, _request, reply) => answerFault(error, reply))
    add(api)
  })
}

/** Adds paths whose calls are signed, or come in a session. Bodies are text, as that is what was signed. */
export function addSignedApi(
  app: FastifyInstance,
  { people, now }: { readonly people: ReadonlyMap<string, Signatory>; readonly now: () => number },
  add: (api: FastifyInstance, callerOf: CallerOf) => void,
): void {
  const seen = createCallsSeen(now)
  addJsonApi(app, api => {
    add(api, request => {
      const session = sessionOf(request)
      if (session !== null) return people.get(session.account) ?? readerCalled(session.account)
      const body = typeof request.body === 'string' ? request.body : ''
      const signed = { method: request.method, path: request.url, body }
      const found = whoSigned(request.headers.authorization, signed, people, now())
      if (found === null) throw new ApiFault(401, 'signature')
      const { person, text, time } = found
      const taken = seen.take(person.name, text, time)
      if (taken !== 'first') throw taken === 'again' ? new ApiFault(401, 'replayed') : new ApiFault(429, 'too_often')
      return person
    })
  })
}

/** An account of the security duty whose owner has no key: reads what approvers read, and can decide nothing. */
function readerCalled(name: string): Signatory {
  return { name, group: '', verifies: () => false }
}

/** Constant words only: what was sent is never repeated. */
function answerFault(error: unknown, reply: FastifyReply): FastifyReply {
  reply.header('cache-control', 'no-store')
  if (error instanceof ApiFault)
    return reply.code(error.status).send({ why: error.message, ...(error.wrong.length > 0 && { wrong: error.wrong }) })
  if (error instanceof Refusal) return reply.code(error.status).send({ why: error.code })
  const status = statusOf(error)
  return reply.code(status).send({ why: status === 500 ? 'failed' : 'malformed' })
}

/** Of what the router throws: a 4xx of its own, else 500. */
export function statusOf(error: unknown): number {
  const { statusCode } = error as { statusCode?: number }
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? statusCode : 500
}

/** The object a call brings. Throws ApiFault 400. */
export function readObject(body: unknown): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(body))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // its words would quote the body
  }
  throw new ApiFault(400, 'malformed')
}

/** The texts a call brings, each of these and no other. Throws ApiFault 400. */
export function readStrings<Key extends string>(body: unknown, keys: readonly Key[]): Record<Key, string> {
  const value = readObject(body)
  const texts = keys.map(key => [key, value[key]] as const)
  if (Object.keys(value).length !== keys.length || texts.some(([, text]) => typeof text !== 'string'))
    throw new ApiFault(400, 'malformed')
  return Object.fromEntries(texts) as Record<Key, string>
}
