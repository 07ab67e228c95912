import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shipped } from '../../bench/accuracy/run.ts'
import { maskBody } from '../support/mask-body.ts'

const { plan } = shipped()
const masked = (format: string, body: string) => maskBody(plan, body, [], format).bytes.toString()

const relatives = [
  ['父亲', '联系甲厂', '王一', '某某里三号'],
  ['母亲', '联系乙厂', '李二', '某某里四号'],
  ['配偶', '联系丙厂', '周三', '某某里五号'],
]

test('a table whose first column says who somebody is keeps its columns', () => {
  const out = masked('csv', `${[['称谓', '备注', '姓名', '住址'], ...relatives].map(row => row.join()).join('\n')}\n`)
  for (const [relation, where, name, address] of relatives) {
    assert.ok(out.includes(relation!) && out.includes(where!), out)
    assert.ok(!out.includes(name!) && !out.includes(address!), out)
  }
})

test('it does in a page, with marked headers and without', () => {
  for (const tag of ['th', 'td']) {
    const cells = (row: readonly string[], as: string) =>
      `<tr>${row.map(text => `<${as}>${text}</${as}>`).join('')}</tr>`
    const rows = relatives.map(row => cells(row, 'td')).join('')
    const out = masked('html', `<table>${cells(['称谓', '备注', '姓名', '住址'], tag)}${rows}</table>`)
    for (const [relation, where, name, address] of relatives) {
      assert.ok(out.includes(relation!) && out.includes(where!), out)
      assert.ok(!out.includes(name!) && !out.includes(address!), out)
    }
  }
})

test('what somebody is, among labelled values, says nothing of the next', () => {
  const line = (label: string, value: string) => `<p><label>${label}：</label><span>${value}</span></p>`
  const out = masked('html', `<div>${line('角色', '学生')}<p>学生</p><p>方钢</p></div>`)
  assert.ok(out.includes('方钢'), out)
})

test('with a colon, or marked as a label, it still says whose name is behind it', () => {
  for (const label of ['班主任：', '<b>班主任</b>', '<label>班主任</label>', '<dt>班主任</dt>'])
    assert.ok(!masked('html', `<div>${label}<span>王一</span></div>`).includes('王一'), label)
})

test('a class that says what people are says nothing of a text', () => {
  const page = '<ul><li class="student"><a href="/q">查询</a></li><li class="owner active">金额</li></ul>'
  assert.equal(masked('html', page), page)
  assert.ok(!masked('html', '<ul><li id="owner">王一</li></ul>').includes('王一'))
})
