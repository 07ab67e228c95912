import assert from 'node:assert/strict'
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, test } from 'node:test'
import type { PostgresSettings } from '../../gateway/config/config.ts'
import { serialise } from '../../gateway/records/entry.ts'
import { Batch } from '../../gateway/records/log/batch.ts'
import { beforeFirst, type Frame, sealBatch } from '../../gateway/records/log/frame.ts'
import { connect, copying, DatabaseFault } from '../../gateway/records/postgres/connect.ts'
import { type CopyFault, FolderCopy } from '../../gateway/records/postgres/copy.ts'
import { type CopyState, followIntoPostgres } from '../../gateway/records/postgres/follow.ts'
import { PostgresSource } from '../../gateway/records/postgres/source.ts'
import { makeTables } from '../../gateway/records/postgres/tables.ts'
import { everything } from '../../gateway/records/query/query.ts'
import { awayFromBorder } from '../support/away-from-border.ts'
import { localhost } from '../support/certificates.ts'
import { type Postgres, startPostgres, withoutPostgres } from '../support/start-postgres.ts'
import { until } from '../support/until.ts'
import { copyNow, databaseOn, linesCopied, linesIn, settingsOf, sourceIn } from './copying.ts'
import { accessDraft } from './drafts.ts'
import { atEnd, folderFor, logIn } from './folder.ts'

let server: Postgres

before(async t => {
  if (!withoutPostgres) server = await startPostgres(t as Parameters<typeof startPostgres>[0])
})

const pace = { look: 10, soon: 10, late: 50 }

test('the copy is equal to the logs, also after the database was away', { skip: withoutPostgres }, async t => {
  const settings = await databaseOn(server.url, 'away')
  const directory = await folderFor(t)
  const [log, other] = [await logIn(t, directory), await logIn(t, directory, { log: 'cli-0', holds: 'log' })]
  const states: CopyState[] = []
  const ending = new AbortController()
  const onState = (state: CopyState) => void states.push(state)
  const following = followIntoPostgres({ directory, settings, pace, signal: ending.signal, onState })
  atEnd(t, () => {
    ending.abort()
    return following
  })
  const append = async (count: number) => {
    for (let n = 0; n < count; n++)
      await Promise.all([log.append([accessDraft(), accessDraft({ operator: '李雷' })]), other.append([accessDraft()])])
  }
  const isCopied = async () => (await linesCopied(settings)).length === (await linesIn(directory)).length
  await append(20)
  await until('a state', () => states.length > 0)
  await until('a whole copy', isCopied)
  await server.stop()
  await append(20)
  await until('a copy that waits', () => states.at(-1)?.is === 'waiting')
  await server.start()
  await append(20)
  await until('a whole copy', isCopied)
  assert.deepEqual((await linesCopied(settings)).sort(), (await linesIn(directory)).sort())
  assert.deepEqual(
    states.map(({ is }) => is).filter((is, at, all) => is !== all[at - 1]),
    ['current', 'waiting', 'current'],
  )
})

test('how far a copy is behind is known by records and by time', { skip: withoutPostgres }, async t => {
  const settings = await databaseOn(server.url, 'behind')
  const directory = await folderFor(t)
  let now = Date.parse('2026-11-21T09:00:00Z')
  const log = await logIn(t, directory, { clock: () => now })
  await log.append([accessDraft()])
  const copy = new FolderCopy(directory, 'east-')
  assert.equal((await copy.behind(Date.now())).records, null)
  const client = await connect(settings, copying)
  atEnd(t, () => client.end())
  await makeTables(client)
  await copy.run(client)
  assert.deepEqual(await copy.behind(now + 90_000), { records: 0, seconds: 0 })
  now += 60_000
  await log.append([accessDraft(), accessDraft()])
  await log.append([accessDraft()])
  assert.deepEqual(await copy.behind(now + 30_000), { records: 3, seconds: 90 })
  await copy.run(client)
  assert.deepEqual(await copy.behind(now + 30_000), { records: 0, seconds: 0 })
  // another process does not know what is there, but from the database
  const next = new FolderCopy(directory, 'east-')
  await next.run(client)
  assert.deepEqual(await next.behind(now), { records: 0, seconds: 0 })
})

test('whoever goes on, goes on from what is in the database', { skip: withoutPostgres }, async t => {
  const settings = await databaseOn(server.url, 'goes_on')
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  const { bytes, rows, fields, kind: _, outcome: __, subjects: ___, ...begun } = accessDraft({ operator: 'long' })
  const [opened] = await log.append([{ ...begun, kind: 'open' }])
  const subjects = { count: 1, index: ['fLhoPkMpbUFrpnpl:clear-partial.partial'] }
  assert.ok((await copyNow(directory, settings)) > 0)
  await log.append([{ kind: 'window', of: opened!.id, bytes, rows, fields, subjects }])
  await log.append([{ kind: 'close', of: opened!.id, bytes, rows }])
  assert.equal(await copyNow(directory, settings), 2)
  assert.equal(await copyNow(directory, settings), 0)
  const client = await connect(settings, copying)
  atEnd(t, () => client.end())
  const found = await client.query("SELECT kind, operator FROM veilgate.records WHERE operator = 'long' ORDER BY seq")
  assert.deepEqual(
    found.rows.map(({ kind }) => kind),
    ['open', 'window', 'close'],
  )
  const people = await client.query('SELECT index, visible, strictest, first FROM veilgate.people')
  assert.deepEqual(people.rows, [
    { index: 'fLhoPkMp', visible: 'clear', strictest: 'partial', first: true },
    { index: 'bUFrpnpl', visible: 'partial', strictest: 'partial', first: false },
  ])
})

