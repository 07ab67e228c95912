import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const types = {
  name: { form: 'partial', mask: mask('keep_ends', { head: 1 }), cell: 'A2', identifies: 2 },
  diagnosis: { form: 'redact', cell: 'A3' },
} as const
const plan = planOf({ fields: { 姓名: 'name', xm: 'name', 诊断: 'diagnosis', 学号: 'diagnosis' }, types })

function shows(title: string, page: string, expected: string): void {
  test(title, () => assert.equal(maskText(plan, page, 'html'), expected))
}
function stays(title: string, page: string): void {
  shows(title, page, page)
}

shows(
  'a header in a table of its own names the columns of the rows below it',
  '<div class=head><table><tr><th>姓名<th>诊断</table></div><div><table><tr><td>笪远航<td>感冒</table></div>',
  '<div class=head><table><tr><th>姓名<th>诊断</table></div><div><table><tr><td>笪**<td>***</table></div>',
)
shows(
  'it does so with a column of boxes to tick, widths of columns, spans and one more column above the bar',
  '<table><colgroup><col><col></colgroup><thead><tr><th rowspan=2><input type=checkbox><th colspan=2>学生<th class="el-table__cell gutter"><tr><th>姓名<th>诊断</thead></table>' +
    '<script>fix()</script><table><colgroup><col></colgroup><tr><td><input type=checkbox><td>笪远航<td>感冒</table>',
  '<table><colgroup><col><col></colgroup><thead><tr><th rowspan=2><input type=checkbox><th colspan=2>学生<th class="el-table__cell gutter"><tr><th>姓名<th>诊断</thead></table>' +
    '<script>fix()</script><table><colgroup><col></colgroup><tr><td><input type=checkbox><td>笪**<td>***</table>',
)
shows(
  'it does so for many rows that are alike',
  `<table><tr><th>姓名<th>诊断</table><table>${'<tr><td>笪远航</td><td>感冒</td></tr>'.repeat(40)}</table>`,
  `<table><tr><th>姓名<th>诊断</table><table>${'<tr><td>笪**</td><td>***</td></tr>'.repeat(40)}</table>`,
)
shows(
  'headers of columns that stay in view and of others stand ahead of the rows of both',
  '<table><tr><th>序<th>姓名</table><table><tr><th>班<th>学号<th>诊断</table><table><tr><td>1<td>笪远航</table><table><tr><td>一<td>2<td>感冒</table>',
  '<table><tr><th>序<th>姓名</table><table><tr><th>班<th>学号<th>诊断</table><table><tr><td>1<td>笪**</table><table><tr><td>一<td>***<td>***</table>',
)
shows(
  'each row may be a table of its own',
  '<table><tr><th>姓名<th>诊断</table><table><tr><td>笪远航<td>感冒</table><table><tr><td>鱼蹇<td>骨折</table>',
  '<table><tr><th>姓名<th>诊断</table><table><tr><td>笪**<td>***</table><table><tr><td>鱼*<td>***</table>',
)
shows(
  'below it a header without words is none',
  '<table><tr><th>姓名<th>诊断</table><table><thead><tr><th><th></thead><tr><td>笪远航<td>感冒</table>',
  '<table><tr><th>姓名<th>诊断</table><table><thead><tr><th><th></thead><tr><td>笪**<td>***</table>',
)
shows(
  'a header of plain cells is one where its names stand side by side or at its end',
  '<table><tr><td>姓名<td>学号<td>班</table><table><tr><td>笪远航<td>1<td>一</table><p>二</p><table><tr><td>年级<td>姓名<td>诊断</table><table><tr><td>2<td>鱼蹇<td>感冒</table>',
  '<table><tr><td>姓名<td>学号<td>***</table><table><tr><td>笪**<td>***<td>一</table><p>二</p><table><tr><td>年级<td>姓名<td>诊断</table><table><tr><td>2<td>鱼*<td>***</table>',
)
shows(
  'a header of plain cells is one where it is called so',
  '<div class="datagrid-header"><table><tr><td><input type=checkbox><td>年级<td>姓名<td>班</table></div><table><tr><td><td>2<td>鱼蹇<td>一</table>',
  '<div class="datagrid-header"><table><tr><td><input type=checkbox><td>年级<td>姓名<td>***</table></div><table><tr><td><td>2<td>鱼*<td>一</table>',
)
shows(
  'a form of which each line is a table is read beside its labels alone',
  '<table><tr><td>姓名<td>笪远航<td>班级<td>一班</table><table><tr><td>地址<td>上海<td>电话<td>无</table>',
  '<table><tr><td>姓名<td>笪**<td>班级<td>一班</table><table><tr><td>地址<td>上海<td>电话<td>无</table>',
)
stays(
  'a header has nothing to do with a table that has one, has more columns, or stands below words or a box',
  '<table><tr><th>姓名<th>诊断</table><table><tr><th>课程<th>学分<tr><td>数学<td>3</table>' +
    '<hr><table><tr><th>姓名<th>诊断</table><table><tr><td>数学<td>3<td>4</table>' +
    '<table><tr><th>姓名<th>班</table>一<table><tr><td>数学<td>3</table>' +
    '<table><tr><th>姓名<th>诊断</table><input type=text><table><tr><td>数学<td>3</table>',
)
