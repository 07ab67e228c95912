import type { Bilingual } from '../contracts.ts'
import type { Fault } from './fault.ts'
import { type FieldValue, type Known, readFields, readParameters } from './fields.ts'
import type { Binding, Unlisted } from './plan.ts'
import type { RouteMatch, RoutePolicy, SystemPolicy } from './policy.ts'
import { parametersOf, RouteTable, readTemplate } from './routes.ts'
import { readTests, type TestEntry } from './test-cases.ts'

/** One entry under `routes`, as the schema has it. */
type RouteEntry = {
  readonly path: string
  readonly methods?: readonly string[]
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly fields?: Readonly<Record<string, FieldValue>>
  readonly unlisted?: 'scan' | 'remove' | { readonly keep: string }
  readonly bulk?: { readonly rows: number }
  readonly errors?: 'mask' | 'replace'
}

type SystemEntry = {
  readonly system: string
  readonly title?: string | Bilingual
  readonly fields?: Readonly<Record<string, FieldValue>>
  readonly routes: readonly RouteEntry[]
  readonly tests?: readonly TestEntry[]
}

/** Compiles one system file. The document must have the schema's shape; `audiences` is null where they could not be read. */
export function compileSystem(
  known: Known,
  catalogue: readonly Binding[],
  audiences: ReadonlySet<string> | null,
): SystemPolicy {
  const entry = known.document.value as SystemEntry
  const ofSystem = readFields(known, ['fields'], entry.fields ?? {}, 1)
  const shared = Object.freeze([...ofSystem, ...catalogue])
  const routes: RoutePolicy[] = []
  for (const [index, route] of entry.routes.entries()) {
    const compiled = compileRoute(known, index, route, shared)
    if (compiled !== null) routes.push(compiled)
  }
  const tests = readTests(known.document, entry.tests ?? [], audiences, known.faults)
  const title = typeof entry.title === 'string' ? { zh: entry.title, en: entry.title } : (entry.title ?? null)
  return systemOf({ name: entry.system, title, file: known.document.file, routes, tests })
}

/** A system from its parts: adds the matching. */
export function systemOf(parts: Omit<SystemPolicy, 'match'>): SystemPolicy {
  const { routes } = parts
  const table = new RouteTable<RoutePolicy>()
  for (const route of routes) table.add(route)
  const match = (method: string, path: string): RouteMatch => {
    const found = table.find(path)
    if (found.length === 0) return { refused: 'ROUTE_UNKNOWN' }
    const route = found.find(one => one.methods.includes(method))
    if (route === undefined)
      return { refused: 'METHOD_NOT_ALLOWED', allow: [...new Set(found.flatMap(one => one.methods))].sort() }
    return { route, params: parametersOf(route.template, path) }
  }
  return Object.freeze({ ...parts, routes: Object.freeze([...routes]), match })
}

function compileRoute(known: Known, index: number, entry: RouteEntry, shared: readonly Binding[]): RoutePolicy | null {
  const { document, faults } = known
  const at = ['routes', index]
  const fields = readFields(known, [...at, 'fields'], entry.fields ?? {}, 0)
  const params = readParameters(known, [...at, 'params'], entry.params ?? {})
  const query = entry.query === undefined ? null : readParameters(known, [...at, 'query'], entry.query)
  const read = readTemplate(entry.path)
  if ('wrong' in read) {
    faults.push(document.fault([...at, 'path'], 'POLICY_ROUTE', read.wrong))
    return null
  }
  const { template } = read
  for (const name of Object.keys(entry.params ?? {})) {
    if (template.parameters.includes(name)) continue
    const message = { zh: `路径中没有 {${name}}`, en: `the path has no {${name}}` }
    faults.push(document.fault([...at, 'params', name], 'POLICY_UNKNOWN_PARAMETER', message, { at: 'key' }))
  }
  const methods = new Set(entry.methods ?? ['GET'])
  if (methods.has('GET')) methods.add('HEAD')
  const unlisted: Unlisted = typeof entry.unlisted === 'object' ? 'keep' : (entry.unlisted ?? 'scan')
  return Object.freeze({
    template,
    methods: Object.freeze([...methods]),
    params,
    query,
    bindings: fields.length === 0 ? shared : Object.freeze([...fields, ...shared]),
    unlisted,
    bulkRows: entry.bulk?.rows ?? null,
    errors: entry.errors ?? 'mask',
    source: `${document.file}:${document.line([...at, 'path'])}`,
  })
}

/** Two routes that would both take a request: nobody could say which rules apply. */
export function checkRoutes(known: Known, system: SystemPolicy, faults: Fault[]): void {
  const taken = new Map<string, string>()
  const entries = (known.document.value as SystemEntry).routes
  for (const [index, { path }] of entries.entries()) {
    const place = `${known.document.file}:${known.document.line(['routes', index, 'path'])}`
    const route = system.routes.find(one => one.source === place && one.template.text === path)
    for (const method of route?.methods ?? []) {
      const key = `${method} ${route!.template.shape}`
      const other = taken.get(key)
      if (other === undefined) taken.set(key, place)
      else {
        const message = {
          zh: `${method} 与 ${other} 的路由匹配相同的路径`,
          en: `${method} matches the same paths as the route at ${other}`,
        }
        faults.push(known.document.fault(['routes', index, 'path'], 'POLICY_ROUTE_TWICE', message))
        break
      }
    }
  }
}
