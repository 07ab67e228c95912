/** From a policy's types and an audience to what that audience gets of each route: its plans, each made once. */
import type { Cell, Form, Level } from '../contracts.ts'
import { chainFrom, forEveryone, formFor, harder } from './chains.ts'
import type { DetectorRule, Plan, Presentable, TypeRule } from './plan.ts'
import type { Audience, Policy, RoutePolicy, Sight, SystemPolicy, UncastType } from './policy.ts'

export type PlanParts = {
  readonly digest: string
  readonly audiences: ReadonlyMap<string, Audience>
  readonly always: ReadonlyMap<Cell, Form>
  readonly types: readonly UncastType[]
  readonly detectors: readonly DetectorRule[]
}

/** What an audience sees: the levels it has shown clear, and whether all is a step stricter. */
type Seen = { readonly audience: Audience; readonly levels: ReadonlySet<Level>; readonly isHarder?: true }

/** The part of a policy that makes plans. */
type Planning = Pick<Policy, 'plan' | 'harderPlan' | 'revealed' | 'grantedPlan'>

export function planner(parts: PlanParts): Planning {
  const plans = new Plans(parts)
  return {
    plan: plans.plan.bind(plans),
    harderPlan: plans.harderPlan.bind(plans),
    revealed: plans.revealed.bind(plans),
    grantedPlan: plans.grantedPlan.bind(plans),
  }
}

class Plans implements Planning {
  readonly #parts: PlanParts
  /** By audience and what it sees: all plans that see the same share one array of types. */
  readonly #rules = new Map<string, readonly TypeRule[]>()
  /** By audience and what it sees, for each route. */
  readonly #plans = new WeakMap<RoutePolicy, Map<string, Plan>>()
  /** By audience: what it sees clear without presenting anything, as most requests do. */
  readonly #unasked = new Map<string, ReadonlySet<Level>>()

  constructor(parts: PlanParts) {
    this.#parts = parts
  }

  revealed(name: string, presented: ReadonlySet<Presentable>): ReadonlySet<Level> {
    if (presented.size > 0) return this.#revealedBy(name, presented)
    const known = this.#unasked.get(name)
    if (known !== undefined) return known
    const levels = this.#revealedBy(name, presented)
    if (this.#parts.audiences.has(name)) this.#unasked.set(name, levels)
    return levels
  }

  #revealedBy(name: string, presented: ReadonlySet<Presentable>): ReadonlySet<Level> {
    const demands = this.#parts.audiences.get(name)?.clearWith ?? new Map<Level, ReadonlySet<Presentable>>()
    return new Set(
      [...demands].filter(([, demanded]) => [...demanded].every(one => presented.has(one))).map(([level]) => level),
    )
  }

  plan(system: SystemPolicy, route: RoutePolicy, name: string, presented: ReadonlySet<Presentable>): Plan {
    const audience = this.#audienceFor(system, route, name)
    const levels = this.revealed(name, presented)
    const key = levels.size === 0 ? name : `${name}|${[...levels].sort().join()}`
    return this.#memoised(system, route, key, { audience, levels })
  }

  harderPlan(system: SystemPolicy, route: RoutePolicy, name: string): Plan {
    const audience = this.#audienceFor(system, route, name)
    return this.#memoised(system, route, `${name}|harder`, { audience, levels: nothing, isHarder: true })
  }

