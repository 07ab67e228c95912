import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskText } from '../support/mask-body.ts'
import { policy } from './policies.ts'

const system = policy.systems.get('student-affairs')!
const match = system.match('GET', '/api/students/7')
assert.ok('route' in match)
const plan = policy.plan(system, match.route, 'public', new Set())

test('what a search found is masked as what any other list holds', () => {
  assert.equal(
    maskText(
      plan,
      '{"hits":{"total":1,"hits":[{"_source":{"dh":"0571-83530829","dz":"浙江省杭州市西湖区文三路138号3幢"}}]}}',
    ),
    '{"hits":{"total":1,"hits":[{"_source":{"dh":"***","dz":"***"}}]}}',
  )
})

test('a figure of that name stays as it is', () => {
  assert.equal(
    maskText(plan, '[{"hits":13800138},{"hits":["0571-83530829"]}]'),
    '[{"hits":13800138},{"hits":["0571-83530829"]}]',
  )
})
