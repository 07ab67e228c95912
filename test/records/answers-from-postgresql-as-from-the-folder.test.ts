import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import type { Draft } from '../../gateway/records/entry.ts'
import type { PostgresSource } from '../../gateway/records/postgres/source.ts'
import { FolderSource } from '../../gateway/records/query/folder-source.ts'
import type { Filters } from '../../gateway/records/query/query.ts'
import type { Found, RecordSource, Sighting } from '../../gateway/records/query/source.ts'
import { Summary, summaryKeys } from '../../gateway/records/query/summary.ts'
import { type Postgres, startPostgres, withoutPostgres } from '../support/start-postgres.ts'
import { copyNow, databaseOn, sourceIn } from './copying.ts'
import { accessDraft, indexOf } from './drafts.ts'
import { folderFor, logIn } from './folder.ts'

let server: Postgres

before(async t => {
  if (!withoutPostgres) server = await startPostgres(t as Parameters<typeof startPostgres>[0])
})

const nothing: Filters = {
  from: null,
  until: null,
  ...{ consumer: [], operator: [], system: [], route: [], grant: [], review: [], dataType: [], cell: [] },
  ...{ outcome: [], code: [], kind: [], without: [] },
}

const people = Array.from({ length: 700 }, (_, n) => indexOf(`person ${n} of many`))

/** Two logs over two months: whole and long answers, refusals, a few people and a great many. */
async function sample(log: Awaited<ReturnType<typeof logIn>>, tick: () => void): Promise<void> {
  const consumers = ['oa', '教务处', null]
  for (let n = 0; n < 120; n++) {
    tick()
    const index = people.slice(n * 3, n * 3 + (n % 9 === 0 ? 300 : 2))
    const subjects = {
      count: index.length,
      index: index.map(one => `${one}${n % 3 === 0 ? indexOf(`${one} also`) : ''}:clear-partial`),
    }
    const consumer = consumers[n % 3]!
    const operator = n % 4 === 0 ? null : `u${n % 5}`
    if (n % 10 === 3) {
      const { bytes, rows, fields, kind: _, outcome: __, subjects: ___, ...begun } = accessDraft({ consumer, operator })
      const [opened] = await log.append([{ ...begun, kind: 'open' }])
      tick()
      await log.append([{ kind: 'window', of: opened!.id, bytes, rows, fields, subjects }])
      await log.append([{ kind: n % 20 === 3 ? 'close' : 'aborted', of: opened!.id, bytes, rows }])
      continue
    }
    const draft: Draft =
      n % 10 === 7
        ? { kind: 'refused', address: '10.9.9.9', status: 401, code: 'CREDENTIALS_WRONG', count: n }
        : accessDraft({
            consumer,
            operator,
            subjects,
            searched: n % 5 === 0 ? ['student_number@B2'] : [],
            grant: n % 6 === 0 ? `g-${n}` : null,
            ...(n % 4 === 0 && { review: `r-${n % 8}` }),
            outcome: n % 8 === 0 ? 'withheld' : 'released',
            ...(n % 8 === 0 && { code: 'FORMAT_MALFORMED' as const }),
          })
    await log.append([draft])
  }
}

const keys = summaryKeys.filter(key => key !== 'data-type')

