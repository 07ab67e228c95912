/** Who has signed in, of each request: by a cookie, and for what changes something by a word beside it. */
import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountDesk } from '../access/accounts/desk.ts'
import { absolute, csrfOf, type Session } from '../access/accounts/sessions.ts'
import { Refusal } from '../errors.ts'
import { ruleOf } from './duties.ts'
import { addressOf, type GuardOptions, isOwnOrigin } from './guard.ts'

const csrfHeader = 'x-veilgate-csrf'

/** Calls that are left to a session whose password somebody else has set. */
const untilChanged = new Set(['/api/session', '/api/logout', '/api/password'])

type Known = { readonly session: Session; readonly word: string }
const known = new WeakMap<FastifyRequest, Known>()

/** The session of a request that the gate has let through; null: it came without, or by a signature. */
export function sessionOf(request: FastifyRequest): Session | null {
  return known.get(request)?.session ?? null
}

/** What a page has to send beside the cookie. */
export function csrfFor(request: FastifyRequest): string {
  return csrfOf(known.get(request)!.word)
}

/** Adds the gate. It lets through what needs no session, and what says who asks in another way: that is looked at later. */
export function addSessionsGate(app: FastifyInstance, desk: AccountDesk, options: GuardOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    const { duty, otherwise } = ruleOf(request.method, request.routeOptions.url ?? '')
    if (duty === null || reply.sent) return
    // never both: a signature that is wrong does not fall back on a cookie
    if (otherwise && request.headers.authorization !== undefined) return
    const word = cookieOf(request, cookieName(options))
    if (word === null && otherwise) return
    const session = word === null ? null : await desk.find(word, addressOf(request))
    if (session === null) return refuse(reply, 401, 'session')
    const isReading = request.method === 'GET' || request.method === 'HEAD'
    if (!isReading && !(isOwnOrigin(request, options) && isCsrf(request.headers[csrfHeader], csrfOf(word!))))
      return refuse(reply, 403, 'csrf')
    if (session.initial && !untilChanged.has(request.routeOptions.url ?? ''))
      return refuse(reply, 403, 'password_initial')
    if (duty !== 'any' && duty !== session.duty) {
      try {
        await desk.deny(session, `${request.method} ${request.routeOptions.url}`, addressOf(request))
      } catch (error) {
        return refuse(reply, error instanceof Refusal ? error.status : 500, 'records')
      }
      return refuse(reply, 403, 'duty')
    }
    known.set(request, { session, word: word! })
  })
}

function refuse(reply: FastifyReply, status: number, why: string): FastifyReply {
  return reply.code(status).send({ why })
}

/** A name with `__Host-` is kept by browsers for this host alone, encrypted (RFC 6265bis 4.1.3.2). */
export function cookieName({ isEncrypted }: GuardOptions): string {
  return isEncrypted ? '__Host-veilgate' : 'veilgate_admin'
}

/** `seconds`: 0 takes it away. */
export function setCookie(
  reply: FastifyReply,
  name: string,
  value: string,
  {
    isEncrypted,
    sameSite = 'Strict',
    seconds = absolute / 1000,
  }: {
    readonly isEncrypted: boolean
    readonly sameSite?: 'Strict' | 'Lax'
    readonly seconds?: number
  },
): void {
  const secure = isEncrypted ? '; Secure' : ''
  reply.header('set-cookie', `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=${sameSite}${secure}`)
}

/** The one value of a cookie; null: there is none, or more than one. */
export function cookieOf(request: FastifyRequest, name: string): string | null {
  const pairs = (request.headers.cookie ?? '').split(';').map(pair => pair.trim())
  const found = pairs.filter(pair => pair.startsWith(`${name}=`))
  return found.length === 1 ? found[0]!.slice(name.length + 1) : null
}

function isCsrf(given: unknown, expected: string): boolean {
  const [one, other] = [Buffer.from(String(given)), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}
