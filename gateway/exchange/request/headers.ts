import type { RequestHead } from '../../contracts.ts'
import { Refusal } from '../../errors.ts'
import type { PageStates } from '../page-states.ts'

/** In which programs of pages send the token of their page, as ASP.NET, Django, Laravel, Rails and Spring read it. */
const tokens = ['requestverificationtoken', 'x-csrf-token', 'x-csrftoken', 'x-xsrf-token'] as const

/**
 * What of a caller's headers reaches a system: these, and those its entry in gateway.yaml names. Everything else stays
 * here: credentials and statements meant for the gateway, forwarding headers, overrides of method and URL, conditionals,
 * ranges, and whatever nobody has thought of yet.
 */
const forwarded: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'content-encoding',
  'content-type',
  // by which pages of JSF and ASP.NET ask for a part of themselves
  'faces-request',
  'user-agent',
  'x-microsoftajax',
  'x-requested-with',
  ...tokens,
])

/** Never forwarded, whatever gateway.yaml names: they decide framing, routing, caching, or who the caller is. */
const never: ReadonlySet<string> = new Set([
  'accept-encoding',
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'range',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'x-original-url',
  'x-rewrite-url',
])
const neverBeginning = ['veilgate-', 'x-forwarded-', 'x-http-method', 'x-method-override']

/** Where two values would be read differently by different servers. */
const single: ReadonlySet<string> = new Set([
  'content-type',
  'content-encoding',
  'faces-request',
  'user-agent',
  'x-microsoftajax',
  'x-requested-with',
  ...tokens,
])

/** Whether a header may be named under `request_headers` of a system. */
export function mayForward(name: string): boolean {
  return !never.has(name) && !neverBeginning.some(beginning => name.startsWith(beginning))
}

/** The names that are passed on to a system: the list, and those that gateway.yaml adds, in lower case. */
export function forwardedNames(extra: readonly string[]): readonly string[] {
  return [...new Set([...forwarded, ...extra.filter(mayForward)])]
}

/**
 * The caller's headers that go to the system. `names`: as `forwardedNames` makes them. A header that the
 * caller's own `Connection` names is between the caller and us, and stays (RFC 9110 7.6.1). The token of a page is what the
 * system gave out. Throws HEADER_MALFORMED where one that has a single value comes twice, PAGE_STATE_UNUSABLE and CREDENTIALS_WRONG.
 */
export function requestHeaders(
  head: RequestHead,
  names: readonly string[],
  states: Pick<PageStates, 'openHeader'>,
): Record<string, string> {
  const connection = head.headers['connection']
  const nominated = connection === undefined ? null : namesIn(connection)
  const result: Record<string, string> = {}
  for (const name of names) {
    const values = head.headers[name]
    if (values === undefined || nominated?.has(name)) continue
    if (values.length > 1 && (single.has(name) || !forwarded.has(name))) throw new Refusal('HEADER_MALFORMED')
    result[name] =
      values.length === 1 ? states.openHeader(forwarded.has(name) ? name : 'token', values[0]!) : values.join(', ')
  }
  return result
}

function namesIn(values: readonly string[]): ReadonlySet<string> {
  return new Set(values.flatMap(value => value.toLowerCase().split(/[\s,]+/)))
}
