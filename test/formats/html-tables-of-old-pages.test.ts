import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const types = {
  name: { form: 'partial', mask: mask('keep_ends', { head: 1 }), cell: 'A2', identifies: 2 },
  number: { form: 'redact', cell: 'A3' },
} as const
const plan = planOf({ fields: { 姓名: 'name', xm: 'name', 学号: 'number', xh: 'number' }, types })

function shows(title: string, page: string, expected: string): void {
  test(title, () => assert.equal(maskText(plan, page, 'html'), expected))
}

shows(
  'the names of columns count below the title of a table and a line of who made it',
  '<table><tr><td colspan=3>2008级花名册<tr><td>制表人<td>日期<td><tr><td>学号<td>姓名<td>班<tr><td>31901<td>笪远航<td>一</table>',
  '<table><tr><td colspan=3>2008级花名册<tr><td>制表人<td>日期<td><tr><td>学号<td>姓名<td>班<tr><td>***<td>笪**<td>一</table>',
)
shows(
  'a form with a title is read beside its labels all the same',
  '<table><tr><td colspan=4>基本信息<tr><td>姓名<td>笪远航<td>班级<td>一班<tr><td>学号<td>31901<td>性别<td>男</table>',
  '<table><tr><td colspan=4>基本信息<tr><td>姓名<td>笪**<td>班级<td>一班<tr><td>学号<td>***<td>性别<td>男</table>',
)
shows(
  'a header of two texts is what either says',
  '<table><tr><th>号<th><a href=#>xm</a><br>\n<span title="姓名">\n  姓名\n</span><th><a href=#>Book</a> <i>作者</i><tr><td>1<td>笪远航<td>三体</table>',
  '<table><tr><th>号<th><a href=#>xm</a><br>\n<span title="姓名">\n  姓名\n</span><th><a href=#>Book</a> <i>作者</i><tr><td>1<td>笪**<td>三体</table>',
)
shows(
  'a column is what the programs of the page call it',
  '<table><tr><th>No<th data-column="xm">x<th field="xh">y<tr><td>1<td>笪远航<td>31901</table>',
  '<table><tr><th>No<th data-column="xm">x<th field="xh">y<tr><td>1<td>笪**<td>***</table>',
)
shows(
  'the arrow of a sorted column is no part of its name',
  '<table><tr><td>学号 ▲<td>姓名↓<tr><td>31901<td>笪远航<tr><td>31902<td>鱼蹇</table>',
  '<table><tr><td>学号 ▲<td>姓名↓<tr><td>***<td>笪**<tr><td>***<td>鱼*</table>',
)
