import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as XLSX from '@e965/xlsx'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { leakIn, leakInXls } from './mask-workbook.ts'
import { bareXls } from './older-xls.ts'
import { id, tel } from './people-plan.ts'
import { everything, packed } from './workbook-parts.ts'
import { everyRecord, inContainer } from './xls-parts.ts'

const name = '张三丰'
const planted = [name, '三丰', id, tel]
const office = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const excel = 'application/vnd.ms-excel'
const old = inContainer(everyRecord(name, id, tel), `${name} ${id} ${tel}`)
const table = `姓名,身份证号,手机号,城市\r\n${name},${id},${tel},Ulm\r\n`

const answers: Record<string, [type: string, body: string | Buffer]> = {
  '/a.csv': ['text/csv; charset=utf-8', table],
  '/gbk.csv': ['text/csv; charset=gbk', Buffer.from('d0d5c3fb2cb3c7cad00d0ad5c5c8fdb7e12c556c6d0d0a', 'hex')],
  '/old.xls': ['application/vnd.ms-excel', table.replaceAll(',', '\t')],
  '/plain': ['text/plain', table],
  '/download': ['application/octet-stream', table],
  '/a.xlsx': [office, packed(everything(name, id, tel))],
  '/b.xlsx': ['application/octet-stream', packed(everything(name, id, tel))],
  '/c.xls': ['application/vnd.ms-excel', packed(everything(name, id, tel))],
  '/a.xls': [excel, old],
  '/b.xls': ['application/x-msexcel', old],
  '/d.xls': ['application/octet-stream', old],
  '/e.xlsx': [office, old],
  '/bare.xls': [
    excel,
    bareXls(
      [
        ['姓名', '手机号'],
        [name, Number(tel)],
        [name, tel],
      ],
      'utf-8',
    ),
  ],
  '/form': [
    'application/x-www-form-urlencoded',
    `${encodeURIComponent('姓名')}=${encodeURIComponent(name)}&n=1&t=${tel}`,
  ],
  '/events': ['text/event-stream', `data: {"姓名":"${name}","tel":"${tel}","n":1}\n\ndata: 姓名：${name}\n\n`],
  '/log': ['text/plain', `姓名：${name}，手机号：${tel}\nplain line\n`],
  '/dump.sql': ['text/x-sql', `INSERT INTO t (姓名, 手机号, n) VALUES\n('${name}', NULL, 1);\n`],
  '/parts': [
    'multipart/form-data; boundary=x',
    `--x\r\nContent-Disposition: form-data; name="姓名"\r\n\r\n${name}\r\n--x--\r\n`,
  ],
  '/broken.csv': ['text/csv', `姓名\n"${name}`],
  '/broken.xlsx': [office, packed(everything(name, id, tel)).subarray(0, -4)],
  '/old-binary.xls': [excel, Buffer.from('d0cf11e0a1b11ae100000000', 'hex')],
  '/related': ['multipart/related; boundary=x', `--x\r\n\r\n${name}\r\n--x--\r\n`],
  '/unbounded': ['multipart/mixed', `--x\r\n\r\n${name}\r\n--x--\r\n`],
}

let upstream: Upstream
let gateway: TestGateway

before(async () => {
  upstream = await startUpstream((request, response) => {
    const [type, body] = answers[request.url!]!
    response.writeHead(200, { 'content-type': type })
    response.end(body)
  })
  gateway = await startTestGateway({ upstream: upstream.url })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

async function get(path: string) {
  const answer = await fetch(gateway.url + path)
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    bytes: Buffer.from(await answer.arrayBuffer()),
  }
}

test('what names say is personal is masked in every format, and the rest stays', async () => {
  const expected: Record<string, RegExp> = {
    '/a.csv': /^姓名,身份证号,手机号,城市\r\n张\*+,.*,Ulm\r\n$/,
    '/old.xls': /\tUlm\r\n$/,
    '/plain': /,Ulm\r\n$/,
    '/download': /,Ulm\r\n$/,
    '/form': /&n=1&t=\*\*\*$/,
    '/events': /^data: \{"姓名":"张\*+","tel":"\*\*\*","n":1\}\n\ndata: 姓名：张\*+\n\n$/,
    '/log': /^姓名：张\*+，手机号：\*\*\*\nplain line\n$/,
    '/dump.sql': /^INSERT INTO t \(姓名, 手机号, n\) VALUES\n\('张\*+', NULL, 1\);\n$/,
    '/parts': /\r\n\r\n张\*+\r\n--x--\r\n$/,
  }
  for (const [path, shape] of Object.entries(expected)) {
    const { status, bytes } = await get(path)
    const text = bytes.toString()
    assert.equal(status, 200, `${path}: ${text}`)
    assert.match(text, shape)
    for (const value of planted)
      assert.ok(
        !text.includes(value) && !decodeURIComponent(text.replace(/%(?![\dA-F]{2})/g, '')).includes(value),
        `${path}: ${text}`,
      )
  }
})

test('a table in GBK is read and answered as GBK', async () => {
  const { status, bytes } = await get('/gbk.csv')
  assert.equal(status, 200)
  const text = new TextDecoder('gbk').decode(bytes)
  assert.match(text, /^姓名,城市\r\n张\*+,Ulm\r\n$/)
})

test('a workbook is known by its bytes under the labels that systems give it', async () => {
  for (const path of ['/a.xlsx', '/b.xlsx', '/c.xls']) {
    const { status, type, bytes } = await get(path)
    assert.equal(status, 200, `${path}: ${bytes.toString('latin1').slice(0, 200)}`)
    assert.equal(type, office)
    assert.equal(leakIn(bytes, planted), null)
    assert.ok(XLSX.read(bytes).SheetNames.includes('S'))
  }
})

test('an old workbook is known by its bytes under the labels that systems give it, and leaves as one', async () => {
  for (const path of ['/a.xls', '/b.xls', '/bare.xls', '/d.xls', '/e.xlsx']) {
    const { status, type, bytes } = await get(path)
    assert.equal(status, 200, `${path}: ${bytes.toString('latin1').slice(0, 200)}`)
    assert.equal(type, path === '/b.xls' ? 'application/x-msexcel' : excel)
    assert.equal(leakInXls(bytes, planted), null)
    assert.equal(Object.values(XLSX.read(bytes).Sheets)[0]!['A2'].v, '张**')
  }
})

test('the boundary of parts is told again', async () => {
  assert.equal((await get('/parts')).type, 'multipart/form-data; boundary="x"')
})

test('what cannot be read is withheld, with none of its bytes', async () => {
  for (const path of ['/broken.csv', '/broken.xlsx', '/old-binary.xls', '/related', '/unbounded']) {
    const { status, bytes } = await get(path)
    assert.equal(status, 502, path)
    assert.match(bytes.toString(), /"code":"FORMAT_(?:UNKNOWN|MALFORMED)"/)
    for (const value of planted) assert.ok(!bytes.includes(value), path)
  }
})

test('every workbook is on record with its rows', async () => {
  const records = await gateway.records()
  for (const kind of ['xlsx', 'xls']) {
    const workbooks = records.filter(({ format }) => format === kind)
    assert.ok(workbooks.length >= 3)
    for (const { rows } of workbooks.filter(({ outcome }) => outcome === 'released')) assert.ok(Number(rows) >= 2)
  }
})