test('a copy answers every question as the folder does', { skip: withoutPostgres }, async t => {
  const settings = await databaseOn(server.url, 'questions')
  const directory = await folderFor(t)
  let now = Date.parse('2026-10-28T08:00:00Z')
  const options = { clock: () => now }
  const tick = (): void => void (now += 3_600_000)
  const logs = [
    await logIn(t, directory, options),
    await logIn(t, directory, { log: 'cli-0', holds: 'log', ...options }),
  ]
  for (const log of logs) {
    now = Date.parse('2026-10-28T08:00:00Z') + (log === logs[1] ? 60_000 : 0)
    await sample(log, tick)
  }
  await copyNow(directory, settings)
  const folder = new FolderSource(directory)
  const copy = await sourceIn(t, settings)

  const some = (...values: string[]) => fc.subarray(values)
  const time = fc.constantFrom(null, '2026-10-29T00:00:00.000Z', '2026-11-01T00:00:00.000Z', '2026-11-02T12:00:00.000Z')
  const filters: fc.Arbitrary<Partial<Filters>> = fc.record(
    {
      from: time,
      until: time,
      consumer: some('oa', '教务处', 'nobody'),
      operator: some('u1', 'u2'),
      system: some('student-affairs'),
      route: some('/api/students/{id}'),
      grant: some('g-0', 'g-6'),
      review: some('r-0', 'r-4'),
      dataType: some('cn_mobile', 'student_number'),
      cell: some('A3', 'B2'),
      outcome: some('released', 'withheld', 'refused', 'aborted'),
      code: some('FORMAT_MALFORMED', 'CREDENTIALS_WRONG'),
      kind: some('access', 'window', 'close'),
      without: some('subjects', 'access'),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(filters, fc.integer({ min: 1, max: 20 }), async (asked, limit) => {
      const wanted = { ...nothing, ...asked }
      assert.deepEqual(await all(copy.select(wanted)), await all(folder.select(wanted)))
      const [fromCopy, fromFolder] = [await copy.newest(wanted, limit), await folder.newest(wanted, limit)]
      assert.deepEqual(fromCopy, fromFolder)
      const summaries = [new Summary(keys), new Summary(keys)]
      for (const { entry, count } of (await copy.counts(wanted, false)) ?? []) summaries[0]!.add(entry, count)
      for await (const { context } of folder.select(wanted)) summaries[1]!.add(context)
      assert.deepEqual(summaries[0]!.rows(), summaries[1]!.rows())
    }),
    { numRuns: 60 },
  )
  for (const [log, seq] of [
    ['gw1-0', 7],
    ['cli-0', 33],
    ['cli-0', 100_000],
    ['gw2-0', 1],
  ] as const)
    assert.deepEqual(await copy.get(log, seq), await folder.get(log, seq))
  await answersAboutPeople(copy, folder)
})

async function answersAboutPeople(copy: PostgresSource, folder: RecordSource): Promise<void> {
  const some = new Set([
    ...people.slice(0, 40),
    ...people.slice(40, 80).map(one => indexOf(`${one} also`)),
    ...people.slice(300),
    'nobodyno',
  ])
  const wanted = new Map([['2026-10', some]])
  for (const within of [
    { from: null, until: null },
    { from: '2026-10-30T00:00:00.000Z', until: '2026-11-01T10:00:00.000Z' },
  ])
    assert.deepEqual(
      inOrder(await all(copy.sightings(wanted, within))),
      inOrder(await all(folder.sightings(wanted, within))),
    )
  const months = ['2026-09', '2026-10', '2026-11']
  assert.deepEqual(await copy.reach(months), await folder.reach(months))
}

test('a fleet is asked as one, by names that tell its gateways apart', { skip: withoutPostgres }, async t => {
  const settings = await databaseOn(server.url, 'fleet')
  for (const name of ['east', 'west']) {
    const directory = await folderFor(t)
    const log = await logIn(t, directory)
    const { bytes, rows, kind: _, outcome: __, fields: ___, subjects: ____, ...begun } = accessDraft({ operator: name })
    const [opened] = await log.append([{ ...begun, kind: 'open' }])
    await log.append([{ kind: 'close', of: opened!.id, bytes, rows }])
    await copyNow(directory, { ...settings, prefix: `${name}-` })
  }
  const copy = await sourceIn(t, settings)
  const found = await copy.get('west-gw1-0', 2)
  assert.deepEqual(
    [found?.context['operator'], found?.entry['of'], found?.entry.log],
    ['west', 'west-gw1-0:1', 'west-gw1-0'],
  )
  const closes = await all(copy.select({ ...nothing, kind: ['close'] }))
  assert.deepEqual(
    closes.map(({ context }) => context['operator']),
    ['east', 'west'],
  )
  assert.deepEqual(
    (await copy.copied()).map(({ log, fault }) => [log, fault]),
    [
      ['east-gw1-0', null],
      ['west-gw1-0', null],
    ],
  )
})

async function all<One>(found: AsyncIterable<One>): Promise<One[]> {
  const list: One[] = []
  for await (const one of found) list.push(one)
  return list
}

function inOrder<One extends Found | Sighting>(found: readonly One[]): string[] {
  return found.map(one => JSON.stringify(one)).sort()
}
