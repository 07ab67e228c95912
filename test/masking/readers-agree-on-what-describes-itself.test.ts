import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { jsonReaders, limits, maskBody, masking, scope } from '../support/mask-body.ts'
import { mask, planOf, type TypeSketch } from '../support/plan.ts'

const types: Readonly<Record<string, TypeSketch>> = {
  name: { form: 'partial', mask: mask('keep_ends', { head: 1 }), identifies: 1 },
  phone: { detector: 'cn_mobile' },
  id: { cell: 'A4', form: 'remove' },
  open: { kind: 'not_personal', cell: 'D1' },
  text: { kind: 'free_text' },
}
const named = { 姓名: 'name', 电话: 'phone', 身份证号: 'id' }
const plans = [
  planOf({
    fields: { ...named, 'ward.name': 'open', value: 'open', '$.rows[1]': 'name', '$..data[0].label': 'id' },
    types,
  }),
  planOf({ fields: { ...named, 'rows.n': 'name', 值: 'text', columns: 'open' }, types, unlisted: 'remove' }),
  planOf({ fields: { ...named, 电话: 'text', other: 'id' }, weak: { n: 'phone' }, types, unlisted: 'keep' }),
]
/** A rule that never holds: such a plan is read by a reader that looks ahead. */
const rule = {
  members: [{ name: 'n', values: new Set(['never']) }],
  age: null,
  own: null,
  raise: 0 as const,
  source: '',
}

const labels = [
  '姓名',
  '电话',
  '身份证号',
  '姓名：',
  '张三',
  'n',
  'value',
  '',
  'x'.repeat(64),
  'x'.repeat(65),
  'x'.repeat(480),
  '"\\',
  'a\nb',
]
const names = [
  'label',
  'key',
  'value',
  '值',
  'columns',
  'rows',
  'data',
  'content',
  'other',
  'ward',
  'n',
  '姓名',
  'fields',
  'x"y',
]
const text = fc.constantFrom(...labels)
const tree = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 6 },
    text,
    text,
    fc.constantFrom(1, 13800138000, null),
    tie('object'),
    tie('array'),
    tie('table'),
    tie('ahead'),
    tie('pairs'),
  ),
  ahead: fc.record({
    rows: fc.array(fc.oneof(fc.array(text, { maxLength: 4 }), tie('value')), { maxLength: 3 }),
    other: fc.constantFrom('x', 'x'.repeat(1100), 'ab\\"]}'),
    columns: fc.oneof(fc.array(fc.oneof(text, tie('object')), { maxLength: 3 }), text, tie('object')),
  }),
  pairs: fc.array(fc.oneof(fc.tuple(text, text), fc.tuple(text, tie('value'))), { maxLength: 4 }),
  table: fc.record({
    columns: fc.array(fc.oneof(text, tie('object')), { maxLength: 3 }),
    rows: fc.array(fc.oneof(fc.array(text, { maxLength: 4 }), tie('value')), { maxLength: 3 }),
  }),
  object: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 6 }),
  array: fc.array(tie('value'), { maxLength: 4 }),
})).value

test('every reader makes the same of what describes itself, however it is cut and under any plan', () => {
  const cuts = fc.array(fc.nat(600), { maxLength: 5 })
  fc.assert(
    fc.property(tree, cuts, fc.constantFrom(...plans), fc.constantFrom(0, 37, 45), (value, places, plan, deep) => {
      const body = Buffer.from(`${'['.repeat(deep)}${JSON.stringify(value)}${']'.repeat(deep)}`)
      const whole = maskBody(plan, body).bytes.toString('utf8')
      const sorted = places.map(place => place % (body.length + 1)).sort((a, b) => a - b)
      assert.equal(maskBody(plan, body, sorted).bytes.toString('utf8'), whole)
      const waiting = { ...plan, bindings: [...plan.bindings], rowRules: [rule] }
      assert.equal(maskBody(waiting, body, sorted).bytes.toString('utf8'), whole)
    }),
    { numRuns: 1500 },
  )
})

test('what bodies say of themselves stays apart where they come in turns', () => {
  fc.assert(
    fc.property(fc.array(tree, { minLength: 2, maxLength: 4 }), fc.integer({ min: 1, max: 40 }), (values, step) => {
      const bodies = values.map(value => Buffer.from(JSON.stringify(value)))
      const maskers = bodies.map(() => masking.start(plans[0]!, jsonReaders[0]!, scope, limits))
      const outs: Buffer[][] = bodies.map(() => [])
      const longest = Math.max(...bodies.map(({ length }) => length))
      for (let at = 0; at < longest; at += step) {
        for (const [i, body] of bodies.entries()) {
          outs[i]!.push(...maskers[i]!.write(body.subarray(at, at + step)).map(part => Buffer.from(part)))
        }
      }
      for (const [i, masker] of maskers.entries()) {
        const all = Buffer.concat([...outs[i]!, ...masker.end()])
        assert.equal(all.toString('utf8'), maskBody(plans[0]!, bodies[i]!).bytes.toString('utf8'))
      }
    }),
    { numRuns: 800 },
  )
})
