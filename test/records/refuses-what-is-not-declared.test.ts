import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PeopleText } from '../../gateway/records/blind-index/people-text.ts'
import { type AccessDraft, type Draft, maxLineBytes, serialise } from '../../gateway/records/entry.ts'
import { EntryFault } from '../../gateway/records/shapes.ts'
import { accessDraft } from './drafts.ts'

const head = { log: 'gw1-0', seq: 7, time: '2026-11-21T09:30:00.123Z' }
const secret = '110105194912310 02X'

/** Types keep callers from these; the run time must too. */
const refused = (changes: Record<string, unknown>) => {
  assert.throws(
    () => serialise({ ...accessDraft(), ...changes } as Draft, head),
    (error: unknown) => error instanceof EntryFault && !error.message.includes(secret),
  )
}

test('a key that no kind declares is refused', () => {
  refused({ note: secret })
  refused({ url: `/api?id=${secret}` })
  refused({ kind: 'remark' })
  refused({ kind: '__proto__' })
})

test('a key that is missing is refused, and so is one that only a prototype has', () => {
  const { consumer: _, ...without } = accessDraft()
  assert.throws(() => serialise(without as AccessDraft, head), EntryFault)
  refused({ consumer: undefined })
})

test('free text fits nowhere', () => {
  for (const key of [
    'consumer',
    'operator',
    'system',
    'purpose',
    'grant',
    'format',
    'method',
    'route',
    'address',
    'policy',
  ])
    refused({ [key]: secret })
  refused({ route: `/api/students/${secret}` })
  refused({ basis: { kind: 'work_order', ref: secret, verified: false } })
  refused({ basis: { kind: 'work_order', ref: 'WO-1', verified: false, note: 'x' } })
  refused({ searched: [secret] })
  refused({ fields: { [secret]: { clear: 1 } } })
  refused({ fields: { 'cn_mobile@A3': { shown: 1 } } })
  refused({ subjects: { count: 1, index: [secret] } })
  refused({ subjects: { count: 1, index: [], of: 3 } })
  for (const shape of [Object.prototype, PeopleText.prototype]) {
    const index = Object.create(shape, { count: { value: 1 }, json: { value: `["${secret}"]` } })
    refused({ subjects: { count: 1, index } })
  }
  refused({ code: secret })
  refused({ code: 'toString' })
})

test('numbers are counts, and nothing that could hide one', () => {
  for (const odd of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '5', [5], { valueOf: () => 5 }]) {
    refused({ rows: odd })
    refused({ bytes: [0, odd] })
    refused({ fields: { 'cn_mobile@A3': { clear: odd } } })
  }
  refused({ status: 99 })
  refused({ bytes: [1] })
  refused({ bytes: [1, 2, 3] })
})

test('a record over 64 KiB is refused, not cut', () => {
  const fields = Object.fromEntries(Array.from({ length: 4000 }, (_, nth) => [`type_${nth}@A3`, { clear: nth }]))
  assert.throws(() => serialise(accessDraft({ fields }), head), /64 KiB/)
  const fewer = Object.fromEntries(Object.entries(fields).slice(0, 1500))
  assert.ok(Buffer.byteLength(serialise(accessDraft({ fields: fewer }), head)[0]!) <= maxLineBytes)
})
