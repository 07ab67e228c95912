import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Form } from '../../gateway/contracts.ts'
import { maskBody, maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

/** The field `f` in one form. */
function under(form: Form) {
  const partial = form === 'partial' ? mask('keep_ends', { head: 1, tail: 0, cover: '*' }) : null
  return planOf({ fields: { f: 'secret', list: 'secret' }, types: { secret: { form, mask: partial } } })
}

/** The table of DESIGN section 4, a row each: what is there, and what partial, redact and remove make of it. */
const table: [given: string, partial: string, redact: string, remove: string][] = [
  ['{"a":1,"f":"张三丰","b":2}', '{"a":1,"f":"张**","b":2}', '{"a":1,"f":"***","b":2}', '{"a":1,"b":2}'],
  ['{"a":1,"f":120,"b":2}', '{"a":1,"f":"1**","b":2}', '{"a":1,"f":null,"b":2}', '{"a":1,"b":2}'],
  ['{"a":1,"f":true,"b":2}', '{"a":1,"f":null,"b":2}', '{"a":1,"f":null,"b":2}', '{"a":1,"b":2}'],
  ['{"a":1,"f":null,"b":2}', '{"a":1,"f":null,"b":2}', '{"a":1,"f":null,"b":2}', '{"a":1,"b":2}'],
  ['{"a":1,"f":"","b":2}', '{"a":1,"f":"","b":2}', '{"a":1,"f":"","b":2}', '{"a":1,"b":2}'],
  ['{"list":["abc",12]}', '{"list":["a**","1*"]}', '{"list":["***",null]}', '{}'],
  ['{"f":{"x":"abc","y":[12]}}', '{"f":{"x":"a**","y":["1*"]}}', '{"f":{"x":"***","y":[null]}}', '{}'],
]

for (const [given, partial, redact, remove] of table) {
  test(`what each form makes of ${given}`, () => {
    assert.equal(maskText(under('partial'), given), partial)
    assert.equal(maskText(under('redact'), given), redact)
    assert.equal(maskText(under('remove'), given), remove)
    assert.equal(maskText(under('clear'), given), given)
  })
}

test('a removed member takes its comma, wherever it stands', () => {
  const plan = planOf({ fields: { gone: 'g' }, types: { g: { form: 'remove' } } })
  const cases: [string, string][] = [
    ['{"gone":1}', '{}'],
    ['{ "gone" : 1 }', '{  }'],
    ['{"gone":1,"a":2}', '{"a":2}'],
    ['{"a":2,"gone":1}', '{"a":2}'],
    ['{"gone":1,"gone":[1],"a":2,"gone":{"b":{}},"b":3,"gone":null}', '{"a":2,"b":3}'],
    ['[{"gone":1} , {"a":[{"gone":[[]]}]}]', '[{} , {"a":[{}]}]'],
  ]
  for (const [given, expected] of cases) {
    for (let cut = 0; cut <= given.length; cut++) assert.equal(maskBody(plan, given, [cut]).bytes.toString(), expected)
  }
})

test('an element that a path names by its index leaves null, so that those behind it keep theirs', () => {
  for (const [index, expected] of [
    [0, '[null,2,3]'],
    [1, '[1,null,3]'],
    [2, '[1,2,null]'],
    [3, '[1,2,3]'],
  ] as const) {
    const plan = planOf({ fields: { [`$[${index}]`]: 'g' }, types: { g: { form: 'remove' } } })
    assert.equal(maskText(plan, '[1,2,3]'), expected)
  }
})

test('a document that is removed as a whole leaves null', () => {
  const plan = planOf({ types: {}, unlisted: 'remove' })
  assert.equal(maskText(plan, '"x"'), 'null')
  assert.equal(maskText(plan, ' {"a":[1,{"b":2}]} '), ' {"a":[{}]} ')
})

test('a value too short to hide enough of takes the next stricter form', () => {
  assert.equal(maskText(under('partial'), '{"f":"三"}'), '{"f":"***"}')
})

test('what would be removed is redacted inside running text, and removed where it is the whole value', () => {
  const plan = planOf({ types: { tel: { form: 'remove', detector: 'cn_mobile' } } })
  assert.equal(maskText(plan, '{"a":"电话 13800138000。","b":"13800138000","c":1}'), '{"a":"电话 ***。","c":1}')
})

test('names that are personal are masked and kept apart', () => {
  const partial = mask('keep_ends', { head: 3, tail: 4, cover: '*' })
  const body = '{"13800138000":1,"13800138000":2,"13900138000":3,"x":{"13800138000":{"y":1}}}'
  const as = (form: Form) =>
    planOf({ types: { tel: { form, mask: form === 'partial' ? partial : null, detector: 'cn_mobile' } } })
  assert.equal(
    maskText(as('partial'), body),
    '{"138****8000":1,"138****8000#2":2,"139****8000#3":3,"x":{"138****8000":{"y":1}}}',
  )
  assert.equal(maskText(as('redact'), body), '{"***1":1,"***2":2,"***3":3,"x":{"***1":{"y":1}}}')
  assert.equal(maskText(as('remove'), body), '{"x":{}}')
  assert.equal(maskText(as('clear'), body), body)
})
