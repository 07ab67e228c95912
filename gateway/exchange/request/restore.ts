/**
 * Tokens in a request's target become the values they stand for, before a system sees it: only the caller's own, and only
 * in a parameter that has the type they are of. What the caller sees of the exchange keeps its tokens.
 */
import { Refusal } from '../../errors.ts'
import { concealEchoes, echoesOf } from '../../masking/echo.ts'
import { isMaskedValue } from '../../masking/masked-values.ts'
import { holdsToken, restoreToken, type TokenScope } from '../../masking/tokens.ts'
import type { WriteBackFindings } from '../../masking/write-back.ts'
import { parameterTypes } from '../../policy/parameters.ts'
import type { Plan, TypeRule } from '../../policy/plan.ts'
import type { RoutePolicy, SystemPolicy } from '../../policy/policy.ts'
import { boxesField, namesToken, type PageStates } from '../page-states.ts'
import { writing } from './body.ts'
import { checkParameters } from './check-parameters.ts'
import { checkSegment, isMasked, mayShowText } from './parameters.ts'
import { type Searched, searchedBy } from './searched.ts'
import { type Parameter, renderSegment, segmentsOf, type Target, textsOf } from './target.ts'

/** What is sent on in place of what was asked for. */
export type WrittenTarget = Target & {
  /** Each token that was restored and whose value the caller may not see, by that value. */
  readonly tokens: ReadonlyMap<string, string>
  /** What was asked by, in path and query. */
  readonly searched: readonly Searched[]
}

/** Whose the tokens and the states of pages in a target must be. */
export type TargetScope = TokenScope & { readonly states: PageStates }

export type Route = { readonly system: SystemPolicy; readonly route: RoutePolicy; readonly plan: Plan }

/**
 * Decides on all parameters of a target (under its system): tokens are restored, masked values refused where the method
 * writes, states of pages opened, and the caller must be allowed to ask by the others. Throws TOKEN_FORGED, TOKEN_MISPLACED,
 * PAGE_STATE_UNUSABLE, MASKED_VALUE, PARAMETER_UNDECLARED, PARAMETER_MASKED, TARGET_MALFORMED.
 */
export function writeTarget(method: string, given: Target, to: Route, scope: TargetScope): WrittenTarget {
  const asked = withoutBoxes(given)
  const { system, route, plan } = to
  if (writing.has(method)) refuseMasked(asked, route, plan)
  const { target, allowed, byToken, tokens } = restoreTarget(asked, route, plan, scope)
  // what a token stands for is data: it must not lead to another route than the one that was decided on
  if (target.path !== asked.path) {
    const again = system.match(method, target.path)
    if (!('route' in again) || again.route !== route) throw new Refusal('TARGET_MALFORMED')
  }
  const parameters = target.parameters.map(one => opened(one, scope.states))
  // what a system has said of its own page asks for nothing that the page does not
  const others = asked.parameters.filter((_, at) => !allowed.has(at) && parameters[at] === target.parameters[at])
  checkPath(asked.path, target.path, plan)
  const searched = searchedInPath(target.path, route, plan)
  if (others.length > 0) searched.push(...checkParameters(others, route, plan))
  if (byToken.length > 0) searched.push(...byToken)
  return { path: target.path, parameters, tokens, searched }
}

/** Programs of a page may ask by all fields of its form: what it says of boxes is the gateway's own. */
function withoutBoxes(target: Target): Target {
  const parameters = target.parameters.filter(({ name }) => name !== boxesField)
  return parameters.length === target.parameters.length ? target : { ...target, parameters }
}

function opened(parameter: Parameter, states: PageStates): Parameter {
  const { name, value } = parameter
  if (value === null) return parameter
  const state = states.open(name, value)
  return state === value ? parameter : { name, value: state }
}

/** A parameter of a redirect that brings the token of a page, sealed as pages have it; null: it is none, or may be shown. */
export function sealedParameter({ name, value }: Parameter, plan: Plan, states: PageStates): Parameter | null {
  if (value === null || value === '' || !namesToken(name) || !isMasked(plan, name) || !mayShowText(name, plan))
    return null
  const sealed = states.sealToken(name, value)
  return sealed === null ? null : { name, value: sealed }
}

