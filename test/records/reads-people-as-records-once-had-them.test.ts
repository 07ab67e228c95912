import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { PeopleText } from '../../gateway/records/blind-index/people-text.ts'
import { type AccessDraft, serialise } from '../../gateway/records/entry.ts'
import { heldBy } from '../../gateway/records/holds.ts'
import { IndexedSource } from '../../gateway/records/index/indexed-source.ts'
import { bringUpToDate } from '../../gateway/records/index/indexing.ts'
import { numbersIn, PeopleRows } from '../../gateway/records/index/people-rows.ts'
import { personRows } from '../../gateway/records/postgres/rows.ts'
import { FolderSource } from '../../gateway/records/query/folder-source.ts'
import { PeopleOfEntries } from '../../gateway/records/query/people.ts'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { isRun, parsePeople, runOf } from '../../gateway/subject.ts'
import { inRuns } from '../support/runs.ts'
import { accessDraft, indexOf } from './drafts.ts'
import { entriesIn, folderFor, logIn } from './folder.ts'
import { batchesOf, rewrite } from './forging.ts'

/** A line as it was written before people shown alike stood in one string. */
function asOnce(line: string): string {
  return line.replace(/"index":(\[.*?\])/, (_, index: string) => {
    const texts = (JSON.parse(index) as string[]).map(runOf)
    return `"index":${JSON.stringify(texts.flatMap(({ forms, people }) => people.map(one => `${one}:${forms}`)))}`
  })
}

/** The nth of many answers: some of nobody, some of more people than a record holds itself; one or three values, shown in several ways. */
function draft(nth: number): AccessDraft {
  const count = nth % 8 === 0 ? 300 : nth % 5
  const index = Array.from({ length: count }, (_, more) => {
    const who = (nth * 7 + more * 3) % 50
    const forms = more % 6 < 3 ? 'clear' : 'partial-redact'
    return who % 3 === 0
      ? `${forms}.token.clear=${indexOf(who)}${indexOf(-who)}${indexOf(`${who} too`)}`
      : `${forms}=${indexOf(who)}`
  })
  return accessDraft({ operator: `u${nth % 7}`, subjects: { count, index } })
}

/** Two batches of the same answers; `once`: those of the first stand there as they were written before. */
async function folder(t: TestContext, once: boolean): Promise<string> {
  const directory = await folderFor(t)
  let now = Date.parse('2026-10-28T00:00:00Z')
  const clock = () => (now += 3_600_000)
  const drafts = Array.from({ length: 60 }, (_, nth) => draft(nth))
  const first = await logIn(t, directory, { clock })
  await first.append(drafts)
  await first.close()
  if (once)
    await rewrite(
      directory,
      batchesOf(directory).map(batch => batch.map(asOnce)),
    )
  const next = await logIn(t, directory, { clock })
  await next.append(drafts)
  await next.close()
  return directory
}

test('a log that has people in both ways is whole, and says of them what it says where all are in one', async t => {
  const [mixed, today] = [await folder(t, true), await folder(t, false)]
  const lines = batchesOf(mixed)
    .flat()
    .filter(line => line.includes('"index":["'))
  assert.deepEqual(new Set(lines.map(line => /"index":\["[^"]*[=:]/.exec(line)![0].at(-1))), new Set([':', '=']))
  for (const { problems } of await verifyFolder(mixed, { now: Date.now() })) assert.deepEqual(problems, [])
  const list = new Set([1, 3, 30, 'nobody', '3 too', -9].map(indexOf))
  const people = new Map(['2026-10', '2026-11'].map(month => [month, list]))
  const saidBy = async (directory: string): Promise<unknown[]> => {
    await bringUpToDate(directory)
    const said: unknown[] = []
    for (const source of [new FolderSource(directory), new IndexedSource(directory)]) {
      const found: string[] = []
      for await (const { entry, context: _, ...one } of source.sightings(people, { from: null, until: null }))
        found.push(`${entry.log}:${entry.seq} ${JSON.stringify(one)}`)
      said.push(found.sort(), await source.reach(['2026-10', '2026-11']))
      source.close()
    }
    assert.deepEqual(said.slice(2), said.slice(0, 2))
    const entries = new PeopleOfEntries(parsePeople)
    const hold = { name: 'case', from: null, until: null, route: null, people: list }
    for (const entry of await entriesIn(directory)) {
      said.push(heldBy([hold], [entry]), personRows(entry, 'east-gw1-0', entries.of(entry)))
    }
    return said
  }
  assert.deepEqual(await saidBy(mixed), await saidBy(today))
})

