import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { main } from '../../gateway/cli/main.ts'
import type { Draft } from '../../gateway/records/entry.ts'
import { csvLine, printable } from '../../gateway/records/query/table.ts'
import { parseTime } from '../../gateway/records/query/when.ts'
import { displayWidth } from '../../gateway/terminal.ts'
import { accessDraft } from './drafts.ts'
import { entriesIn, folderFor, logIn } from './folder.ts'

async function run(cwd: string, ...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const status = await main(args, {
    stdin: (async function* () {})(),
    stdout: text => (out += text),
    stderr: text => (err += text),
    lang: 'en',
    cwd,
    env: {},
  })
  return { status, out, err }
}

/** A folder with one record of each sort, a minute apart. */
async function sample(t: TestContext): Promise<string> {
  const directory = await folderFor(t)
  let now = Date.parse('2026-11-20T15:58:00Z')
  const log = await logIn(t, directory, { clock: () => (now += 60_000) })
  const { bytes, rows, fields, subjects, kind: _, outcome: __, ...begun } = accessDraft({ operator: 'long' })
  const drafts: Draft[] = [
    accessDraft(),
    accessDraft({ consumer: '教务处', grant: 'g-7', fields: { 'bank_card@A4': { redact: 3 } } }),
    accessDraft({ outcome: 'withheld', code: 'FORMAT_MALFORMED', status: 502, fields: {} }),
    { kind: 'refused', address: '10.9.9.9', status: 401, code: 'CREDENTIALS_WRONG', count: 17 },
    accessDraft({ searched: ['student_number@B2'], operator: 'u7', fields: {}, review: 'r-5' }),
    { kind: 'policy', digest: `sha256:${'0'.repeat(64)}`, previous: null, outcome: 'loaded', faults: 0 },
    { ...begun, kind: 'open' },
  ]
  let last = ''
  for (const draft of drafts) last = (await log.append([draft]))[0]!.id
  await log.append([{ kind: 'window', of: last, bytes, rows, fields, subjects }])
  await log.append([{ kind: 'close', of: last, bytes, rows }])
  await log.close()
  return directory
}

const queries: readonly [string[], number[]][] = [
  [['--consumer', '教务处'], [2]],
  [
    ['--consumer', '教务处', '--consumer', 'oa', '--outcome', 'released'],
    [1, 2, 5, 9],
  ],
  [
    ['--operator', 'long'],
    [7, 8, 9],
  ],
  [['--operator', 'long', '--data-type', 'cn_mobile'], [8]],
  [['--data-type', 'bank_card'], [2]],
  [['--grant', 'g-7'], [2]],
  [['--review', 'r-5'], [5]],
  [['--review', 'r-5', '--review', 'r-6', '--operator', 'u8'], []],
  [['--data-type', 'student_number'], [5]],
  [
    ['--cell', 'A3'],
    [1, 8],
  ],
  [['--data-type', 'cn_mobile', '--cell', 'A4'], []],
  [['--outcome', 'refused'], [4]],
  [['--code', 'FORMAT_MALFORMED'], [3]],
  [['--kind', 'policy'], [6]],
  [['--system', 'elsewhere'], []],
  [
    ['--route', '/api/students/{id}', '--limit', '2'],
    [8, 9],
  ],
  [
    ['--from', '2026-11-21', '--until', '2026-11-21T01:00', '--timezone', 'Asia/Shanghai', '--limit', '3'],
    [7, 8, 9],
  ],
  [['--until', '2026-11-20', '--timezone', 'Asia/Shanghai'], [0]],
  [
    ['--from', '2026-11-20T16:05Z', '--until', '2026-11-20T16:07Z'],
    [6, 7],
  ],
]

test('each filter finds its records, and pieces of a long answer are found by who asked for it', async t => {
  const directory = await sample(t)
  for (const [filters, seqs] of queries) {
    const { status, out } = await run(directory, 'records', 'query', '--records', '.', '--json', ...filters)
    const found = out
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line))
    assert.equal(status, 0)
    assert.deepEqual(
      found.filter(entry => entry.log === 'gw1-0').map(entry => entry.seq),
      seqs,
      filters.join(' '),
    )
  }
})

