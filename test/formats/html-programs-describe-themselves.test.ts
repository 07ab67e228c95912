import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const plan = planOf({
  fields: { 姓名: 'name', xm: 'name', known: 'open' },
  types: {
    name: { form: 'partial', mask: mask('keep_ends', { head: 1 }) },
    open: { kind: 'not_personal', cell: 'D1' },
  },
})

const programs: readonly (readonly [what: string, program: string, becomes: string])[] = [
  ['labels', "var a=[{label:'姓名',value:'张三'}]", "var a=[{label:'姓名',value:'张*'}]"],
  ['labels behind', "var a=[{value:'张三',x:{y:[1]},label:'姓名'}]", "var a=[{value:'张*',x:{y:[1]},label:'姓名'}]"],
  ['labels of objects inside', "var a={value:'张三',x:{label:'姓名'}}", "var a={value:'张三',x:{label:'姓名'}}"],
  ['labels in quotes', 'f({"key":"xm","value":"张三"})', 'f({"key":"xm","value":"张*"})'],
  [
    'other labels',
    "var a=[{name:'张三',value:1},{label:'班级',value:'张三'}]",
    "var a=[{name:'张三',value:1},{label:'班级',value:'张三'}]",
  ],
  ['rows of names', "var a=[['姓名','班级'],['张三','张三']]", "var a=[['姓名','班级'],['张*','张三']]"],
  ['rows without', "var a=[['甲','乙'],['张三','张三']]", "var a=[['甲','乙'],['张三','张三']]"],
  ['lists to choose from', "var a=[{label:'姓名',value:'xm'}]", "var a=[{label:'姓名',value:'xm'}]"],
]

for (const [what, program, becomes] of programs) {
  test(`what programs in a page hold describes itself: ${what}`, () => {
    assert.equal(maskText(plan, `<script>${program}</script>`, 'html'), `<script>${becomes}</script>`)
  })
}
