/**
 * Cookies of old systems: a session works through the gateway, and nothing readable leaves. What the upstream sets is
 * sealed for one system and one consumer; what a caller sends is opened again, or dropped where it is not ours. Programs of a page can
 * read a token that the upstream lets them read, sealed as tokens of pages are, as they have to send it back in a header or a field.
 */
import type { Seal } from '../../access/seal.ts'
import { namesToken, type PageStates } from '../page-states.ts'
import { parseTarget } from '../request/target.ts'

export type CookieScope = {
  readonly system: string
  readonly consumer: string
  /** Under which callers reach the system; empty or beginning with a slash, without one at the end. */
  readonly publicPath: string
  /** Path of the upstream's base, likewise. */
  readonly upstreamBase: string
  /** Whether callers reach the gateway by https. */
  readonly secure: boolean
  /** Whether a text may be shown: no detector finds anything in it. */
  readonly mayShow: (text: string) => boolean
  /** Of the caller; left out: no token can come back but as a cookie. */
  readonly tokens?: Pick<PageStates, 'sealCookie' | 'openCookie'>
}

/** RFC 6265 token without the percent sign: what is encoded in a name would pass unread. */
const token = /^[!#$&'*+\-.^_`|~0-9A-Za-z]{1,128}$/
/** RFC 6265 cookie-octet, and the commas, spaces, quotes and bytes of their own charset that old systems send. */
const octets = /^[\x20-\x3a\x3c-\x7e\x80-\xff]*$/
/** Browsers drop longer ones (RFC 6265bis 5.7). */
const longest = 4096

/**
 * The `set-cookie` values that leave for those the upstream sent (RFC 6265 5.2). One that breaks the grammar, whose name
 * a detector finds something in, or that would be too long once sealed, is left out.
 */
export function sealCookies(values: readonly string[], scope: CookieScope, seal: Seal): string[] {
  return values.map(value => sealCookie(value, scope, seal)).filter(cookie => cookie !== null)
}

function sealCookie(text: string, scope: CookieScope, seal: Seal): string | null {
  const [pair = '', ...rest] = text.split(';')
  const equals = pair.indexOf('=')
  const name = pair.slice(0, Math.max(equals, 0)).trim()
  const value = pair.slice(equals + 1).trim()
  if (equals < 0 || !token.test(name) || !octets.test(value) || !scope.mayShow(name)) return null
  const readable = scope.tokens !== undefined && value !== '' && namesToken(name) && !rest.some(isHttpOnly)
  const sealed = readable ? scope.tokens!.sealCookie(value) : seal.seal(value, contextOf(name, scope))
  const all = [...attributes(name, rest, scope), ...(readable ? [] : ['HttpOnly']), ...(scope.secure ? ['Secure'] : [])]
  const cookie = [`${name}=${sealed}`, ...all].join('; ')
  return cookie.length <= longest ? cookie : null
}

function isHttpOnly(attribute: string): boolean {
  return attribute.trim().toLowerCase() === 'httponly'
}

/** Read and made again; Domain is left out, so that the cookie comes back to this host only. */
function attributes(name: string, given: readonly string[], scope: CookieScope): string[] {
  const made = new Map<string, string>()
  for (const attribute of given) {
    const equals = attribute.indexOf('=')
    const key = (equals < 0 ? attribute : attribute.slice(0, equals)).trim().toLowerCase()
    const value = equals < 0 ? '' : attribute.slice(equals + 1).trim()
    if (key === 'path') made.set('Path', publicPath(value, scope))
    else if (key === 'max-age' && /^-?\d{1,10}$/.test(value)) made.set('Max-Age', String(Number(value)))
    else if (key === 'expires' && !Number.isNaN(Date.parse(value))) made.set('Expires', new Date(value).toUTCString())
    else if (key === 'samesite' && /^(strict|lax|none)$/i.test(value)) made.set('SameSite', capital(value))
  }
  if (!made.has('Path')) made.set('Path', publicPath('/', scope))
  if (name.startsWith('__Host-')) made.set('Path', '/')
  // SameSite=None without Secure is dropped by browsers; on plain http the old system's session then stays same-site
  if (!scope.secure && made.get('SameSite') === 'None') made.delete('SameSite')
  return [...made].map(([key, value]) => `${key}=${value}`)
}

function publicPath(path: string, scope: CookieScope): string {
  const everything = scope.publicPath === '' ? '/' : scope.publicPath
  const { upstreamBase } = scope
  if (!path.startsWith('/') || path.includes('?') || !scope.mayShow(path)) return everything
  const inside = path === upstreamBase || path.startsWith(`${upstreamBase}/`) ? path.slice(upstreamBase.length) : ''
  if (inside === '' || inside === '/') return everything
  try {
    const { path, pathCharset } = parseTarget(inside, undefined)
    return pathCharset === undefined ? scope.publicPath + path : everything
  } catch {
    return everything
  }
}

/**
 * The `cookie` header for the upstream, null where nothing of what the caller sent is ours. Of two cookies with one name
 * the first that opens counts: browsers send the longer path first.
 */
export function openCookies(
  values: readonly string[],
  scope: Pick<CookieScope, 'system' | 'consumer' | 'tokens'>,
  seal: Seal,
): string | null {
  const opened = new Map<string, string>()
  for (const pair of values.flatMap(value => value.split(';'))) {
    const equals = pair.indexOf('=')
    const name = pair.slice(0, Math.max(equals, 0)).trim()
    if (equals < 0 || !token.test(name) || opened.has(name)) continue
    const given = pair.slice(equals + 1).trim()
    const ofPage = namesToken(name) ? scope.tokens?.openCookie(given) : null
    const value = ofPage ?? seal.open(given, contextOf(name, scope))
    if (value !== null && octets.test(value)) opened.set(name, value)
  }
  return opened.size === 0 ? null : [...opened].map(([name, value]) => `${name}=${value}`).join('; ')
}

/** Names of systems and consumers hold no NUL, so no two contexts run together. */
function contextOf(name: string, scope: Pick<CookieScope, 'system' | 'consumer'>): string {
  return ['cookie', scope.system, scope.consumer, name].join('\0')
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()
}
