import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskText } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'

/** One path to a redacted type; says which of the numbered values it reaches. */
function reached(path: string, body: string): string {
  const plan = planOf({ fields: { [path]: 't' }, types: { t: {} }, unlisted: 'keep' })
  const before = JSON.stringify(JSON.parse(body))
  const after: string = maskText(plan, body)
  return [...before.matchAll(/"v(\d)"/g)]
    .map(([, n]) => n)
    .filter(n => !after.includes(`"v${n}"`))
    .join('')
}

const body =
  '{"a":"v1","b":{"a":"v2","c":[{"a":"v3"},{"a":["v4"]}]},"c":[{"a":"v5"},[{"a":"v6"}]],"A_":"v7","d":{"b":{"a":"v8"}}}'

for (const [path, values] of [
  ['a', '12345678'],
  ['b.a', '28'],
  ['c.a', '3456'],
  ['b.c.a', '34'],
  ['/a', '17'],
  ['/b.c.a', '34'],
  ['/c.a', '56'],
  ['/b', '234'],
  ['$.a', '17'],
  ['$.b.c[0].a', '3'],
  ['$.b.c[1].a', '4'],
  ['$.b.c[1].a[0]', '4'],
  ['$.c[*].a', '5'],
  ['$..c[0].a', '35'],
  ['$.c[1][0].a', '6'],
  ['$.*.a', '2'],
  ['$..a', '12345678'],
  ['$.b..a', '234'],
] as const) {
  test(`${path} reaches its values and no others`, () => assert.equal(reached(path, body), values))
}

test('a name is found in any spelling of the same word', () => {
  const plan = planOf({ fields: { idCard: 't' }, types: { t: {} }, unlisted: 'keep' })
  for (const name of ['idCard', 'ID_CARD', 'id-card', 'ｉｄＣａｒｄ', 'id\\u0043ard', 'id\u200bCard', 'Id.Card']) {
    assert.equal(maskText(plan, `{"${name}":"x"}`), `{"${name}":"***"}`, name)
  }
  for (const name of ['idCards', 'id', 'xidCard', '__proto__', 'constructor', '']) {
    assert.equal(maskText(plan, `{"${name}":"x"}`), `{"${name}":"x"}`, name)
  }
})

test('the nearer binding decides, then the longer path, then the higher level', () => {
  const types = { low: { cell: 'C1', form: 'clear' }, high: { cell: 'A4' } } as const
  const shown = (fields: Record<string, string>) =>
    maskText(planOf({ fields, types }), '{"p":{"q":"x"}}').includes('"x"')
  assert.equal(shown({ p: 'high', q: 'low' }), true)
  assert.equal(shown({ q: 'high', 'p.q': 'low' }), true)
  assert.equal(shown({ q: 'low', 'p.q': 'high' }), false)
  assert.equal(shown({ q: 'low', Q: 'high' }), false)
})

test('a weak name counts only where the detector agrees', () => {
  const plan = planOf({ weak: { code: 'id' }, types: { id: { detector: 'cn_resident_id' } }, unlisted: 'keep' })
  assert.equal(maskText(plan, '{"code":"11010519491231002X"}'), '{"code":"***"}')
  assert.equal(maskText(plan, '{"code":"A-17"}'), '{"code":"A-17"}')
})
