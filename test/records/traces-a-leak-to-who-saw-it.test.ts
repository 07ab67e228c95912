import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext, test } from 'node:test'
import * as XLSX from '@e965/xlsx'
import { openKeys } from '../../gateway/access/keys.ts'
import { turnMonths } from '../../gateway/cli/keys/months.ts'
import { upstreamOnly } from '../../gateway/config/upstream-only.ts'
import { indexUnder } from '../../gateway/records/blind-index/blind-index.ts'
import type { AccessDraft } from '../../gateway/records/entry.ts'
import { personText, shortIndex } from '../../gateway/subject.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import { startPostgres, withoutPostgres } from '../support/start-postgres.ts'
import { copyNow, settingsOf } from './copying.ts'
import { accessDraft } from './drafts.ts'
import { entriesIn, folderFor, logIn } from './folder.ts'

const mobile = (nth: number) => `138${String(10_000_000 + nth * 7919).slice(0, 8)}`
const days = 120
const list = Array.from({ length: 30 }, (_, nth) => mobile(nth * 3))

type Office = { readonly base: string; run(...args: string[]): ReturnType<typeof runCommand> }

/**
 * Four months of an office: u1 sees the people of the list and some others, u2 sees everybody's neighbours, u3 a few. Past
 * months are sealed to the trace authority; two approvers of two groups and one more.
 */
async function build(t: TestContext): Promise<string> {
  const base = await mkdtemp(join(tmpdir(), 'veilgate-office-'))
  const run = (...args: string[]) => runCommand(args, { cwd: base })
  const authority = (await run('keys', 'trace-authority', '--out', 'authority.secret')).stdout.trim()
  const people: string[] = []
  for (const [name, group] of [
    ['zhang', 'security'],
    ['li', 'records'],
    ['wang', 'records'],
  ]) {
    const { stdout } = await run('keys', 'approver', name!, '--out', `${name}.secret`)
    people.push(`  ${name}: { key: "${stdout.trim()}", group: ${group} }`)
  }
  const system = 'systems: { old: { upstream: "http://127.0.0.1:9", policy: shipped } }\n'
  await writeFile(
    join(base, 'gateway.yaml'),
    `${system}trace_authority: ${authority}\ntimezone: Asia/Shanghai\napprovers:\n${people.join('\n')}\n`,
  )
  const begins = Date.parse('2026-03-01T00:00:00Z')
  const config = { ...upstreamOnly('http://127.0.0.1:9', { directory: base })!, traceAuthority: authority }
  const { ring } = await openKeys(config.keys, () => begins - 40 * 86_400_000)
  let now = begins
  const log = await logIn(t, config.records, { clock: () => now })
  const drafts: AccessDraft[][] = Array.from({ length: days }, () => [])
  const shown = (day: number, operator: string, nth: number, form: 'clear' | 'partial'): void => {
    const month = new Date(begins + day * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 7)
    const index = shortIndex(indexUnder(ring.secret(`blind index ${month}`))('cn_mobile', mobile(nth)))
    const subjects = { count: 1, index: [personText(index, { mostVisible: form, strictest: form })] }
    drafts[day]!.push(accessDraft({ operator, subjects, fields: { 'cn_mobile@A3': { [form]: 1 } } }))
  }
  for (let nth = 0; nth < 30; nth++) shown((nth * 4) % days, 'u1', nth * 3, nth % 3 === 0 ? 'clear' : 'partial')
  for (let nth = 0; nth < 200; nth++) shown((nth * 7) % days, 'u2', nth, 'partial')
  for (let nth = 90; nth < 130; nth++) shown((nth * 11) % days, 'u1', nth, 'partial')
  for (let nth = 0; nth < 9; nth++) shown(nth * 9, 'u3', nth, 'clear')
  for (const [day, all] of drafts.entries()) {
    now = begins + day * 86_400_000 + 8 * 3_600_000
    if (all.length > 0) await log.append(all)
  }
  await log.close()
  await turnMonths(config, await openKeys(config.keys), begins + 400 * 86_400_000)
  return base
}

