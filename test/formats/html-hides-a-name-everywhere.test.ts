import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const types = {
  name: { form: 'partial', mask: mask('keep_ends', { head: 1 }), cell: 'A2', identifies: 9 },
  illness: { form: 'remove', cell: 'B4' },
  shown: { form: 'clear', identifies: 9 },
} as const
const plan = planOf({ fields: { 姓名: 'name', xm: 'name', name: 'name', 诊断: 'illness', 班主任: 'shown' }, types })

function shows(title: string, page: string, expected: string): void {
  test(title, () => assert.equal(maskText(plan, page, 'html'), expected))
}

shows(
  'a name in a column is hidden in the title, hints, questions and data of the page as well',
  `<title>笪远航的资料</title><script>var a=[['1','笪远航']]</script><table><tr><th>姓名<th>操作<tr title=笪远航><td>笪远航<td><a onclick="if(confirm('确定删除笪远航吗？'))del(1)">删</a><tr><td>买买提·吐尔逊<td><img alt="买买提·吐尔逊的照片"></table>`,
  `<title>笪**的资料</title><script>var a=[['1','笪**']]</script><table><tr><th>姓名<th>操作<tr title=笪**><td>笪**<td><a onclick="if(confirm('确定删除笪**吗？'))del(1)">删</a><tr><td>买******<td><img alt="买******的照片"></table>`,
)
shows(
  'so is one behind a label',
  '<h1>查看：笪远航</h1><p>姓名：<b>笪远航</b></p>',
  '<h1>查看：笪**</h1><p>姓名：<b>笪**</b></p>',
)
shows(
  'of two names the longer one is hidden as a whole',
  '<table><tr><th>姓名<tr><td>欧阳明<tr><td>欧阳明月</table><p>欧阳明月、欧阳明到会',
  '<table><tr><th>姓名<tr><td>欧**<tr><td>欧***</table><p>欧***、欧**到会',
)
shows(
  'words that are nobody’s name stay where no field has them',
  '<p>管理员登录，治疗乙肝<table><tr><th>姓名<th>诊断<tr><td>管理员<td>乙肝</table>',
  '<p>管理员登录，治疗乙肝<table><tr><th>姓名<th>诊断<tr><td>管**<td></table>',
)
shows(
  'what a field of things may be called stays',
  '<option>已审核</option><table><tr><th>name<th>x<tr><td>已审核<td>1</table>',
  '<option>已审核</option><table><tr><th>name<th>x<tr><td>已**<td>1</table>',
)
shows(
  'a name that is shown stays',
  '<title>笪远航</title><table><tr><th>班主任<tr><td>笪远航</table>',
  '<title>笪远航</title><table><tr><th>班主任<tr><td>笪远航</table>',
)

test('so it is in long lists, whose rows are read together', () => {
  const names = Array.from({ length: 300 }, (_, at) => `笪${String.fromCharCode(0x5000 + at)}航`)
  const page = `<table><tr><th>号<th>姓名${names.map((one, at) => `<tr><td>${at}<td>${one}`).join('')}</table><ul>${names.map(one => `<li>请${one}到校</li>`).join('')}</ul>`
  assert.doesNotMatch(maskText(plan, page, 'html'), /航/)
})
