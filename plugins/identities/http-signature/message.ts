/** What of a request a signature covers (RFC 9421 2). */
import { type InnerList, type Item, serializeInnerList, serializeItem } from 'structured-headers'
import type { RequestHead } from '../../../gateway/contracts.ts'

/** The signature base (RFC 9421 2.5). Throws where a component is not there, not known here, or covered twice. */
export function signatureBase(request: RequestHead, secure: boolean, input: InnerList): string {
  const seen = new Set<string>()
  const lines = input[0].map(item => {
    const identifier = serializeItem(item)
    if (seen.has(identifier)) throw new Error('covered twice')
    seen.add(identifier)
    return `${identifier}: ${componentOf(request, secure, item)}`
  })
  return [...lines, `"@signature-params": ${serializeInnerList(input)}`].join('\n')
}

/** Names of what is covered, without parameters. */
export function covered(input: InnerList): Set<string> {
  return new Set(input[0].map(([name]) => String(name)))
}

function componentOf(request: RequestHead, secure: boolean, [name, parameters]: Item): string {
  if (typeof name !== 'string' || name !== name.toLowerCase()) throw new Error('not a name of a component')
  if (name === '@query-param') return queryParameter(request.target, parameters)
  // `sf`, `key`, `bs`, `tr` and `req` ask for other readings of a field than the one all others here have
  if (parameters.size > 0) throw new Error('parameters of components are not supported')
  if (!name.startsWith('@')) return fieldOf(request, name)
  const value = derived(request, secure).get(name)
  if (value === undefined) throw new Error('not a component of requests')
  return value
}

function derived({ method, target, headers }: RequestHead, secure: boolean): ReadonlyMap<string, string> {
  const scheme = secure ? 'https' : 'http'
  const [host = '', ...more] = headers['host'] ?? []
  if (more.length > 0) throw new Error('more than one host')
  const authority = host.toLowerCase().replace(secure ? /:443$/ : /:80$/, '')
  const origin = target.replace(/^https?:\/\/[^/?#]*/i, '')
  const mark = origin.indexOf('?')
  return new Map([
    ['@method', method],
    ['@scheme', scheme],
    ['@authority', authority],
    ['@target-uri', `${scheme}://${authority}${origin}`],
    ['@request-target', target],
    ['@path', (mark < 0 ? origin : origin.slice(0, mark)) || '/'],
    ['@query', mark < 0 ? '?' : origin.slice(mark)],
  ])
}

/** Values in the order they came, trimmed, with a comma between (RFC 9421 2.1). */
function fieldOf({ headers }: RequestHead, name: string): string {
  const values = headers[name]
  if (values === undefined) throw new Error('a covered header is not there')
  return values.map(value => value.trim()).join(', ')
}

function queryParameter(target: string, parameters: ReadonlyMap<string, unknown>): string {
  const mark = target.indexOf('?')
  const name = parameters.get('name')
  const found = mark < 0 ? [] : [...new URLSearchParams(target.slice(mark))].filter(([one]) => encode(one) === name)
  if (parameters.size !== 1 || found.length !== 1) throw new Error('not one parameter of that name')
  return encode(found[0]![1])
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, one => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
}
