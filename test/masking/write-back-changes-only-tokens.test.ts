import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../gateway/errors.ts'
import { plugins } from '../../plugins/index.ts'
import { limits, masking } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const scope = { consumer: 'portal', purpose: '' }
const token = mask('token')
const plan = planOf({
  fields: { xh: 'student_number', 'guardian.tel': 'cn_mobile', remark: 'free_text' },
  types: {
    student_number: { form: 'token', mask: token },
    cn_mobile: { form: 'partial', mask: mask('keep_ends', { head: 3, tail: 4 }) },
    free_text: { kind: 'free_text' },
  },
})
const format = (name: string) => plugins.formats.find(one => one.name === name)!
const tokenOf = (value: string) => token.mask(value, { ...scope, dataType: 'student_number' })!

function written(text: string, name = 'json', masked: 'pass' | 'find' | 'drop' = 'find') {
  const options = { ...scope, limits, masked, asks: false }
  const { write, end, findings } = masking.writeBack(plan, format(name), options)
  const body = Buffer.concat([...write(Buffer.from(text)), ...end()])
  return { text: Buffer.from(body).toString(), masked: [...findings.masked] }
}

const names = fc.constantFrom('xh', 'tel', 'guardian', 'remark', 'a', '13800138000', 'idCard')
const values = fc.oneof(
  fc.constantFrom<unknown>(
    '13800138000',
    '张三',
    'a@b.cn',
    '{"xh":"1"}',
    '[',
    12345678,
    null,
    true,
    '',
    ' ',
    'vg1.',
    'x',
  ),
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const trees = fc.letrec(tie => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    values,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(names, tie('tree'), { maxKeys: 4 }),
  ),
})).tree

test('a body without tokens comes out byte by byte, whatever personal it holds', () => {
  fc.assert(
    fc.property(trees, fc.constantFrom(0, 1, 2), (tree, indent) => {
      const text = JSON.stringify(tree, null, indent)
      assert.equal(written(text, 'json', 'pass').text, text)
    }),
    { numRuns: 300 },
  )
})

test('a token comes back wherever its type is bound, however deep and however written', () => {
  const value = tokenOf('学号"2026\n')
  const body = (xh: string) => `{"a":[{"XH" :"${xh}"},{"list":[{"x_h":"${xh}"}]}],"n":1.10}`
  assert.equal(written(body(value)).text, body('学号\\"2026\\n'))
  const escaped = value.replace('v', '\\u0076')
  assert.equal(written(body(escaped)).text, body('学号\\"2026\\n'))
})

test('a token in a form comes back percent-encoded', () => {
  const body = (xh: string) => `a=1&rows%5B0%5D%5Bxh%5D=${xh}&b=+2`
  assert.equal(written(body(tokenOf('张 三&')), 'form').text, body('%E5%BC%A0+%E4%B8%89%26'))
})

test('no place of another type takes a token, nor one without a type', () => {
  for (const body of [
    { guardian: { tel: tokenOf('1') } },
    { remark: tokenOf('1') },
    { other: [tokenOf('1')] },
    { other: JSON.stringify({ remark: tokenOf('1') }) },
    { xh: `${tokenOf('1')} x` },
    tokenOf('1'),
  ]) {
    assert.throws(
      () => written(JSON.stringify(body)),
      error => error instanceof Refusal && error.code === 'TOKEN_MISPLACED',
    )
  }
})

test('no token is compared by: the order of values tells of them', () => {
  const xh = tokenOf('1')
  for (const asked of [
    { xh: { $gt: xh } },
    { xh: { between: [xh, xh] } },
    { xh: { x: 1, gte: 1, y: 2 }, a: [{ xh: { x: 1, y: 2, gte: xh } }] },
    { xh: { not: { startsWith: xh } } },
  ]) {
    assert.throws(
      () => written(JSON.stringify(asked)),
      error => error instanceof Refusal && error.code === 'TOKEN_MISPLACED',
    )
  }
  const text = JSON.stringify({ xh: { old: xh, eq: [xh] }, gte: { xh } })
  assert.equal(written(text).text, JSON.stringify({ xh: { old: '1', eq: ['1'] }, gte: { xh: '1' } }))
})

test('text that is nested deeper than it is read keeps no token', () => {
  let text = JSON.stringify({ xh: tokenOf('1') })
  for (let depth = 0; depth < 7; depth++) text = JSON.stringify({ data: text })
  assert.throws(
    () => written(text),
    error => error instanceof Refusal && error.code === 'TOKEN_MISPLACED',
  )
})

test('masked values are named by the policy, once each, and left out only where nothing moves up', () => {
  const body = '{"guardian":{"tel":"138****8000","n":1},"rows":[{"guardian":{"tel":"***"}}]}'
  assert.deepEqual(written(body).masked, ['guardian.tel'])
  const dropped = written(body, 'json', 'drop')
  assert.equal(dropped.text, '{"guardian":{"n":1},"rows":[{"guardian":{"tel":"***"}}]}')
  assert.deepEqual(dropped.masked, ['guardian.tel'])
})
