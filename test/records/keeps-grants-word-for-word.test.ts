import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GrantEvent } from '../../gateway/grant-event.ts'
import { serialise } from '../../gateway/records/entry.ts'
import { parseEntry } from '../../gateway/records/files/read.ts'
import { EntryFault } from '../../gateway/records/shapes.ts'
import { tell } from '../../gateway/records/tell/tell.ts'
import { terms } from '../access/grants.ts'

const head = { log: 'control', seq: 3, time: '2026-11-21T09:30:00.000Z' }
const asked: GrantEvent = {
  kind: 'grant',
  action: 'asked',
  grant: terms().id,
  person: 'li',
  group: null,
  signed: terms().made,
  signature: `${'A'.repeat(86)}==`,
  terms: terms(),
}

test('the terms of a grant are on record as they were signed, and come back the same', () => {
  const [line] = serialise(asked, head)
  const entry = parseEntry(Buffer.from(line!))!
  assert.deepEqual(entry['terms'], terms())
  assert.equal(entry['signature'], asked.signature)
  const { en, zh } = tell(entry, 'UTC')
  assert.match(en, /li asked for the grant A{22} for u1203 of oa to ask student-affairs for \/api\/students\/\{id\}/)
  assert.match(zh, /li 申请了授权 A{22}：oa 的 u1203 访问/)
})

test('what has not its shape does not get into a grant', () => {
  const wrong = [
    terms({ query: '/api/students/7' }),
    terms({ sees: ['13800138000'] }),
    terms({ terminals: ['the office of 张三'] }),
    terms({ operator: '张 三' }),
    { ...terms(), remark: '张三' } as never,
  ]
  for (const one of wrong) assert.throws(() => serialise({ ...asked, terms: one }, head), EntryFault)
  assert.throws(() => serialise({ ...asked, signature: 'signed by 张三' }, head), EntryFault)
})