/** A copy of it for each test. */
async function office(t: TestContext): Promise<Office> {
  const base = await folderFor(t)
  built ??= await build(t)
  await cp(built, base, { recursive: true })
  return { base, run: (...args) => runCommand(args, { cwd: base }) }
}

let built: string | null = null
after(async () => {
  if (built !== null) await removeFolder(built)
})

const approve = async ({ run }: Office, ...names: string[]) => {
  for (const name of names)
    assert.equal((await run('records', 'approve', 'request', '--key', `${name}.secret`)).status, 0)
}
const trace = ({ run }: Office, ...args: string[]) => run('records', 'trace', '--people', 'list.txt', ...args)

test('the one who was shown the leaked people ranks first, also in months that only the authority can open', async t => {
  const here = await office(t)
  await writeFile(join(here.base, 'list.txt'), `${list.join('\n')}\n13912345678\n`)
  const asked = await trace(here, '--case', 'LEAK-2026-7', '--ask', 'request')
  assert.equal(asked.status, 0, asked.stderr)
  assert.match(asked.stdout, /^people 31$/m)
  assert.doesNotMatch(await readFile(join(here.base, 'request'), 'utf8'), /138\d{8}/)
  await approve(here, 'zhang', 'li')
  const found = await trace(here, '--request', 'request', '--authority', 'authority.secret', '--json')
  assert.equal(found.status, 0, found.stderr)
  const lines = found.stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  const accessors = lines.filter(one => one.is === 'accessor')
  assert.deepEqual([lines[0].people, lines[0].known], [31, 30])
  assert.deepEqual(
    accessors.map(one => [one.operator, one.people, one.clear]),
    [
      ['u1', 30, 10],
      ['u2', 30, 0],
      ['u3', 3, 3],
    ],
  )
  const { weightLog10, chanceLog10 } = accessors[0]
  assert.ok(weightLog10 > 5 && chanceLog10 < -5)
  assert.equal(lines.filter(one => one.is === 'shown' && one.operator === 'u1').length, 30)
  assert.doesNotMatch(found.stdout, /138\d{8}/)
  const told = (await entriesIn(join(here.base, 'records'))).filter(entry => entry.kind === 'trace')
  assert.deepEqual(
    told.map(entry => [entry['case'], entry['people'], entry['known'], entry['approvers']]),
    [['LEAK-2026-7', 31, 30, ['zhang', 'li']]],
  )
  const zh = await trace(here, '--request', 'request', '--authority', 'authority.secret', '--lang', 'zh')
  const odds = `1:10\\^${Math.round(-chanceLog10)}`
  assert.match(zh.stdout, new RegExp(`^1 +oa +u1 +30 \\(100%\\) +10 +\\S+ +${odds} `, 'm'))
  assert.match(zh.stdout, /2026-0[36]-\d\d \d\d:\d\d:\d\d/)
  const reading = await trace(here, '--request', 'request', '--authority', 'authority.secret', '--json', '--scan')
  const rest = (text: string) => text.split('\n').slice(1).sort()
  assert.deepEqual(rest(reading.stdout), rest(found.stdout))
})

test('a page of it can be handed in: it holds all that is told, in either language, and nothing of the list', async t => {
  const here = await office(t)
  await writeFile(join(here.base, 'list.txt'), `${list.join('\n')}\n`)
  await trace(here, '--case', 'LEAK-2026-9', '--ask', 'request')
  await approve(here, 'zhang', 'li')
  for (const lang of ['en', 'zh'] as const) {
    const args = ['--request', 'request', '--authority', 'authority.secret', '--lang', lang]
    const ran = await trace(here, ...args, '--out', `${lang}.html`)
    assert.deepEqual([ran.status, ran.stdout], [0, ''], ran.stderr)
    const page = await readFile(join(here.base, `${lang}.html`), 'utf8')
    assert.match(page, lang === 'zh' ? /<html lang="zh-CN">.*复核人/s : /<html lang="en">.*Reviewed by/s)
    assert.match(page, /<td>1<\/td><td>oa<\/td><td>u1<\/td><td>30 \(100%\)<\/td>/)
    const told = [...(await trace(here, ...args)).stdout.matchAll(/^(\S+:\d+) /gm)]
    assert.ok(told.length > 20)
    for (const [, record = ''] of told) assert.ok(page.includes(`<td>${record}</td>`), record)
    assert.match(page, /<\/small> LEAK-2026-9<\/h1>/)
    assert.doesNotMatch(page, /138\d{8}|<script|src=/)
    assert.equal((await stat(join(here.base, `${lang}.html`))).mode & 0o777, 0o600)
  }
})

