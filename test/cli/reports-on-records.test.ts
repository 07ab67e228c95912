import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { copyNow, databaseOn } from '../records/copying.ts'
import { entriesIn, folderFor } from '../records/folder.ts'
import { writeMonths } from '../support/month-of-records.ts'
import { runCommand } from '../support/run-command.ts'
import { type Postgres, startPostgres, withoutPostgres } from '../support/start-postgres.ts'

let [folder, server]: [string, Postgres] = [] as never

before(async t => {
  const context = t as Parameters<typeof startPostgres>[0] & Parameters<typeof folderFor>[0]
  folder = await folderFor(context)
  await writeMonths(folder, { first: '2026-09-01', days: 61, perDay: 12 })
  if (!withoutPostgres) server = await startPostgres(context)
})

const october = ['--period', 'month', '--day', '2026-10-31', '--timezone', 'Asia/Shanghai']

test('a month is reported on in both languages, and that it was is on record', async () => {
  for (const [lang, title, type] of [
    ['zh', /<h1>.*2026 年 10 月/, /<td>居民身份证号 <span/],
    ['en', /<h1>.*October 2026/, /<td>Resident ID number <span/],
  ] as const) {
    const { status, stderr } = await runCommand(
      ['records', 'report', '--records', folder, ...october, '--out', `${lang}.html`],
      { lang, cwd: folder },
    )
    assert.deepEqual([status, stderr.trim().split('\n').length], [0, 1], stderr)
    const page = await readFile(join(folder, `${lang}.html`), 'utf8')
    assert.match(page, title)
    assert.match(page, type)
    assert.match(page, /student-affairs/)
  }
  const readings = (await entriesIn(folder)).filter(({ kind, log }) => kind === 'query' && log.startsWith('cli-'))
  assert.deepEqual(
    readings.map(({ command, filters }) => [command, filters]),
    [
      ['report', ['period']],
      ['report', ['period']],
    ],
  )
})

test('a copy in PostgreSQL reports the same figures', { skip: withoutPostgres }, async () => {
  const settings = await databaseOn(server.url, 'reported')
  await copyNow(folder, settings)
  const ask = (...from: string[]) => runCommand(['records', 'report', ...from, ...october, '--csv'])
  const [fromFolder, fromCopy] = [
    await ask('--records', folder),
    await ask('--postgres', server.url.replace(/[^/]*$/, 'reported')),
  ]
  assert.deepEqual([fromFolder.status, fromCopy.status], [0, 0], fromCopy.stderr)
  assert.match(fromFolder.stdout, /\r\nall,,requests,[1-9]\d+,[1-9]\d+\r\n/)
  assert.equal(fromCopy.stdout, fromFolder.stdout)
})

test('a period that is none, or a day that is none, is not reported on', async () => {
  for (const args of [
    [],
    ['--period', 'year'],
    ['--period', 'day', '--day', '2026-02-30'],
    ['--period', 'day', '--day', 'x'],
  ])
    assert.equal((await runCommand(['records', 'report', '--records', folder, ...args])).status, 2, args.join(' '))
  assert.equal(
    (await runCommand(['records', 'report', '--period', 'day', '--records', join(folder, 'none')])).status,
    2,
  )
})
