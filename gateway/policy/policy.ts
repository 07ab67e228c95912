import type { Bilingual, Cell, Detector, Form, Level, Mask } from '../contracts.ts'
import type { ProblemCode } from '../errors.ts'
import type {
  AgeWord,
  AssetKind,
  Binding,
  DetectorRule,
  Plan,
  Presentable,
  RowRule,
  TypeRule,
  Unlisted,
} from './plan.ts'
import type { Template } from './routes.ts'

/** All policy files, checked and compiled. Immutable; a changed file makes a new one. */
export type Policy = {
  /** `sha256:…` over the exact bytes of every file it came from. */
  readonly digest: string
  /** The files it came from, as they are named in faults. */
  readonly files: readonly string[]
  readonly audiences: ReadonlyMap<string, Audience>
  /** At least this form of a cell, for every audience. */
  readonly always: ReadonlyMap<Cell, Form>
  readonly systems: ReadonlyMap<string, SystemPolicy>
  /** By name. */
  readonly catalogue: ReadonlyMap<string, DataType>
  /**
   * Frozen, and the same object for the same route, audience and levels that are shown clear. Throws RangeError on an
   * audience or route that is not of this policy: the caller has then made a mistake, and nothing may leave.
   */
  plan(system: SystemPolicy, route: RoutePolicy, audience: string, presented: ReadonlySet<Presentable>): Plan
  /** As if nothing was presented, and every form one step stricter: for callers that an alert is about. Memoised, and throws, as `plan`. */
  harderPlan(system: SystemPolicy, route: RoutePolicy, audience: string): Plan
  /**
   * The plan of a request with a grant: the types of the grant in its forms, where all else that their levels ask for is
   * presented; every other type as for a request that presents nothing. `missing`: what else would have to be presented;
   * `grant`, where no grant lets this audience see a type of the grant. Throws as `plan` does. Not memoised: a grant is used once.
   */
  grantedPlan(
    system: SystemPolicy,
    route: RoutePolicy,
    audience: string,
    grant: { readonly sees: readonly Sight[]; readonly rows: number },
    presented: ReadonlySet<Presentable>,
  ): { readonly plan: Plan } | { readonly missing: readonly Presentable[] }
  /** The levels that `presented` lets this audience see clear; empty for an audience that is not of this policy. */
  revealed(audience: string, presented: ReadonlySet<Presentable>): ReadonlySet<Level>
  /** Detectors with the types of what they find, strongest first; the same array that every plan has. */
  readonly detectors: readonly DetectorRule[]
}

/** What a grant shows: a data type where it has this cell, in this form. */
export type Sight = { readonly type: string; readonly cell: Cell; readonly form: Form }

/** A group that sees the same. */
export type Audience = {
  readonly name: string
  readonly title: Bilingual | null
  readonly forms: ReadonlyMap<Level, Form>
  /** What must be presented to see a level clear; a level that is not here is never raised. */
  readonly clearWith: ReadonlyMap<Level, ReadonlySet<Presentable>>
}

/** A data type, before any audience. */
export type DataType = {
  readonly name: string
  readonly title: Bilingual
  readonly cell: Cell
  readonly level: Level
  /** As written. */
  readonly names: readonly SourcedName[]
  readonly weakNames: readonly SourcedName[]
  /** `id` is the same for the same plugin with the same options. */
  readonly detector: { readonly name: string; readonly id: string; readonly detector: Detector } | null
  readonly identifies: number | null
  /** How it tells the age of the person; left out: it does not. */
  readonly tellsAge?: AgeWord
  /** At least this, for everyone. */
  readonly always: Form | null
  readonly masks: ReadonlyMap<Form, Mask>
  /** The same masks as they are written: name and options, in JSON. */
  readonly masksWritten: ReadonlyMap<Form, string>
  /** The file that defines it, or changes it last. */
  readonly file: string
}

/** A name and the `file:line` that gives it. */
export type SourcedName = { readonly name: string; readonly source: string }