test('when, from where and by what authority the likeliest saw them is told record by record', async t => {
  const here = await office(t)
  await writeFile(join(here.base, 'list.txt'), `${list.join('\n')}\n`)
  await trace(here, '--case', 'LEAK-2026-8', '--ask', 'request')
  await approve(here, 'zhang', 'li')
  const ask = ['--request', 'request', '--authority', 'authority.secret'] as const
  const { stdout, stderr } = await trace(here, ...ask)
  const [, first] =
    /^Records in which number 1, oa u1, saw .*\(the first 20 of 30;.*\n.*\n((?:.+\n)+)/m.exec(stdout) ?? []
  const rows = first!.trimEnd().split('\n')
  assert.equal(rows.length, 20, stderr)
  for (const row of rows)
    assert.match(row, /^\S+:\d+ +2026-0\d-\d\d \d\d:\d\d:\d\d +10\.1\.2\.3 +\S+ \/\S+ +\S+ +\S.* 1 \([01]\)$/)
  assert.match(stdout, /^Records in which number 3, oa u3, saw people of the list:$/m)
  const shown = await here.run('records', 'show', rows[0]!.split(' ')[0]!)
  assert.match(shown.stdout, /u1 of oa \(from 10\.1\.2\.3\)/, shown.stderr)
  const json = (await trace(here, ...ask, '--json')).stdout.trimEnd().split('\n')
  const found = json.map(line => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(found.find(({ is }) => is === 'accessor')!['addresses'], { '10.1.2.3': 30 })
  assert.equal(found.find(({ is }) => is === 'shown')!['address'], '10.1.2.3')
})

test('without the authority’s secret key past months do not open, and that is said', async t => {
  const here = await office(t)
  await writeFile(join(here.base, 'list.txt'), list.join('\n'))
  await trace(here, '--case', 'LEAK-1', '--ask', 'request')
  await approve(here, 'zhang', 'wang')
  const found = await trace(here, '--request', 'request')
  assert.equal(found.status, 0)
  assert.match(found.stdout, /Nobody on the list/)
  assert.match(found.stdout, /do not open.*2026-03, 2026-04, 2026-05, 2026-06/)
})

test('nobody is looked for without two approvals of two groups, for this list, that can be put on record', async t => {
  const here = await office(t)
  await writeFile(join(here.base, 'list.txt'), list.join('\n'))
  const run = () => trace(here, '--request', 'request', '--authority', 'authority.secret')
  assert.equal((await trace(here, '--ask', 'request')).status, 2)
  assert.equal((await trace(here, '--case', 'LEAK-1', '--operator', 'u1', '--ask', 'request')).status, 2)
  assert.equal((await trace(here, '--case', 'with spaces', '--ask', 'request')).status, 2)
  await trace(here, '--case', 'LEAK-1', '--ask', 'request')
  assert.match((await run()).stderr, /Not approved/)
  await approve(here, 'li')
  assert.match((await run()).stderr, /Not approved/)
  await approve(here, 'wang')
  assert.match((await run()).stderr, /Not approved/, 'both are of one group')
  await approve(here, 'zhang')
  assert.equal((await run()).status, 0)
  await writeFile(join(here.base, 'list.txt'), `${list.join('\n')}\n${mobile(1)}`)
  assert.match((await run()).stderr, /not the one that was approved/)
  await writeFile(join(here.base, 'list.txt'), list.join('\n'))
  const note = await readFile(join(here.base, 'request'), 'utf8')
  await writeFile(join(here.base, 'request'), note.replace('case LEAK-1', 'case LEAK-2'))
  assert.match((await run()).stderr, /Not approved/)
  await writeFile(join(here.base, 'request'), note)
  await writeFile(join(here.base, 'authority.secret'), 'PRIVATE:x25519:AAAA')
  assert.match((await run()).stderr, /no secret key of a trace authority/)
})

const kinds: readonly [what: string, make: () => Uint8Array, ...args: string[]][] = [
  ['lines', () => Buffer.from(list.join('\r\n'))],
  ['lines of a type that is said', () => Buffer.from(list.map(one => `+86 ${one}`).join('\n')), '--type', 'cn_mobile'],
  ['CSV by the names of its columns', () => Buffer.from(`姓名,手机号\n${list.map(one => `张三,"${one}"`).join('\n')}`)],
  [
    'CSV in another charset, by what is said of its columns',
    () =>
      Buffer.concat([
        Buffer.from([0xd0, 0xd5, 0x3b, 0xba, 0xc5, 0x0a]),
        Buffer.from(list.map(one => `x;${one}`).join('\n')),
      ]),
    '--column',
    '2=cn_mobile',
  ],
  ['a workbook', () => workbookOf('xlsx'), '--column', '联系电话=cn_mobile'],
  ['an old workbook', () => workbookOf('biff8'), '--column', '联系电话=cn_mobile'],
]

function workbookOf(bookType: 'xlsx' | 'biff8'): Uint8Array {
  const book = XLSX.utils.book_new()
  const rows = [['编号', '联系电话'], ...list.map((one, nth) => [nth, one])]
  XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet(rows), '名单')
  return XLSX.write(book, { type: 'buffer', bookType })
}

test('a list is read as lines, CSV, XLSX and XLS, in whatever spelling', async t => {
  const here = await office(t)
  for (const [what, make, ...args] of kinds) {
    const folder = join(here.base, `as ${what}`)
    await mkdir(folder)
    await writeFile(join(folder, 'list'), make())
    const config = ['--config', '../gateway.yaml', ...args]
    const asked = await runCommand(
      ['records', 'trace', '--people', 'list', '--case', 'C-1', '--ask', 'request', ...config],
      { cwd: folder },
    )
    assert.equal(asked.status, 0, `${what}: ${asked.stderr}`)
    assert.match(asked.stdout, /^people 30$/m, what)
  }
  const folder = join(here.base, 'as a workbook')
  const config = ['--config', '../gateway.yaml', '--column', '联系电话=cn_mobile']
  for (const name of ['zhang', 'li'])
    await runCommand(['records', 'approve', 'request', '--key', `../${name}.secret`], { cwd: folder })
  const found = await runCommand(
    ['records', 'trace', '--people', '-', '--request', 'request', '--authority', '../authority.secret', ...config],
    { cwd: folder, stdin: await readFile(join(folder, 'list')) },
  )
  assert.match(found.stdout, /^1 +oa +u1 +30 \(100%\)/m, found.stderr)
  await writeFile(join(here.base, 'list.txt'), 'PK\u0003\u0004 not a workbook 13800138000')
  const broken = await trace(here, '--case', 'C-1', '--ask', 'other')
  assert.deepEqual([broken.status, broken.stdout], [2, ''])
  assert.doesNotMatch(broken.stderr, /13800138000/)
})

test('whom an operator was shown is listed by blind indexes, without a key, and that is on record', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory, { clock: () => Date.parse('2026-11-21T09:30:00Z') })
  const shown = (operator: string, people: number[], form: string) =>
    accessDraft({
      operator,
      subjects: { count: people.length, index: people.map(one => `${String(one).padStart(8, 'p')}:${form}`) },
    })
  const many = Array.from({ length: 300 }, (_, nth) => nth)
  await log.append([shown('u1', [1, 2], 'clear'), shown('u2', [3], 'clear'), shown('u1', many.slice(2), 'partial')])
  await log.append([{ ...shown('u1', [99], 'clear'), outcome: 'withheld', code: 'FORMAT_MALFORMED' }])
  await log.close()
  const run = (...args: string[]) =>
    runCommand(['records', 'trace', '--affected', '--records', '.', ...args], { cwd: directory })
  const found = await run('--operator', 'u1', '--json')
  const people = found.stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  assert.equal(people.length, 299)
  const two = people.find(one => one.index.endsWith('p2'))
  assert.deepEqual([two.records, two.forms, two.month], [2, ['clear', 'partial'], '2026-11'])
  assert.match((await run('--operator', 'u2', '--timezone', 'Asia/Shanghai')).stdout, /^p+3 {2}2026-11-21 17:30:00/)
  assert.equal((await run()).status, 2)
  const read = (await entriesIn(directory)).filter(entry => entry.kind === 'query')
  assert.deepEqual(
    read.map(entry => [entry['command'], entry['filters'], entry['shown']]),
    [
      ['trace', ['affected', 'operator'], 299],
      ['trace', ['affected', 'operator'], 1],
    ],
  )
})

