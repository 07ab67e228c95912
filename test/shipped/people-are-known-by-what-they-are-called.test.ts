import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shipped } from '../../bench/accuracy/run.ts'
import { maskBody, maskText } from '../support/mask-body.ts'

const { plan } = shipped()
const shown = (name: string, value: unknown) =>
  (JSON.parse(maskText(plan, JSON.stringify({ [name]: value }))) as Record<string, unknown>)[name]

test('fields that say whose name they hold are names of people, however short these are', () => {
  for (const name of [
    '经办人',
    '负责人',
    '申请人',
    '户主',
    '法人代表',
    '主治医生',
    'psnName',
    'PAT_NAME',
    'doctor_name',
    'fzr',
  ])
    assert.equal(shown(name, '王一'), '王*', name)
})

test('fields called by what people are hide a Chinese name, with blanks in it or not', () => {
  for (const name of ['班主任', '导师', '父亲', '审核人', 'czr', 'doctor', 'contact'])
    for (const value of ['王一', '王　一', ' 欧阳一 ', '阿卜杜·热合曼'])
      assert.notEqual(shown(name, value), value, name + value)
})

test('what is no name stays in fields called by what people are', () => {
  for (const value of [
    '1001',
    'admin',
    '主任',
    '农民',
    '经理',
    '公务员',
    '高等数学',
    '王家村卫生院',
    '办公室',
    '单位',
    '张',
    35,
    true,
  ])
    assert.equal(shown('班主任', value), value, String(value))
  for (const name of ['product', 'cname', 'FName']) assert.equal(shown(name, '方钢'), '方钢', name)
})

test('a list to choose what people are from stays as it is', () => {
  const body = '[{"label":"班主任","value":"3"},{"label":"业主","value":"owner"}]'
  assert.equal(maskText(plan, body), body)
})

test('it is so in tables, pages and markup', () => {
  const bodies: readonly (readonly [format: string, body: string])[] = [
    ['csv', '班级,班主任\n一班,王一\n'],
    ['html', '<table><tr><th>班级</th><th>班主任</th></tr><tr><td>一班</td><td>王一</td></tr></table>'],
    ['html', '<p><b>班主任</b> <span>王一</span></p>'],
    ['xml', '<r><班主任>王一</班主任></r>'],
    ['json', '{"columns":["班主任"],"rows":[["王一"]]}'],
  ]
  for (const [format, body] of bodies) {
    const out = maskBody(plan, body, [], format).bytes.toString()
    assert.ok(!out.includes('王一'), out)
  }
})

test('vendors and old systems call numbers, days and places by these too', () => {
  for (const [name, value] of [
    ['lianxidianhua', '8888'],
    ['zhengjianhaoma', 'X1'],
    ['户籍地', '幸福里三号'],
    ['BIRTH_DT', '二〇〇五年'],
    ['BANK_ACC', '123'],
    ['INP_NO', 'Z123456'],
    ['ICD10', 'B18.1'],
    ['实发工资', 8000],
    ['hphm', 'A12345'],
  ] as const)
    assert.notEqual(shown(name, value), value, name)
})
