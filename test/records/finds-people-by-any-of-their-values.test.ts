import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measure } from '../../gateway/access/alerts/measures.ts'
import { type Recorded, seenOf } from '../../gateway/access/alerts/seen.ts'
import { windowDraft } from '../../gateway/exchange/response/record-of.ts'
import { blindIndex } from '../../gateway/records/blind-index/blind-index.ts'
import { heldBy } from '../../gateway/records/holds.ts'
import { IndexedSource } from '../../gateway/records/index/indexed-source.ts'
import { bringUpToDate } from '../../gateway/records/index/indexing.ts'
import { FolderSource } from '../../gateway/records/query/folder-source.ts'
import { Tracing } from '../../gateway/records/tracing.ts'
import { shortIndex } from '../../gateway/subject.ts'
import { awayFromBorder } from '../support/away-from-border.ts'
import { maskBody } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'
import { accessDraft, indexOf } from './drafts.ts'
import { entriesIn, folderFor, logIn } from './folder.ts'

const plan = planOf({
  fields: { id: 'id', tel: 'tel', mail: 'mail' },
  types: {
    id: { form: 'partial', mask: mask('keep_ends', { head: 3 }), identifies: 1, detector: 'cn_resident_id' },
    tel: { form: 'clear', identifies: 2, detector: 'cn_mobile' },
    mail: { form: 'redact', identifies: 4, detector: 'email' },
  },
})
const blind = blindIndex({ secret: () => Buffer.alloc(32, 7) } as never, { timezone: 'Asia/Shanghai' })
const whenever = { from: null, until: null }

test('a list of mobile numbers finds the rows in which a stronger number stood as well, and counts people once', async t => {
  await awayFromBorder('month')
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  const both = [
    { id: '11010519491231002X', tel: '13800138000', mail: 'a@example.edu.cn' },
    { id: '440524188001010014', tel: '13900139000', mail: 'b@example.edu.cn' },
  ]
  const shown = (operator: string, body: object) => {
    const { subjects } = windowDraft('gw1-0:1', [1, 1], maskBody(plan, JSON.stringify(body)).tally, blind)
    return accessDraft({ operator, subjects })
  }
  const before = { count: 1, index: [`${blind.of('tel', '13800138000')}:partial`] }
  await log.append([shown('u1', both), shown('u2', [{ tel: '13800138000' }]), accessDraft({ subjects: before })])
  await bringUpToDate(directory)
  const list = ['13800138000', '13900139000'].map(tel => shortIndex(blind.of('tel', tel)))
  for (const source of [new FolderSource(directory), new IndexedSource(directory)]) {
    const tracing = new Tracing(new Map(list.map((one, nth) => [one, nth + 1])))
    const month = new Date().toISOString().slice(0, 7)
    for await (const sighting of source.sightings(new Map([[month, new Set(list)]]), whenever)) tracing.add(sighting)
    const reach = await source.reach([month])
    const { known, accessors } = tracing.result(reach)
    source.close()
    assert.equal(known, 2)
    // Three people by their strongest values: two ID numbers, and a mobile number where it stood alone.
    assert.equal(reach[0]!.people, 3)
    assert.deepEqual(
      accessors.map(one => [one.operator, one.people, one.clear, one.records]),
      [
        ['u1', 2, 2, 1],
        ['u2', 1, 1, 1],
        ['u1203', 1, 0, 1],
      ],
    )
  }
  const people = (await entriesIn(directory)).map(one => (one['subjects'] as { count: number } | undefined)?.count)
  assert.deepEqual(
    people.filter(one => one !== undefined),
    [2, 1, 1],
  )
})

test('whoever is on the list by several values was shown once, in the most visible form of any', () => {
  const tracing = new Tracing(new Map([indexOf('id'), indexOf('tel')].map(one => [one, 1])))
  const entry = { ...accessDraft(), v: 1, log: 'gw1-0', seq: 1, time: '2026-11-21T09:30:00.123Z' }
  const context = entry as never
  for (const [what, form] of [
    ['id', 'partial'],
    ['tel', 'clear'],
  ] as const)
    tracing.add({ entry: context, context, index: indexOf(what), mostVisible: form, strictest: form })
  const { known, accessors } = tracing.result([])
  assert.deepEqual([known, accessors[0]?.people, accessors[0]?.clear, accessors[0]?.records], [1, 1, 1, 1])
})

test('a hold and a canary count by any value of a person, and people are counted by the strongest', () => {
  const subjects = { count: 2, index: [`${indexOf('id')}${indexOf('tel')}:partial`, `${indexOf('other')}:clear`] }
  const entry = { ...accessDraft({ subjects }), v: 1, log: 'gw1-0', seq: 1, time: '2026-11-21T09:30:00.123Z' }
  const hold = { name: 'case', from: null, until: null, route: null }
  for (const [who, held] of [
    ['tel', 'case'],
    ['id', 'case'],
    ['nobody', null],
  ] as const)
    assert.equal(heldBy([{ ...hold, people: new Set([indexOf(who)]) }], [entry as never]), held)
  const people = [indexOf('id') + indexOf('tel'), indexOf('other')]
  const seen = seenOf(entry as unknown as Recorded, people)
  const circumstances = {
    hours: [],
    clock: () => ({ day: 1, minute: 0 }),
    isCanary: (one: string) => one === indexOf('tel'),
  }
  assert.equal(measure('canary', seen, circumstances).amount, 1)
  assert.deepEqual(measure('people', seen, circumstances).ids, [indexOf('id'), indexOf('other')])
})
