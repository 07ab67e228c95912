import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { asking, connect } from '../../gateway/records/postgres/connect.ts'
import { keepZone } from '../../gateway/records/zone.ts'
import { copyNow, databaseOn, linesCopied, linesIn } from '../records/copying.ts'
import { accessDraft } from '../records/drafts.ts'
import { atEnd, folderFor, logIn } from '../records/folder.ts'
import { runCommand } from '../support/run-command.ts'
import { startServeProcess } from '../support/serve-process.ts'
import { type Postgres, startPostgres, withoutPostgres } from '../support/start-postgres.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

let server: Postgres
const today = () => new Date().toISOString().slice(0, 10)

before(async t => {
  if (!withoutPostgres) server = await startPostgres(t as Parameters<typeof startPostgres>[0])
})

const urlTo = (database: string, user = 'veilgate', password = 'of-a-test') =>
  `postgres://${user}:${password}@127.0.0.1:${server.port}/${database}`

test('what a gateway records while it serves is in its database to the last', { skip: withoutPostgres }, async t => {
  const settings = await databaseOn(server.url, 'serving')
  const upstream = await startUpstream((_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{"data":[{"xm":"张三"}]}')
  })
  atEnd(t, () => upstream.close())
  const folder = await folderFor(t)
  await writeFile(join(folder, 'postgres-url'), `${urlTo('serving')}\n`, { mode: 0o600 })
  await writeFile(
    join(folder, 'gateway.yaml'),
    `listen: 127.0.0.1:0
admin: false
systems: { a: { upstream: "${upstream.url}", policy: shipped } }
anonymous: { audience: public }
records: { folder: ./kept, postgres: { url_file: ./postgres-url } }
`,
  )
  const serving = await startServeProcess(folder, [])
  atEnd(t, () => serving.end('SIGKILL'))
  for (let n = 0; n < 20; n++) assert.equal((await fetch(`${serving.url}/students`)).status, 200)
  const ask = (...args: string[]) =>
    runCommand(['records', 'query', '--postgres', 'postgres-url', '--json', ...args], { cwd: folder })
  await until('twenty records in the copy', async () => {
    const { stdout } = await ask('--kind', 'access')
    return stdout.trim().split('\n').length === 20
  })
  assert.equal(await serving.end(), 0)
  assert.deepEqual((await linesCopied(settings)).sort(), (await linesIn(join(folder, 'kept'))).sort())
})

test('a copy is asked as a folder is, and who asked is on record in it', { skip: withoutPostgres }, async t => {
  const settings = await databaseOn(server.url, 'asked')
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  await log.append([accessDraft()])
  await log.append([accessDraft({ operator: '韩梅梅' })])
  await copyNow(directory, settings)
  const of = ['--postgres', urlTo('asked'), '--timezone', 'UTC']
  const fromFolder = await runCommand(['records', 'show', 'gw1-0:2', '--records', directory, '--timezone', 'UTC'])
  const shown = await runCommand(['records', 'show', 'gw1-0:2', ...of])
  // beside the folder a record can be shown with its proof
  assert.equal(shown.status, 0)
  assert.ok(shown.stdout.length > 100 && fromFolder.stdout.startsWith(shown.stdout))
  assert.match(shown.stderr, /^copy of gw1-0: last added to at 20/)
  const client = await connect(settings, asking)
  atEnd(t, () => client.end())
  await client.query("UPDATE veilgate.logs SET copied = now() - interval '2 hours'")
  const old = await runCommand(['records', 'query', ...of, '--kind', 'resume', '--limit', '1'])
  assert.match(old.stderr, /^Note: nothing was added to the copy of gw1-0 since .+ \(UTC\)/)
  await client.query('UPDATE veilgate.logs SET copied = now(); TRUNCATE veilgate.readings RESTART IDENTITY')
  const queried = await runCommand(['records', 'query', ...of, '--operator', '韩梅梅', '--csv'])
  assert.match(queried.stdout, /\r\ngw1-0:2,/)
  assert.equal((await runCommand(['records', 'query', ...of, '--by', 'operator'])).status, 0)
  const { rows } = await client.query(
    "SELECT id, kind, said - 'operator' AS said FROM (SELECT id, kind, said::jsonb FROM veilgate.readings) readings ORDER BY id",
  )
  assert.deepEqual(rows, [
    { id: 1, kind: 'query', said: { command: 'query', filters: ['operator'], shown: null } },
    { id: 2, kind: 'query', said: { command: 'query', filters: ['operator'], shown: 1, of: 'reading:1' } },
    { id: 3, kind: 'query', said: { command: 'query', filters: [], shown: 3 } },
  ])

  const report = await runCommand(['records', 'report', ...of, '--period', 'month', '--day', today(), '--csv'])
  assert.match(report.stdout, new RegExp(`^read_by,${userInfo().username},times,2,0\r$`, 'm'), report.stderr)

  await client.query("CREATE ROLE reader LOGIN PASSWORD 'r'; GRANT USAGE ON SCHEMA veilgate TO reader")
  await client.query('GRANT SELECT ON ALL TABLES IN SCHEMA veilgate TO reader')
  const reading = await runCommand(['records', 'query', '--postgres', urlTo('asked', 'reader', 'r'), '--json'])
  assert.deepEqual([reading.status, reading.stdout.trim().split('\n').length], [0, 3])
  assert.match(reading.stderr, /cannot write to veilgate\.readings/)
})