/** One system's routes. */
export type SystemPolicy = {
  readonly name: string
  readonly title: Bilingual | null
  /** Its file; null for one that is served under the shipped rules. */
  readonly file: string | null
  readonly routes: readonly RoutePolicy[]
  /** Where a page's own files are; asked where no route takes the path. */
  readonly assets: readonly RoutePolicy[]
  /** Whether a session id may stand at the end of a path: `/a.do;jsessionid=…`. */
  readonly legacyPaths: boolean
  /** Whether any route hands out tokens, which then come back. */
  readonly handsOut: boolean
  readonly tests: readonly TestCase[]
  /** `path` in the one normal form, without the system's prefix and without a query. */
  match(method: string, path: string): RouteMatch
}

export type RouteMatch =
  | { readonly route: RoutePolicy; readonly params: ReadonlyMap<string, string> }
  | { readonly refused: 'ROUTE_UNKNOWN' }
  | { readonly refused: 'METHOD_NOT_ALLOWED'; readonly allow: readonly string[] }

/**
 * The type of a parameter: its index in `Plan.types`, or `any` for one that is no field. `names`: it says which fields come, by their
 * names in the answer; `nested_names`: likewise, and what stands inside which.
 */
export type ParameterType = number | 'any' | 'names' | 'nested_names'

export type RoutePolicy = {
  readonly template: Template
  readonly methods: readonly string[]
  readonly params: ReadonlyMap<string, ParameterType>
  /** null: any parameter is passed on that is not named like a masked field. Otherwise these names only, as written. */
  readonly query: ReadonlyMap<string, ParameterType> | null
  /** One array for the route, so that the automaton built from it is shared by its plans. */
  readonly bindings: readonly Binding[]
  /** Left out: none. */
  readonly rowRules?: readonly RowRule[]
  readonly unlisted: Unlisted
  /** Whether every answer waits until three people have reviewed it. */
  readonly review?: 'three'
  /** Of tables without a header. */
  readonly columns?: readonly string[]
  readonly bulkRows: number | null
  readonly bulkPeople: number | null
  /** What becomes of masked values that are sent back, in a form or merge patch; left out: the request is refused. */
  readonly maskedValues?: 'refuse' | 'drop'
  /** When it is served, in milliseconds since 1970: from the first, and not any more from the second; left out: always. */
  readonly period?: { readonly from: number | null; readonly until: number | null }
  /** Whether answers may be JSONP. */
  readonly jsonp?: true
  /** Fields in which the answer hands the caller its own tokens, from the root; left out: none. */
  readonly handsOut?: readonly string[]
  /** Whether bodies sent here ask, hold what is to be stored, or are documents of GraphQL; left out: that depends on the method. */
  readonly body?: 'query' | 'data' | 'graphql'
  readonly errors: 'mask' | 'replace'
  readonly charset: string | null
  /** The type that files no format reads pass as. */
  readonly opaque: number | null
  readonly assets: ReadonlySet<AssetKind> | null
  /** `file:line`. */
  readonly source: string
}

/** What types a policy knows, by the index that bindings use, before any audience. */
export type TypeTable = {
  readonly types: readonly UncastType[]
  readonly index: ReadonlyMap<string, number>
}

/** A type as every audience shares it. */
export type UncastType = Omit<TypeRule, 'forms'> & {
  readonly always: Form | null
  readonly masks: ReadonlyMap<Form, Mask>
}

/** One entry of `tests:`. */
export type TestCase = {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly method: string
  /** Path and, after a question mark, query, as written. */
  readonly target: string
  readonly mediaType: string
  readonly given: string
  /** The login of the operator; left out: nobody is. */
  readonly as?: string
  /** The day it is, for the ages of people: milliseconds since 1970; left out: today. */
  readonly on?: number
  readonly expectations: readonly Expectation[]
}

export type Expectation = {
  readonly audience: string
  readonly presented: ReadonlySet<Presentable>
  readonly line: number
} & ({ readonly sees: string } | { readonly refused: ProblemCode })
