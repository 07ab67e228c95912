/**
 * Who the person is, learnt where they sign in to the system itself: for old systems that have nothing else. The login is
 * read from the form when the system accepts it, and kept in a sealed cookie of the gateway's own, that counts only beside
 * the session of the system it came with. A session alone has no operator: not one that was begun elsewhere, shared, or
 * planted in a browser (session fixation). Of a password nothing is read.
 */
import { createHmac } from 'node:crypto'
import type {
  Bilingual,
  IdentityPlugin,
  KeyRing,
  Learner,
  SystemAnswer,
  SystemRequest,
} from '../../gateway/contracts.ts'
import { byConsumer } from './by-consumer.ts'
import { cookieNamed, open, seal, setCookie } from './sign-in/session.ts'

type Declared = {
  readonly system: string
  readonly path: string
  readonly field: string
  readonly cookie: string
  readonly success: { readonly status: number; readonly location?: string; readonly sets?: string }
  readonly logout?: string
  readonly idle?: number
  readonly hours?: number
}
type Options = { readonly consumers: Readonly<Record<string, Declared>> }

/** `session`: the keyed hash of the system's session. */
type Kept = {
  readonly consumer: string
  readonly system: string
  readonly operator: string
  readonly session: string
  /** Milliseconds since 1970: the end at the latest, and the end if nothing comes until then. */
  readonly end: number
  readonly until: number
}

const path = {
  type: 'string',
  pattern: '^/[^\\s?#]{0,500}$',
  'x-words': { zh: '写路径，如 /login.do', en: 'write a path, as in /login.do' },
}
const cookieName = { type: 'string', pattern: "^[!#$&'*+.^_`|~0-9A-Za-z-]{1,128}$" }

export const systemLogin: IdentityPlugin<Options> = {
  kind: 'identity',
  name: 'system_login',
  summary: {
    zh: '操作人取自旧系统自己的登录页：系统接受登录时从表单读出登录名；不读密码。调用方须另行识别',
    en: "The operator, learnt from an old system's own login form once the system accepts it; no password is read. The consumer is known otherwise",
  },
  options: byConsumer('Of one consumer: where its people sign in to the system.', {
    type: 'object',
    additionalProperties: false,
    required: ['system', 'path', 'field', 'cookie', 'success'],
    properties: {
      system: { type: 'string', minLength: 1, maxLength: 64, description: 'By its name here.' },
      path: { ...path, description: 'Where the form is sent to (POST), under the system.' },
      field: { type: 'string', minLength: 1, maxLength: 128, description: 'Of the form: the login.' },
      cookie: { ...cookieName, description: "The system's session, such as JSESSIONID." },
      success: {
        type: 'object',
        additionalProperties: false,
        required: ['status'],
        properties: {
          status: { type: 'integer', minimum: 200, maximum: 399 },
          location: {
            ...path,
            description: 'Where it redirects to, as the system writes it, without its query.',
          },
          sets: { ...cookieName, description: 'A cookie that it sets then alone.' },
        },
        description: 'What the system answers when it accepts a login, and only then. All of it must hold.',
      },
      logout: { ...path, description: 'Where people sign out, under the system.' },
      idle: { type: 'integer', minimum: 1, maximum: 1440, description: 'Minutes without a request. Default 30.' },
      hours: { type: 'integer', minimum: 1, maximum: 24, description: 'At the latest. Default 8.' },
    },
  }),
  check: ({ consumers }) => unclear(consumers),
  create: () => () => null,
  learn: ({ consumers }, keys) => learning(new Map(Object.entries(consumers)), keys),
}

function unclear(consumers: Options['consumers']): { consumer: string; words: Bilingual } | null {
  const words = {
    zh: 'success 须写 location 或 sets：仅凭状态码分不清登录是否成功',
    en: 'give `success` a `location` or `sets`: a status alone does not tell a login from one that failed',
  }
  const found = Object.entries(consumers).find(([, { success }]) => (success.location ?? success.sets) === undefined)
  return found === undefined ? null : { consumer: found[0], words }
}

/** Once so much of the idle time is over, the cookie is given out anew. */
const renewed = 0.25

function learning(consumers: ReadonlyMap<string, Declared>, keys: KeyRing): Learner {
  const secret = keys.secret('system login')
  const hashing = keys.secret('system login session')
  const hash = ({ consumer, system }: SystemRequest, value: string) =>
    createHmac('sha256', hashing).update(`${consumer}\0${system}\0${value}`).digest('base64url')
  const declaredFor = ({ consumer, system }: SystemRequest): Declared | null => {
    const declared = consumers.get(consumer)
    return declared?.system === system ? declared : null
  }
  const own = ({ system }: SystemRequest) => `veilgate_login_${system}`

  const keptIn = (request: SystemRequest, declared: Declared): Kept | null => {
    const session = request.cookie(declared.cookie)
    const kept = open<Kept>(namedOnce(own(request), request.sent) ?? '', own(request), secret)
    if (kept === null || session === null || kept.session !== hash(request, session)) return null
    return kept.consumer === request.consumer && kept.system === request.system ? kept : null
  }
  const give = (request: SystemRequest, declared: Declared, kept: Omit<Kept, 'until'>): string => {
    const until = Math.min(kept.end, Date.now() + idleOf(declared))
    const seconds = Math.max(0, Math.floor((until - Date.now()) / 1000))
    return setCookie(own(request), seal({ ...kept, until }, own(request), secret), seconds, request.secure)
  }
  return {
    operator(request) {
      const declared = declaredFor(request)
      return declared === null ? null : (keptIn(request, declared)?.operator ?? null)
    },
    field(request) {
      const declared = declaredFor(request)
      return declared !== null && request.method === 'POST' && request.path === declared.path ? declared.field : null
    },
    answered(request, login, answer) {
      const declared = declaredFor(request)
      if (declared === null) return []
      const set = answer.cookies.get(declared.cookie)
      if (login !== null && isAccepted(answer, request, declared)) {
        const session = set === undefined ? request.cookie(declared.cookie) : set
        if (session === null) return []
        const { consumer, system } = request
        const end = Date.now() + (declared.hours ?? 8) * 3_600_000
        return [give(request, declared, { consumer, system, operator: login, session: hash(request, session), end })]
      }
      const kept = keptIn(request, declared)
      if (kept === null) return []
      const isOver =
        request.path === declared.logout || (set !== undefined && (set === null || hash(request, set) !== kept.session))
      if (isOver) return [setCookie(own(request), '', 0, request.secure)]
      const isFresh = kept.until - Date.now() > idleOf(declared) * (1 - renewed)
      return isFresh || kept.until === kept.end ? [] : [give(request, declared, kept)]
    },
  }
}

function idleOf({ idle = 30 }: Declared): number {
  return idle * 60_000
}

/** Two of one name: nobody could say which is meant. */
function namedOnce(name: string, sent: readonly string[]): string | null {
  try {
    return cookieNamed(name, sent)
  } catch {
    return null
  }
}

function isAccepted(
  { status, location, cookies }: SystemAnswer,
  { path }: SystemRequest,
  { success }: Declared,
): boolean {
  if (status !== success.status) return false
  if (success.sets !== undefined && !cookies.get(success.sets)) return false
  if (success.location === undefined) return true
  if (location === null || !URL.canParse(location, `http://system${path}`)) return false
  return new URL(location, `http://system${path}`).pathname.split(';', 1)[0] === success.location
}
