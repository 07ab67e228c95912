import { Refusal } from '../../errors.ts'
import { renderTarget } from '../request/render-target.ts'
import { type Parameter, parseTarget, type Target } from '../request/target.ts'
import { isChinese } from '../request/target-charset.ts'
import { remakeDisposition } from './content-disposition.ts'

/** Headers of an answer as they leave: `set-cookie` is the only one with several values. */
export type AnswerHeaders = Record<string, string | string[]>

/** The upstream's headers: names in lower case, one that came twice has several values. */
export type UpstreamHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** On every answer, also on refusals: nobody between here and the caller may keep one, or guess at what it is. */
export const always: Readonly<Record<string, string>> = {
  'cache-control': 'no-store, private',
  'x-content-type-options': 'nosniff',
}

/** What rewriting a redirect needs to know. */
export type Redirection = {
  /** Of the system, e.g. `http://10.0.0.5:8080`. */
  readonly upstreamOrigin: string
  /** Path of the upstream's base, without a trailing slash. */
  readonly upstreamBase: string
  /** The upstream path that was asked for, in normal form, to resolve relative references. */
  readonly askedPath: string
  /** Where callers reach the system: `https://xg.example.edu.cn/xg`, or a path where no public_url is set. */
  readonly publicBase: string
  /** Whether an address is where callers reach the system, as a system writes that knows its name: its path begins with `publicPath`. */
  readonly isPublic?: (url: URL) => boolean
  readonly publicPath?: string
  /** The target with restored tokens in place of what they stand for; null where that shows all the same. */
  readonly conceal?: (target: Target) => Target | null
  /** A parameter as it leaves that may not be shown, and has to come back; null: it may leave as it is, or not at all. */
  readonly sealed?: (parameter: Parameter) => Parameter | null
  /** Whether this path and these parameters may be shown to the caller: no personal value in them, no masked name. */
  readonly mayShow: (target: Target) => boolean
  readonly mayShowText: (text: string) => boolean
  /** Whether the system has session ids in its paths. */
  readonly sessions: boolean
  /** Of the system's bodies, as its policy says; left out or null: UTF-8. Its redirects are escaped in it. */
  readonly charset?: string | null
}

/**
 * The headers of an answer: a total allow-list, each value read and made again, so that nothing the upstream wrote leaves
 * as it was written. `contentType` is what masking found the body to be, null where there is no body; `redirection` is asked for only
 * where there is a header to be held to it. Not kept, among
 * all others: validators, ranges, caching, links, server and session headers. Throws LOCATION_WITHHELD.
 */
export function responseHeaders(
  upstream: UpstreamHeaders,
  contentType: string | null,
  redirection: () => Redirection,
): AnswerHeaders {
  const headers: AnswerHeaders = { ...always }
  if (contentType !== null) headers['content-type'] = contentType
  for (const [name, remake] of remade) {
    const given = upstream[name]
    const value = given === undefined ? null : only(given)
    const again = value === null ? null : remake(value)
    if (again !== null) headers[name] = again
  }
  const disposition = only(upstream['content-disposition'])
  const named = disposition === null ? null : remakeDisposition(disposition, redirection().mayShowText)
  if (named !== null) headers['content-disposition'] = named
  const refresh = only(upstream['refresh'])
  const again = refresh === null ? null : remakeRefresh(refresh, redirection())
  if (again !== null) headers['refresh'] = again
  const location = upstream['location']
  if (location !== undefined) headers['location'] = relocate(only(location), redirection())
  return headers
}