test('a value that two people of a record have was shown as the most visible of both says', {
  skip: withoutPostgres,
}, async t => {
  await awayFromBorder('month')
  const settings = await databaseOn(server.url, 'one_value')
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  const index = ['fLhoPkMp:partial', 'bUFrpnplfLhoPkMp:redact.clear-partial', 'bUFrpnpl:token']
  await log.append([accessDraft({ subjects: { count: 3, index } })])
  await copyNow(directory, settings)
  const month = new Date().toISOString().slice(0, 7)
  const asked = new Map([[month, new Set(['fLhoPkMp', 'bUFrpnpl'])]])
  const found: string[] = []
  for await (const one of (await sourceIn(t, settings)).sightings(asked, { from: null, until: null }))
    found.push(`${one.index} ${one.mostVisible} ${one.strictest}`)
  assert.deepEqual(found.sort(), ['bUFrpnpl token redact', 'fLhoPkMp clear partial'])
})

test('a copy that knew people by one value only is made one that knows them by all', {
  skip: withoutPostgres,
}, async t => {
  await awayFromBorder('month')
  const settings = await databaseOn(server.url, 'version_1')
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  const shown = (index: string) => accessDraft({ subjects: { count: 1, index: [index] } })
  await log.append([shown('fLhoPkMpbUFrpnplH3GJsB:clear')])
  await copyNow(directory, settings)
  const client = await connect(settings, copying)
  atEnd(t, () => client.end())
  await client.query(
    'ALTER TABLE veilgate.logs DROP COLUMN timezone; ALTER TABLE veilgate.people DROP COLUMN first; ALTER TABLE veilgate.records DROP COLUMN review; UPDATE veilgate.version SET number = 1',
  )
  await client.query("UPDATE veilgate.people SET index = 'fLhoPkMpbUFrpnplH3GJsB'")
  await log.append([shown('fLhoPkMpbUFrpnpl:clear.partial')])
  await copyNow(directory, settings)
  const source = new PostgresSource(client)
  const found = []
  const people = new Map([[new Date().toISOString().slice(0, 7), new Set(['fLhoPkMp', 'bUFrpnpl'])]])
  for await (const one of source.sightings(people, { from: null, until: null }))
    found.push(`${one.entry.seq} ${one.index} ${one.mostVisible}`)
  assert.deepEqual(found.sort(), ['1 fLhoPkMp clear', '2 bUFrpnpl partial', '2 fLhoPkMp clear'])
  const [month] = await source.reach([new Date().toISOString().slice(0, 7)])
  assert.deepEqual([month?.people, month?.sampled], [1, 1])
})

test('a copy that did not know reviews is made one that finds what was copied before', {
  skip: withoutPostgres,
}, async t => {
  const settings = await databaseOn(server.url, 'version_2')
  const directory = await folderFor(t)
  let now = Date.parse('2026-10-31T12:00:00Z')
  const log = await logIn(t, directory, { clock: () => (now += 43_200_000) })
  for (const review of ['r-1', 'r-2', 'r-1', undefined])
    await log.append([accessDraft(review === undefined ? {} : { review })])
  await copyNow(directory, settings)
  const client = await connect(settings, copying)
  atEnd(t, () => client.end())
  await client.query(
    'ALTER TABLE veilgate.logs DROP COLUMN timezone; ALTER TABLE veilgate.records DROP COLUMN review; UPDATE veilgate.version SET number = 2',
  )
  await log.append([accessDraft({ review: 'r-1' })])
  await copyNow(directory, settings)
  const source = new PostgresSource(client)
  const { found, all } = await source.newest({ ...everything, review: ['r-1'] }, 10)
  assert.deepEqual([found.map(({ entry }) => entry.seq), all], [[1, 3, 5], 3])
})

test('several that copy the same folder at a time leave each record once', { skip: withoutPostgres }, async t => {
  const settings = await databaseOn(server.url, 'several')
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  for (let n = 0; n < 3000; n += 100) await log.append(Array.from({ length: 100 }, () => accessDraft()))
  const ended = await Promise.allSettled(Array.from({ length: 4 }, () => copyNow(directory, settings)))
  for (const one of ended) if (one.status === 'rejected') assert.equal(one.reason.code, 'OVERTAKEN')
  await copyNow(directory, settings)
  assert.deepEqual(await linesCopied(settings), await linesIn(directory))
})

