/** Requests to a route that says `body: graphql`: documents in bodies of JSON, several at once, or in the query of a target. */
import { createHash } from 'node:crypto'
import { Refusal } from '../../../errors.ts'
import type { Plan, TypeRule } from '../../../policy/plan.ts'
import type { RoutePolicy } from '../../../policy/policy.ts'
import type { Pausing } from '../../turns.ts'
import type { Searched } from '../searched.ts'
import type { Parameter } from '../target.ts'
import { type Checked, checkDocument, type SentDocument } from './check.ts'
import { namesTwice } from './names-twice.ts'
import { refusedFor, refusedHash } from './reasons.ts'

/** Documents in one request. */
const mostAtOnce = 32

const members: ReadonlySet<string> = new Set(['query', 'variables', 'operationName', 'extensions'])

/** What a body asks for and by. `mediaType`: as labelled. Throws GRAPHQL_REFUSED, PARAMETER_MASKED, MASKED_VALUE. */
export function* checkGraphqlBody(
  bytes: Uint8Array | null,
  mediaType: string | null,
  restored: ReadonlySet<TypeRule>,
  plan: Plan,
): Pausing<Checked> {
  if (bytes === null || mediaType !== 'application/json') throw refusedFor('label')
  if (bytes.length === 0) throw refusedFor('missing')
  const text = Buffer.from(bytes).toString('utf8')
  if (yield* namesTwice(text)) throw refusedFor('member')
  const value = parsed(text)
  const requests = Array.isArray(value) ? value : [value]
  if (requests.length === 0) throw refusedFor('missing')
  if (requests.length > mostAtOnce) throw refusedFor('batch')
  const searched: Searched[] = []
  let introspects = true
  for (const request of requests) {
    const checked = yield* checkDocument(documentIn(request), { plan, restored, byQuery: false })
    searched.push(...checked.searched)
    introspects &&= checked.introspects
  }
  return { searched, introspects }
}

/**
 * What the query of a target asks for and by; null: nothing, as where a page is opened to write documents in. Parameters beside those of GraphQL
 * have to be declared. Throws GRAPHQL_REFUSED, PARAMETER_UNDECLARED, PARAMETER_MASKED.
 */
export function checkGraphqlQuery(parameters: readonly Parameter[], route: RoutePolicy, plan: Plan): Checked | null {
  if (parameters.some(({ name }) => !members.has(name) && route.query?.get(name) === undefined))
    throw new Refusal('PARAMETER_UNDECLARED')
  const request = Object.fromEntries(parameters.filter(({ name }) => members.has(name)).map(membersOfQuery))
  if (Object.keys(request).length === 0) return null
  return atOnce(checkDocument(documentIn(request), { plan, restored: new Set(), byQuery: true }))
}

/** A target is short. */
function atOnce<Result>(work: Pausing<Result>): Result {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}

/** Whether a target, asked for by GET, asks for nothing but types. */
export function asksForTypes(parameters: readonly Parameter[], route: RoutePolicy, plan: Plan): boolean {
  return route.body === 'graphql' && checkGraphqlQuery(parameters, route, plan)?.introspects === true
}

/** Whether a parameter is one of GraphQL's own. */
export function isOfGraphql({ name }: Parameter): boolean {
  return members.has(name)
}

function membersOfQuery({ name, value }: Parameter): [string, unknown] {
  if (value === null || value === '') return [name, null]
  if (name === 'query' || name === 'operationName') return [name, value]
  if (atOnce(namesTwice(value))) throw refusedFor('member')
  return [name, parsed(value)]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refusedFor('member')
  }
}

function documentIn(request: unknown): SentDocument {
  if (!isObject(request) || Object.keys(request).some(name => !members.has(name))) throw refusedFor('member')
  const { query, variables = null, operationName = null, extensions = null } = request
  if (query === undefined || query === null || query === '')
    throw isHash(extensions) ? refusedHash() : refusedFor('missing')
  if (typeof query !== 'string' || (operationName !== null && typeof operationName !== 'string'))
    throw refusedFor('member')
  if (variables !== null && !isObject(variables)) throw refusedFor('member')
  if (extensions !== null) checkExtensions(extensions, query)
  return { text: query, variables: variables ?? {} }
}

function isHash(extensions: unknown): boolean {
  return isObject(extensions) && extensions['persistedQuery'] !== undefined
}

/** A server that keeps documents may take the one it knows by the hash in place of the one that is sent. */
function checkExtensions(extensions: unknown, query: string): void {
  if (!isObject(extensions)) throw refusedFor('member')
  for (const [name, value] of Object.entries(extensions)) {
    if (name === 'clientLibrary') continue
    if (name !== 'persistedQuery' || !isObject(value)) throw refusedFor('member')
    const { version, sha256Hash, ...others } = value
    if (version !== 1 || Object.keys(others).length > 0) throw refusedFor('member')
    if (sha256Hash !== createHash('sha256').update(query).digest('hex')) throw refusedFor('hash')
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
