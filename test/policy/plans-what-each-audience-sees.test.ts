import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parameterTypes, refuseParameter } from '../../gateway/policy/parameters.ts'
import type { Presentable } from '../../gateway/policy/plan.ts'
import type { Policy } from '../../gateway/policy/policy.ts'
import { compileTexts } from '../support/policy-case.ts'

const files = new Map([
  [
    'catalogue.yaml',
    `extends: veilgate
data_types:
  photo: { title: { zh: 照片, en: Photo }, cell: B4, names: [photo] }
  secret: { title: { zh: 口令, en: Password }, cell: A3, names: [password], always: redact }
  cn_resident_id: { names: [shenfen], without_names: [id_card] }
`,
  ],
  [
    'systems/s.yaml',
    `system: s
fields: { gpa: B2, remark: free_text, campus: { not_personal: a place } }
routes:
  - path: /a
  - path: /b
    fields: { score: C1, filter.tel: cn_resident_id }
    query: { page: any, tel: any, who: student_number }
    unlisted: { keep: numbers of machines }
    bulk: { rows: 5 }
    errors: replace
`,
  ],
])

function compiled(): Policy {
  const made = compileTexts(files)
  assert.ok('policy' in made, JSON.stringify(made.faults))
  return made.policy
}

const policy = compiled()
const system = policy.systems.get('s')!
const [first, second] = [system.routes[0]!, system.routes[1]!]
const set = (...presented: Presentable[]) => new Set(presented)

function formsOf(audience: string, type: string, presented = set()): string {
  const plan = policy.plan(system, first, audience, presented)
  const rule = plan.types.find(({ name, cell }) => name === type || (name === 'cell' && cell === type))!
  return rule.forms.map(({ form }) => form).join(' ')
}

test('a type gets the form of its level, and the next stricter ones it has behind it', () => {
  const table: readonly (readonly [string, string, string])[] = [
    ['public', 'cn_resident_id', 'remove'],
    ['staff', 'cn_resident_id', 'partial generalize digest redact remove'],
    ['counsellor', 'cn_resident_id', 'partial generalize digest redact remove'],
    ['public', 'cn_mobile', 'redact remove'],
    ['partner', 'cn_mobile', 'token redact remove'],
    ['staff', 'cn_mobile', 'partial token redact remove'],
    ['public', 'student_number', 'partial redact remove'],
    ['staff', 'student_number', 'clear partial redact remove'],
    ['public', 'B2', 'redact remove'],
    ['public', 'C1', 'clear redact remove'],
    ['public', 'free_text', 'redact remove'],
    ['public', 'not_personal', 'clear'],
  ]
  for (const [audience, type, forms] of table) assert.equal(formsOf(audience, type), forms, `${audience} ${type}`)
})

test('a level is clear when all that it demands is presented, and not a piece of it earlier', () => {
  assert.match(formsOf('counsellor', 'cn_mobile', set('operator', 'purpose')), /^partial/)
  assert.match(formsOf('counsellor', 'cn_mobile', set('operator', 'purpose', 'basis')), /^clear/)
  assert.match(formsOf('counsellor', 'cn_resident_id', set('operator', 'purpose', 'basis')), /^partial/)
  assert.match(formsOf('counsellor', 'cn_resident_id', set('operator', 'purpose', 'basis', 'grant')), /^clear/)
  assert.match(formsOf('staff', 'cn_mobile', set('operator', 'purpose', 'basis', 'grant')), /^partial/)
  assert.deepEqual([...policy.revealed('counsellor', set('operator', 'purpose', 'basis'))], [3])
  assert.deepEqual([...policy.revealed('nobody', set('operator'))], [])
})

test('what always holds is not raised by anything presented, nor lowered where the audience is stricter', () => {
  const all = set('operator', 'purpose', 'basis', 'grant')
  assert.equal(formsOf('counsellor', 'photo', all), 'remove')
  assert.equal(formsOf('counsellor', 'secret', all), 'redact remove')
  assert.equal(formsOf('counsellor', 'B4', all), 'remove')
})

test('a plan is made once and shared, frozen, with one array of bindings for its route', () => {
  const plan = policy.plan(system, first, 'counsellor', set())
  assert.equal(policy.plan(system, first, 'counsellor', set('operator')), plan)
  assert.notEqual(policy.plan(system, first, 'counsellor', set('operator', 'purpose', 'basis')), plan)
  assert.equal(policy.plan(system, first, 'public', set()).bindings, plan.bindings)
  assert.equal(policy.plan(system, second, 'counsellor', set()).types, plan.types)
  assert.ok(Object.isFrozen(plan) && Object.isFrozen(plan.types) && Object.isFrozen(plan.bindings))
  assert.throws(() => policy.plan(system, first, 'nobody', set()), RangeError)
  assert.throws(() => policy.plan(compiled().systems.get('s')!, first, 'staff', set()), RangeError)
})

