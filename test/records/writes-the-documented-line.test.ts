import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serialise } from '../../gateway/records/entry.ts'
import { personText } from '../../gateway/subject.ts'
import { inRuns } from '../support/runs.ts'
import { accessDraft, policy } from './drafts.ts'

const head = { log: 'gw1-0', seq: 1042, time: '2026-11-21T09:30:00.123Z' }
const index = Array.from({ length: 20 }, (_, nth) =>
  personText(`abcdef${10 + nth}`, { mostVisible: 'clear', strictest: 'partial' }),
)

test('an access record has the keys of DESIGN section 8, in that order', () => {
  const lines = serialise(accessDraft({ subjects: { count: 20, index } }), head)
  assert.deepEqual(lines, [
    `{"v":1,"log":"gw1-0","seq":1042,"time":"2026-11-21T09:30:00.123Z","kind":"access","consumer":"oa","operator":"u1203","address":"10.1.2.3","system":"student-affairs","route":"/api/students/{id}","method":"GET","purpose":"enrolment","basis":{"kind":"work_order","ref":"WO-2026-0012","verified":false},"grant":null,"status":200,"upstream_status":200,"format":"json","bytes":[5120,4770],"rows":20,"fields":{"cn_resident_id@A4":{"partial":20},"cn_mobile@A3":{"clear":20}},"searched":[],"subjects":{"count":20,"index":["clear-partial=${index.map(one => one.split('=')[1])}"]},"policy":"${policy}","outcome":"released"}`,
  ])
})

test('a refused exchange says why, and what is not known of it is null', () => {
  const [line] = serialise({ kind: 'refused', address: '::1', status: 401, code: 'CREDENTIALS_WRONG', count: 17 }, head)
  assert.equal(
    line,
    '{"v":1,"log":"gw1-0","seq":1042,"time":"2026-11-21T09:30:00.123Z","kind":"refused","consumer":null,"operator":null,"address":"::1","system":null,"route":null,"method":null,"purpose":null,"basis":null,"grant":null,"searched":[],"status":401,"policy":null,"code":"CREDENTIALS_WRONG","count":17}',
  )
})

test('a person is written with one form, or with the most visible and the strictest', () => {
  const both = 'abcdefghABCDEFGH'
  const clear = { mostVisible: 'clear', strictest: 'clear' } as const
  assert.equal(personText('abcdefgh', clear), 'clear=abcdefgh')
  assert.equal(personText('abcdefgh', { ...clear, strictest: 'remove' }), 'clear-remove=abcdefgh')
  assert.equal(personText(both, clear, [{ ...clear }]), 'clear=abcdefghABCDEFGH')
  const partial = { mostVisible: 'partial', strictest: 'redact' } as const
  assert.equal(personText(both, clear, [partial]), 'clear.partial-redact=abcdefghABCDEFGH')
  assert.equal(personText(both, clear, [{ ...clear, strictest: 'partial' }]), 'clear.clear-partial=abcdefghABCDEFGH')
})

test('people are nothing but forms, one for all values or one for each, and blind indexes', () => {
  const [one, before] = ['abcdefgh', 'abcdefghijklmnopqrstuv']
  for (const [text, written] of [
    [`clear=${one}`, [`clear=${one}`]],
    [`clear=${one},${one}${one}`, [`clear=${one},${one}${one}`]],
    [`clear-remove.partial.redact=${one}${one}${one}`, [`clear-remove.partial.redact=${one}${one}${one}`]],
    [`${one}:clear`, [`clear=${one}`]],
    [`${before}:clear-partial`, [`clear-partial=${one}`]],
    [`clear.partial=${one}${one}${one}`, null],
    [`clear.partial=${one}${one},${one}`, null],
    [`${before}:clear.partial`, null],
    [`clear=${before}`, null],
    [`clear=${one}${one}${one}${one}`, null],
    ['clear=13800138000', null],
    ['13800138000:clear', null],
    [`13800138=${one}`, null],
    [`clear=${one} `, null],
    [`clear=${one},`, null],
    [`${one}:clear:${one}`, null],
    [`${one}`, null],
    ['clear=', null],
    [':clear', null],
    ['generalize-redact', null],
    [`clear=${one.slice(1)}张`, null],
  ] as const) {
    const write = () => serialise(accessDraft({ subjects: { count: 1, index: [text] } }), head)
    if (written !== null) assert.deepEqual(JSON.parse(write()[0]!).subjects.index, written)
    else assert.throws(write, { name: 'EntryFault' }, text)
  }
})

test('more than 256 people stand on lines of their own before the record', () => {
  const many = Array.from({ length: 2500 }, (_, nth) => `redact=${String(nth).padStart(8, '0')}`)
  const few = many.slice(0, 256)
  assert.equal(serialise(accessDraft({ subjects: { count: 256, index: few } }), head).length, 1)
  assert.equal(serialise(accessDraft({ subjects: { count: 257, index: many.slice(0, 257) } }), head).length, 2)
  const lines = serialise(accessDraft({ subjects: { count: 2500, index: many } }), head).map(line => JSON.parse(line))
  assert.deepEqual(
    lines.map(({ seq, kind, of }) => [seq, kind, of]),
    [
      [1042, 'subjects', 1046],
      [1043, 'subjects', 1046],
      [1044, 'subjects', 1046],
      [1045, 'subjects', 1046],
      [1046, 'access', undefined],
    ],
  )
  assert.deepEqual(lines[4].subjects, { count: 2500, index: [], lines: [1042, 1045] })
  assert.deepEqual(
    lines.slice(0, 4).map(line => line.index),
    [0, 768, 1536, 2304].map(from => inRuns(many.slice(from, from + 768))),
  )
})
