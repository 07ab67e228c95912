/** From a policy's types and an audience to what that audience gets of each: the chains of forms, and the plans. */
import type { Cell, Form, Level } from '../contracts.ts'
import { formOrder, rankOf, stricter } from '../forms.ts'
import type { DetectorRule, FormRule, Plan, Presentable, TypeRule } from './plan.ts'
import type { Audience, Policy, RoutePolicy, SystemPolicy, UncastType } from './policy.ts'

/** What an audience gets of a type: the form of its level, or a stricter one that holds for everyone. */
export function formFor(
  type: UncastType,
  audience: Audience,
  revealed: ReadonlySet<Level>,
  always: ReadonlyMap<Cell, Form>,
): Form {
  if (type.kind === 'free_text') return 'redact'
  if (type.kind === 'not_personal') return 'clear'
  // An audience without a form for a level does not compile; were there one, nothing would be shown of it.
  const form = revealed.has(type.level) ? 'clear' : (audience.forms.get(type.level) ?? 'remove')
  return [type.always, always.get(type.cell) ?? null].reduce<Form>(
    (so, least) => (least ? stricter(so, least) : so),
    form,
  )
}

/**
 * One step stricter, up to what shows nothing. What an audience sees clear of the lower levels without presenting anything
 * is no secret from it, and stays.
 */
function harder(form: Form, level: Level): Form {
  const stays = rankOf[form] >= rankOf.redact || (form === 'clear' && level < 3)
  return stays ? form : formOrder[rankOf[form] + 1]!
}

/** The form and, where it hides too little of a value or the type has no such form, what follows. */
export function chainFrom(type: UncastType, first: Form): readonly FormRule[] {
  if (type.kind === 'not_personal') return Object.freeze([Object.freeze({ form: 'clear', mask: null })])
  const chain: FormRule[] = []
  for (const form of formOrder.slice(rankOf[first])) {
    const mask = type.masks.get(form) ?? null
    const plain = form === 'redact' || form === 'remove' || (form === 'clear' && first === 'clear')
    if (plain || mask !== null) chain.push(Object.freeze({ form, mask }))
  }
  return Object.freeze(chain)
}

export type PlanParts = {
  readonly digest: string
  readonly audiences: ReadonlyMap<string, Audience>
  readonly always: ReadonlyMap<Cell, Form>
  readonly types: readonly UncastType[]
  readonly detectors: readonly DetectorRule[]
}

/** What an audience sees: the levels it has shown clear, and whether all is a step stricter. */
type Seen = { readonly audience: Audience; readonly levels: ReadonlySet<Level>; readonly isHarder?: true }

