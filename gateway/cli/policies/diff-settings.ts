/** What two routes differ in beside the types of their fields. */
import type { TypeRule } from '../../policy/plan.ts'
import type { ParameterType, RoutePolicy } from '../../policy/policy.ts'
import type { Side } from './diff-fields.ts'
import { keyOf, type Seen, sightOf } from './diff-types.ts'
import type { Add } from './wider.ts'

const always = { from: null, until: null }
const [earliest, latest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]

/** What of a route is not about fields, or is about more than one. */
export function compareSettings(before: Side, next: Side, seen: readonly Seen[], add: Add): void {
  const [was, route] = [before.route, next.route]
  const most = (limit: number | null) => limit ?? Number.POSITIVE_INFINITY
  const limits = [
    ['bulk', was.bulkRows, route.bulkRows],
    ['bulk_people', was.bulkPeople, route.bulkPeople],
  ] as const
  for (const [subject, from, to] of limits)
    if (most(to) > most(from)) add({ subject, from: String(from ?? 'unlimited'), to: String(to ?? 'unlimited') })
  const [period, served] = [was.period ?? always, route.period ?? always]
  if ((served.from ?? earliest) < (period.from ?? earliest)) add({ subject: 'from', from: 'later', to: 'earlier' })
  if ((served.until ?? latest) > (period.until ?? latest)) add({ subject: 'until', from: 'earlier', to: 'later' })
  if (was.review === 'three' && route.review !== 'three') add({ subject: 'review', from: 'three', to: 'none' })
  if (was.errors === 'replace' && route.errors === 'mask') add({ subject: 'errors', from: 'replace', to: 'mask' })
  if (was.jsonp !== true && route.jsonp === true) add({ subject: 'jsonp', from: 'withheld', to: 'allow' })
  for (const field of route.handsOut ?? [])
    if (was.handsOut?.includes(field) !== true) add({ field, subject: 'hands_out', from: 'masked', to: 'handed out' })
  if (was.charset !== route.charset)
    add({ subject: 'charset', from: was.charset ?? 'utf-8', to: route.charset ?? 'utf-8' })
  for (const kind of route.assets ?? [])
    if (was.assets?.has(kind) !== true) add({ subject: 'assets', from: 'withheld', to: kind })
  compareColumns(was.columns, route.columns, add)
  compareFiles(before, next, seen, add)
  compareQuestions(before, next, add)
}

/** What a column is called says what is in it: called otherwise, it may be something that nothing hides. */
function compareColumns(was: readonly string[] | undefined, is: readonly string[] | undefined, add: Add): void {
  if (was === undefined || is === undefined) {
    const [listed, header] = ['listed', 'header']
    if (was !== is) add({ subject: 'columns', from: was ? listed : header, to: is ? listed : header })
    return
  }
  for (let at = 0; at < Math.max(was.length, is.length); at++) {
    const [from, to] = [was[at] ?? 'unnamed', is[at] ?? 'unnamed']
    if (from !== to) add({ field: `column ${at + 1}`, subject: 'columns', from, to })
  }
}

/** Who may have files that nothing reads. */
function compareFiles(before: Side, next: Side, seen: readonly Seen[], add: Add): void {
  if (next.route.opaque === null) return
  if (before.route.opaque === null) add({ subject: 'opaque', from: 'withheld', to: 'allowed' })
  else
    for (const one of seen) {
      const [was, is] = [before, next].map(side => typesOf(side, one)[side.route.opaque!]!) as [TypeRule, TypeRule]
      // the same cell is looked at once, wherever it occurs
      if (keyOf(was) === keyOf(is) || sightOf(was).rank === 0 || sightOf(is).rank > 0) continue
      add({ audience: one.audience, with: [...one.presented], subject: 'opaque', from: keyOf(was), to: keyOf(is) })
    }
}

/** What may be asked by, and what goes on record of it. */
function compareQuestions(before: Side, next: Side, add: Add): void {
  const [was, route] = [before.route, next.route]
  const [labelBefore, label] = [labelsOf(before), labelsOf(next)]
  if (was.query !== null && route.query === null) add({ subject: 'query', from: 'listed', to: 'any' })
  for (const [name, type] of route.query ?? []) {
    const old = was.query?.get(name)
    if (was.query !== null && old === undefined && typeof type === 'number')
      add({ field: name, subject: 'query', from: 'refused', to: 'asked by' })
    else if (typeof type === 'string' && old !== type && !(type === 'names' && old === 'nested_names'))
      add({ field: name, subject: 'query', from: chosenBefore(was, old), to: type })
    else if (typeof type === 'number' && old !== undefined && label(type) !== labelBefore(old))
      add({ field: name, subject: 'query', from: labelBefore(old), to: label(type) })
  }
  for (const [at, segment] of was.template.segments.entries()) {
    const other = route.template.segments[at]
    if (!('parameter' in segment) || (other !== undefined && 'literal' in other)) continue
    const from = labelBefore(was.params.get(segment.parameter))
    const to = label(other !== undefined && 'parameter' in other ? route.params.get(other.parameter) : undefined)
    if (from !== to && from !== unnamed && from !== 'any')
      add({ field: segment.parameter, subject: 'params', from, to })
  }
  const asks = route.methods.some(method => takesAsQuery(was, method) && !takesAsQuery(route, method))
  if (asks) add({ subject: 'body', from: 'query', to: 'data' })
  if (route.body === 'graphql' && was.body !== 'graphql')
    add({ subject: 'body', from: was.body ?? 'query', to: 'graphql' })
}

/** How a parameter was taken that may name fields now, or say anything. */
function chosenBefore({ query }: RoutePolicy, old: ParameterType | undefined): string {
  return query === null ? 'by name' : typeof old === 'string' ? old : 'refused'
}

const unnamed = 'untyped'

/** What a parameter is said to be. */
function labelsOf(side: Side): (declared: ParameterType | undefined) => string {
  const [audience] = side.policy.audiences.keys()
  const types = typesOf(side, { audience: audience!, presented: new Set() })
  return declared =>
    declared === undefined ? unnamed : typeof declared === 'string' ? declared : keyOf(types[declared]!)
}

/** Whether what is sent is taken as a question; methods without a body have none to take. */
function takesAsQuery({ body }: RoutePolicy, method: string): boolean {
  if (method === 'GET' || method === 'HEAD') return false
  return (body ?? (method === 'PUT' || method === 'PATCH' ? 'data' : 'query')) !== 'data'
}

function typesOf({ policy, system, route }: Side, { audience, presented }: Seen): readonly TypeRule[] {
  return policy.plan(system, route, audience, presented).types
}
