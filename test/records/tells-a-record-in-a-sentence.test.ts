import assert from 'node:assert/strict'
import { test } from 'node:test'
import { typeTitles } from '../../gateway/cli/records/type-titles.ts'
import { kinds, serialise } from '../../gateway/records/entry.ts'
import type { Entry } from '../../gateway/records/files/read.ts'
import { tell } from '../../gateway/records/tell/tell.ts'
import { accessDraft } from './drafts.ts'

const head = { log: 'gw1-0', seq: 7, time: '2026-11-21T09:30:00.123Z' }
const entryOf = (...args: Parameters<typeof serialise>): Entry => JSON.parse(serialise(...args).at(-1)!)

test('an access is told with who, what, why, and what was shown', () => {
  const said = tell(entryOf(accessDraft(), head), 'Asia/Shanghai')
  assert.equal(
    said.en,
    '2026-11-21 17:30:00 (Asia/Shanghai): u1203 of oa (from 10.1.2.3) asked student-affairs for GET /api/students/{id}, purpose enrolment, by work order WO-2026-0012 (not verified). The answer was masked and released (HTTP 200). 20 rows, 0 people: cn_resident_id (A4) partly masked 20; cn_mobile (A3) in clear 20.',
  )
  assert.equal(
    said.zh,
    '2026-11-21 17:30:00 (Asia/Shanghai)，oa 的 u1203（地址 10.1.2.3）为 enrolment，依据工单 WO-2026-0012（未核实），访问 student-affairs 的 GET /api/students/{id}。应答经脱敏后放行（HTTP 200）。共 20 行、0 人：cn_resident_id（A4）部分遮盖 20；cn_mobile（A3）明文 20。',
  )
})

test('data types are told as people call them, where the shipped catalogue knows them', () => {
  const titleOf = typeTitles()
  const record = accessDraft({ fields: { 'cn_resident_id@A4': { partial: 2 }, 'own_type@B2': { clear: 1 } } })
  const said = tell(entryOf(record, head), 'UTC', titleOf)
  assert.match(said.zh, /：居民身份证号（A4）部分遮盖 2；own_type（B2）明文 1。$/)
  assert.match(said.en, /: Resident ID number \(A4\) partly masked 2; own_type \(B2\) in clear 1\.$/)
  for (const odd of ['__proto__', 'constructor', '']) assert.equal(titleOf(odd), null)
})

test('of an answer that was withheld nothing is said to have been shown', () => {
  const said = tell(entryOf(accessDraft({ outcome: 'withheld', code: 'FORMAT_MALFORMED', status: 502 }), head), 'UTC')
  assert.match(said.en, /withheld \(HTTP 502\)\. Reason: .* \(FORMAT_MALFORMED\)\.$/)
  assert.doesNotMatch(said.en, /cn_mobile/)
})

test('every kind has words of its own, and a kind to come is told as one', () => {
  for (const kind of kinds) {
    const { zh, en } = tell({ v: 1, ...head, kind }, 'UTC')
    assert.doesNotMatch(en, /a record of kind|undefined|NaN/, kind)
    assert.doesNotMatch(zh, /一条 .* 记录。|undefined|NaN/, kind)
  }
  assert.match(tell({ v: 1, ...head, kind: 'remark' }, 'UTC').en, /a record of kind remark/)
})

test('a record that somebody wrote by hand cannot play tricks on the terminal', () => {
  const { en } = tell(
    { v: 1, ...head, kind: 'access', consumer: '\u001b[2Joa\u202e', fields: { x: null }, basis: 5 },
    'UTC',
  )
  assert.doesNotMatch(en, /[\u0000-\u001f\u202e]/)
})

test('times within a sentence are in the timezone, too, and nobody in particular is said to be nobody', () => {
  const scope = { consumer: null, operator: 'u1777', system: null, route: null }
  const lockdown = { v: 1, ...head, kind: 'lockdown', action: 'locked', person: 'wang', drill: false, scope }
  const until = '2026-11-21T10:00:00.000Z'
  assert.match(
    tell({ ...lockdown, until }, 'Asia/Shanghai').en,
    /wang locked down operator u1777, until 2026-11-21 18:00:00/,
  )
  assert.match(tell(lockdown, 'Asia/Shanghai').zh, /，wang 封锁了：operator u1777。$/)
  const alert = { v: 1, ...head, kind: 'alert', rule: 'many', operator: null, consumer: null, address: null }
  assert.match(tell(alert, 'UTC').en, /alert many: nobody in particular, /)
  const anonymous = accessDraft({ consumer: 'anonymous', operator: null, purpose: null, basis: null })
  assert.match(
    tell(entryOf(anonymous, head), 'UTC').zh,
    /，anonymous（未说明操作人，地址 10\.1\.2\.3）访问 student-affairs 的 /,
  )
})

test('renewed certificates are told apart from another configuration', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  const said = (previous: string | null, outcome: 'loaded' | 'refused') =>
    tell(entryOf({ kind: 'config', digest, previous, outcome, faults: 1 }, head), 'UTC')
  assert.match(said(digest, 'loaded').en, /took up a new set of certificates and keys\.$/)
  assert.match(said(digest, 'refused').zh, /证书与私钥/)
  for (const previous of [null, `sha256:${'b'.repeat(64)}`])
    assert.match(said(previous, 'loaded').en, /new configuration/)
})