/** Makes plans, each once. All plans of an audience and its revealed levels share one array of types. */
export function planner(parts: PlanParts): Pick<Policy, 'plan' | 'harderPlan' | 'revealed' | 'grantedPlan'> {
  const rules = new Map<string, readonly TypeRule[]>()
  const plans = new WeakMap<RoutePolicy, Map<string, Plan>>()

  /** By audience: what it sees clear without presenting anything, as most requests do. */
  const unasked = new Map<string, ReadonlySet<Level>>()

  const revealed = (name: string, presented: ReadonlySet<Presentable>): ReadonlySet<Level> => {
    if (presented.size > 0) return revealedBy(name, presented)
    const known = unasked.get(name)
    if (known !== undefined) return known
    const levels = revealedBy(name, presented)
    if (parts.audiences.has(name)) unasked.set(name, levels)
    return levels
  }

  const revealedBy = (name: string, presented: ReadonlySet<Presentable>): ReadonlySet<Level> => {
    const demands = parts.audiences.get(name)?.clearWith ?? new Map<Level, ReadonlySet<Presentable>>()
    return new Set(
      [...demands].filter(([, demanded]) => [...demanded].every(one => presented.has(one))).map(([level]) => level),
    )
  }

  /** `raise`: by how many levels all types count as higher than they are; their cells stay. */
  const rulesFor = (key: string, { audience, levels, isHarder }: Seen, raise = 0): readonly TypeRule[] => {
    const known = rules.get(`${key}|${raise}`)
    if (known !== undefined) return known
    const made = parts.types.map(type => {
      const { name, title, cell, kind, identifies, detector, tellsAge } = type
      const level = Math.min(4, type.level + raise) as Level
      const first = formFor({ ...type, level }, audience, levels, parts.always)
      const forms = chainFrom(type, isHarder && kind === 'typed' ? harder(first, level) : first)
      const told = tellsAge === undefined ? {} : { tellsAge }
      return Object.freeze({ name, title, cell, level, kind, identifies, forms, detector, ...told })
    })
    rules.set(`${key}|${raise}`, Object.freeze(made))
    return made
  }

  const planOf = (
    system: SystemPolicy,
    route: RoutePolicy,
    audience: string,
    { types, raised, own }: Pick<Plan, 'types' | 'raised' | 'own'>,
    most: Pick<Plan, 'bulkRows' | 'bulkPeople'> = route,
  ): Plan =>
    Object.freeze({
      system: system.name,
      route: route.template.text,
      audience,
      digest: parts.digest,
      bindings: route.bindings,
      types,
      detectors: parts.detectors,
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

  const audienceFor = (system: SystemPolicy, route: RoutePolicy, name: string): Audience => {
    const audience = parts.audiences.get(name)
    const known = system.routes.includes(route) || system.assets.includes(route)
    if (audience === undefined || !known) throw new RangeError('not of this policy')
    return audience
  }

  const memoised = (system: SystemPolicy, route: RoutePolicy, key: string, seen: Seen): Plan => {
    const { audience, isHarder } = seen
    const ofRoute = plans.get(route) ?? new Map<string, Plan>()
    plans.set(route, ofRoute)
    const made = ofRoute.get(key)
    if (made !== undefined) return made
    const highest = Math.max(0, ...(route.rowRules ?? []).map(({ raise }) => raise))
    const raised = [1, 2, 3].slice(0, highest).map(raise => rulesFor(key, seen, raise))
    const hasOwn = !isHarder && route.rowRules?.some(rule => rule.own !== null)
    const own = hasOwn ? rulesFor(`${audience.name}|own`, { audience, levels: allLevels }) : undefined
    const rules = { types: rulesFor(key, seen), raised: Object.freeze(raised), ...(own !== undefined && { own }) }
    const plan = planOf(system, route, audience.name, rules)
    ofRoute.set(key, plan)
    return plan
  }

  const plan: Policy['plan'] = (system, route, name, presented) => {
    const audience = audienceFor(system, route, name)
    const levels = revealed(name, presented)
    const key = levels.size === 0 ? name : `${name}|${[...levels].sort().join()}`
    return memoised(system, route, key, { audience, levels })
  }

  const harderPlan: Policy['harderPlan'] = (system, route, name) =>
    memoised(system, route, `${name}|harder`, {
      ...{ audience: audienceFor(system, route, name), levels: nothing, isHarder: true },
    })

  const grantedPlan: Policy['grantedPlan'] = (system, route, name, { sees, rows }, presented) => {
    const bare = plan(system, route, name, nothing)
    const demands = parts.audiences.get(name)!.clearWith
    const missing = new Set<Presentable | 'grant'>()
    const types = bare.types.map((rule, index) => {
      const seen = sees.find(one => one.type === rule.name && one.cell === rule.cell)
      if (seen === undefined) return rule
      const demanded = demands.get(rule.level)
      if (demanded === undefined || !demanded.has('grant')) missing.add('grant')
      for (const one of demanded ?? []) if (one !== 'grant' && !presented.has(one)) missing.add(one)
      const type = parts.types[index]!
      const least = [type.always, parts.always.get(type.cell) ?? null]
      const form = least.reduce<Form>((so, one) => (one === null ? so : stricter(so, one)), seen.form)
      return Object.freeze({ ...rule, forms: chainFrom(type, form) })
    })
    const known = sees.every(one => bare.types.some(rule => rule.name === one.type && rule.cell === one.cell))
    if (!known) missing.add('grant')
    if (missing.size > 0) return { missing: [...missing] }
    // Rows that rules raise stay as they are without the grant: whoever approved it was not asked about them.
    const granted = { ...bare, types: Object.freeze(types) }
    return { plan: planOf(system, route, name, granted, { bulkRows: rows, bulkPeople: null }) }
  }

  return { plan, harderPlan, revealed, grantedPlan }
}

const nothing: ReadonlySet<never> = new Set()
const allLevels: ReadonlySet<Level> = new Set([4, 3, 2, 1])