test('all that is on record of an answer that waited is found by its number, one that never waited is not', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  const said = { kind: 'review', review: 'A'.repeat(22), signed: null, signature: null } as const
  await log.append([
    accessDraft({ outcome: 'held', review: said.review }),
    { ...said, action: 'passed', person: 'wang', group: 'staff' },
    accessDraft(),
    { ...said, action: 'fetched', person: null, group: null, address: '10.1.2.3' },
    { ...said, review: 'B'.repeat(22), action: 'expired', person: null, group: null },
    accessDraft({ review: said.review }),
  ])
  await log.close()
  const asked = ['records', 'query', '--records', '.', '--json', '--review', said.review]
  const found = await run(directory, ...asked)
  assert.deepEqual(
    found.out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line).seq),
    [1, 2, 4, 6],
  )
  const few = await run(directory, ...asked, '--kind', 'access', '--limit', '1')
  assert.equal(JSON.parse(few.out).seq, 6)
})

test('who reads the records is on record: which filters, how many records, and never what was asked for', async t => {
  const directory = await sample(t)
  await run(directory, 'records', 'query', '--records', '.', '--operator', 'u1203', '--from', '2026-11-20')
  await run(directory, 'records', 'query', '--records', '.', '--json', '--consumer', 'oa')
  await run(directory, 'records', 'show', 'gw1-0:1', '--records', '.')
  const read = (await entriesIn(directory)).filter(entry => entry.kind === 'query')
  assert.deepEqual(
    read.map(entry => [entry['command'], entry['filters'], entry['shown'], entry['of']]),
    [
      ['query', ['from', 'operator'], 3, undefined],
      ['query', ['consumer'], null, undefined],
      ['query', ['consumer'], 6, 'cli-0:1'],
      ['show', [], 1, undefined],
    ],
  )
  assert.doesNotMatch(await readFile(join(directory, 'cli-0.000001.jsonl'), 'utf8'), /u1203/)
})

test('a folder that this user cannot write to is read all the same, and that is said', async t => {
  const directory = await sample(t)
  const copy = join(await folderFor(t), 'copy')
  await cp(directory, copy, { recursive: true, filter: path => !path.endsWith('lock') })
  const script = fileURLToPath(new URL('../../gateway/cli/main.ts', import.meta.url))
  await chmod(copy, 0o555)
  await chmod(join(copy, '..'), 0o755)
  for (const name of ['gw1-0.000001.jsonl']) await chmod(join(copy, name), 0o444)
  const identity = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const { status, out, err } = await new Promise<{ status: unknown; out: string; err: string }>(resolve => {
    const args = [script, 'records', 'query', '--records', copy, '--lang', 'en']
    execFile(process.execPath, args, identity, (error, out, err) => resolve({ status: error?.code ?? 0, out, err }))
  })
  assert.equal(status, 0, err)
  assert.match(out, /gw1-0:9/)
  assert.match(err, /not on record/)
})

test('the table lines up with Chinese in it, and nothing in it can move the cursor', async t => {
  const directory = await sample(t)
  const { out, err } = await run(
    directory,
    'records',
    'query',
    '--records',
    '.',
    '--timezone',
    'Asia/Shanghai',
    '--kind',
    'access',
  )
  const lines = out.trimEnd().split('\n')
  const column = displayWidth(lines[0]!.slice(0, lines[0]!.indexOf('operator')))
  for (const line of lines.slice(1)) assert.equal(displayWidth(line.slice(0, line.indexOf(' u') + 1)), column)
  assert.match(lines[1]!, /2026-11-21 00:00:00/)
  assert.match(err, /4 records/)
  assert.equal(printable('a\u001b[31m\u202eb\n'), 'a\\u001b[31m\\u202eb\\u000a')
})

