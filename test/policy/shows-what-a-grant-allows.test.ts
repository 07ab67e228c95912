import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePolicy } from '../../gateway/policy/compile.ts'
import type { Plan, Presentable } from '../../gateway/policy/plan.ts'
import type { Sight } from '../../gateway/policy/policy.ts'
import { testKeys } from '../../gateway/policy/run-tests.ts'
import { plugins } from '../../plugins/index.ts'

const catalogue = `data_types:
  id_number: { title: { zh: 证件号, en: ID number }, cell: A4, names: [idCard], forms: { partial: { keep_ends: { head: 3, tail: 0 } } } }
  secret: { title: { zh: 密码, en: Password }, cell: B4, names: [password] }
  mobile: { title: { zh: 手机号, en: Mobile }, cell: A3, names: [tel], forms: { partial: { keep_ends: { head: 3, tail: 4 } } } }
`
const audiences = `audiences:
  public: { 4: remove, 3: redact, 2: clear, 1: clear }
  counsellor: { 4: partial, 3: partial, 2: clear, 1: clear, clear_with: { 4: [operator, basis, grant], 3: [operator] } }
always: { B4: remove }
`
const system = 'system: s\nroutes: [{ path: /x, bulk: { rows: 5, people: 3 } }]\n'
const text = (kind: 'catalogue' | 'audiences' | 'system', file: string, yaml: string) => ({
  kind,
  file,
  bytes: Buffer.from(yaml),
})
const compiled = compilePolicy(
  {
    texts: [
      text('catalogue', 'catalogue.yaml', catalogue),
      text('audiences', 'audiences.yaml', audiences),
      text('system', 'systems/s.yaml', system),
    ],
    shipped: [],
  },
  { plugins, keys: testKeys },
)
assert.ok('policy' in compiled, JSON.stringify(compiled.faults))
const { policy } = compiled
const served = policy.systems.get('s')!
const route = served.routes[0]!

const granted = (audience: string, sees: Sight[], presented: Presentable[], rows = 1) =>
  policy.grantedPlan(served, route, audience, { sees, rows }, new Set(presented))
const firstForm = (plan: Plan, name: string) => plan.types.find(type => type.name === name)!.forms[0]!.form
const clearId: Sight = { type: 'id_number', cell: 'A4', form: 'clear' }

test('a granted type is shown as granted, and every other as to somebody who presents nothing', () => {
  const made = granted('counsellor', [clearId], ['operator', 'basis'])
  assert.ok('plan' in made)
  assert.equal(firstForm(made.plan, 'id_number'), 'clear')
  assert.equal(firstForm(made.plan, 'mobile'), 'partial')
  const withoutGrant = policy.plan(served, route, 'counsellor', new Set(['operator', 'basis']))
  assert.equal(firstForm(withoutGrant, 'id_number'), 'partial')
  assert.equal(firstForm(withoutGrant, 'mobile'), 'clear')
})

test('what else the level asks for must be presented beside the grant', () => {
  assert.deepEqual(granted('counsellor', [clearId], ['operator']), { missing: ['basis'] })
  assert.deepEqual(granted('counsellor', [clearId], []), { missing: ['operator', 'basis'] })
})

test('no grant opens a level to an audience whose policy has none for it', () => {
  assert.deepEqual(granted('public', [clearId], ['operator', 'basis']), { missing: ['grant'] })
  const mobile: Sight = { type: 'mobile', cell: 'A3', form: 'clear' }
  assert.deepEqual(granted('counsellor', [mobile], ['operator']), { missing: ['grant'] })
})

test('no grant opens what is closed to everyone, nor a type that is gone or in another cell by now', () => {
  const made = granted('counsellor', [{ type: 'secret', cell: 'B4', form: 'clear' }], ['operator', 'basis'])
  assert.ok('plan' in made)
  assert.equal(firstForm(made.plan, 'secret'), 'remove')
  assert.deepEqual(granted('counsellor', [{ ...clearId, cell: 'A3' }], ['operator', 'basis']), { missing: ['grant'] })
})

test('rows and people of a route count until a grant says how many', () => {
  const plan = policy.plan(served, route, 'public', new Set())
  assert.deepEqual([plan.bulkRows, plan.bulkPeople], [5, 3])
  const made = granted('public', [], [], 800)
  assert.ok('plan' in made)
  assert.deepEqual([made.plan.bulkRows, made.plan.bulkPeople], [800, null])
  assert.equal(firstForm(made.plan, 'mobile'), 'redact')
})
