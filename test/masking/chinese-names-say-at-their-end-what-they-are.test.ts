import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskBody, maskText } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'

const plan = planOf({
  fields: {
    诊断: 'illness',
    姓名: 'name',
    联系人: 'name',
    负责人: 'name',
    手机号: 'tel',
    电话: 'tel',
    住址: 'address',
    导游姓名: 'guide',
  },
  types: {
    illness: { form: 'redact' },
    name: { form: 'redact' },
    tel: { form: 'redact' },
    address: { form: 'redact' },
    guide: { kind: 'not_personal' },
  },
})
const shown = (name: string): unknown => JSON.parse(maskText(plan, JSON.stringify({ [name]: 'x' })))[name]

test('a field is what its name says at the end, whoever stands before it', () => {
  for (const name of [
    '导师姓名',
    '班主任姓名',
    '姓名（中文）',
    '学生姓名*',
    '业主手机号',
    '联系人电话2',
    '户主 住址',
    '姓名１',
    '导师姓名 ',
    '出院诊断',
    '紧急联系人2',
    '项目负责人（校内）',
    '临床诊断（主要）',
    '入院诊断名称1',
  ])
    assert.equal(shown(name), '***', name)
})

test('what the policy says of the whole name goes before', () => {
  assert.equal(shown('导游姓名'), 'x')
  assert.equal(shown('导游姓名（必填）'), 'x')
})

test('telephones of offices, names of things and what only begins so are left', () => {
  for (const name of [
    '客服电话',
    '是否联系人',
    '有无联系电话',
    '联系人类型',
    '故障诊断',
    '诊断日期',
    '公司联系电话',
    '课程名',
    '姓名拼音',
    '电话会议',
    '手机号归属地',
    '1',
    '书名（中文）',
  ])
    assert.equal(shown(name), 'x', name)
})

test('it is so in tables and labels of every format', () => {
  const bodies: readonly (readonly [format: string, body: string])[] = [
    ['csv', '导师姓名,学院\n鱼蹇,计算机\n'],
    ['html', '<table><tr><th>导师姓名</th></tr><tr><td>鱼蹇</td></tr></table>'],
    ['html', '<table><tr><td>导师姓名</td><td>鱼蹇</td></tr></table>'],
    ['json', '{"columns":["导师姓名"],"rows":[["鱼蹇"]]}'],
    ['json', '{"label":"导师姓名（必填）","value":"鱼蹇"}'],
    ['xml', '<r><导师姓名>鱼蹇</导师姓名></r>'],
    ['form', `${encodeURIComponent('导师姓名')}=${encodeURIComponent('鱼蹇')}`],
  ]
  for (const [format, body] of bodies) {
    const out = decodeURIComponent(maskBody(plan, body, [], format).bytes.toString())
    assert.equal(out.includes('鱼蹇'), false, out)
  }
})