test('a copy in PostgreSQL answers as the folder does, and keeps the record of it', {
  skip: withoutPostgres,
}, async t => {
  const here = await office(t)
  const { url } = await startPostgres(t)
  await copyNow(join(here.base, 'records'), settingsOf(url))
  await writeFile(join(here.base, 'list.txt'), `${list.join('\n')}\n`)
  await trace(here, '--case', 'LEAK-2026-7', '--ask', 'request')
  await approve(here, 'zhang', 'li')
  const ask = (...args: string[]) =>
    trace(here, '--request', 'request', '--authority', 'authority.secret', '--json', ...args)
  const [fromFolder, fromCopy] = [await ask(), await ask('--postgres', url)]
  assert.equal(fromCopy.status, 0, fromCopy.stderr)
  const found = ({ stdout }: typeof fromCopy) => stdout.trimEnd().split('\n').slice(1).sort()
  assert.deepEqual(found(fromCopy), found(fromFolder))
  assert.equal(JSON.parse(fromCopy.stdout.split('\n')[0]!).record, 'reading:1')
})

test('how the list was read is told: masked values and names alone are no answer', async t => {
  const here = await office(t)
  await writeFile(join(here.base, 'list.txt'), `姓名,手机号\n张三,138****0000\n,138****0001\n李四,${list[0]}\n`)
  const asked = await trace(here, '--case', 'LEAK-2026-8', '--ask', 'request')
  assert.equal(asked.status, 0, asked.stderr)
  assert.match(asked.stderr, /read as 2 people, by: person_name 2, cn_mobile 1\n/)
  assert.match(asked.stderr, /Nothing can be looked for in 1 row\. Masked values find nobody/)
  assert.match(asked.stderr, /Of 1 there is only what many share/)
  await approve(here, 'zhang', 'li')
  const found = await trace(here, '--request', 'request', '--authority', 'authority.secret', '--lang', 'zh')
  assert.match(found.stderr, /名单读作 2 人，其中的值：姓名 2、手机号 1\n/)
  assert.match(found.stderr, /1 行没有可供查找的值/)
  assert.match(found.stdout, / 工单×\d/)
})

test('people are looked for in the words of a chat or a screenshot too', async t => {
  const here = await office(t)
  const [one, two, three] = list as [string, string, string]
  const spaced = `${three.slice(0, 3)} ${three.slice(3, 7)} ${three.slice(7)}`
  const chat = `群里转的：\n业主 李四 ${one} 欠费2784.58元\n找${two}或者${spaced}\n138****0001那个\n`
  await writeFile(join(here.base, 'list.txt'), chat)
  const asked = await trace(here, '--case', 'LEAK-2026-9', '--ask', 'request')
  assert.match(asked.stderr, /read as 3 people, by: cn_mobile 3(?:, person_name 1)?\n/)
  assert.match(asked.stderr, /Nothing can be looked for in 2 rows/)
  await approve(here, 'zhang', 'li')
  const found = await trace(here, '--request', 'request', '--authority', 'authority.secret')
  assert.match(found.stdout, /^3 of the 3 people on the list were in the records/m, found.stderr)
})
