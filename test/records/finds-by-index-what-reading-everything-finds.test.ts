import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import type { AccessDraft, Draft } from '../../gateway/records/entry.ts'
import { filesOf } from '../../gateway/records/files/files.ts'
import { bringUpToDate } from '../../gateway/records/index/indexing.ts'
import { FolderSource } from '../../gateway/records/query/folder-source.ts'
import { openSource, withSource } from '../../gateway/records/query/open-source.ts'
import { everything, type Filters, rareKeys } from '../../gateway/records/query/query.ts'
import type { RecordSource } from '../../gateway/records/query/source.ts'
import { Summary, summaryKeys } from '../../gateway/records/query/summary.ts'
import { compress, newDraftId, replacePlain } from '../../gateway/records/sealing/sealing.ts'
import { accessDraft, indexOf } from './drafts.ts'
import { folderFor, logIn } from './folder.ts'

/** Every third is known by two values. */
const person = (nth: number) => (nth % 3 === 0 ? indexOf(nth) + indexOf(`${nth} also`) : indexOf(nth))

/** The nth of many different exchanges. */
function draft(nth: number): AccessDraft {
  const people = Array.from({ length: nth % 40 === 0 ? 300 : nth % 4 }, (_, more) => (nth * 7 + more * 3) % 50)
  return accessDraft({
    consumer: `c${nth % 3}`,
    operator: nth % 5 === 0 ? null : `u${nth % 11}`,
    route: `/r/${nth % 7}`,
    grant: nth % 13 === 0 ? `g-${nth % 26}` : null,
    ...(nth % 9 !== 0 && nth % 6 === 0 && { review: `r-${nth % 12}` }),
    fields: nth % 2 === 0 ? { 'bank_card@A4': { redact: 1 } } : { 'cn_mobile@A3': { clear: 1 } },
    searched: nth % 17 === 0 ? ['student_number@B2'] : [],
    subjects: {
      count: people.length,
      index: people.map(one => `${person(one)}:${nth % 2 ? 'clear' : 'partial-redact'}`),
    },
    ...(nth % 19 === 0 && { outcome: 'withheld', code: 'FORMAT_MALFORMED', status: 502 }),
  })
}

/** Two logs of several files, some sealed, with long answers among the others; a month and a half, in turns. */
async function folder(
  t: TestContext,
): Promise<{ directory: string; more: (log: string, count: number) => Promise<void> }> {
  const directory = await folderFor(t)
  let now = Date.parse('2026-10-10T00:00:00Z')
  let nth = 0
  const more = async (name: string, count: number): Promise<void> => {
    const log = await logIn(t, directory, {
      log: name,
      holds: 'log',
      clock: () => (now += 7_200_000),
      fileBytes: 20_000,
    })
    for (let one = 0; one < count; one++, nth++) {
      const { bytes, rows, fields, subjects, kind: _, outcome: __, code: ___, ...begun } = draft(nth)
      if (nth % 9 !== 0) await log.append([draft(nth)])
      else {
        const [receipt] = await log.append([{ ...begun, kind: 'open' }])
        const of = receipt!.id
        const parts: Draft[] = [
          { kind: 'window', of, bytes, rows, fields, subjects },
          { kind: 'close', of, bytes, rows },
        ]
        await log.append(parts.slice(0, 1))
        await log.append(parts.slice(1))
      }
    }
    await log.close()
  }
  await more('gw1-0', 120)
  await more('gw1-1', 60)
  await more('gw1-0', 60)
  return { directory, more }
}

async function seal(directory: string): Promise<void> {
  const files = await filesOf(directory, 'gw1-0')
  const id = newDraftId()
  for (const file of files.slice(0, -1)) if (compress(file, id) !== null) replacePlain(file.path, id)
}

async function listed<One>(found: AsyncIterable<One>): Promise<One[]> {
  const all: One[] = []
  for await (const one of found) all.push(one)
  return all
}

const byWhereItIs = (one: { entry: { log: string; seq: number } }, other: { entry: { log: string; seq: number } }) =>
  one.entry.log < other.entry.log ? -1 : one.entry.log > other.entry.log ? 1 : one.entry.seq - other.entry.seq

const questions: readonly Partial<Filters>[] = [
  {},
  { consumer: ['c1'] },
  { operator: ['u3', 'u4'] },
  { consumer: ['c2'], route: ['/r/3'], outcome: ['withheld'] },
  { dataType: ['bank_card'] },
  { dataType: ['student_number'] },
  { cell: ['A3'], operator: ['u1'] },
  { grant: ['g-13'] },
  { grant: ['g-0', 'g-13'], consumer: ['c0'] },
  { review: ['r-0', 'r-6'], outcome: ['released'] },
  { grant: ['g-0'], review: ['r-0'] },
  { kind: ['close', 'window'] },
  { code: ['FORMAT_MALFORMED'] },
  { without: ['access', 'resume'] },
  { from: '2026-10-15T01:00:00.000Z', until: '2026-10-20T00:00:00.000Z' },
  { operator: ['u7'], from: '2026-10-15T01:00:00.000Z' },
  { system: ['elsewhere'] },
]