test('fields of the route come before those of the system and the catalogue', () => {
  const plan = policy.plan(system, second, 'staff', set())
  const named = plan.bindings.map(({ path, step, weak, source }) => `${step} ${path.text}${weak ? '?' : ''} ${source}`)
  assert.deepEqual(named.slice(0, 5), [
    '0 score systems/s.yaml:6',
    '0 filter.tel systems/s.yaml:6',
    '1 gpa systems/s.yaml:2',
    '1 remark systems/s.yaml:2',
    '1 campus systems/s.yaml:2',
  ])
  // Names add up over the files, less what is taken away.
  assert.ok(named.includes('2 shenfen catalogue.yaml:5'))
  assert.ok(!named.some(name => name.startsWith('2 idCard')))
  assert.deepEqual([plan.unlisted, plan.bulkRows, plan.errors], ['keep', 5, 'replace'])
})

test('detectors stand strongest first, each with the type of its own name', () => {
  const plan = policy.plan(system, first, 'staff', set())
  assert.deepEqual(
    plan.detectors.map(({ type }) => plan.types[type]!.name),
    ['cn_resident_id', 'cn_mobile'],
  )
})

test('a parameter is typed by the fields it is named like, however it is dressed up', () => {
  const plan = policy.plan(system, second, 'staff', set())
  for (const name of ['tel', 'TEL', 't_e_l', 'filter[tel]', 'student.tel', 'tel[eq]', 'tel:like'])
    assert.equal(parameterTypes(plan, name)?.name, 'cn_resident_id', name)
  for (const name of ['page', 'campus', 'code', '']) assert.equal(parameterTypes(plan, name), null, name)
  assert.equal(refuseParameter(plan, second, 'page'), null)
  assert.equal(refuseParameter(plan, second, 'sort'), 'PARAMETER_UNDECLARED')
  assert.equal(refuseParameter(plan, second, 'tel'), 'PARAMETER_MASKED')
  assert.equal(refuseParameter(plan, second, 'who'), null)
  assert.equal(refuseParameter(policy.plan(system, second, 'public', set()), second, 'who'), 'PARAMETER_MASKED')
  assert.equal(refuseParameter(plan, first, 'anything'), null)
})

test('the digest is that of the bytes, whatever order the files come in', () => {
  const turned = compileTexts(new Map([...files].reverse()))
  assert.ok('policy' in turned)
  assert.equal(turned.policy.digest, policy.digest)
  const changed = compileTexts(new Map([...files, ['systems/s.yaml', `${files.get('systems/s.yaml')}\n`]]))
  assert.ok('policy' in changed)
  assert.notEqual(changed.policy.digest, policy.digest)
  assert.match(policy.digest, /^sha256:[0-9a-f]{64}$/)
})

test('masked harder, every form is one step stricter, and nothing that is presented counts', () => {
  const harder = (audience: string, type: string): string => {
    const rule = policy.harderPlan(system, first, audience).types.find(({ name }) => name === type)!
    return rule.forms.map(({ form }) => form).join(' ')
  }
  const table: readonly (readonly [string, string, string])[] = [
    ['staff', 'cn_resident_id', 'generalize digest redact remove'],
    ['counsellor', 'cn_resident_id', 'generalize digest redact remove'],
    ['public', 'cn_resident_id', 'remove'],
    ['staff', 'cn_mobile', 'token redact remove'],
    ['partner', 'cn_mobile', 'redact remove'],
    ['public', 'cn_mobile', 'redact remove'],
    ['staff', 'student_number', 'clear partial redact remove'],
    ['public', 'student_number', 'redact remove'],
    ['staff', 'free_text', 'redact remove'],
  ]
  for (const [audience, type, forms] of table) assert.equal(harder(audience, type), forms, `${audience} ${type}`)
  assert.equal(policy.harderPlan(system, first, 'staff'), policy.harderPlan(system, first, 'staff'))
  assert.notEqual(policy.harderPlan(system, first, 'staff'), policy.plan(system, first, 'staff', set()))
  assert.throws(() => policy.harderPlan(system, first, 'nobody'), RangeError)
})
