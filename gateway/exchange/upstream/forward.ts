import type { Readable } from 'node:stream'
import type { Seal } from '../../access/seal.ts'
import type { RequestHead } from '../../contracts.ts'
import { concealEchoes, echoesOf } from '../../masking/echo.ts'
import type { Plan } from '../../policy/plan.ts'
import type { PageStates } from '../page-states.ts'
import type { ServedSystem } from '../parts.ts'
import { passedOn } from '../request/framing.ts'
import { requestHeaders } from '../request/headers.ts'
import { mayShowTarget, mayShowText } from '../request/parameters.ts'
import { renderTarget } from '../request/render-target.ts'
import { concealTarget, sealedParameter } from '../request/restore.ts'
import type { Parameter } from '../request/target.ts'
import { pathInChinese, type QueryCharset } from '../request/target-charset.ts'
import { type CookieScope, openCookies, sealCookies } from '../response/cookies.ts'
import { acceptEncoding } from '../response/decode.ts'
import { type AnswerHeaders, type Redirection, responseHeaders, type UpstreamHeaders } from '../response/headers.ts'
import type { UpstreamCall } from './upstream.ts'

/** What both ways between a caller and a system need to know. */
export type Passage = {
  readonly system: ServedSystem
  readonly head: RequestHead
  /** Under the system, in normal form, as it is sent on: tokens restored. */
  readonly path: string
  readonly parameters: readonly Parameter[]
  /** As the caller asked for it. */
  readonly askedPath: string
  /** Tokens that were restored, by the value they stand for. */
  readonly tokens: ReadonlyMap<string, string>
  /** The session id at the end of the path; empty: none. */
  readonly session: string
  /** What names and values of the query are escaped in. */
  readonly charset: QueryCharset
  /** What the path is. */
  readonly pathCharset: QueryCharset
  /** Whether the system has session ids in its paths. */
  readonly sessions: boolean
  readonly consumer: string
  readonly plan: Plan
  readonly seal: Seal
  /** Those of the caller's pages of this system. */
  readonly states: PageStates
  /** Headers that bring tokens which the system has handed out, opened; null: none can. */
  readonly brought: Readonly<Record<string, string>> | null
  /** Whether callers reach the gateway by https. */
  readonly secure: boolean
}

/**
 * Sends the request on, made again from what was read of it; its own headers, cookies opened. The body has been read, or
 * is passed on as it comes, and bounded.
 */
export function forward(passage: Passage, body: Readable | Uint8Array | null, bodyLimit: number): UpstreamCall {
  const { system, head, seal, path, parameters, session, charset, pathCharset } = passage
  const { settings, client, headerNames } = system
  const headers = { ...requestHeaders(head, headerNames, passage.states), ...passage.brought }
  headers['accept-encoding'] = acceptEncoding
  const sent = head.headers['cookie']
  const cookies = sent === undefined ? null : openCookies(sent, cookieScope(passage), seal)
  if (cookies !== null) headers['cookie'] = cookies
  const [length] = head.headers['content-length'] ?? []
  if (body instanceof Uint8Array) headers['content-length'] = String(body.length)
  else if (body !== null && length !== undefined) headers['content-length'] = length
  return client.call({
    method: head.method,
    path: settings.upstream.basePath + renderTarget(path, parameters, session, charset, pathCharset),
    headers,
    body: body === null || body instanceof Uint8Array ? body : passedOn(body, bodyLimit),
  })
}

/** The headers of the answer. `contentType`: what masking found the body to be. Throws LOCATION_WITHHELD. */
export function answerHeaders(upstream: UpstreamHeaders, contentType: string | null, passage: Passage): AnswerHeaders {
  const headers = responseHeaders(upstream, contentType, () => redirectionOf(passage))
  const given = upstream['set-cookie']
  if (given === undefined) return headers
  const cookies = sealCookies(typeof given === 'string' ? [given] : given, cookieScope(passage), passage.seal)
  if (cookies.length > 0) headers['set-cookie'] = cookies
  return headers
}

function redirectionOf(passage: Passage): Redirection {
  const { settings, publicBase } = passage.system
  return {
    upstreamOrigin: settings.upstream.origin,
    upstreamBase: settings.upstream.basePath,
    askedPath: passage.pathCharset === 'gb18030' ? pathInChinese(passage.askedPath) : passage.askedPath,
    publicBase,
    publicPath: new URL(publicBase, 'http://gateway').pathname.replace(/\/$/, ''),
    isPublic: url => isPublic(url, passage),
    conceal: target => concealTarget(target, passage.tokens),
    sealed: parameter => sealedParameter(parameter, passage.plan, passage.states),
    sessions: passage.sessions,
    charset: passage.plan.charset,
    mayShow: target => mayShowTarget(target, passage.plan),
    mayShowText: text => mayShowText(text, passage.plan) && concealEchoes(text, echoesOf(passage.tokens)) === text,
  }
}

/** Whether an address is that of the gateway, as systems know their own by its name: by public_url, or by the host of the system. */
function isPublic(url: URL, { system, head }: Passage): boolean {
  const { publicBase, settings } = system
  if (URL.canParse(publicBase)) return url.origin === new URL(publicBase).origin
  if (settings.host === null || url.hostname !== settings.host || !/^https?:$/.test(url.protocol)) return false
  return url.port === '' || url.host === head.headers['host']?.[0]
}

function cookieScope({ system, consumer, plan, secure, states }: Passage): CookieScope {
  const { settings } = system
  return {
    system: settings.name,
    consumer,
    publicPath: settings.prefix ?? '',
    upstreamBase: settings.upstream.basePath,
    secure,
    mayShow: text => mayShowText(text, plan),
    tokens: states,
  }
}
