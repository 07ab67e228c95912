import { Refusal } from '../../errors.ts'
import { encodeStrictly } from '../percent.ts'
import { decodeChinese, decodeUnits, hasUnits, isUtf8 } from './target-charset.ts'
import { halvesOf } from './urlencoded.ts'

/**
 * A request target in its one normal form. What is matched, checked and forwarded are these same characters, in the charset they
 * came in, so no two parts of the gateway, and not the upstream either, can read one target in two ways.
 */
export type Target = {
  /** Begins with a slash; letters, digits and `-._~` plain, everything else that may stand there as %XX in upper case. */
  readonly path: string
  /** In the order they came, decoded; null: a name without an equals sign. No name comes twice, but for elements of a list (`id[]`). */
  readonly parameters: readonly Parameter[]
  /** The session id at the end of the path, where one is admitted: `;jsessionid=1A2B`. Not part of `path`. */
  readonly session?: string
  /** What the parameters are escaped in, where that is not UTF-8; only a system that says so reads them as we do. */
  readonly charset?: 'gb18030' | 'escape'
  /** The same of the path, which here is in UTF-8 all the same. */
  readonly pathCharset?: 'gb18030'
}

export type Parameter = { readonly name: string; readonly value: string | null }

/** Characters of a target. Longer ones are refused by a word of their own: what asks by so much belongs in a body. */
const targetLimit = 8192
/** Characters of a parameter's name. */
export const nameLimit = 256

