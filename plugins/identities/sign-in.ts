/**
 * People with a browser, in front of an old web application: those without a session are sent to sign in, by OpenID Connect
 * (code flow with PKCE) or CAS, and come back to where they were going. The session is a sealed cookie; it names the
 * operator, and is no good for writing from another site. `/.veilgate/callback` and `/.veilgate/sign-out` are the gateway's.
 */
import { randomBytes } from 'node:crypto'
import type {
  Bilingual,
  EndedSessions,
  Identify,
  IdentityAnswer,
  IdentityPlugin,
  KeyRing,
  RequestHead,
  SessionMark,
} from '../../gateway/contracts.ts'
import { byConsumer } from './by-consumer.ts'
import type { PersonClaims } from './jwt/claims.ts'
import { providerUrl } from './jwt/fetch-json.ts'
import { personOptions } from './jwt/options.ts'
import { type Cas, casProvider, type Oidc, oidcProvider, Unavailable } from './sign-in/providers.ts'
import { type Begun, cookieNamed, open, type Session, seal, setCookie } from './sign-in/session.ts'

type Declared = PersonClaims & {
  readonly at: string
  readonly oidc?: Oidc
  readonly cas?: Cas
  readonly hours?: number
}
type Options = { readonly consumers: Readonly<Record<string, Declared>> }

const url = {
  type: 'string',
  pattern: providerUrl,
  'x-words': { zh: '写作 https://主机/路径', en: 'write https://host/path' },
}
const word = { type: 'string', minLength: 1, maxLength: 200 }
const file = { type: 'string', pattern: '^/', 'x-words': { zh: '写绝对路径', en: 'write an absolute path' } }

export const signIn: IdentityPlugin<Options> = {
  kind: 'identity',
  name: 'sign_in',
  summary: {
    zh: '浏览器登录（OpenID Connect 或 CAS 统一身份认证），会话存于加封的 cookie',
    en: 'A browser that has signed in by OpenID Connect or CAS; the session is a sealed cookie',
  },
  options: byConsumer('By consumer: where its people sign in. Of several, each under a host of its own.', {
    type: 'object',
    additionalProperties: false,
    required: ['at', 'operator'],
    properties: {
      at: {
        type: 'string',
        pattern: '^https?://[^/?#]{1,253}$',
        'x-words': { zh: '写作 https://主机', en: 'write https://host' },
        description: 'Under which browsers reach the gateway, as public_url; it is told to the provider.',
      },
      oidc: {
        type: 'object',
        additionalProperties: false,
        required: ['issuer', 'client_id'],
        properties: {
          issuer: url,
          client_id: word,
          client_secret_file: file,
          scope: { ...word, description: 'Default openid.' },
        },
        description: 'An OpenID provider; AT/.veilgate/callback is registered there.',
      },
      cas: {
        type: 'object',
        additionalProperties: false,
        required: ['server'],
        properties: { server: url },
        description: 'A CAS server: https://cas.example.edu.cn/cas. The operator is `user`.',
      },
      hours: { type: 'integer', minimum: 1, maximum: 24, description: 'How long a session lasts. Default 8.' },
      ...personOptions,
    },
  }),
  check: ({ consumers }) => unclear(consumers),
  create: ({ consumers }, keys, ended) => bySession(consumers, keys, ended),
}

function unclear(consumers: Options['consumers']): { consumer: string; words: Bilingual } | null {
  const same = {
    zh: 'at 与另一调用方相同：浏览器按主机名归属；同一主机上用 audiences 区分角色',
    en: 'another consumer has the same `at`: browsers belong to one by their host; on one host tell roles apart by `audiences`',
  }
  const either = { zh: 'oidc 与 cas 须写其一', en: 'give it either `oidc` or `cas`' }
  const hosts = new Set<string>()
  for (const [consumer, { at, oidc, cas }] of Object.entries(consumers)) {
    if ((oidc === undefined) === (cas === undefined)) return { consumer, words: either }
    if (hosts.has(hostOf(at))) return { consumer, words: same }
    hosts.add(hostOf(at))
  }
  return null
}

const callbackPath = '/.veilgate/callback'
const signOutPath = '/.veilgate/sign-out'
const [sessionCookie, begunCookie] = ['veilgate_session', 'veilgate_sign_in']
/** Seconds for which a sign-in may be under way. */
const underWay = 600
/** Sign-ins that the provider is asked about at one time. */
const mostFinishing = 32
const reading = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Of several, the one whose people reach the gateway under the host that is asked for. */
function bySession(consumers: Options['consumers'], keys: KeyRing, ended?: EndedSessions): Identify {
  const all = Object.entries(consumers).map(([consumer, declared]) => oneSession(consumer, declared, keys, ended))
  const [only] = all
  if (all.length <= 1) return only ?? (() => null)
  const byHost = new Map(Object.values(consumers).map(({ at }, nth) => [hostOf(at), all[nth]!]))
  return (request, peer) => byHost.get((request.headers['host']?.[0] ?? '').toLowerCase())?.(request, peer) ?? null
}