/** Whether a path asks by a masked field, but where a token was restored. */
function checkPath(asked: string, written: string, plan: Plan): void {
  if (!/[=(%]/.test(asked)) return
  const before = segmentsOf(asked)
  for (const [at, segment] of segmentsOf(written).entries()) if (segment === before[at]) checkSegment(segment, plan)
}

/** What the route itself declares that its path is about. */
function searchedInPath(path: string, route: RoutePolicy, plan: Plan): Searched[] {
  if (route.params.size === 0) return []
  const named = segmentsOf(path).map((segment, at) => searchedBy(pathType(route, plan, at), segment))
  return named.filter(by => by !== null)
}

/** The same with what was restored in the body. */
export function alsoRestored(target: WrittenTarget, { restored, tokens }: WriteBackFindings): WrittenTarget {
  const searched = [...restored].map(type => searchedBy(type, null)).filter(by => by !== null)
  return {
    ...target,
    tokens: new Map([...target.tokens, ...tokens]),
    searched: [...target.searched, ...searched],
  }
}

type Restored = {
  readonly target: Target
  /** Which parameters were restored, by where they stand: whoever has a token may ask by it. */
  readonly allowed: ReadonlySet<number>
  readonly byToken: readonly Searched[]
  readonly tokens: ReadonlyMap<string, string>
}

const nothingRestored = {
  allowed: new Set<number>(),
  byToken: [],
  tokens: new Map<string, string>(),
} satisfies Omit<Restored, 'target'>

function restoreTarget(target: Target, route: RoutePolicy, plan: Plan, scope: TokenScope): Restored {
  if (!textsOf(target).some(holdsToken)) {
    const { allowed, byToken, tokens } = nothingRestored
    return { target, allowed, byToken, tokens }
  }
  const [allowed, tokens] = [new Set<number>(), new Map<string, string>()]
  const byToken: Searched[] = []
  const restore = (text: string, type: TypeRule | null): string => {
    const value = restoreToken(text, type === null ? [] : [type], plan.types, scope)
    // who sees the type clear may have the value back
    if (type!.forms[0]!.form !== 'clear') tokens.set(value, text.trim())
    return value
  }
  const segments = segmentsOf(target.path).map((segment, at) =>
    renderSegment(holdsToken(segment) ? restore(segment, pathType(route, plan, at)) : segment),
  )
  const parameters = target.parameters.map((parameter, at) => {
    const { name, value } = parameter
    if (holdsToken(name)) throw new Refusal('TOKEN_MISPLACED')
    if (value === null || !holdsToken(value)) return parameter
    const restored = restore(value, queryType(route, plan, name))
    allowed.add(at)
    const by = searchedBy(queryType(route, plan, name), restored)
    if (by !== null) byToken.push(by)
    return { name, value: restored }
  })
  return { target: { path: `/${segments.join('/')}`, parameters }, allowed, byToken, tokens }
}

/** Throws MASKED_VALUE where a typed parameter has a masked value. A token is restored instead, or refused. */
function refuseMasked(target: Target, route: RoutePolicy, plan: Plan): void {
  const fields = new Set<string>()
  for (const [at, segment] of segmentsOf(target.path).entries()) {
    const type = pathType(route, plan, at)
    if (type !== null && !holdsToken(segment) && isMaskedValue(type, segment, 'string'))
      fields.add(parameterAt(route, at)!)
  }
  for (const { name, value } of target.parameters) {
    const type = value === null || holdsToken(value) ? null : queryType(route, plan, name)
    // a name that the policy does not spell out is the caller's own words
    if (type !== null && isMaskedValue(type, value!, 'string')) fields.add(route.query?.has(name) ? name : type.name)
  }
  if (fields.size > 0) throw new Refusal('MASKED_VALUE', { fields: [...fields] })
}

/** The target with values put back into the tokens they came from; null where one is left in it in part. */
export function concealTarget(target: Target, tokens: ReadonlyMap<string, string>): Target | null {
  if (tokens.size === 0) return target
  const segments = segmentsOf(target.path).map(segment => renderSegment(tokens.get(segment) ?? segment))
  const parameters: Parameter[] = target.parameters.map(({ name, value }) => ({
    name,
    value: value === null ? null : (tokens.get(value) ?? value),
  }))
  const concealed = { path: `/${segments.join('/')}`, parameters }
  const echoes = echoesOf(tokens)
  return textsOf(concealed).every(text => concealEchoes(text, echoes) === text) ? concealed : null
}

function pathType(route: RoutePolicy, plan: Plan, at: number): TypeRule | null {
  const name = parameterAt(route, at)
  const declared = name === null ? undefined : route.params.get(name)
  return typeof declared === 'number' ? plan.types[declared]! : null
}

function parameterAt(route: RoutePolicy, at: number): string | null {
  const segment = route.template.segments[at]
  return segment !== undefined && 'parameter' in segment ? segment.parameter : null
}

/** The type of a parameter by its declaration, else by its whole name: `tel`, not `tel__gt` or `sort[tel]`. */
function queryType(route: RoutePolicy, plan: Plan, name: string): TypeRule | null {
  const declared = route.query?.get(name)
  if (typeof declared === 'number') return plan.types[declared]!
  if (declared === 'any' || route.query !== null) return null
  return /[.[\]/:,\s]/.test(name) ? null : parameterTypes(plan, name)
}
