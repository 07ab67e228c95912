/** Signing in to the admin listener by an OpenID provider: code flow with PKCE. Roles come to one duty, or to no session. */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Seal } from '../access/seal.ts'
import type { AdminOidc, Duty } from '../config/config.ts'
import { personName } from '../person-name.ts'
import { addressOf, callbackPath } from './guard.ts'
import { requirePrivate, type SessionApi, welcome } from './session-api.ts'
import { cookieOf, setCookie } from './sessions-gate.ts'
import { ApiFault, addJsonApi } from './signed-api.ts'

export type Begun = { readonly state: string; readonly nonce: string; readonly verifier: string }
export type Arrived = { readonly account: string; readonly roles: readonly string[]; readonly strong: boolean }

/** The provider, as it is asked. */
export type SignInProvider = {
  /** Where to send a browser. Rejects with ProviderSilent where it does not answer. */
  begin(begun: Begun, callback: string): Promise<string>
  /** Who came back. Rejects where nobody did, or with ProviderSilent. */
  finish(query: URLSearchParams, begun: Begun, callback: string): Promise<Arrived>
}

/** The provider does not answer now. */
export class ProviderSilent extends Error {}

export type ProviderPart = {
  readonly provider: SignInProvider
  readonly settings: AdminOidc
  /** Of what a browser carries while it signs in. */
  readonly seal: Seal
  /** Approvers and requesters of gateway.yaml, by name and login, as `personName` has them: no duty of theirs but security. */
  readonly people: ReadonlySet<string>
  /** Whether a name must not be on record, as it is somebody's number or mailbox. */
  readonly isPersonal: (name: string) => boolean
  readonly now: () => number
}

type OidcApi = ProviderPart & Pick<SessionApi, 'desk' | 'guard' | 'contact'>

/** Seconds for which a sign-in may be under way, and how many the provider is asked about at one time. */
const [underWay, mostFinishing] = [600, 16]
const sealed = 'admin sign-in'

/** Adds `/api/login/oidc` and where the provider sends browsers back to. */
export function addOidcApi(app: FastifyInstance, api: OidcApi): void {
  const { desk, guard, contact, provider, seal, now } = api
  const cookie = guard.isEncrypted ? '__Host-veilgate-sign-in' : 'veilgate_admin_sign_in'
  const callback = `${guard.publicUrl}${callbackPath}`
  let finishing = 0

  const begin = async (request: FastifyRequest, reply: FastifyReply) => {
    requirePrivate(request, guard)
    const begun: Begun = { state: random(), nonce: random(), verifier: random() }
    const location = await orSilent(provider.begin(begun, callback))
    const carried = seal.seal(JSON.stringify({ begun, until: now() + underWay * 1000 }), sealed)
    setCookie(reply, cookie, carried, { ...guard, sameSite: 'Lax', seconds: underWay })
    return reply.redirect(location, 303)
  }

  const finish = async (request: FastifyRequest, reply: FastifyReply) => {
    requirePrivate(request, guard)
    // a sign-in that this browser has not begun: somebody else's link
    const begun = opened(seal.open(cookieOf(request, cookie) ?? '', sealed), now())
    if (begun === null) throw new ApiFault(401, 'sign_in')
    setCookie(reply, cookie, '', { ...guard, sameSite: 'Lax', seconds: 0 })
    if (finishing >= mostFinishing) throw new ApiFault(503, 'busy')
    finishing++
    const query = new URLSearchParams(request.url.split('?').slice(1).join('?'))
    try {
      const arrived = await orSilent(provider.finish(query, begun, callback))
      const duty = dutyOf(arrived, api)
      const signedIn = await desk.admit(arrived.account, duty, addressOf(request))
      return await welcome(signedIn, request, reply, { desk, guard, contact })
    } catch (error) {
      if (error instanceof ApiFault && error.status === 503) throw error
      await desk.turnAway(addressOf(request))
      throw error instanceof ApiFault ? error : new ApiFault(401, 'sign_in')
    } finally {
      finishing--
    }
  }

  addJsonApi(app, routes => {
    routes.get('/api/login/oidc', begin)
    // one visit only: what looks ahead at links must not use it up
    routes.get(callbackPath, { exposeHeadRoute: false }, finish)
  })
}

/** The one duty of whoever has arrived. Throws ApiFault 403. */
function dutyOf({ account, roles, strong }: Arrived, { settings, people, isPersonal }: ProviderPart): Duty {
  const duties = new Set(roles.flatMap(role => settings.duties.get(role) ?? []))
  const [duty] = duties
  if (duty === undefined) throw new ApiFault(403, 'no_duty')
  if (duties.size > 1 || (people.has(personName(account)) && duty !== 'security')) throw new ApiFault(403, 'two_duties')
  const { acr, amr } = settings.strong
  if (acr.length + amr.length > 0 && !strong) throw new ApiFault(403, 'weak')
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}\p{M}._@+:/-]{0,127}$/u.test(account) || isPersonal(account))
    throw new ApiFault(403, 'account')
  return duty
}

async function orSilent<Value>(answer: Promise<Value>): Promise<Value> {
  try {
    return await answer
  } catch (error) {
    throw error instanceof ProviderSilent ? new ApiFault(503, 'provider') : error
  }
}

function opened(text: string | null, now: number): Begun | null {
  if (text === null) return null
  const { begun, until } = JSON.parse(text) as { begun: Begun; until: number }
  return now < until ? begun : null
}

function random(): string {
  return randomBytes(32).toString('base64url')
}
