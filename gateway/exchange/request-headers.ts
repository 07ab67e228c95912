import type { RequestHead } from '../contracts.ts'
import { Refusal } from '../errors.ts'

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
  'user-agent',
  'x-requested-with',
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
const single: ReadonlySet<string> = new Set(['content-type', 'content-encoding', 'user-agent', 'x-requested-with'])

/** Whether a header may be named under `request_headers` of a system. */
export function mayForward(name: string): boolean {
  return !never.has(name) && !neverBeginning.some(beginning => name.startsWith(beginning))
}

/**
 * The caller's headers that go to the system. `extra`: names, in lower case, that gateway.yaml adds. A header that the
 * caller's own `Connection` names is between the caller and us, and stays (RFC 9110 7.6.1). Throws HEADER_MALFORMED
 * where one that has a single value comes twice.
 */
export function requestHeaders(head: RequestHead, extra: ReadonlySet<string>): Record<string, string> {
  const nominated = new Set((head.headers['connection'] ?? []).flatMap(value => value.toLowerCase().split(/[\s,]+/)))
  const result: Record<string, string> = Object.create(null)
  for (const [name, values] of Object.entries(head.headers)) {
    const wanted = forwarded.has(name) || (extra.has(name) && mayForward(name))
    if (!wanted || nominated.has(name)) continue
    if (values.length > 1 && (single.has(name) || extra.has(name))) throw new Refusal('HEADER_MALFORMED')
    result[name] = values.join(', ')
  }
  return result
}
