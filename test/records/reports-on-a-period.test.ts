import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'parse5'
import type { Entry } from '../../gateway/records/files/read.ts'
import { attentionOf } from '../../gateway/records/report/attention.ts'
import { reportCsv } from '../../gateway/records/report/csv.ts'
import { reportPage } from '../../gateway/records/report/page.ts'
import { lastPeriod, periodOf } from '../../gateway/records/report/period.ts'
import { style } from '../../gateway/records/report/style.ts'
import { Totals } from '../../gateway/records/report/totals.ts'
import { accessDraft } from './drafts.ts'

const zone = 'Asia/Shanghai'
const month = periodOf('month', '2026-11-21', zone)
const nobody = { count: 0, index: [] }

test('days begin where clocks say so, weeks on Monday, and each period has one before it', () => {
  assert.deepEqual([month.from, month.until], ['2026-10-31T16:00:00.000Z', '2026-11-30T16:00:00.000Z'])
  assert.deepEqual([month.before.first, month.before.last, month.columns.length], ['2026-10-01', '2026-10-31', 30])
  const week = periodOf('week', '2026-11-22', zone)
  assert.deepEqual([week.first, week.last, week.before.first], ['2026-11-16', '2026-11-22', '2026-11-09'])
  const quarter = periodOf('quarter', '2026-02-01', zone)
  assert.deepEqual([quarter.first, quarter.last, quarter.before.first], ['2026-01-01', '2026-03-31', '2025-10-01'])
  const spring = periodOf('day', '2026-03-29', 'Europe/Berlin')
  assert.deepEqual([spring.from, spring.until], ['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'])
  assert.equal(lastPeriod('month', new Date('2026-11-30T17:00:00Z'), zone).first, '2026-11-01')
  assert.equal(lastPeriod('month', new Date('2026-11-30T15:00:00Z'), zone).first, '2026-10-01')
})

/** A record as it would be in the file. */
function entry(kind: string, said: object = {}, time = '2026-11-20T02:00:00.000Z', seq = 1): Entry {
  return { v: 1, log: 'gw1-0', seq, time, kind, ...said } as unknown as Entry
}

function access(changes: Parameters<typeof accessDraft>[0] = {}): Entry {
  const { kind, ...said } = accessDraft({ fields: {}, subjects: nobody, ...changes })
  return entry(kind, said)
}

function totalsOf(...entries: (Entry | [Entry, Entry])[]): Totals {
  const totals = new Totals(month)
  for (const one of entries) {
    const [own, context] = Array.isArray(one) ? one : [one, one]
    totals.add({ entry: own, context })
  }
  return totals
}

test('a long answer counts once, with all of its windows; a refusal for as many as it stands for', () => {
  const begun = { ...access(), kind: 'open' }
  const person = (name: string) => `${name.padEnd(8, 'A')}:clear`
  const window = (nth: number, ...people: string[]): [Entry, Entry] => {
    const said = {
      of: 'gw1-0:1',
      fields: { 'cn_mobile@A3': { clear: 5 } },
      subjects: { count: people.length, index: people.map(person) },
    }
    const own = entry('window', said, undefined, nth)
    return [own, { ...begun, ...own }]
  }
  const close = entry('close', { of: 'gw1-0:1', rows: 800, bytes: [1, 1] }, undefined, 9)
  const totals = totalsOf(
    begun,
    window(2, 'one', 'two'),
    window(3, 'two', 'three'),
    [close, { ...begun, ...close }],
    entry('refused', { consumer: null, code: 'CREDENTIALS_WRONG', count: 17 }),
    entry('intent', { consumer: 'oa' }),
  )
  const { released, refused, reveals, clear, exports, people } = totals.all
  assert.deepEqual(
    { released, refused, reveals, clear, exports, people },
    { released: 1, refused: 17, reveals: 1, clear: 10, exports: 1, people: 4 },
  )
  assert.equal(totals.people, 3)
  assert.equal(totals.exchanges, 18)
  assert.deepEqual([...totals.codes], [['CREDENTIALS_WRONG', 17]])
  assert.equal(totals.exports[0]?.rows, 800)
  assert.deepEqual(totals.columns[19], { released: 1, withheld: 0, refused: 17, aborted: 0, held: 0 })
})

test('what was withheld showed nobody; what only staff see in part is no reveal', () => {
  const fields = { 'cn_resident_id@A4': { partial: 20 }, 'person_name@A2': { clear: 20 } }
  const totals = totalsOf(
    access({ fields }),
    access({ outcome: 'withheld', code: 'FORMAT_UNKNOWN', fields: { 'cn_mobile@A3': { clear: 3 } } }),
  )
  assert.deepEqual([totals.all.released, totals.all.withheld, totals.all.reveals, totals.all.clear], [1, 1, 0, 0])
  assert.deepEqual([...totals.levels[0]!], [['partial', 20]])
  assert.deepEqual([...totals.levels[1]!], [])
})