const form = fc.constantFrom('clear', 'partial', 'clear-partial', 'redact')
const person = fc.integer({ min: 1, max: 3 }).chain(values =>
  fc.record({
    indexes: fc.stringMatching(new RegExp(`^[A-Za-z0-9_-]{${values * 8}}$`)),
    forms: fc.oneof(
      form,
      fc.array(form, { minLength: values, maxLength: values }).map(all => all.join('.')),
    ),
  }),
)

test('people are the same whichever way they stand, and are written in one', () => {
  fc.assert(
    fc.property(fc.array(person, { maxLength: 40 }), people => {
      const before = people.map(({ indexes, forms }) => `${indexes}:${forms}`)
      const now = inRuns(people.map(({ indexes, forms }) => `${forms}=${indexes}`))
      assert.deepEqual(now.flatMap(parsePeople), before.flatMap(parsePeople))
      assert.deepEqual(rowsOf(now), rowsOf(before))
      for (const texts of [before, now]) assert.deepEqual(PeopleText.of(texts)!.toJSON(), now)
    }),
  )
})

/** What the index takes down of them. */
function rowsOf(texts: readonly string[]) {
  const rows = new PeopleRows()
  rows.add(202611, 1, 7, texts)
  return rows.take()
}

test('a person is found in each record that showed them, however far apart those are', () => {
  const apart = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 2 ** 36 }))
  fc.assert(
    fc.property(fc.array(apart, { minLength: 1, maxLength: 60 }), steps => {
      const rows = new PeopleRows()
      let number = 2 ** 40
      const numbers = steps.map(step => (number += step))
      for (const one of numbers) rows.add(202611, 1, one, ['partial=fLhoPkMpZ862my2B,BbPba89D,fLhoPkMp'])
      const found = rows.take().persons.map(([, , , first, more]) => numbersIn(first, more))
      assert.deepEqual(found, [numbers, numbers])
    }),
  )
})

test('what is not people, whichever way, is known for it', () => {
  const value = '(?:clear|partial|generalize|token|digest|redact|remove)'
  const forms = `${value}(?:-${value})?(?:\\.${value}(?:-${value})?){0,2}`
  const before = new RegExp(`^((?:[\\w-]{8}){1,3}|[\\w-]{22}):(${forms})$`)
  const now = new RegExp(`^(${forms})=((?:[\\w-]{8}){1,3}(?:,(?:[\\w-]{8}){1,3})*)$`)
  const areMany = (forms: string, indexes: string) => {
    const many = forms.split('.').length
    return many === 1 || indexes.split(',').every(one => one.length === many * 8)
  }
  const expected = (text: string): boolean => {
    const [, ofNow, people] = now.exec(text) ?? []
    const [, person, ofBefore] = before.exec(text) ?? []
    if (ofNow !== undefined) return areMany(ofNow, people!)
    return ofBefore !== undefined && areMany(ofBefore, person!)
  }
  const indexes = fc.array(fc.stringMatching(/^[\w-]{7,8}$/), { maxLength: 4 }).map(all => all.join(''))
  const given = fc.constantFrom('clear', 'partial', 'clear-partial', 'other', 'partial-')
  const text = fc
    .tuple(
      fc.array(given, { maxLength: 4 }).map(all => all.join('.')),
      fc.constantFrom('=', '=', '=', ':', '', '"', '＝'),
      fc.oneof(
        fc.array(indexes, { maxLength: 4 }).map(all => all.join(',')),
        fc.stringMatching(/^[\w-]{22}$/),
      ),
      fc.boolean(),
    )
    .map(([forms, sign, people, turned]) => (turned ? `${people}${sign}${forms}` : `${forms}${sign}${people}`))
  fc.assert(
    fc.property(text, one => {
      assert.equal(isRun(runOf(one)), expected(one), one)
    }),
    { numRuns: 2000 },
  )
})

test('768 people fit a line whatever their forms, also where no two in a row are shown alike', () => {
  const [longest, other] = ['partial-generalize', 'clear-generalize']
  const forms = [0, 1].map(turn => [turn === 0 ? longest : other, longest, longest].join('.'))
  const index = Array.from({ length: 768 }, (_, nth) => `${forms[nth % 2]}=${`${nth}`.padStart(24, '0')}`)
  const [line] = serialise(accessDraft({ subjects: { count: 768, index } }), {
    ...{ log: 'l'.repeat(63), seq: Number.MAX_SAFE_INTEGER - 9, time: '2026-11-21T09:30:00.123Z' },
  })
  assert.deepEqual(JSON.parse(line!).index, index)
})