function hostOf(at: string): string {
  return new URL(at).host
}

function oneSession(consumer: string, declared: Declared, keys: KeyRing, ended?: EndedSessions): Identify {
  const { at, oidc, cas, hours = 8 } = declared
  const provider = oidc !== undefined ? oidcProvider(consumer, oidc, declared) : casProvider(consumer, cas!, declared)
  const secret = keys.secret('sign-in session')
  const secure = at.startsWith('https:')
  const callback = at + callbackPath

  const begin = async (to: string): Promise<IdentityAnswer> => {
    const [state, nonce, verifier] = [random(), random(), random()]
    const begun: Begun = { state, nonce, verifier, to, until: Date.now() + underWay * 1000 }
    const cookies = [setCookie(begunCookie, seal(begun, begunCookie, secret), underWay, secure)]
    return { location: await provider.begin(begun, callback), cookies }
  }
  let finishing = 0
  const finish = async (query: URLSearchParams, begun: Begun): Promise<IdentityAnswer> => {
    if (finishing >= mostFinishing) return { unavailable: 1 }
    finishing++
    const caller = await provider.finish(query, begun, callback).finally(() => finishing--)
    const began = Date.now()
    const session: Session = { caller, id: random(), began, until: began + hours * 3_600_000 }
    const cookies = [
      setCookie(sessionCookie, seal(session, sessionCookie, secret), hours * 3600, secure),
      setCookie(begunCookie, '', 0, secure),
    ]
    return { location: at + begun.to, cookies }
  }
  const orUnavailable = (answer: Promise<IdentityAnswer>): Promise<IdentityAnswer> =>
    answer.catch(error => {
      if (error instanceof Unavailable) return { unavailable: 5 }
      throw error
    })

  const sessionIn = (cookies: readonly string[]): Session | null => {
    const session = open<Session>(cookieNamed(sessionCookie, cookies) ?? '', sessionCookie, secret)
    return session?.caller.consumer === consumer && typeof session.id === 'string' ? session : null
  }
  /** The cookie goes, and whoever has copied it has nothing. */
  const signOut = async (cookies: readonly string[]): Promise<IdentityAnswer> => {
    const session = sessionIn(cookies)
    try {
      if (session !== null) await ended?.end(markOf(session))
    } catch {
      return { unavailable: 5 }
    }
    return { location: `${at}/`, cookies: [setCookie(sessionCookie, '', 0, secure)] }
  }

  return request => {
    const cookies = request.headers['cookie'] ?? []
    const [path, query = ''] = request.target.split('?', 2) as [string, string?]
    if (path === signOutPath) {
      if (request.headers['sec-fetch-site']?.[0] === 'cross-site') throw new Error('from another site')
      return signOut(cookies)
    }
    if (path === callbackPath) {
      const begun = open<Begun>(cookieNamed(begunCookie, cookies) ?? '', begunCookie, secret)
      // a sign-in that this browser has not begun: somebody else's link
      if (begun === null || request.method !== 'GET') throw new Error('no sign-in under way')
      return orUnavailable(finish(new URLSearchParams(query), begun))
    }
    const session = sessionIn(cookies)
    if (session !== null && ended?.has(markOf(session)) !== true) {
      if (!isOwn(request, at)) throw new Error('from another site')
      return session.caller
    }
    return isNavigation(request) ? orUnavailable(begin(request.target)) : null
  }
}

function markOf({ id, began, caller }: Session): SessionMark {
  return { id, began, person: caller.operator ?? '' }
}

/** Writing by a session is refused where another site asks for it (RFC 6454; Fetch Metadata). */
function isOwn({ method, headers }: RequestHead, at: string): boolean {
  if (reading.has(method)) return true
  const [origin] = headers['origin'] ?? []
  if (origin !== undefined) return origin === at
  const [site] = headers['sec-fetch-site'] ?? []
  const [referer = ''] = headers['referer'] ?? []
  return site !== undefined ? site === 'same-origin' : referer.startsWith(`${at}/`)
}

/** A page that somebody opens; what a script fetches in the background would only get lost at the provider. */
function isNavigation({ method, headers, target }: RequestHead): boolean {
  const [accept = ''] = headers['accept'] ?? []
  const isPlain = headers['authorization'] === undefined && /^\/(?!\/)/.test(target)
  return method === 'GET' && isPlain && accept.includes('text/html')
}

function random(): string {
  return randomBytes(32).toString('base64url')
}
