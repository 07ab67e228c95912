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

const titled = planOf({
  fields: { xm: 'name', title: 'name' },
  types: { name: { form: 'partial', mask: mask('keep_ends', { head: 1 }) } },
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
  [
    'values that are arguments, as Nuxt 2 has those that come again',
    'window.__NUXT__=(function(a,b,c){return {data:[{xm:a,bj:b,n:c},{xm:a,bj:b,l:[b,"x"]}]}}("张三","一班",17));',
    'window.__NUXT__=(function(a,b,c){return {data:[{xm:"张*",bj:b,n:c},{xm:"张*",bj:b,l:[b,"x"]}]}}(null,"一班",17));',
  ],
  [
    'arguments of a function in brackets that are shown in another place as well, and given to members',
    '(function(a,b,c){a.xm=b;a.bz=b;a.known=c;return {r:a,xm:c}})({},\'张三\',"李四")',
    '(function(a,b,c){a.xm="张*";a.bz=b;a.known=c;return {r:a,xm:"李*"}})({},\'张三\',"李四")',
  ],
  [
    'functions that take what they are given themselves',
    '(function(a){f(function(a){return {xm:a}})})("张三")',
    '(function(a){f(function(a){return {xm:a}})})("张三")',
  ],
  ['lists to choose from', "var a=[{label:'姓名',value:'xm'}]", "var a=[{label:'姓名',value:'xm'}]"],
]

for (const [what, program, becomes] of programs) {
  test(`what programs in a page hold describes itself: ${what}`, () => {
    assert.equal(maskText(plan, `<script>${program}</script>`, 'html'), `<script>${becomes}</script>`)
  })
}

test('a program in JSON that builds rows of a page stays one, with its values masked', () => {
  const row = '<span class="adr"><span title="张三" class="rcmContact">张三</span></span>'
  const exec = `this.set_rowcount("共 1 封");\nthis.add_row(24,${JSON.stringify({ xm: '张三', fromto: row })},false);`
  const masked = JSON.parse(maskText(titled, JSON.stringify({ action: 'list', exec }))) as { exec: string }
  const got: unknown[] = []
  const page = { set_rowcount: () => {}, add_row: (...given: unknown[]) => got.push(...given) }
  new Function(masked.exec).call(page)
  assert.deepEqual(got, [24, { xm: '张*', fromto: row.replace('title="张三"', 'title="张*"') }, false])
})
