/** Signing in and out of the admin listener, by accounts of its own. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountDesk, SignedIn } from '../access/accounts/desk.ts'
import type { LoginRefused } from '../access/accounts/login-check.ts'
import { absolute, csrfOf, idle, type Session } from '../access/accounts/sessions.ts'
import { normalizeAddress } from '../address.ts'
import { addressOf, type GuardOptions, isOwnOrigin } from './guard.ts'
import { cookieName, cookieOf, csrfFor, sessionOf, setCookie } from './sessions-gate.ts'
import { ApiFault, addJsonApi, bodyLimit, readStrings } from './signed-api.ts'

export type SessionApi = {
  readonly desk: AccountDesk
  readonly guard: GuardOptions
  /** Whom people turn to; null: nobody is named. */
  readonly contact: string | null
  /** Whether people have passwords here. */
  readonly passwords: boolean
}

/** Adds `/api/login`, `/api/logout`, `/api/session`, `/api/password`. */
export function addSessionApi(app: FastifyInstance, { desk, guard, contact, passwords }: SessionApi): void {
  addJsonApi(app, api => {
    if (passwords)
      api.post('/api/login', { bodyLimit }, async (request, reply) => {
        requirePrivate(request, guard)
        if (!isOwnOrigin(request, guard)) throw new ApiFault(403, 'csrf')
        const given = readStrings(request.body, ['name', 'password', 'code'])
        requireShort(given)
        const signedIn = await desk.login(given, addressOf(request))
        if ('why' in signedIn) return refused(signedIn, reply)
        return welcome(signedIn, request, reply, { desk, guard, contact })
      })

    if (passwords)
      api.post('/api/password', { bodyLimit }, async (request, reply) => {
        const given = readStrings(request.body, ['password', 'code', 'next'])
        requireShort(given)
        const changed = await desk.changePassword(sessionOf(request)!, given, addressOf(request))
        if (changed !== 'changed') return refused(changed, reply)
        setCookie(reply, cookieName(guard), '', { ...guard, seconds: 0 })
        return { changed: true }
      })

    api.get('/api/session', request => viewOf(sessionOf(request)!, csrfFor(request), contact))

    api.post('/api/logout', { bodyLimit }, async (request, reply) => {
      setCookie(reply, cookieName(guard), '', { ...guard, seconds: 0 })
      await desk.logout(sessionOf(request)!, addressOf(request))
      return { ended: true }
    })
  })
}

/** Gives a browser its session: always a new word, and whatever it came with is over. */
export async function welcome(
  { session, word }: SignedIn,
  request: FastifyRequest,
  reply: FastifyReply,
  { desk, guard, contact }: Pick<SessionApi, 'desk' | 'guard' | 'contact'>,
): Promise<object> {
  const before = cookieOf(request, cookieName(guard))
  const other = before === null ? null : await desk.find(before, addressOf(request))
  if (other !== null) await desk.logout(other, addressOf(request))
  setCookie(reply, cookieName(guard), word, guard)
  return viewOf(session, csrfOf(word), contact)
}

/** A password and a session do not pass where others can read them: encrypted, or on this machine. */
export function requirePrivate(request: FastifyRequest, { isEncrypted }: GuardOptions): void {
  // both ends: what a proxy on this machine passes on has been on the way elsewhere
  const ends = [normalizeAddress(request.socket.localAddress ?? '') ?? '', addressOf(request)]
  if (!isEncrypted && !ends.every(end => /^(?:127\.|::1$)/.test(end))) throw new ApiFault(403, 'unencrypted')
}

function requireShort(given: Readonly<Record<string, string>>): void {
  if (Object.values(given).some(text => text.length > 1024)) throw new ApiFault(400, 'malformed')
}

function refused(
  answer: Exclude<Awaited<ReturnType<AccountDesk['changePassword']>>, 'changed'> | LoginRefused,
  reply: FastifyReply,
) {
  if (answer.why === 'locked') reply.header('retry-after', String((answer as { seconds: number }).seconds))
  const statuses: Readonly<Record<string, number>> = { credentials: 401, locked: 429, busy: 503 }
  throw new ApiFault(statuses[answer.why] ?? 422, answer.why)
}

function viewOf({ account, duty, initial, began }: Session, csrf: string, contact: string | null) {
  const until = new Date(began + absolute).toISOString()
  return { account, duty, csrf, until, idle_seconds: idle / 1000, change_password: initial, contact }
}
