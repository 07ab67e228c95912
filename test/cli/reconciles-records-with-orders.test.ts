import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, test } from 'node:test'
import writeWorkbook from 'write-excel-file/node'
import type { AccessDraft } from '../../gateway/records/entry.ts'
import { copyNow, databaseOn } from '../records/copying.ts'
import { accessDraft, indexOf } from '../records/drafts.ts'
import { entriesIn, folderFor, logIn } from '../records/folder.ts'
import { runCommand } from '../support/run-command.ts'
import { type Postgres, startPostgres, withoutPostgres } from '../support/start-postgres.ts'

let [folder, server]: [string, Postgres] = [] as never

const people = (count: number, from = 0) => ({
  count,
  index: Array.from({ length: count }, (_, nth) => `${indexOf(from + nth)}:clear`),
})
const order = (ref: string | null, changes: Partial<AccessDraft> = {}) =>
  accessDraft({ basis: { kind: 'work_order', ref, verified: false }, fields: {}, ...changes })

before(async t => {
  const context = t as Parameters<typeof startPostgres>[0] & Parameters<typeof logIn>[0]
  folder = await folderFor(context)
  let now = Date.parse('2026-11-20T01:00:00Z')
  const log = await logIn(context, folder, { clock: () => now })
  const clear = { fields: { 'cn_mobile@A3': { clear: 1 } } }
  const drafts: readonly AccessDraft[] = [
    order('WO-1'),
    order('wo-1', { subjects: people(2) }),
    order('WO-9'),
    order('WO-1', { operator: 'u7' }),
    order('WO-1', { purpose: 'other' }),
    order('WO-1', { system: 'library' }),
    order('WO-2'),
    order(null, clear),
    accessDraft({ basis: { kind: 'consent', ref: 'C-1', verified: false }, ...clear }),
    accessDraft({ basis: null, fields: {} }),
    order('WO-3', { subjects: people(3) }),
    order('WO-3', { subjects: people(3, 2) }),
    order('WO-9', { outcome: 'withheld', code: 'FORMAT_UNKNOWN' }),
  ]
  for (const draft of drafts) {
    now += 60_000
    await log.append([draft])
  }
  const { bytes, rows, kind: _, outcome: __, fields: ___, subjects: ____, ...begun } = order('WO-4')
  const [opened] = await log.append([{ ...begun, kind: 'open' }])
  await log.append([{ kind: 'window', of: opened!.id, bytes, rows, ...clear, subjects: people(2) }])
  await log.append([{ kind: 'close', of: opened!.id, bytes, rows }])
  await log.close()
  await writeFile(join(folder, 'map.yaml'), map)
  if (!withoutPostgres) server = await startPostgres(context)
})

const map = `columns: { reference: 工单号, operator: 处理人, purpose: 用途, system: 系统, from: 开始, until: 截止, people: 人数 }
words: { 迎新: enrolment, 学工: student-affairs, 王芳: u1203 }
`
const head = ['工单号', '标题', '处理人', '用途', '系统', '开始', '截止', '人数']
const sheet: readonly (readonly string[])[] = [
  head,
  ['ＷＯ-1', '一', '王芳、u1207', '迎新', '学工', '2026-11-20', '2026-11-20', '5'],
  ['WO-2', '二', '', '', '', '2026/11/20 9:30', '2026年11月20日', ''],
  ['WO-3', '三', '', '', '', '', '', '4'],
  ['WO-4', '四', 'u9', '', '', '', '', '2'],
  ['WO-5', '五', '', '', '', '2026-11-19', '', ''],
  ['WO-6', '六', '', '', '', '2026-12-01', '', ''],
]
const expected = [
  'NO_ORDER gw1-0:3 WO-9',
  'NO_REFERENCE gw1-0:8 -',
  'OUTSIDE_PERSON gw1-0:14 WO-4',
  'OUTSIDE_PERSON gw1-0:4 ＷＯ-1',
  'OUTSIDE_PURPOSE gw1-0:5 ＷＯ-1',
  'OUTSIDE_SYSTEM gw1-0:6 ＷＯ-1',
  'OUTSIDE_TIME gw1-0:7 WO-2',
  'NEVER_USED - WO-5',
  'TOO_MANY - WO-3',
].sort()

type Printed = { finding: string; record: string | null; reference: string | null }

async function reconcile(name: string, ...args: string[]) {
  const given = ['--orders', join(folder, name), '--map', join(folder, 'map.yaml'), '--until', '2026-11-20']
  return runCommand(['records', 'reconcile', ...given, '--timezone', 'Asia/Shanghai', ...args])
}

const findings = (stdout: string): string[] =>
  stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Printed)
    .map(({ finding, record, reference }) => `${finding} ${record ?? '-'} ${reference ?? '-'}`)
    .sort()

const csv = (rows: readonly (readonly string[])[]) => `${rows.map(row => row.join(',')).join('\r\n')}\r\n`

test('accesses without an order or outside one are found, and orders without an access', async () => {
  await writeFile(join(folder, 'orders.csv'), csv(sheet))
  const { status, stdout, stderr } = await reconcile('orders.csv', '--records', folder, '--json')
  assert.equal(status, 1, stderr)
  assert.deepEqual(findings(stdout), expected)
  const readings = (await entriesIn(folder)).filter(({ kind, log }) => kind === 'query' && log.startsWith('cli-'))
  assert.deepEqual([readings.at(-1)!['command'], readings.at(-1)!['filters']], ['reconcile', ['until']])
})

