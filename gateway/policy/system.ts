import type { Bilingual, Cell } from '../contracts.ts'
import { type FieldValue, type Known, readFields, readParameters } from './fields.ts'
import { checkHandsOut, readHandsOut } from './hands-out.ts'
import type { AssetKind, Binding, RowRule, Unlisted } from './plan.ts'
import type { RouteMatch, RoutePolicy, SystemPolicy } from './policy.ts'
import { checkGraphql, readQuery } from './query.ts'
import { parametersOf, RouteTable, readTemplate } from './routes.ts'
import { type RowRuleEntry, readRowRules } from './row-rules.ts'
import { readTests, type TestEntry } from './test-cases.ts'

/** One entry under `routes`, as the schema has it. */
type RouteEntry = {
  readonly path: string
  readonly methods?: readonly string[]
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly fields?: Readonly<Record<string, FieldValue>>
  readonly when?: readonly RowRuleEntry[]
  readonly unlisted?: 'scan' | 'remove' | 'hold' | { readonly keep: string }
  readonly review?: 'three' | 'none'
  readonly columns?: readonly string[]
  readonly bulk?: { readonly rows?: number; readonly people?: number }
  readonly body?: 'query' | 'data' | 'graphql'
  readonly jsonp?: 'allow'
  readonly hands_out?: readonly string[]
  readonly from?: string
  readonly until?: string
  readonly masked_values?: 'refuse' | 'drop'
  readonly errors?: 'mask' | 'replace'
  readonly charset?: string
  readonly opaque?: { readonly allow: Cell; readonly reason: string }
}

export type SystemEntry = {
  readonly system: string
  readonly title?: string | Bilingual
  readonly fields?: Readonly<Record<string, FieldValue>>
  readonly when?: readonly RowRuleEntry[]
  readonly routes: readonly RouteEntry[]
  readonly unlisted?: RouteEntry['unlisted']
  readonly review?: RouteEntry['review']
  readonly charset?: string
  readonly assets?: { readonly paths: readonly string[]; readonly kinds?: readonly AssetKind[] }
  readonly legacy_paths?: boolean
  readonly tests?: readonly TestEntry[]
}

/** What all routes of a system have. */
type Shared = { readonly bindings: readonly Binding[]; readonly rowRules: readonly RowRule[] }

/** Compiles one system file. The document must have the schema's shape; `audiences` is null where they could not be read. */
export function compileSystem(
  known: Known,
  catalogue: readonly Binding[],
  audiences: ReadonlySet<string> | null,
): SystemPolicy {
  const entry = known.document.value as SystemEntry
  const ofSystem = readFields(known, ['fields'], entry.fields ?? {}, 1)
  const inRows = readRowRules(known, ['when'], entry.when ?? [], 1, 0)
  const shared: Shared = {
    bindings: Object.freeze([...inRows.bindings, ...ofSystem, ...catalogue]),
    rowRules: Object.freeze(inRows.rules),
  }
  const routes: RoutePolicy[] = []
  for (const [index, route] of entry.routes.entries()) {
    const { charset, unlisted, review } = entry
    const compiled = compileRoute(known, index, { charset, unlisted, review, ...route }, shared)
    if (compiled !== null) routes.push(compiled)
  }
  const tests = readTests(known.document, entry.tests ?? [], audiences, known.faults)
  const title = typeof entry.title === 'string' ? { zh: entry.title, en: entry.title } : (entry.title ?? null)
  const assets = compileAssets(known, entry, shared)
  const legacyPaths = entry.legacy_paths ?? false
  return systemOf({ name: entry.system, title, file: known.document.file, routes, assets, legacyPaths, tests })
}

/** A system from its parts: adds the matching. */
export function systemOf(parts: Omit<SystemPolicy, 'match' | 'handsOut'>): SystemPolicy {
  const [routes, assets] = [parts.routes, parts.assets].map(list => {
    const table = new RouteTable<RoutePolicy>()
    for (const route of list) table.add(route)
    return table
  }) as [RouteTable<RoutePolicy>, RouteTable<RoutePolicy>]
  const match = (method: string, path: string): RouteMatch => {
    const found = routes.find(path, assets)
    if (found.length === 0) return { refused: 'ROUTE_UNKNOWN' }
    const route = found.find(one => one.methods.includes(method))
    if (route === undefined)
      return { refused: 'METHOD_NOT_ALLOWED', allow: [...new Set(found.flatMap(one => one.methods))].sort() }
    return { route, params: parametersOf(route.template, path) }
  }
  const frozen = { routes: Object.freeze([...parts.routes]), assets: Object.freeze([...parts.assets]) }
  const handsOut = parts.routes.some(route => route.handsOut !== undefined)
  return Object.freeze({ ...parts, ...frozen, handsOut, match })
}