  grantedPlan(
    system: SystemPolicy,
    route: RoutePolicy,
    name: string,
    { sees, rows }: Parameters<Policy['grantedPlan']>[3],
    presented: ReadonlySet<Presentable>,
  ): ReturnType<Policy['grantedPlan']> {
    const bare = this.plan(system, route, name, nothing)
    const missing = this.#missing(name, sees, bare.types, presented)
    if (missing.size > 0) return { missing: [...missing] }
    const types = bare.types.map((rule, index) => {
      const sight = sees.find(one => isOf(rule, one))
      if (sight === undefined) return rule
      const type = this.#parts.types[index]!
      return Object.freeze({ ...rule, forms: chainFrom(type, forEveryone(type, sight.form, this.#parts.always)) })
    })
    // Rows that rules raise stay as they are without the grant: whoever approved it was not asked about them.
    const granted = { ...bare, types: Object.freeze(types) }
    return { plan: this.#planOf(system, route, name, granted, { bulkRows: rows, bulkPeople: null }) }
  }

  /** What would have to be presented beside a grant; `grant`: none lets this audience see all of that. */
  #missing(
    name: string,
    sees: readonly Sight[],
    types: readonly TypeRule[],
    presented: ReadonlySet<Presentable>,
  ): ReadonlySet<Presentable> {
    const demands = this.#parts.audiences.get(name)!.clearWith
    const missing = new Set<Presentable>()
    for (const rule of types.filter(one => sees.some(sight => isOf(one, sight)))) {
      const demanded = demands.get(rule.level)
      if (demanded === undefined || !demanded.has('grant')) missing.add('grant')
      for (const one of demanded ?? []) if (one !== 'grant' && !presented.has(one)) missing.add(one)
    }
    if (!sees.every(sight => types.some(rule => isOf(rule, sight)))) missing.add('grant')
    return missing
  }

  #audienceFor(system: SystemPolicy, route: RoutePolicy, name: string): Audience {
    const audience = this.#parts.audiences.get(name)
    const known = system.routes.includes(route) || system.assets.includes(route)
    if (audience === undefined || !known) throw new RangeError('not of this policy')
    return audience
  }

  #memoised(system: SystemPolicy, route: RoutePolicy, key: string, seen: Seen): Plan {
    const { audience, isHarder } = seen
    const ofRoute = this.#plans.get(route) ?? new Map<string, Plan>()
    this.#plans.set(route, ofRoute)
    const made = ofRoute.get(key)
    if (made !== undefined) return made
    const highest = Math.max(0, ...(route.rowRules ?? []).map(({ raise }) => raise))
    const raised = [1, 2, 3].slice(0, highest).map(raise => this.#rulesFor(key, seen, raise))
    const hasOwn = !isHarder && route.rowRules?.some(rule => rule.own !== null)
    const own = hasOwn ? this.#rulesFor(`${audience.name}|own`, { audience, levels: allLevels }) : undefined
    const types = this.#rulesFor(key, seen)
    const rules = { types, raised: Object.freeze(raised), ...(own !== undefined && { own }) }
    const plan = this.#planOf(system, route, audience.name, rules)
    ofRoute.set(key, plan)
    return plan
  }

  /** `raise`: by how many levels all types count as higher than they are; their cells stay. */
  #rulesFor(key: string, { audience, levels, isHarder }: Seen, raise = 0): readonly TypeRule[] {
    const known = this.#rules.get(`${key}|${raise}`)
    if (known !== undefined) return known
    const made = this.#parts.types.map(type => {
      const { name, title, cell, kind, identifies, detector, tellsAge } = type
      const level = Math.min(4, type.level + raise) as Level
      const first = formFor({ ...type, level }, audience, levels, this.#parts.always)
      const forms = chainFrom(type, isHarder && kind === 'typed' ? harder(first, level) : first)
      const told = tellsAge === undefined ? {} : { tellsAge }
      return Object.freeze({ name, title, cell, level, kind, identifies, forms, detector, ...told })
    })
    this.#rules.set(`${key}|${raise}`, Object.freeze(made))
    return made
  }

  #planOf(
    system: SystemPolicy,
    route: RoutePolicy,
    audience: string,
    { types, raised, own }: Pick<Plan, 'types' | 'raised' | 'own'>,
    most: Pick<Plan, 'bulkRows' | 'bulkPeople'> = route,
  ): Plan {
    return Object.freeze({
      system: system.name,
      route: route.template.text,
      audience,
      digest: this.#parts.digest,
      bindings: route.bindings,
      types,
      detectors: this.#parts.detectors,
      ...(route.rowRules !== undefined && { rowRules: route.rowRules, raised: raised ?? [] }),
      ...(own !== undefined && { own }),
      unlisted: route.unlisted,
      ...(route.review !== undefined && { review: route.review }),
      ...(route.columns === undefined ? {} : { columns: route.columns }),
      bulkRows: most.bulkRows,
      bulkPeople: most.bulkPeople,
      errors: route.errors,
      ...(route.jsonp === true && { jsonp: true as const }),
      charset: route.charset,
      opaque: route.opaque,
      assets: route.assets,
    })
  }
}

function isOf(rule: TypeRule, { type, cell }: Sight): boolean {
  return rule.name === type && rule.cell === cell
}

const nothing: ReadonlySet<never> = new Set()
const allLevels: ReadonlySet<Level> = new Set([4, 3, 2, 1])