async function agree(indexed: RecordSource, directory: string): Promise<void> {
  const all = new FolderSource(directory)
  for (const question of questions) {
    const filters = { ...everything, ...question }
    const said = JSON.stringify(question)
    assert.deepEqual(await listed(indexed.select(filters)), await listed(all.select(filters)), said)
    for (const limit of [1, 7, 1000])
      assert.deepEqual((await indexed.newest(filters, limit)).found, (await all.newest(filters, limit)).found, said)
    const summaries = [new Summary(summaryKeys), new Summary(summaryKeys)]
    for (const { entry, count } of (await indexed.counts(filters, true)) ?? []) summaries[0]!.add(entry, count)
    for await (const { context } of all.select(filters)) summaries[1]!.add(context)
    if (rareKeys.every(key => question[key] === undefined))
      assert.deepEqual(summaries[0]!.rows(), summaries[1]!.rows(), said)
    const counted = (await indexed.newest(filters, 1000)).all
    assert.equal(counted, (await all.newest(filters, 1000)).all, said)
  }
  const people = new Map([['2026-10', new Set([3, 17, 49, 99, '9 also'].map(indexOf))]])
  for (const within of [
    { from: null, until: null },
    { from: '2026-10-14T00:00:00.000Z', until: '2026-10-18T00:00:00.000Z' },
  ]) {
    const [some, others] = await Promise.all([indexed, all].map(one => listed(one.sightings(people, within))))
    assert.ok(some!.length > 0)
    assert.deepEqual(some!.sort(byWhereItIs), others!.sort(byWhereItIs))
  }
  const months = ['2026-09', '2026-10', '2026-11']
  const [reach, others] = [await indexed.reach(months), await all.reach(months)]
  assert.deepEqual(
    reach.map(({ seenBy, ...rest }) => ({ ...rest, seenBy: new Map([...seenBy].sort()) })),
    others.map(({ seenBy, ...rest }) => ({ ...rest, seenBy: new Map([...seenBy].sort()) })),
  )
  for (const [log, seq] of [
    ['gw1-0', 0],
    ['gw1-0', 77],
    ['gw1-1', 12],
    ['gw1-0', 99_999],
    ['gw9-9', 1],
  ] as const)
    assert.deepEqual(await indexed.get(log, seq), await all.get(log, seq))
}

test('the index finds what reading everything finds, also in sealed files, and after more was written', async t => {
  const { directory, more } = await folder(t)
  const first = await openSource(directory)
  await agree(first, directory)
  first.close()
  await seal(directory)
  await more('gw1-1', 30)
  const second = await openSource(directory)
  await agree(second, directory)
  second.close()
  assert.equal(await bringUpToDate(directory), 0)
})

test('a long answer that goes on after its beginning was indexed is still known by who asked for it', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  const { bytes, rows, fields, subjects, kind: _, outcome: __, ...begun } = accessDraft({ operator: 'long' })
  const [open] = await log.append([{ ...begun, kind: 'open' }])
  await bringUpToDate(directory)
  await log.append([{ kind: 'window', of: open!.id, bytes, rows, fields, subjects }])
  const source = await openSource(directory)
  const found = await listed(source.select({ ...everything, operator: ['long'] }))
  source.close()
  assert.deepEqual(
    found.map(one => one.entry.kind),
    ['open', 'window'],
  )
})

const operators = { ...everything, operator: ['u3'] }

async function counted(directory: string): Promise<number> {
  return withSource(directory, {}, async source => (await source.newest(operators, 1000)).all)
}

const breakages: readonly [what: string, breaks: (directory: string) => Promise<void>][] = [
  ['is no database', directory => writeFile(join(directory, 'index.sqlite'), 'not a database'.repeat(1000))],
  ['was cut off', directory => truncate(join(directory, 'index.sqlite'), 20_000)],
  ['has another version', async directory => change(directory, 'PRAGMA user_version = 77')],
  ['points at other records', async directory => change(directory, 'UPDATE record SET number = number + 1')],
  ['points at nothing', async directory => change(directory, 'UPDATE record SET number = number + 1000000')],
  ['says that stretches are elsewhere', async directory => change(directory, 'UPDATE stretch SET bytes = bytes + 100')],
  ['was made of other records', async directory => change(directory, `UPDATE log SET head = 'x'`)],
  ['knows a log that is not there', async directory => change(directory, `UPDATE log SET name = 'gw7-7' WHERE id = 1`)],
]

async function change(directory: string, sql: string): Promise<void> {
  const database = new DatabaseSync(join(directory, 'index.sqlite'))
  database.exec(sql)
  database.close()
}

for (const [what, breaks] of breakages)
  test(`an index that ${what} is not believed, and is made anew`, async t => {
    const { directory } = await folder(t)
    const before = await counted(directory)
    assert.ok(before > 5)
    await breaks(directory)
    assert.equal(await counted(directory), before)
    assert.equal(await counted(directory), before)
    assert.ok(existsSync(join(directory, 'index.sqlite')))
  })

test('records that went with a pruned file, or came back as others, are not found any more', async t => {
  const { directory } = await folder(t)
  const before = await counted(directory)
  const [first] = await filesOf(directory, 'gw1-0')
  await rm(first!.path)
  const pruned = await counted(directory)
  assert.ok(pruned > 0 && pruned < before)
  const [, second] = await filesOf(directory, 'gw1-1')
  assert.ok(second !== undefined)
  await writeFile(second.path, (await readFile(second.path)).subarray(0, 5000))
  assert.ok((await counted(directory)) < pruned)
})

test('where the index cannot be made, everything is read instead', async t => {
  const { directory } = await folder(t)
  const before = await counted(directory)
  await rm(join(directory, 'index.sqlite'))
  await mkdir(join(directory, 'index.sqlite'))
  assert.equal(await counted(directory), before)
})
