import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskText } from '../support/mask-body.ts'
import { policy } from './policies.ts'

// 乙肝, 艾滋病 and 怀孕 name fields of the catalogue, as a column of results does; here they are the results.
const system = policy.systems.get('student-affairs')!

function shows(format: string, body: string, expected: string, audience = 'public'): void {
  const match = system.match('GET', '/api/students/7')
  assert.ok('route' in match)
  assert.equal(maskText(policy.plan(system, match.route, audience, new Set()), body, format), expected)
}

test('behind a label in an object', () => {
  shows('json', '[{"label":"诊断","value":"乙肝"}]', '[{"label":"诊断"}]')
  shows('json', '[{"label":"传染病","value":"乙肝"}]', '[{"label":"传染病"}]')
  shows('json', '[{"label":"乙肝","value":"阳性"}]', '[{"label":"乙肝"}]')
  shows('xml', '<a><item 项目="诊断">乙肝</item></a>', '<a><item 项目="诊断"></item></a>')
})

test('under a column that is named ahead of rows', () => {
  shows('json', '[["姓名","诊断"],["张三","艾滋病"],["李四","肺炎"]]', '[["姓名","诊断"],["张*",null],["李*",null]]')
  shows(
    'json',
    '{"columns":["姓名","诊断"],"rows":[["张三","怀孕"]]}',
    '{"columns":["姓名","诊断"],"rows":[["张*",null]]}',
  )
})

test('while keys of columns stay, where anything of the column is shown', () => {
  shows(
    'json',
    '[{"label":"姓名","key":"xm"},{"label":"姓名","value":"xm"}]',
    '[{"label":"姓名","key":"xm"},{"label":"姓名","value":"xm"}]',
  )
})

const row = (cell: string, ...texts: string[]) => `<tr>${texts.map(text => `<${cell}>${text}</${cell}>`).join('')}</tr>`
const page = (...rows: string[]) => `<table>${rows.join('')}</table>`

test('under a header of a table in a page, and it is no label of the cell beside it', () => {
  const [ward, hers, his] = [
    ['姓名', '诊断', '床号'],
    ['张三', '乙肝', '1床'],
    ['李四', '肺炎', '2床'],
  ] as const
  const shown = [row('td', '张*', '', '1床'), row('td', '李*', '', '2床')]
  for (const cell of ['th', 'td']) {
    const header = row(cell, ...ward)
    shows('html', page(header, row('td', ...hers), row('td', ...his)), page(header, ...shown))
  }
})

test('in a table whose first column is the diagnosis', () => {
  const header = row('td', '诊断', '姓名', '科室')
  const rows = [row('td', '乙肝', '张三', '内科'), ...Array(9).fill(row('td', '肺炎', '李四', '内科'))]
  const shown = [row('td', '', '张*', '内科'), ...Array(9).fill(row('td', '', '李*', '内科'))]
  shows('html', page(header, ...rows), page(header, ...shown))
})

test('beside a label in a form', () => {
  shows('html', page(row('td', '诊断', '乙肝')), page(row('td', '诊断', '')))
  shows(
    'html',
    page(row('td', '姓名', '张三', '诊断', '乙肝'), row('td', '手机', '13800138000', '科室', '内科')),
    page(row('td', '姓名', '张*', '诊断', ''), row('td', '手机', '***', '科室', '内科')),
  )
  shows('html', '<table><tr><th>诊断</th><td>乙肝</td></tr></table>', '<table><tr><th>诊断</th><td></td></tr></table>')
  shows('html', '<dl><dt>诊断</dt><dd>乙肝</dd></dl>', '<dl><dt>诊断</dt><dd></dd></dl>')
  shows('html', '<p><b>诊断</b><i>乙肝</i></p>', '<p><b>诊断</b><i></i></p>')
})

test('while labels stay that stand side by side, or behind a value that is missing', () => {
  for (const body of [
    page(row('td', '姓名', '身份证号', '诊断')),
    page(row('td', '诊断', '', '手机', '')),
    page(row('td', '诊断：', '手机：')),
    '<p><b>身份证号</b><b>诊断</b><b>姓名</b></p>',
    '<p><b>诊断</b><i></i><b>手机</b></p>',
    '<p><b>诊断：</b><b>手机：</b></p>',
  ])
    shows('html', body, body)
  shows('html', page(row('td', '监护人', '姓名', '李四')), page(row('td', '监护人', '姓名', '李*')))
})

test('in rows of a table whose header stands further left, or has names alone', () => {
  shows(
    'csv',
    '姓名,诊断,科室,床号\n张三,乙肝,内科,1\n李四,艾滋病,外科,2\n',
    '姓名,诊断,科室,床号\n张*,,内科,1\n李*,,外科,2\n',
  )
  shows('csv', '诊断,姓名\n乙肝,张三\n艾滋病,李四\n', '诊断,姓名\n,张*\n,李*\n')
  shows(
    'csv',
    '住院号,诊断,出院诊断,姓名\nZY1,乙肝,梅毒,\nZY2,艾滋病,,张三\n',
    '住院号,诊断,出院诊断,姓名\n***,,,\n***,,,张*\n',
  )
})

test('behind a label in a form of rows', () => {
  shows(
    'csv',
    '姓名,张三,诊断,乙肝\n手机,13800138000,科室,内科\n诊断,怀孕,民族,汉\n',
    '姓名,张*,诊断,\n手机,***,科室,内科\n诊断,,民族,***\n',
  )
})
