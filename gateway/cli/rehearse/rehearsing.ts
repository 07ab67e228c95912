/** Asks a gateway for one path after another, and keeps of each answer what may be told: route, code, names of fields. */
import { request } from 'node:http'
import type { ProblemCode } from '../../errors.ts'
import { parseTarget } from '../../exchange/request/target.ts'
import { normalizeName } from '../../policy/names.ts'
import { parameterTypes } from '../../policy/parameters.ts'
import type { Policy, RoutePolicy, SystemPolicy } from '../../policy/policy.ts'
import { type UnmetField, unmetFields } from '../policies/unmet-fields.ts'
import type { FieldWatch, MetPath, SeenField } from './fields.ts'
import type { SeenThings } from './things.ts'

export type Rehearsed = {
  readonly target: string
  /** Which request of the file it was, from 1. */
  readonly nth: number
  /** The route's template; null: no route takes the path. */
  readonly route: string | null
  readonly status: number
  /** null: the answer was released. */
  readonly code: ProblemCode | null
  /** Fields that nothing names. */
  readonly unlisted: readonly SeenField[]
  /** Fields that the catalogue alone takes for people's names. */
  readonly named: readonly SeenThings[]
}

/** Everything that was asked, and fields that the policy names of which none was met. */
export type Rehearsal = { readonly done: readonly Rehearsed[]; readonly unmet: readonly UnmetField[] }

export type RehearsalParts = {
  readonly port: number
  readonly policy: Policy
  readonly system: SystemPolicy
  readonly audience: string
  readonly watch: FieldWatch
}

/** Rejects where the gateway itself cannot be reached. */
export async function rehearse(
  targets: Iterable<readonly [target: string, nth: number]>,
  parts: RehearsalParts,
): Promise<Rehearsal> {
  const done: Rehearsed[] = []
  const paths = new Map<RoutePolicy, MetPath[]>()
  const { policy, system, audience, watch } = parts
  const [anyRoute] = system.routes
  if (anyRoute !== undefined) watch.judgeBy(policy.plan(system, anyRoute, audience, new Set()))
  for (const [target, nth] of targets) {
    const { status, code } = await ask(parts.port, target)
    const seen = watch.take()
    const met = watch.takeMet()
    const route = routeOf(target, parts)
    if (route !== null && met.length > 0) paths.set(route, [...(paths.get(route) ?? []), ...met])
    const unlisted = route === null ? [] : seen.filter(({ name }) => !isNamed(name, route, parts))
    const things = watch.takeThings()
    const named = route === null ? [] : things.filter(({ name }) => !isWritten(name, route, parts))
    done.push({ target, nth, route: route?.template.text ?? null, status, code, unlisted, named })
  }
  const asked = new Set(done.flatMap(one => [...new URLSearchParams(one.target.split('?')[1] ?? '').keys()]))
  return { done, unmet: unmetFields(policy, system, { paths, asked }) }
}

function routeOf(target: string, { system }: RehearsalParts) {
  try {
    const match = system.match('GET', parseTarget(target, undefined).path)
    return 'route' in match ? match.route : null
  } catch {
    return null
  }
}

/** Whether a policy speaks of the name: also as not personal, or as free text. */
function isNamed(
  name: string,
  route: NonNullable<ReturnType<typeof routeOf>>,
  { policy, system, audience }: RehearsalParts,
): boolean {
  const plan = policy.plan(system, route, audience, new Set())
  return parameterTypes(plan, name) !== null || plan.bindings.some(binding => !binding.weak && endsIn(binding, name))
}

/** Whether the policy of the system itself says what a field of this name is, here or anywhere. */
function isWritten(name: string, route: RoutePolicy, { policy, system, audience }: RehearsalParts): boolean {
  const { bindings } = policy.plan(system, route, audience, new Set())
  return bindings.some(binding => binding.step < 2 && endsIn(binding, name))
}

function endsIn({ path }: { readonly path: { readonly steps: readonly object[] } }, name: string): boolean {
  const last = path.steps.at(-1)
  return last !== undefined && 'name' in last && last.name === normalizeName(name)
}

/** The body of a released answer is passed over: what is in it is of no interest here. */
function ask(port: number, path: string): Promise<{ status: number; code: ProblemCode | null }> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path, agent: false }, response => {
      const isProblem = response.headers['content-type']?.startsWith('application/problem+json') === true
      let text = ''
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (isProblem && size < 65_536) text += chunk.toString('utf8')
      })
      const status = response.statusCode!
      response.on('end', () => resolve({ status, code: isProblem ? codeIn(text) : null }))
      response.on('error', () => resolve({ status, code: 'UPSTREAM_BROKEN' }))
    })
    asking.on('error', reject).end()
  })
}

/** A problem of the system's own, which it may send too, has no code of ours. */
function codeIn(text: string): ProblemCode | null {
  try {
    const { type, code } = JSON.parse(text) as { type?: unknown; code?: unknown }
    return type === `urn:veilgate:problem:${code}` ? (code as ProblemCode) : null
  } catch {
    return null
  }
}
