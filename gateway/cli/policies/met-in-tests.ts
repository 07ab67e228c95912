import { plugins } from '../../../plugins/index.ts'
import { createMasking } from '../../masking/engine.ts'
import type { Plan, TypeRule } from '../../policy/plan.ts'
import type { Policy, RoutePolicy, SystemPolicy } from '../../policy/policy.ts'
import { type MetPath, watchFields } from '../rehearse/fields.ts'
import { engine, maskedBy } from './policies.ts'
import type { Met } from './unmet-fields.ts'

/** Where the samples in a system's tests have names of fields. */
export function metInTests(policy: Policy, system: SystemPolicy): Met {
  const watch = watchFields(plugins)
  const mask = maskedBy(createMasking(watch.plugins))
  const [audience] = policy.audiences.keys()
  const paths = new Map<RoutePolicy, MetPath[]>()
  const asked = new Set<string>()
  for (const { target, method, given, mediaType } of system.tests) {
    for (const name of new URLSearchParams(target.split('?')[1] ?? '').keys()) asked.add(name)
    const read = engine.target(target)
    const match = 'refused' in read ? read : system.match(method, read.path)
    if (given === '' || 'refused' in match) continue
    mask(opened(policy.plan(system, match.route, audience!, new Set())), mediaType, Buffer.from(given))
    paths.set(match.route, [...(paths.get(match.route) ?? []), ...watch.takeMet()])
  }
  return { paths, asked }
}

/** Nothing is removed, as what is inside it would not be met. */
function opened(plan: Plan): Plan {
  const clear = (rule: TypeRule): TypeRule =>
    rule.kind === 'typed' ? { ...rule, forms: [{ form: 'clear', mask: null }] } : rule
  const types = plan.types.map(clear)
  const { own: _, ...rest } = plan
  return {
    ...rest,
    types,
    unlisted: 'scan',
    ...(plan.raised !== undefined && { raised: plan.raised.map(() => types) }),
  }
}