test('CSV is quoted, and a spreadsheet takes none of it for a formula', async t => {
  const directory = await sample(t)
  const { out } = await run(directory, 'records', 'query', '--records', '.', '--csv', '--kind', 'access')
  const lines = out.split('\r\n')
  assert.ok(lines[0]!.startsWith('\ufeffrecord,time,'))
  assert.match(lines[1]!, /,"cn_resident_id@A4 partial×20, cn_mobile@A3 clear×20",/)
  assert.equal(
    csvLine(['=1+1', '+86', '-1', '@x', '\tx', 'a"b', 'a,b', 'a\nb', 5, null]),
    `'=1+1,'+86,'-1,'@x,'\tx,"a""b","a,b","a\nb",5,\r\n`,
  )
})

test('exit status and words: 1 where something cannot be read, 2 where nothing can, and how to say it right', async t => {
  const directory = await sample(t)
  const empty = await folderFor(t)
  for (const args of [
    ['query', '--records', './nowhere'],
    ['query', '--records', empty],
    ['query'],
    ['query', '--records', '.', '--json', '--csv'],
    ['query', '--records', '.', '--from', 'yesterday'],
    ['query', '--records', '.', '--cell', 'E9'],
    ['query', '--records', '.', '--kind', 'remark'],
    ['query', '--records', '.', '--limit', '0'],
    ['query', '--records', '.', '--timezone', 'Mars/Olympus'],
    ['query', '--records', '.', '--unknown'],
    ['show', '--records', '.'],
    ['show', 'gw1-0', '--records', '.'],
    ['show', 'gw1-0:4711', '--records', '.'],
    ['verify', '--records', '.', '--log', 'gw9-9'],
  ]) {
    const { status, out, err } = await run(directory, 'records', ...args)
    assert.deepEqual([status, out], [2, ''], args.join(' '))
    assert.ok(err.length > 0)
  }
  assert.equal((await run(directory, 'records', 'verify', '--records', '.')).status, 0)
  const path = join(directory, 'gw1-0.000001.jsonl')
  await writeFile(path, (await readFile(path, 'utf8')).replace('{"v":1', '{"v";1'))
  const wrong = await run(directory, 'records', 'verify', '--records', '.', '--lang', 'zh')
  assert.equal(wrong.status, 1)
  assert.match(wrong.out, /LINE_MALFORMED gw1-0\.000001\.jsonl:0/)
  assert.equal((await run(directory, 'records', 'query', '--records', '.')).status, 1)
})

test('a filter that finds nothing may be misspelt: it says how to see which values there are', async t => {
  const directory = await sample(t)
  const said = async (...args: string[]) => (await run(directory, 'records', 'query', '--records', '.', ...args)).err
  assert.match(await said('--data-type', 'idcard'), /^0 records\. .*: veilgate records query --by data-type$/m)
  assert.match(await said('--data-type', 'idcard', '--lang', 'zh'), /^共 0 条。记录中有哪些值：/m)
  assert.match(await said('--kind', 'gap'), /^0 records\.$/m)
  assert.match(await said('--system', 'library', '--from', '2001-01-01'), /^\d+ records/m)
})

test('times are read in the timezone given, also where its clocks change', () => {
  assert.equal(parseTime('2026-11-21', 'Asia/Shanghai', 'start'), '2026-11-20T16:00:00.000Z')
  assert.equal(parseTime('2026-11-21', 'Asia/Shanghai', 'end'), '2026-11-21T16:00:00.000Z')
  assert.equal(parseTime('2026-10-25', 'Europe/Berlin', 'end'), '2026-10-25T23:00:00.000Z')
  assert.equal(parseTime('2026-07-01T12:00', 'Europe/Berlin', 'end'), '2026-07-01T10:00:00.000Z')
  assert.equal(parseTime('2026-07-01T12:00:30+08:00', 'Europe/Berlin', 'start'), '2026-07-01T04:00:30.000Z')
  for (const wrong of ['', '21.11.2026', '2026-13-01', '2026-02-30', '2026-11-21T25:00', 'now'])
    assert.equal(parseTime(wrong, 'Asia/Shanghai', 'start'), null, wrong)
})
