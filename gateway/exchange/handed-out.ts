/**
 * Tokens by which a system knows who has signed in to it, which its answers hand to programs of pages (`hands_out` of a route) and
 * which come back with each request: how they look sealed, and where they may stand. What is sealed here is no credential of the gateway's.
 */
import type { RequestHead } from '../contracts.ts'
import { Refusal } from '../errors.ts'
import type { Pair } from './request/pairs.ts'

export const sealedToken = {
  mark: 'vgt1.',
  /** Behind a scheme that is none of those by which browsers and servers sign in themselves. */
  inHeader: /^((?!(?:basic|digest|negotiate|ntlm) )(?:[a-z][\w-]{0,31} +)?)(vgt1\.[\w-]{40,})$/i,
} as const
const alone = /^vgt1\.[\w-]{40,}$/
/** The quotes are those of strings: none that stands in a string is without a backslash ahead of it. */
const asMember = /"([^"\\]{1,64})"\s*:\s*"(vgt1\.[\w-]{40,})"/g
const nameOfToken = /(?:token|csrf|xsrf|authorization|jwt|ticket|session_?(?:id|key))[\])_-]*$/i
const longestName = 64

/** Whether a text looks like a token that a gateway has sealed. */
export function isSealedToken(text: string): boolean {
  return alone.test(text)
}

/** Whether a header, parameter or field of this name may bring such a token. */
export function bringsToken(name: string): boolean {
  return name.length <= longestName && nameOfToken.test(name)
}

/** A JSON text with such tokens opened; itself where it has none. */
export function openedInJson(json: Uint8Array, open: (name: string, token: string) => string): Uint8Array {
  const bytes = Buffer.from(json.buffer, json.byteOffset, json.length)
  if (!bytes.includes(sealedToken.mark)) return json
  const text = bytes.toString('latin1').replace(asMember, (all, name: string, token: string) => {
    if (!bringsToken(name)) return all
    return `${all.slice(0, -1 - token.length)}${JSON.stringify(open(name, token)).slice(1)}`
  })
  return Buffer.from(text, 'latin1')
}

/** The pairs of a body but those that bring such tokens: what a system has said itself asks for nothing. */
export function* besidesTokens(pairs: Iterable<Pair>): Iterable<Pair> {
  let named: Pair | null = null
  for (const pair of pairs) {
    const brought = pair.value !== null && isSealedToken(pair.value) && bringsToken(pair.name)
    if (named !== null && !(brought && named.name === pair.name)) yield named
    named = pair.value === null ? pair : null
    if (named === null && !brought) yield pair
  }
  if (named !== null) yield named
}

/**
 * The head by which a caller is known: without an Authorization that brings such a token. Sent twice, or as a header
 * of the connection alone, it stays, and is refused there.
 */
export function withoutToken<Head extends RequestHead>(head: Head): Head {
  const values = head.headers['authorization']
  if (values?.length !== 1 || !sealedToken.inHeader.test(values[0]!) || nominated(head).has('authorization'))
    return head
  const headers: Record<string, readonly string[]> = Object.assign(Object.create(null), head.headers)
  delete headers['authorization']
  return { ...head, headers }
}

/**
 * What headers bring, opened by `open`, by their names: Authorization, and others of such a name whatever gateway.yaml forwards.
 * Throws HEADER_MALFORMED where one comes twice.
 */
export function broughtByHeaders(
  head: RequestHead,
  mayForward: (name: string) => boolean,
  open: (name: string, value: string) => string,
): Record<string, string> {
  const brought: Record<string, string> = {}
  for (const [name, values] of Object.entries(head.headers)) {
    if (!bringsToken(name) || !(name === 'authorization' || mayForward(name))) continue
    if (!values.some(value => sealedToken.inHeader.test(value)) || nominated(head).has(name)) continue
    if (values.length > 1) throw new Refusal('HEADER_MALFORMED')
    brought[name] = open(name, values[0]!)
  }
  return brought
}

function nominated({ headers }: RequestHead): ReadonlySet<string> {
  return new Set((headers['connection'] ?? []).flatMap(value => value.toLowerCase().split(/[\s,]+/)))
}