test('records of each month are in a part of their own', { skip: withoutPostgres }, async t => {
  const settings = await databaseOn(server.url, 'months')
  const directory = await folderFor(t)
  let now = Date.parse('2026-11-30T20:00:00Z')
  const log = await logIn(t, directory, { clock: () => (now += 3_600_000) })
  for (let n = 0; n < 5; n++) await log.append([accessDraft()])
  await copyNow(directory, settings)
  const client = await connect(settings, copying)
  atEnd(t, () => client.end())
  const parts = await client.query(
    'SELECT relname, count(*) FROM veilgate.records JOIN pg_class ON oid = records.tableoid GROUP BY 1 ORDER BY 1',
  )
  assert.deepEqual(parts.rows, [
    { relname: 'records_202611', count: 3 },
    { relname: 'records_202612', count: 3 },
  ])
  await client.query('DROP TABLE veilgate.records_202611')
  await log.append([accessDraft()])
  assert.equal(await copyNow(directory, settings), 1)
})

test('what was declared void, and copied before, is not in the copy any more', { skip: withoutPostgres }, async t => {
  const settings = await databaseOn(server.url, 'void')
  const directory = await folderFor(t)
  await mkdir(directory, { recursive: true })
  const line = (seq: number, operator: string) =>
    `${serialise(accessDraft({ operator }), { log: 'gw1-0', seq, time: '2026-11-21T09:30:00.123Z' }).join('\n')}\n`
  const one = batchOf(line(0, 'kept'), { batch: 0, first: 0, n: 1, prev: beforeFirst })
  const two = batchOf(line(1, 'void') + line(2, 'void'), { batch: 1, first: 1, n: 2, prev: one.sha256 })
  const first = join(directory, 'gw1-0.000001.jsonl')
  await writeFile(first, one.bytes)
  await appendFile(first, two.bytes)
  assert.equal(await copyNow(directory, settings), 3)
  const gap = {
    kind: 'gap',
    cause: 'io_error',
    seconds: 1,
    dropped: 0,
    void: [[1, one.bytes.length]],
    lost: null,
  } as const
  const [told] = serialise(gap, { log: 'gw1-0', seq: 1, time: '2026-11-21T09:30:01.123Z' })
  const again = batchOf(`${told}\n`, { batch: 1, first: 1, n: 1, prev: one.sha256 })
  await writeFile(join(directory, 'gw1-0.000002.jsonl'), again.bytes)
  assert.equal(await copyNow(directory, settings), 1)
  assert.deepEqual(await linesCopied(settings), await linesIn(directory))
  assert.equal((await linesCopied(settings)).length, 2)
})

test('another log under a name that was copied is refused; under a name of its own it is not', {
  skip: withoutPostgres,
}, async t => {
  const settings = await databaseOn(server.url, 'diverged')
  const [east, west] = [await folderFor(t), await folderFor(t)]
  for (const directory of [east, west]) {
    const log = await logIn(t, directory)
    await log.append([accessDraft({ operator: directory === east ? 'east' : 'west' })])
    await log.append([accessDraft()])
  }
  await copyNow(east, settings)
  const before = await linesCopied(settings)
  const faults: CopyFault[] = []
  const copy = new FolderCopy(west, '', fault => void faults.push(fault))
  assert.equal(await copyNow(west, settings, copy), 0)
  assert.deepEqual(faults, [{ log: 'gw1-0', fault: 'DIVERGED' }])
  assert.deepEqual(await linesCopied(settings), before)
  assert.ok((await copyNow(west, { ...settings, prefix: 'west-' })) > 0)
  assert.equal((await linesCopied(settings)).length, before.length * 2)
})

test('a connection is encrypted, and only with a server that is who it says', { skip: withoutPostgres }, async t => {
  const { certificate, key } = localhost
  const { url } = await startPostgres(t, { tls: { certificate, key } })
  const tls = { ca: certificate, serverName: null, certificate: null, key: null }
  const client = await connect(settingsOf(url, { tls }), copying)
  const { rows } = await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
  await client.end()
  assert.deepEqual(rows, [{ ssl: true }])
  const refused = async (changes: Partial<PostgresSettings>) => {
    const error = await connect(settingsOf(url, changes), copying).then(
      () => null,
      (error: unknown) => error,
    )
    assert.ok(error instanceof DatabaseFault)
    return error.code
  }
  assert.equal(await refused({ tls: { ...tls, ca: null } }), 'DEPTH_ZERO_SELF_SIGNED_CERT')
  assert.equal(await refused({ tls: { ...tls, serverName: 'db.example.edu.cn' } }), 'ERR_TLS_CERT_ALTNAME_INVALID')
  assert.equal(await refused({ tls: null }), '28000')
  assert.equal(await refused({ tls, password: 'another' }), '28P01')
})

function batchOf(lines: string, { n, ...frame }: Omit<Frame, 'sha256'>): { bytes: Buffer; sha256: string } {
  return sealBatch(Batch.of(lines, n), frame)
}
