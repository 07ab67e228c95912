/** The plan of the policy that comes with the package, for staff: what the gateway bench measures over sockets. */
import { shippedPolicy } from '../../gateway/policy/load.ts'
import type { Plan } from '../../gateway/policy/plan.ts'
import { plugins } from '../../plugins/index.ts'

export function shippedPlan(keys: { secret(purpose: string): Uint8Array }): Plan {
  const policy = shippedPolicy(['bench'], { plugins, keys })
  const system = policy.systems.get('bench')!
  const match = system.match('GET', '/')
  if (!('route' in match)) throw new Error('the shipped policy takes every path')
  return policy.plan(system, match.route, 'staff', new Set())
}
