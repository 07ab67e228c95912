import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { read, utils } from '@e965/xlsx'
import { type LegacySystem, startLegacySystem } from '../../gateway/demo/legacy-system.ts'
import { studentQuestion, studentRows } from '../../gateway/demo/student-exports.ts'
import { cellsOf } from '../../gateway/demo/workbook.ts'

let legacy: LegacySystem

before(async () => {
  legacy = await startLegacySystem()
})

after(() => legacy.close())

test('hundreds of people are in it, the same in every run', async () => {
  const again = await startLegacySystem()
  try {
    assert.ok(legacy.students.length >= 500)
    assert.equal(await body('/api/students/7'), await (await fetch(`${again.url}/api/students/7`)).text())
  } finally {
    await again.close()
  }
})

test('a list comes in pages whose numbers are strings', async () => {
  const first = JSON.parse(await body('/api/students?page=1&size=10'))
  const second = JSON.parse(await body('/api/students?page=2&size=10'))
  assert.equal(first.data.total, String(legacy.students.length))
  assert.equal(first.data.rows.length, 10)
  assert.equal(second.data.rows[0].xh, legacy.students[10]!.person.studentNumber)
})

test('a list can be asked by name', async () => {
  const { name } = legacy.students[4]!.person
  const found = JSON.parse(await body(`/api/students?xm=${encodeURIComponent(name)}`))
  assert.ok(found.data.rows.length >= 1)
  for (const row of found.data.rows) assert.equal(row.xm, name)
})

test('row numbers have 19 digits, more than a double holds', async () => {
  const rowId = /"rowId":(\d+)/.exec(await body('/api/students/7'))![1]!
  assert.equal(rowId.length, 19)
  assert.notEqual(String(Number(rowId)), rowId)
})

test('a login sets a session cookie, and only its holder is known', async () => {
  const answer = await fetch(`${legacy.url}/api/login`, { method: 'POST', body: 'username=wanglaoshi&password=123456' })
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!
  assert.match(cookie, /^JSESSIONID=/)
  const known = await fetch(`${legacy.url}/api/session`, { headers: { cookie } })
  assert.equal(JSON.parse(await known.text()).data.userName, 'wanglaoshi')
  assert.equal((await fetch(`${legacy.url}/api/session`)).status, 401)
})

test('the export has a line for everybody', async () => {
  const lines = (await body('/export/students.ndjson')).trimEnd().split('\n')
  assert.equal(lines.length, legacy.students.length)
  for (const [index, line] of lines.entries()) {
    assert.equal(JSON.parse(line).idCard, legacy.students[index]!.person.residentId)
  }
})

test('its error pages leak what they can', async () => {
  for (const path of ['/api/students/9999', '/api/students?page=0', '/api/students/0/guardians', '/student.jsp']) {
    const answer = await fetch(legacy.url + path)
    assert.equal(answer.status, 500)
    assert.match(await answer.text(), /\d{17}[\dX]/, path)
  }
})

test('a page for people is in GBK, and says so', async () => {
  const answer = await fetch(`${legacy.url}/student.jsp?id=7`)
  assert.equal(answer.headers.get('content-type'), 'text/html;charset=GBK')
  const page = new TextDecoder('gbk', { fatal: true }).decode(await answer.arrayBuffer())
  assert.ok(page.includes(`<th>姓名</th><td>${legacy.students[6]!.person.name}</td>`))
})

test('a service answers in SOAP, and a fault with what it was asked', async () => {
  const ask = (id: number) =>
    fetch(`${legacy.url}/services/StudentService`, { method: 'POST', body: studentQuestion(id) })
  assert.ok((await (await ask(7)).text()).includes(`<xm>${legacy.students[6]!.person.name}</xm>`))
  const fault = await ask(0)
  assert.equal(fault.status, 500)
  assert.match(await fault.text(), /<faultcode>.*IllegalStateException/s)
})

test('exports open where people open them: CSV in GBK, and a workbook that another library reads', async () => {
  const csv = await (await fetch(`${legacy.url}/export/students.csv`)).arrayBuffer()
  const workbook = await (await fetch(`${legacy.url}/export/students.xlsx`)).arrayBuffer()
  const rows = studentRows(legacy.students)
  const { Sheets, SheetNames } = read(Buffer.from(workbook))
  assert.deepEqual(utils.sheet_to_json(Sheets[SheetNames[0]!]!, { header: 1, defval: '' }), rows)
  assert.deepEqual(cellsOf(new Uint8Array(workbook)), rows)
  const lines = new TextDecoder('gbk', { fatal: true }).decode(csv).split('\r\n')
  assert.equal(lines[0], rows[0]!.join(','))
  assert.equal(lines.length, rows.length + 1)
})

test('dormitories are JSON that calls itself a web page', async () => {
  const answer = await fetch(`${legacy.url}/api/dormitories`)
  assert.match(answer.headers.get('content-type')!, /^text\/html/)
  const rows = JSON.parse(await answer.text()).data.rows
  assert.equal(rows.flatMap((row: { members: unknown[] }) => row.members).length, legacy.students.length)
})

async function body(path: string): Promise<string> {
  return (await fetch(legacy.url + path)).text()
}
