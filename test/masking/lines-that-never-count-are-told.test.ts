import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Plan } from '../../gateway/policy/plan.ts'
import { maskBody } from '../support/mask-body.ts'
import { compileTexts } from '../support/policy-case.ts'

const catalogue = `extends: veilgate
data_types:
  person_name: { title: { zh: 姓名, en: Name }, cell: A2, forms: { partial: { keep_ends: { head: 1, tail: 0 } } } }
  age: { title: { zh: 年龄, en: Age }, cell: C1, names: [age], tells_age: years }
`

type Line = { raise: number; fields: [string, string][] } & { kind: string[]; sort: string[]; age: string | null }

function written({ kind, sort, age, raise, fields }: Line): string {
  const parts = [
    ...(kind.length > 0 ? [`kind: [${kind}]`] : []),
    ...(sort.length > 0 ? [`sort: [${sort}]`] : []),
    ...(age === null ? [] : [`subject_age: ${age}`]),
    ...(raise > 0 ? [`raise: ${raise}`] : []),
    ...(fields.length > 0 ? [`fields: { ${fields.map(([name, type]) => `${name}: ${type}`).join(', ')} }`] : []),
  ]
  return `  - { ${parts.join(', ')} }`
}

function compiled(rules: readonly Line[]) {
  const system = ['system: s', 'routes: [{ path: /** }]', 'when:', ...rules.map(written)].join('\n')
  const result = compileTexts(
    new Map([
      ['catalogue.yaml', catalogue],
      ['systems/s.yaml', system],
    ]),
  )
  assert.ok('policy' in result, system)
  const own = result.policy.systems.get('s')!
  const plan: Plan = result.policy.plan(own, own.routes[0]!, 'public', new Set())
  const idle = [...result.faults].filter(({ code }) => code === 'POLICY_ROW_RULE_IDLE')
  return {
    plan,
    idle: idle.map(({ line, column, width, source }) => [line - 4, source.substr(column - 1, width)] as const),
  }
}

/** The rules without one line of theirs; a rule that would say nothing then is left out. */
function without(rules: readonly Line[], [at, key]: readonly [number, string]): Line[] {
  return rules.flatMap((rule, nth) => {
    if (nth !== at) return [rule]
    const fields = rule.fields.filter(([name]) => name !== key)
    const left = { ...rule, fields, raise: key === 'raise' ? 0 : rule.raise }
    return left.raise === 0 && fields.length === 0 ? [] : [left]
  })
}

const values = ['a', 'b', 'c']
const types = ['B1', 'B2', 'A3', 'C2', 'free_text', '{ not_personal: why }', 'person_name']
const line: fc.Arbitrary<Line> = fc
  .record({
    kind: fc.subarray(values),
    sort: fc.subarray(values),
    age: fc.constantFrom(null, null, 'under 14', 'under 10', 'from 10'),
    raise: fc.constantFrom(0, 1, 2),
    fields: fc.uniqueArray(fc.tuple(fc.constantFrom('x', 'y', 'in.x'), fc.constantFrom(...types)), {
      selector: ([name]) => name,
    }),
  })
  .filter(({ kind, sort, age }) => kind.length + sort.length > 0 || age !== null)
  .filter(({ raise, fields }) => raise > 0 || fields.length > 0)

const { tree } = fc.letrec<{ tree: unknown; leaf: unknown; object: unknown }>(tie => ({
  leaf: fc.constantFrom(...values, 'Zhang San', '13800138000', 7, 12, 20, null),
  object: fc.dictionary(fc.constantFrom('x', 'y', 'in', 'kind', 'sort', 'age'), tie('tree'), {
    maxKeys: 6,
    noNullPrototype: true,
  }),
  tree: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('object'), tie('object'), fc.array(tie('tree'), { maxLength: 3 })),
}))

test('a line of `when` that is told to never count changes nothing where it is taken out', () => {
  let told = 0
  const large = { filler: 'nothing of interest '.repeat(4000) }
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 2, maxLength: 4 }),
      fc.array(tree, { minLength: 8, maxLength: 8 }),
      (rules, rows) => {
        const { plan, idle } = compiled(rules)
        const body = JSON.stringify({ rows })
        const wide = JSON.stringify({ kind: 'a', ...large, rows, sort: 'b' })
        for (const one of idle) {
          told++
          const bare = compiled(without(rules, one)).plan
          for (const text of [body, ...(one === idle[0] ? [wide] : [])])
            assert.deepEqual(maskBody(bare, text).bytes, maskBody(plan, text).bytes)
        }
      },
    ),
    { numRuns: 300 },
  )
  assert.ok(told > 50, `${told} lines were told`)
})

test('what never counts is told where it stands, and lines that do count are not', () => {
  const of = (...rules: string[]) =>
    [
      ...compileTexts(
        new Map([
          [
            'systems/s.yaml',
            `system: s\nroutes: [{ path: /** }]\nwhen:\n${rules.map(one => `  - { ${one} }\n`).join('')}`,
          ],
        ]),
      ).faults,
    ].map(({ code, line, column, message }) => `${code} ${line}:${column} ${message.en}`)
  assert.deepEqual(of('kind: a, fields: { x: B2 }', 'kind: [A], fields: { x: B1 }'), [
    'POLICY_ROW_RULE_IDLE 5:28 this never counts: wherever this rule holds, so does the one at systems/s.yaml:4, where the field is B2, which is of a higher level',
  ])
  assert.deepEqual(of('kind: a, fields: { x: B1 }', 'kind: [a, b], fields: { x: B2 }').length, 1)
  assert.deepEqual(of('kind: a, fields: { x: B1 }', 'kind: a, fields: { y: B2 }', 'kind: b, fields: { x: B2 }'), [])
  assert.deepEqual(of('kind: [a, b], fields: { x: B1 }', 'kind: a, fields: { x: B2 }'), [])
  assert.deepEqual(of('subject_age: under 14, raise: 1', 'subject_age: under 10, raise: 2'), [])
  assert.match(
    of('subject_age: under 14, raise: 2', 'subject_age: under 10, raise: 2').join(),
    /^POLICY_ROW_RULE_IDLE 5:30 .*raises by 2$/,
  )
  assert.match(of('own: xh', 'own: X_H').join(), /^POLICY_ROW_RULE_IDLE 5:7 .*systems\/s\.yaml:4 says the same$/)
})