const reveal = (changes: Parameters<typeof accessDraft>[0]) =>
  access({ fields: { 'cn_mobile@A3': { clear: 1 } }, ...changes })
const end = Date.parse('2026-12-01T00:00:00Z')
const many = (count: number, one: Entry): Entry[] => Array.from({ length: count }, () => one)
const emergency = { kind: 'emergency', ref: null, verified: false } as const

const calls: Readonly<Record<string, readonly [now: Entry[], before: Entry[], says: RegExp]>> = {
  'an outage': [[entry('gap', { cause: 'disk_full', seconds: 90, dropped: 2 })], [], /90 s/],
  'a period of which nothing is on record': [[], [], /Nothing is on record/],
  'an alert': [[entry('alert', { rule: 'night_export' })], [], /Alerts: 1/],
  'a policy that waits for somebody': [[entry('policy', { outcome: 'held', faults: 0 })], [], /1 change of policy/],
  'a policy that was refused': [[entry('policy', { outcome: 'refused', faults: 2, digest: null })], [], /1 change had/],
  'no witness': [[entry('heartbeat', { every: 60, signed: 5, witnessed: null })], [], /No witness/],
  'answers withheld': [[access({ outcome: 'withheld', code: 'FORMAT_UNKNOWN' })], [], /1 answer\./],
  'reveals without a basis': [[reveal({ basis: null })], [], /Without a basis: 1 reveal/],
  emergencies: [[reveal({ basis: emergency })], [], /emergency: 1 reveal/],
  'reveals at night': [[{ ...reveal({}), time: '2026-11-20T18:00:00.000Z' }], [], /1 of 1 reveals/],
  'a consumer that asks for twice as much': [many(60, access()), many(20, access()), /of oa went from 20 to 60/],
  'a person who sees twice as much': [many(60, reveal({})), many(20, reveal({})), /by u1203 went from 20 to 60/],
  'a consumer most of whose requests are refused': [
    [entry('refused', { consumer: 'oa', code: 'STATEMENT_NOT_TRUSTED', count: 828 }), ...many(36, access())],
    [],
    /828 of 864 requests of oa were refused/,
  ],
  'many wrong credentials': [[entry('refused', { code: 'CREDENTIALS_WRONG', count: 500 })], [], /500 requests/],
}

for (const [what, [now, before, says]] of Object.entries(calls))
  test(`somebody is told of ${what}`, () => {
    const found = attentionOf(totalsOf(...now), totalsOf(...before), null, end)
    assert.ok(
      found.some(({ words }) => says.test(words.en)),
      JSON.stringify(found),
    )
  })

test('where all is well nothing needs attention; where records were changed it does', () => {
  const few = entry('refused', { consumer: 'oa', code: 'ROUTE_UNKNOWN', count: 99 })
  const well = totalsOf(reveal({}), few, entry('heartbeat', { witnessed: 3 }))
  assert.deepEqual(attentionOf(well, well, { wrong: 0, provedBy: 'witness' }, end), [])
  assert.match(attentionOf(well, well, { wrong: 1, provedBy: 'self' }, end)[0]!.words.en, /found 1 problem:/)
})

test('an emergency that was used waits in reports, also those of later periods, until somebody has reviewed it', () => {
  const said = (action: string, id: string, time: string, emergency?: boolean) => ({
    ...entry('grant', { action, grant: id, ...(emergency !== undefined && { terms: { emergency } }) }),
    time,
  })
  const used = (id: string, day: string, emergency: boolean) => [
    said('asked', id, `2026-10-${day}T01:00:00.000Z`, emergency),
    said('approved', id, `2026-10-${day}T01:10:00.000Z`),
    said('used', id, `2026-10-${day}T02:00:00.000Z`),
  ]
  const now = totalsOf()
  const earlier = [
    ...used('old', '02', true),
    ...used('planned', '03', false),
    said('asked', 'unused', '2026-10-04T01:00:00.000Z', true),
    said('expired', 'unused', '2026-10-05T01:00:00.000Z'),
    ...used('reviewed', '06', true),
    said('reviewed', 'reviewed', '2026-10-06T09:00:00.000Z'),
  ]
  for (const one of [...earlier, ...used('fresh', '31', true)]) now.upkeep.dueReviews.add(one)
  const words = () =>
    attentionOf(now, totalsOf(), null, Date.parse('2026-10-31T16:00:00Z'))
      .map(({ words }) => words.en)
      .filter(text => /review/.test(text))
  assert.deepEqual(words(), [
    'Waiting for its review at the end: 2 emergency grants that somebody used; overdue after 24 hours: 1.',
  ])
  for (const id of ['old', 'fresh']) now.upkeep.add(said('reviewed', id, '2026-10-31T15:00:00.000Z'))
  assert.deepEqual(words(), [])
})