/** Returns the value made again, or null where it is not in the shape expected. */
const remade: readonly (readonly [name: string, remake: (value: string) => string | null])[] = Object.entries({
  // the file name can be a person's; the disposition alone makes a download
  'content-disposition': (value: string) =>
    /^\s*(attachment|inline)\s*(?:;|$)/i.exec(value)?.[1]?.toLowerCase() ?? null,
  'content-language': (value: string) => (/^[a-z]{2,3}(?:-[a-z]{2,4})?$/i.test(value.trim()) ? value.trim() : null),
  'retry-after': value => seconds(value.trim()),
  // how many rows there are in all; short enough that it can be no phone number
  'x-total-count': value => (/^\d{1,9}$/.test(value.trim()) ? String(Number(value)) : null),
  allow: value => methods(value),
})

function seconds(value: string): string | null {
  return /^\d{1,6}$/.test(value) ? String(Number(value)) : null
}

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

function methods(value: string): string | null {
  const known = value
    .split(',')
    .map(word => word.trim().toUpperCase())
    .filter(word => knownMethods.has(word))
  return known.length > 0 ? known.join(', ') : null
}

/** `5; url=/next`: what would be withheld as a redirect is left out, and the page stays where it is. */
function remakeRefresh(value: string, redirection: Redirection): string | null {
  const match = /^(\d{1,6})(?:\.\d*)?\s*(?:[;,]\s*(?:url\s*=\s*)?(?:"([^"]*)"|'([^']*)'|(\S*)))?$/i.exec(value.trim())
  if (match === null) return null
  const url = match[2] ?? match[3] ?? match[4] ?? ''
  if (url === '') return String(Number(match[1]))
  try {
    return `${Number(match[1])}; url=${relocate(url, redirection)}`
  } catch {
    return null
  }
}

/** A redirect within the system becomes one to where callers reach it; any other is withheld, and so is one that tells. */
function relocate(location: string | null, redirection: Redirection): string {
  const { upstreamOrigin, upstreamBase, askedPath, publicBase, mayShow } = redirection
  const withheld = () => new Refusal('LOCATION_WITHHELD')
  const inChinese = isChinese(redirection.charset ?? null)
  // old programs write the bytes as they are
  if (inChinese) location = location?.replace(/[\x80-\xff]/g, byte => `%${byte.charCodeAt(0).toString(16)}`) ?? null
  if (location === null || /[^\x21-\x7e]/.test(location)) throw withheld()
  const base = `${upstreamOrigin}${upstreamBase}${askedPath}`
  if (!URL.canParse(location, base)) throw withheld()
  const url = new URL(location, base)
  const isPublic = url.origin !== upstreamOrigin && redirection.isPublic?.(url) === true
  if ((url.origin !== upstreamOrigin && !isPublic) || url.username !== '' || url.password !== '') throw withheld()
  const under = isPublic ? (redirection.publicPath ?? '') : upstreamBase
  if (under !== '' && url.pathname !== under && !url.pathname.startsWith(`${under}/`)) throw withheld()
  let target: Target
  try {
    target = parseTarget(`${url.pathname.slice(under.length) || '/'}${url.search}`, undefined, redirection.sessions)
  } catch {
    throw withheld()
  }
  // the fragment never reaches a server: what the upstream put there would go unread
  if (url.hash !== '' && !/^#[a-z/_-]{0,64}$/i.test(url.hash)) throw withheld()
  if ((target.charset ?? target.pathCharset) !== undefined && !inChinese) throw withheld()
  const shown = redirection.conceal === undefined ? target : redirection.conceal(target)
  if (shown === null) throw withheld()
  const sealed = shown.parameters.map(parameter => redirection.sealed?.(parameter) ?? null)
  if (!mayShow({ ...shown, parameters: shown.parameters.filter((_, at) => sealed[at] === null) })) throw withheld()
  const parameters = shown.parameters.map((parameter, at) => sealed[at] ?? parameter)
  const { session, charset, pathCharset } = target
  return publicBase + renderTarget(shown.path, parameters, session, charset, pathCharset) + url.hash
}

function only(value: string | readonly string[] | undefined): string | null {
  if (typeof value === 'string') return value
  return value !== undefined && value.length === 1 ? value[0]! : null
}
