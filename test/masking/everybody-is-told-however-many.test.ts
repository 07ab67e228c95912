import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskBody } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const plan = planOf({
  fields: { id: 'id', tel: 'tel', xm: 'name', gone: 'gone', addr: 'addr' },
  types: {
    id: { form: 'partial', mask: mask('keep_ends', { head: 3 }), identifies: 1, detector: 'cn_resident_id' },
    tel: { form: 'redact', identifies: 2, detector: 'cn_mobile' },
    gone: { form: 'remove', identifies: 3 },
    name: { form: 'clear', identifies: 9 },
    addr: { form: 'digest', mask: mask('hmac'), identifies: 10 },
  },
})

const tel = (nth: number) => `138${String(nth).padStart(8, '0')}`
const people = (body: object) =>
  maskBody(plan, JSON.stringify(body)).tally.subjects.map(({ dataType, value }) => `${dataType} ${value}`)

test('of a row only the strongest say who the people are', () => {
  const rows = [
    { xm: '张三', tel: tel(1), id: '11010519491231002X' },
    { xm: '李四', addr: '北京', tel: tel(2) },
    { addr: '上海', gone: 'u1', xm: '王 五' },
    { xm: ' Zhao LIU ', addr: 'x' },
    { addr: 'ｙ' },
    { a: 1 },
    { tel: 13800000003, xm: '张三' },
    { xm: '李四', tel: tel(2), more: [{ tel: tel(4) }] },
  ]
  assert.deepEqual(people(rows), [
    'id 11010519491231002X',
    'tel 13800000002',
    'gone u1',
    'name zhaoliu',
    'addr y',
    'tel 13800000003',
    'tel 13800000004',
  ])
})

test('outside all rows each counts by itself', () => {
  assert.deepEqual(people({ xm: '张三', inner: { xm: '李四' } }), ['name 张三', 'name 李四'])
  assert.deepEqual(people({ xm: '张三', tel: tel(1), rows: [{ xm: '李四' }] }), ['name 李四', 'tel 13800000001'])
})

test('more different people than the reader has room for are all told, once each', () => {
  const rows = Array.from({ length: 9000 }, (_, nth) => ({ tel: tel(nth % 6000), xm: `人${nth}` }))
  assert.deepEqual(
    people(rows),
    Array.from({ length: 6000 }, (_, nth) => `tel ${tel(nth)}`),
  )
})

test('a row of thousands of people, and long names, are told as well', () => {
  const list = Array.from({ length: 3000 }, (_, nth) => tel(nth))
  const long = 'n'.repeat(300)
  assert.deepEqual(people([{ tel: list }, { xm: long }, { tel: list.slice(0, 70), xm: long }]), [
    ...list.map(one => `tel ${one}`),
    `name ${long}`,
  ])
})

test('who is met by a name, in text, and in another spelling is one person', () => {
  const rows = [{ tel: tel(1) }, { tel: tel(2), note: `call ${tel(1)}` }, { note: `call ${tel(2)}` }, { note: tel(3) }]
  const spelt = [{ tel: '138 0000 0001' }, { tel: `+86 ${tel(3)}` }, { tel: tel(4) }, { tel: tel(1) }, { tel: '+86' }]
  assert.deepEqual(people([...rows, ...spelt]), [...[1, 2, 3, 4].map(nth => `tel ${tel(nth)}`), 'tel +86'])
  assert.deepEqual(people([...spelt, ...rows]), [
    ...[1, 3, 4].map(nth => `tel ${tel(nth)}`),
    'tel +86',
    `tel ${tel(2)}`,
  ])
})

test('what is nearly normal is not taken for it', () => {
  const odd = ['1380000000', '138000000011', '28000000000', '１３８００００００１', '13800000001 ', '1380000000x']
  assert.deepEqual(
    people(odd.map(one => ({ tel: one }))),
    odd.map(one => `tel ${plan.types.find(({ name }) => name === 'tel')!.detector!.normalize(one)}`),
  )
})

test('a row that is read in part by the cursor and in part by the reader is one row', () => {
  const masked = maskBody(plan, JSON.stringify([{ tel: tel(1), note: `call ${tel(9)}`, id: '11010519491231002X' }]))
  assert.equal(masked.tally.rows, 1)
  assert.deepEqual(
    masked.tally.subjects.map(({ value }) => value),
    ['11010519491231002X'],
  )
})