const made = new Date('2026-12-01T00:00:00Z')

test('a page is one whole document, that loads and runs nothing, whatever names are in it', () => {
  const evil = '"><script>alert(1)</script><img src=http://x onerror=y>'
  const asked = { system: evil, route: evil, purpose: evil, operator: evil, format: 'xlsx', rows: 5 }
  const now = totalsOf(
    reveal({ ...asked, consumer: evil }),
    entry('key', { action: evil, purpose: evil, name: evil }),
    entry('query', { operator: evil }),
    entry('refused', { code: evil }),
  )
  for (const lang of ['zh', 'en'] as const) {
    const page = reportPage({ period: month, now, before: totalsOf(), verified: null, made, lang })
    const names = namesIn(parse(page))
    assert.deepEqual(
      [...names].filter(name => /^(?:script|img|link|iframe|object|a|form|input)$/.test(name)),
      [],
    )
    assert.ok(names.has('svg') && names.has('table'))
    assert.doesNotMatch(page, /<[^>]*\s(?:src|href|on\w+)=/)
    assert.match(page, /&#60;script&#62;/)
  }
})

function namesIn(node: object, names = new Set<string>()): Set<string> {
  const { nodeName, childNodes = [] } = node as { nodeName: string; childNodes?: object[] }
  names.add(nodeName)
  for (const child of childNodes) namesIn(child, names)
  return names
}

test('a period without requests has no empty charts, and one without records is compared with nothing', () => {
  const facts = { period: month, before: totalsOf(), verified: null, made, lang: 'en' } as const
  assert.doesNotMatch(reportPage({ ...facts, now: totalsOf(entry('heartbeat')) }), /By system|Requests over time/)
  const page = reportPage({ ...facts, now: totalsOf(reveal({})) })
  assert.match(page, /By system/)
  assert.match(page, /nothing is on record of the period before/)
  assert.doesNotMatch(page, />new</)
})

test('alerts are told by their rules', () => {
  const now = totalsOf(...many(3, entry('alert', { rule: 'night_export' })), entry('alert', { rule: 'many_people' }))
  const facts = { period: month, now, before: totalsOf(entry('heartbeat')), verified: null, made, lang: 'en' } as const
  assert.match(reportPage(facts), />night_export<.*>3<.*>many_people</)
  assert.match(reportCsv(facts), /\r\nalert,night_export,times,3,0\r\nalert,many_people,times,1,0\r\n/)
})

test('figures come as CSV, with those of the period before', () => {
  const csv = reportCsv({
    period: month,
    now: totalsOf(...many(3, reveal({}))),
    before: totalsOf(access()),
    verified: null,
    made,
    lang: 'en',
  })
  const lines = csv.split('\r\n')
  assert.equal(lines[0], '\ufeffsection,name,figure,value,before')
  for (const line of [
    'period,month,first_day,2026-11-01,2026-10-01',
    'all,,requests,3,1',
    'consumer,oa,reveals,3,0',
    'operator,u1203@oa,requests,3,1',
    'level,3,clear,3,0',
    'reveals_by,enrolment/work_order,reveals,3,0',
  ])
    assert.ok(lines.includes(line), line)
})

test('what is for narrow screens does not count on A4, which is as narrow', () => {
  const narrow = [...style.matchAll(/@media([^{]*max-width[^{]*)\{/g)].map(([, query]) => query!.trim())
  assert.ok(narrow.length > 0)
  for (const query of narrow) assert.match(query, /^screen and /)
})

test('operators stand in the order of how much they were shown: who reads lists is not behind who reads one by one', () => {
  const shown = (operator: string, values: number) =>
    access({ operator, fields: { 'cn_mobile@A3': { clear: values } } })
  const now = totalsOf(shown('single', 1), shown('single', 1), shown('lists', 20))
  const facts = { period: month, now, before: new Totals(month), verified: null, made: new Date(0) }
  const page = reportPage({ ...facts, lang: 'en' })
  const section = page.slice(page.indexOf('Operators who were shown most'))
  assert.ok(section.indexOf('lists') < section.indexOf('single'))
  assert.match(section, /lists .*?<td class="n">1<\/td><td class="n">20<\/td>/)
})
