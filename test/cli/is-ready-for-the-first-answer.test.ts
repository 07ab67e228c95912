import assert from 'node:assert/strict'
import { test } from 'node:test'
import { warmUp } from '../../gateway/cli/warm-up.ts'
import { createMasking, type Masking } from '../../gateway/masking/engine.ts'
import { shippedPolicy } from '../../gateway/policy/load.ts'
import type { Plan } from '../../gateway/policy/plan.ts'
import { plugins } from '../../plugins/index.ts'

const keys = { secret: (purpose: string) => Buffer.alloc(32, purpose) }

function spied(): { masking: Masking; plans: Plan[] } {
  const masking = createMasking(plugins)
  const plans: Plan[] = []
  const start: Masking['start'] = (plan, ...rest) => {
    plans.push(plan)
    return masking.start(plan, ...rest)
  }
  return { masking: { ...masking, start }, plans }
}

test('a body is masked under a plan of the policy before any has come', () => {
  const policy = shippedPolicy(['a', 'b'], { plugins, keys })
  const { masking, plans } = spied()
  warmUp(masking, policy)
  assert.equal(plans.length, 1)
  assert.equal(plans[0]!.detectors, policy.detectors)
})

test('a policy without systems has nothing to be ready for', () => {
  const { masking, plans } = spied()
  warmUp(masking, shippedPolicy([], { plugins, keys }))
  assert.deepEqual(plans, [])
})