/** RFC 3986 pchar without `;`, whose meaning differs between servers. */
const pathCharacters = /^(?:[A-Za-z0-9\-._~!$&'()*+,=:@/]|%[0-9A-Fa-f]{2})+$/
/** RFC 3986 query without `;`, and what browsers and old clients leave unescaped in it. */
const queryCharacters = /^(?:[A-Za-z0-9\-._~!$&'()*+,=:@/?[\]{}|"^`<>]|%(?:[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}))*$/
/** Already in normal form, as most are: segments of unreserved characters, none of them all dots. */
const plainPath = /^(?:\/(?=\.*[^./])[A-Za-z0-9\-._~]+)+\/?$|^\/$/
const unreserved = /[A-Za-z0-9\-._~]/
/** Decoded, these would mean something else to somebody: separators, escapes of escapes, control characters. */
const forbiddenInPath = /[/\\;%?#\p{Cc}\p{Zl}\p{Zp}]/u
const forbiddenInQuery = /[\p{Cc}\p{Zl}\p{Zp}]/u
const lineBreaksAllowed = /[\t\n\r]/g

/**
 * Reads a request target (RFC 9112 3.2): origin form, or absolute form naming the request's own host. Throws TARGET_TOO_LONG, and
 * TARGET_MALFORMED for everything that two readers could understand differently: `.` and `..` segments in any spelling,
 * empty segments, `%2f`, `%5c`, `;` (but for a session id at the end, kept apart), double encoding, NUL and other control characters, a raw `#`, `\` or byte above
 * 127, an escape that is neither UTF-8 nor GB 18030 (see `charset`), a parameter that comes with two values. One that comes again
 * with the same value is there once.
 */
export function parseTarget(raw: string, host: string | undefined, sessions = false): Target {
  if (raw.length > targetLimit) throw new Refusal('TARGET_TOO_LONG')
  const origin = originForm(raw, host)
  const mark = origin.indexOf('?')
  const whole = mark < 0 ? origin : origin.slice(0, mark)
  const [, plain, name, value] = (sessions && whole.includes(';') && sessionAtEnd.exec(whole)) || [whole, whole]
  const inChinese = plain!.includes('%') && !isUtf8(plain!)
  const path = normalPath(plain!, inChinese ? chineseSegment : normalSegment)
  const target: Target = mark < 0 ? { path, parameters: [] } : withQuery(path, origin.slice(mark + 1))
  if (name === undefined && !inChinese) return target
  const session = name === undefined ? {} : { session: `;${name.toLowerCase()}=${value}` }
  return { ...target, ...session, ...(inChinese && { pathCharset: 'gb18030' }) }
}

/** What Java, PHP and their like put at the end of a path for browsers without cookies: one of these names, one value. */
const sessionAtEnd = /^([^;]*);(jsessionid|jsessionidsso|phpsessid|sessionid|sid)=([A-Za-z0-9._~!-]{1,256})$/i

/** A text as one segment of a normal path. Throws TARGET_MALFORMED where no path may have it. */
export function renderSegment(text: string): string {
  return normalSegment(encodeStrictly(text))
}

/** The segments of a normal path, decoded; safe because a normal path decodes in one way only. */
export function segmentsOf(path: string): string[] {
  const segments = path.slice(1).split('/')
  return path.includes('%') ? segments.map(decodeURIComponent) : segments
}

/** All texts in a target that a detector should see: each decoded segment, name and value. */
export function textsOf(target: Target): string[] {
  const texts = segmentsOf(target.path)
  for (const { name, value } of target.parameters) texts.push(name, value ?? '')
  return texts
}

function originForm(raw: string, host: string | undefined): string {
  if (raw.startsWith('/')) return raw
  const absolute = /^https?:\/\/([^/?#]*)([/?].*)?$/i.exec(raw)
  if (absolute === null || host === undefined) throw malformed()
  if (absolute[1]!.toLowerCase() !== host.toLowerCase()) throw malformed()
  const rest = absolute[2] ?? '/'
  return rest.startsWith('/') ? rest : `/${rest}`
}

function normalPath(path: string, normal: (segment: string) => string): string {
  if (plainPath.test(path)) return path
  if (!pathCharacters.test(path)) throw malformed()
  const segments = path.slice(1).split('/')
  const made = segments.map((segment, at) => {
    // an empty segment may stand only at the end: a trailing slash
    if (segment === '' && at < segments.length - 1) throw malformed()
    return normal(segment)
  })
  return `/${made.join('/')}`
}

/** What others read in bytes of GB 18030: a backslash that is half a character, and `#%./;?\\` too long in UTF-8. */
const readOtherwise = /%5c|%c0%(?:a[35ef]|b[bf])|%c1%9c/i

/** A segment in GB 18030, in UTF-8. */
function chineseSegment(segment: string): string {
  if (readOtherwise.test(segment)) throw malformed()
  return normalSegment(/%[89a-f]/i.test(segment) ? encodeStrictly(chineseText(segment)) : segment)
}

function normalSegment(segment: string): string {
  const decoded = decode(segment)
  if (forbiddenInPath.test(decoded) || decoded === '.' || decoded === '..') throw malformed()
  // full-width and other compatible forms that some servers fold into separators (best-fit mapping)
  const folded = decoded.normalize('NFKC')
  if (folded !== decoded && (/[/\\;%?#]/.test(folded) || folded === '.' || folded === '..')) throw malformed()
  return segment.replace(/%[0-9A-Fa-f]{2}/g, triplet => {
    const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16))
    return unreserved.test(character) ? character : triplet.toUpperCase()
  })
}

function withQuery(path: string, query: string): Target {
  if (!queryCharacters.test(query)) throw malformed()
  try {
    if (hasUnits(query)) return { path, parameters: parametersIn(query, textOfUnits), charset: 'escape' }
    return { path, parameters: parametersIn(query, decode) }
  } catch (error) {
    if (hasUnits(query) || isUtf8(query)) throw error
    return { path, parameters: parametersIn(query, chineseText), charset: 'gb18030' }
  }
}

function parametersIn(query: string, decode: (text: string) => string): Parameter[] {
  const parameters: Parameter[] = []
  const seen = new Map<string, Parameter>()
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const [first, second] = halvesOf(pair)
    const name = decode(first.replaceAll('+', ' '))
    const value = second === null ? null : decode(second.replaceAll('+', ' '))
    if (name === '' || name.length > nameLimit || name.includes('%') || forbiddenInQuery.test(name)) throw malformed()
    if (value !== null && forbiddenInQuery.test(value.replace(lineBreaksAllowed, ''))) throw malformed()
    // servers differ in whether names have case, and in which of two values counts; of a list all do
    const folded = name.toLowerCase()
    const before = seen.get(folded)
    if (before !== undefined && before.name !== name) throw malformed()
    if (before !== undefined && !name.endsWith('[]')) {
      if (before.value !== value) throw malformed()
      continue
    }
    const parameter = { name, value }
    seen.set(folded, parameter)
    parameters.push(parameter)
  }
  return parameters
}

const decode = (text: string) => orMalformed(text, decodeURIComponent)
const chineseText = (text: string) => orMalformed(text, decodeChinese)
const textOfUnits = (text: string) => orMalformed(text, decodeUnits)

function orMalformed(text: string, read: (text: string) => string): string {
  try {
    return read(text)
  } catch {
    throw malformed()
  }
}

function malformed(): Refusal {
  return new Refusal('TARGET_MALFORMED')
}
