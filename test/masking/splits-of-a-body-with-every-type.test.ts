import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { policy } from '../shipped/policies.ts'
import { bodiesOfEveryType, bodyOfEveryType } from '../support/every-type.ts'
import { maskBody } from '../support/mask-body.ts'

const body = Buffer.from(bodyOfEveryType(policy))
const parts = bodiesOfEveryType(policy).map(part => Buffer.from(part))
const system = policy.systems.get('student-affairs')!
const route = system.routes.find(({ template }) => template.text === '/api/students')!

for (const audience of policy.audiences.keys()) {
  const plan = policy.plan(system, route, audience, new Set(['operator', 'purpose', 'basis']))
  const whole = maskBody(plan, body)

  test(`a body with every data type is masked the same at each of its splits, for ${audience}`, () => {
    assert.ok(body.length > 2000 && whole.bytes.length > 200)
    assert.doesNotThrow(() => JSON.parse(whole.bytes.toString()))
    for (const part of parts) {
      const whole = maskBody(plan, part)
      for (let cut = 1; cut < part.length; cut++) {
        const split = maskBody(plan, part, [cut])
        assert.ok(split.bytes.equals(whole.bytes), `cut at ${cut}`)
        assert.deepEqual(split.tally, whole.tally, `cut at ${cut}`)
      }
    }
  })

  test(`a body with every data type is masked the same in random pieces, for ${audience}`, () => {
    fc.assert(
      fc.property(fc.array(fc.nat(body.length), { maxLength: 40 }), cuts => {
        const ordered = cuts.sort((a, b) => a - b)
        assert.ok(maskBody(plan, body, ordered).bytes.equals(whole.bytes))
      }),
      { numRuns: 30 },
    )
    const every = Array.from({ length: body.length - 1 }, (_, at) => at + 1)
    assert.ok(maskBody(plan, body, every).bytes.equals(whole.bytes))
  })
}

test('what is masked of every data type is nowhere in what leaves', () => {
  const plan = policy.plan(system, route, 'public', new Set())
  const masked = maskBody(plan, body).bytes.toString()
  for (const value of [
    '王五',
    '赵六',
    '钱七',
    '\\u94b1',
    '13800138000',
    '138 0013',
    '11010519491231002',
    'zhang.san',
    '6222021',
    '13900139000',
  ]) {
    assert.ok(!masked.includes(value), value)
  }
})
