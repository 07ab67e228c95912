import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const { name } = sentinel

const ways: Record<string, unknown> = {
  'a label beside a value': [{ label: '姓名', value: name }],
  'a key beside a value': { key: 'xm', value: name },
  'Chinese words': { 字段: '学生姓名', 值: name },
  'a change of a field': { field: 'name', fieldTitle: '姓名', oldValue: name, newValue: name },
  'a question of a form': { question: '* 姓名（必填）：', answer: name },
  'columns ahead of rows': { columns: ['学号', '姓名'], rows: [['1', name]] },
  'columns with titles': { columns: [{ title: '姓名' }], data: [[name], [name]] },
  'columns with keys of their own': { columns: [{ prop: 'c1', label: '姓名' }], data: [{ c1: name }] },
  'a first row of names': {
    source: [
      ['学号', '姓名'],
      ['1', name],
    ],
  },
  'one row beside its columns': { labels: ['姓名', '班级'], values: [name, '一班'] },
}

for (const [what, body] of Object.entries(ways)) {
  test(`a name under ${what} is masked`, async () => {
    const got = await ask(answer(JSON.stringify(body)))
    assert.equal(got.status, 200)
  })
}

const excel = (rows: readonly (readonly string[])[]) =>
  `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table>${rows
    .map(cells => `<Row>${cells.map(cell => `<Cell><Data>${cell}</Data></Cell>`).join('')}</Row>`)
    .join('')}</Table></Worksheet></Workbook>`

test('a name in the XML that Excel wrote in 2003 is masked', async () => {
  const body = excel([['学生名单'], ['学号', '姓名'], ['1', name]])
  const got = await ask(answer(body, { 'content-type': 'application/vnd.ms-excel' }))
  assert.equal(got.status, 200)
})
