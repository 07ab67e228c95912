import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const id = '11010519491231002X'
const types = {
  id: {
    cell: 'A4',
    form: 'partial',
    mask: mask('keep_ends', { head: 3, tail: 0, cover: '*' }),
    detector: 'cn_resident_id',
  },
  shown: { cell: 'C1', form: 'clear' },
  mostly: { cell: 'A3', form: 'partial', mask: mask('keep_ends', { head: 20, tail: 0, cover: '*' }) },
  ordinary: { kind: 'not_personal' },
} as const

test('a resident ID is masked under any name, whatever the policy says of the name', () => {
  const fields = { a: 'shown', b: 'ordinary' }
  for (const unlisted of ['scan', 'keep'] as const) {
    const plan = planOf({ fields, types, unlisted })
    for (const name of ['a', 'b', 'c']) {
      assert.equal(maskText(plan, `{"${name}":"${id}"}`), `{"${name}":"110***************"}`)
      assert.equal(maskText(plan, `{"${name}":"证号${id}。"}`), `{"${name}":"证号110***************。"}`)
    }
  }
})

test('a partial form shows no more of a resident ID than the ID allows', () => {
  const plan = planOf({ fields: { a: 'mostly' }, types })
  const masked = maskText(plan, `{"a":"${id} 以及后面很长很长很长很长很长很长很长很长很长很长的说明文字"}`)
  assert.ok(masked.startsWith('{"a":"110***************'), masked)
})

test('a number written with an exponent is read for what it is', () => {
  const plan = planOf({ types: { tel: { detector: 'cn_mobile' } } })
  for (const number of ['13800138000', '1.3800138e10', '13800138000.0', '138001380.00e2', '138001380000E-1']) {
    assert.equal(maskText(plan, `[${number}]`), '[null]', number)
  }
  for (const number of ['138001380001', '1.38001380005e10', '1e999', '-0', '1380013800', '0.13800138000']) {
    assert.equal(maskText(plan, `[${number}]`), `[${number}]`, number)
  }
})

test('JSON text inside strings is read by the same plan, and redacted below the fourth depth', () => {
  const plan = planOf({ fields: { xm: 'name' }, types: { name: { form: 'redact' } } })
  let body = '{"xm":"张三","n":1}'
  for (let depth = 1; depth <= 4; depth++) {
    body = JSON.stringify({ inner: body })
    assert.ok(!maskText(plan, body).includes('张三'), `depth ${depth}`)
    assert.ok(maskText(plan, body).includes('***'))
  }
  assert.equal(maskText(plan, JSON.stringify({ inner: body })).includes('xm'), false)
  assert.equal(maskText(plan, '{"a":"[not json]","b":"{}"}'), '{"a":"[not json]","b":"{}"}')
})

test('where two finds overlap, neither leaves a part of the other in the open', () => {
  const both = { tel: { detector: 'cn_mobile' }, mail: { detector: 'email' } }
  assert.equal(maskText(planOf({ types: both }), '["写信到13800138000@139.com。"]'), '["写信到******。"]')
  assert.equal(
    maskText(planOf({ types: { mail: both.mail, tel: both.tel } }), '["写信到13800138000@139.com。"]'),
    '["写信到***。"]',
  )
})