test('an Excel sheet with dates and numbers reads as the same orders', async () => {
  const cells = sheet.map((row, at) =>
    row.map((value, column) => {
      if (at > 0 && column === 7 && value !== '') return { value: Number(value), type: Number }
      const isDay = at > 0 && column === 5 && /^\d{4}-\d\d-\d\d$/.test(value)
      return isDay ? { value: new Date(`${value}T00:00Z`), type: Date, format: 'yyyy/mm/dd' } : { value }
    }),
  )
  await writeFile(
    join(folder, 'orders.xlsx'),
    await (writeWorkbook(cells as never) as unknown as { toBuffer(): Promise<Buffer> }).toBuffer(),
  )
  const { status, stdout, stderr } = await reconcile('orders.xlsx', '--records', folder, '--json')
  assert.equal(status, 1, stderr)
  assert.deepEqual(findings(stdout), expected)
})

test('a copy in PostgreSQL gives the same findings', { skip: withoutPostgres }, async () => {
  const settings = await databaseOn(server.url, 'reconciled')
  await copyNow(folder, settings)
  await writeFile(join(folder, 'orders.csv'), csv(sheet))
  const { stdout, stderr } = await reconcile(
    'orders.csv',
    '--postgres',
    server.url.replace(/[^/]*$/, 'reconciled'),
    '--json',
  )
  assert.deepEqual(findings(stdout), expected, stderr)
})

test('people read it in their language, and a spreadsheet as CSV', async () => {
  await writeFile(join(folder, 'orders.csv'), csv(sheet))
  const { stdout } = await runCommand(
    [
      'records',
      'reconcile',
      '--records',
      folder,
      '--orders',
      'orders.csv',
      '--map',
      'map.yaml',
      '--until',
      '2026-11-20',
      '--timezone',
      'Asia/Shanghai',
    ],
    { cwd: folder, lang: 'zh' },
  )
  assert.match(stdout, /^核对了 11 次访问与 6 个工单：4 次访问与工单相符。/)
  assert.match(stdout, /不在工单时间内 1 {2}OUTSIDE_TIME\n.*\ngw1-0:7 .*2026-11-20 09:30:00 – 2026-11-21 00:00:00/)
  const asCsv = await reconcile('orders.csv', '--records', folder, '--csv')
  assert.equal(asCsv.stdout.split('\r\n').length, expected.length + 2)
})

test('where all agree it says so', async () => {
  await writeFile(
    join(folder, 'few.csv'),
    csv([head, ['WO-1', '', '', '', '', '', '', ''], ['WO-4', '', '', '', '', '', '', '']]),
  )
  const given = ['--from', '2026-11-20T09:01', '--until', '2026-11-20T09:03', '--timezone', 'Asia/Shanghai']
  const files = ['--orders', join(folder, 'few.csv'), '--map', join(folder, 'map.yaml')]
  const { status, stdout } = await runCommand(['records', 'reconcile', '--records', folder, ...files, ...given])
  assert.equal(status, 1)
  assert.match(stdout, /^Held 2 accesses against 2 orders: 2 agree/)
  await writeFile(join(folder, 'one.csv'), csv([head, ['WO-1', '', '', '', '', '', '', '']]))
  const well = await runCommand([
    'records',
    'reconcile',
    '--records',
    folder,
    '--orders',
    join(folder, 'one.csv'),
    ...files.slice(2),
    ...given,
  ])
  assert.deepEqual([well.status, /Nothing was found/.test(well.stdout)], [0, true])
})

test('a sheet or map that cannot be read is refused with its places', async () => {
  const refused = async (text: string | Buffer, mapText = map): Promise<string> => {
    await writeFile(join(folder, 'bad.csv'), text)
    await writeFile(join(folder, 'bad.yaml'), mapText)
    const files = ['--orders', 'bad.csv', '--map', 'bad.yaml']
    const { status, stdout, stderr } = await runCommand(['records', 'reconcile', '--records', folder, ...files], {
      cwd: folder,
    })
    assert.deepEqual([status, stdout], [2, ''])
    return stderr
  }
  assert.match(await refused(csv([['工单', ...head.slice(1)]])), /bad\.csv:1 the first row has no column '工单号'/)
  assert.match(await refused(csv([head, ['', 'x', '', '', '', '', '', '']])), /bad\.csv:2 it has no reference/)
  assert.match(await refused(csv([head, ['A', '', '', '', '', '2026-13-01', '', '']])), /bad\.csv:2 '开始' is no time/)
  assert.match(await refused(csv([head, ['A', '', '', '', '', '', '', 'ten']])), /bad\.csv:2 '人数' is no number/)
  assert.match(await refused(Buffer.from('PK\u0003\u0004 and no more', 'latin1')), /cannot be read as CSV or Excel/)
  assert.match(await refused(csv(sheet), 'columns: { operator: 处理人 }\n'), /CONFIG_MISSING_KEY/)
  assert.match(await refused(csv(sheet), 'columns: { reference: 工单号, opreator: x }\n'), /CONFIG_UNKNOWN_KEY/)
  assert.equal((await runCommand(['records', 'reconcile', '--records', folder])).status, 2)
})