test('a database that cannot be asked says why, and not what it was asked with', { skip: withoutPostgres }, async t => {
  await databaseOn(server.url, 'bare')
  const ask = async (where: string, ...args: string[]) => {
    const { status, stdout, stderr } = await runCommand(['records', 'query', '--postgres', where, ...args])
    assert.deepEqual([status, stdout], [2, ''])
    assert.doesNotMatch(stderr, /of-a-test|secret-word/)
    return stderr
  }
  assert.match(await ask(urlTo('bare')), /there is no copy of records in it \(42P01\)/)
  assert.match(await ask(urlTo('none')), /there is no such database \(3D000\)/)
  assert.match(await ask(urlTo('bare', 'veilgate', 'secret-word')), /user or password is wrong \(28P01\)/)
  assert.match(await ask('postgres://u:secret-word@127.0.0.1:1/d'), /ECONNREFUSED/)
  assert.match(await ask('no-such-file'), /--postgres takes/)
  assert.match(await ask(urlTo('bare'), '--records', '.'), /not both/)
  const copied = await databaseOn(server.url, 'empty')
  await copyNow(await folderFor(t), copied)
  assert.match(await ask(urlTo('empty')), /No record has been copied/)
})

test("times of a copy are in the gateway's timezone, unless another is asked for", {
  skip: withoutPostgres,
}, async t => {
  const settings = await databaseOn(server.url, 'zoned')
  const directory = await folderFor(t)
  const log = await logIn(t, directory, { clock: () => Date.parse('2026-11-21T20:30:00Z') })
  await log.append([accessDraft()])
  keepZone(directory, 'Asia/Kathmandu')
  await copyNow(directory, settings)
  const of = ['--postgres', urlTo('zoned')]
  const shown = await runCommand(['records', 'show', 'gw1-0:1', ...of])
  assert.match(shown.stdout, /2026-11-22 02:15:00 \(Asia\/Kathmandu\)/)
  assert.match(shown.stderr, /\(Asia\/Kathmandu\)/)
  const asked = await runCommand(['records', 'query', ...of, '--from', '2026-11-22', '--kind', 'access'])
  assert.match(asked.stdout, /2026-11-22 02:15:00/)
  const other = await runCommand(['records', 'show', 'gw1-0:1', ...of, '--timezone', 'UTC'])
  assert.match(other.stdout, /2026-11-21 20:30:00 \(UTC\)/)
})

test('a copy made before timezones were kept gets that of its gateway', { skip: withoutPostgres }, async t => {
  const settings = await databaseOn(server.url, 'version_3')
  const directory = await folderFor(t)
  await (await logIn(t, directory)).append([accessDraft()])
  await copyNow(directory, settings)
  const client = await connect(settings, asking)
  atEnd(t, () => client.end())
  await client.query('ALTER TABLE veilgate.logs DROP COLUMN timezone; UPDATE veilgate.version SET number = 3')
  keepZone(directory, 'Asia/Kathmandu')
  await copyNow(directory, settings)
  const { rows } = await client.query('SELECT timezone FROM veilgate.logs')
  assert.deepEqual(rows, [{ timezone: 'Asia/Kathmandu' }])
})