function compileRoute(known: Known, index: number, entry: RouteEntry, shared: Shared): RoutePolicy | null {
  const { document, faults } = known
  const at = ['routes', index]
  const fields = readFields(known, [...at, 'fields'], entry.fields ?? {}, 0)
  const inRows = readRowRules(known, [...at, 'when'], entry.when ?? [], 0, shared.rowRules.length)
  const handedOut = readHandsOut(known, [...at, 'hands_out'], entry.hands_out ?? [], fields)
  const own = [...handedOut, ...inRows.bindings, ...fields]
  const rowRules = inRows.rules.length === 0 ? shared.rowRules : Object.freeze([...shared.rowRules, ...inRows.rules])
  const params = readParameters(known, [...at, 'params'], entry.params ?? {}, ['any'])
  const query = entry.query === undefined ? null : readQuery(known, at, entry.query, rowRules)
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
  if (entry.hands_out !== undefined) checkHandsOut(known, at, { template, query, body: entry.body })
  if (entry.body === 'graphql') checkGraphql(known, at, template, rowRules)
  const methods = new Set(entry.methods ?? ['GET'])
  if (methods.has('GET')) methods.add('HEAD')
  const unlisted: Unlisted = typeof entry.unlisted === 'object' ? 'keep' : (entry.unlisted ?? 'scan')
  return Object.freeze({
    template,
    methods: Object.freeze([...methods]),
    params,
    query,
    bindings: own.length === 0 ? shared.bindings : Object.freeze([...own, ...shared.bindings]),
    ...(rowRules.length > 0 && { rowRules }),
    unlisted,
    ...(entry.review === 'three' && { review: entry.review }),
    ...(entry.columns === undefined ? {} : { columns: Object.freeze([...entry.columns]) }),
    bulkRows: entry.bulk?.rows ?? null,
    bulkPeople: entry.bulk?.people ?? null,
    ...(entry.jsonp !== undefined && { jsonp: true as const }),
    ...(entry.hands_out !== undefined && { handsOut: Object.freeze([...entry.hands_out]) }),
    ...(entry.body !== undefined && { body: entry.body }),
    ...periodFrom(known, at, entry),
    ...(entry.masked_values !== undefined && { maskedValues: entry.masked_values }),
    errors: entry.errors ?? 'mask',
    charset: entry.charset ?? null,
    opaque: entry.opaque === undefined ? null : known.table.index.get(entry.opaque.allow)!,
    assets: null,
    source: `${document.file}:${document.line([...at, 'path'])}`,
  })
}

function periodFrom(
  { document, faults }: Known,
  at: readonly (string | number)[],
  entry: Pick<RouteEntry, 'from' | 'until'>,
): Pick<RoutePolicy, 'period'> {
  if (entry.from === undefined && entry.until === undefined) return {}
  const read = (key: 'from' | 'until') => {
    const text = entry[key]
    const time = text === undefined ? null : Date.parse(text)
    if (Number.isNaN(time))
      faults.push(document.fault([...at, key], 'POLICY_MOMENT', { zh: '没有这个时间', en: 'there is no such time' }))
    return time
  }
  const [from, until] = [read('from'), read('until')]
  if (from !== null && until !== null && until <= from)
    faults.push(
      document.fault([...at, 'until'], 'POLICY_MOMENT', {
        zh: '早于 from，永不生效',
        en: 'before `from`: it is never served',
      }),
    )
  return { period: Object.freeze({ from, until }) }
}

const everyKind: readonly AssetKind[] = ['styles', 'scripts', 'fonts', 'images']

/** Routes of a page's own files: what their plans say of values counts for what turns out to be no such file. */
function compileAssets(known: Known, { assets, charset }: SystemEntry, { bindings, rowRules }: Shared): RoutePolicy[] {
  const kinds = new Set(assets?.kinds ?? everyKind)
  return (assets?.paths ?? []).flatMap((path, index) => {
    const { document, faults } = known
    const at = ['assets', 'paths', index]
    const read = readTemplate(path)
    if ('wrong' in read) {
      faults.push(document.fault(at, 'POLICY_ROUTE', read.wrong))
      return []
    }
    return Object.freeze({
      template: read.template,
      methods: Object.freeze(['GET', 'HEAD']),
      params: new Map(),
      query: null,
      bindings,
      ...(rowRules.length > 0 && { rowRules }),
      unlisted: 'scan',
      bulkRows: null,
      bulkPeople: null,
      errors: 'mask',
      charset: charset ?? null,
      opaque: null,
      assets: kinds,
      source: `${document.file}:${document.line(at)}`,
    })
  })
}
