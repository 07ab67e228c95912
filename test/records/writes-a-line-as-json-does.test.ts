import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PeopleText } from '../../gateway/records/blind-index/people-text.ts'
import { type Draft, type Subjects, serialise } from '../../gateway/records/entry.ts'
import * as shapes from '../../gateway/records/shapes.ts'
import { inRuns } from '../support/runs.ts'

/** Those of README.md, with their names in a draft where these are others. */
const asked = 'consumer operator address system route method purpose basis grant'
const keys: Readonly<Record<string, string>> = {
  access: `${asked} status upstream_status format bytes rows fields searched subjects policy outcome code? of? operator_source? review?`,
  open: `${asked} status upstream_status format searched policy of? operator_source?`,
  window: 'of bytes rows fields subjects',
  close: 'of bytes rows code?',
  aborted: 'of bytes rows code?',
  intent: `${asked} searched policy operator_source?`,
  refused: `${asked} searched status policy code count? operator_source?`,
}
const inDraft: Readonly<Record<string, string>> = {
  upstream_status: 'upstreamStatus',
  operator_source: 'operatorSource',
}
const forms = ['clear', 'partial', 'generalize', 'token', 'digest', 'redact', 'remove']

const count = fc.oneof(fc.nat(40), fc.nat(), fc.constant(Number.MAX_SAFE_INTEGER))
const nameOr = (...few: string[]) =>
  fc.oneof(fc.constantFrom(...few), fc.stringMatching(/^[a-z教务处0-9][a-z._@+:/-]{0,30}$/))
const orNull = <One>(one: fc.Arbitrary<One>) => fc.option(one, { freq: 4 })
const fewOr = (...few: string[]) => orNull(nameOr(...few))
const status = fc.constantFrom(200, 200, 200, 404, 503)
const form = fc.constantFrom(...forms)
const index = fc.stringMatching(/^[A-Za-z0-9_-]{8}$/)
const person = fc.oneof(
  fc.tuple(index, form).map(([one, shown]) => `${shown}=${one}`),
  fc.tuple(index, index, form, form, form).map(([one, two, a, b, c]) => `${a}.${b}-${c}=${one}${two}`),
  fc.tuple(index, index, index, form).map(([one, two, three, shown]) => `${shown}=${one}${two}${three}`),
)
const digest = fc.constantFrom('a', 'b').map(digit => `sha256:${digit.repeat(64)}`)
const values = {
  consumer: fewOr('oa', 'portal'),
  operator: fewOr('u1', 'u2'),
  operatorSource: fc.constantFrom(undefined, null, 'jwt', 'system_login'),
  address: orNull(fc.oneof(fc.ipV4(), fc.ipV6())),
  system: fewOr('oa', 'student-affairs'),
  route: orNull(fc.constantFrom('/', '/api/students/{id}', '/学生/{id}')),
  method: orNull(fc.constantFrom('GET', 'POST', 'M-SEARCH')),
  purpose: fewOr('enrolment', 'oa'),
  basis: orNull(
    fc.record({
      kind: fc.constantFrom('work_order', 'official_doc', 'emergency'),
      ref: orNull(fc.constantFrom('WO-2026-0012', '教办〔2026〕12号')),
      verified: fc.boolean(),
    }),
  ),
  grant: fewOr('g1'),
  status,
  upstreamStatus: orNull(status),
  format: fewOr('json', 'xml'),
  bytes: fc.tuple(count, count),
  rows: count,
  fields: fc.dictionary(
    fc.oneof(fc.constantFrom('cn_mobile@A3', 'cn_resident_id@A4'), fc.stringMatching(/^[a-z姓名_]{1,9}@[A-D][1-4]$/)),
    fc.dictionary(form, count),
    { maxKeys: 8 },
  ),
  searched: fc.array(fc.constantFrom('cn_mobile', 'cn_mobile@A3', `cn_mobile@A3:${'ab'.repeat(11)}`), { maxLength: 3 }),
  subjects: fc
    .tuple(fc.array(person, { maxLength: 64 }), fc.boolean())
    .map(([index, isReady]) => ({ count: index.length, index: isReady ? PeopleText.of(index)! : index })),
  policy: orNull(digest),
  outcome: fc.constantFrom('released', 'withheld', 'refused', 'aborted', 'held'),
  code: fc.constantFrom('CREDENTIALS_WRONG', 'ROUTE_UNKNOWN'),
  of: fc.constantFrom('gw1-0:0', 'gw1-0:1042'),
  review: fc.constantFrom(undefined, null, 'r-1'),
  count: fc.constantFrom(undefined, 1, 17),
}

const draft = fc.constantFrom(...Object.keys(keys)).chain(kind => {
  const members = keys[kind]!.split(' ').map(key => {
    const name = key.replace('?', '')
    const inside = inDraft[name] ?? name
    const value: fc.Arbitrary<unknown> = values[inside as keyof typeof values]
    return [inside, key.endsWith('?') ? orNull(value) : value] as const
  })
  // in any order, as callers are free to
  return fc
    .tuple(
      fc.record(Object.fromEntries(members)),
      fc.shuffledSubarray([...members, ['kind']], { minLength: members.length + 1 }),
    )
    .map(([given, order]) => Object.fromEntries(order.map(([key]) => [key, key === 'kind' ? kind : given[key]])))
})

function inOrder(fields: Readonly<Record<string, Readonly<Record<string, number>>>>): object {
  const ordered = (counts: Readonly<Record<string, number>>) =>
    Object.fromEntries(forms.flatMap(form => (form in counts ? [[form, counts[form]]] : [])))
  return Object.fromEntries(Object.entries(fields).map(([type, counts]) => [type, ordered(counts)]))
}

function withRuns({ count, index }: Subjects): object {
  return { count, index: inRuns(index instanceof PeopleText ? index.toJSON() : index) }
}

function expected(draft: Record<string, unknown>, seq: number, time: string): string {
  const line: Record<string, unknown> = { v: 1, log: 'gw1-0', seq, time, kind: draft['kind'] }
  for (const key of keys[String(draft['kind'])]!.split(' ')) {
    const name = key.replace('?', '')
    const value = draft[inDraft[name] ?? name]
    if (key.endsWith('?') && (value === undefined || value === null)) continue
    if (name === 'fields') line[name] = inOrder(value as Parameters<typeof inOrder>[0])
    else if (name === 'subjects') line[name] = withRuns(value as Subjects)
    else line[name] = value
  }
  return JSON.stringify(line)
}

test('a line is what JSON makes of its keys in their order, whatever was written before it', () => {
  const time = '2026-11-21T09:30:00.123Z'
  fc.assert(
    fc.property(fc.array(draft, { minLength: 1, maxLength: 12 }), drafts => {
      for (const [seq, one] of drafts.entries())
        assert.deepEqual(serialise(one as Draft, { log: 'gw1-0', seq, time }), [expected(one, seq, time)])
    }),
    { numRuns: 300 },
  )
})

test('a value that does not fit is refused as well where its neighbours were written before', () => {
  const fits = Object.fromEntries(
    `${asked} status upstreamStatus format searched policy`
      .split(' ')
      .map(key => [key, key === 'searched' ? [] : null]),
  )
  const open = { kind: 'open', ...fits, status: 200, system: 'oa', route: '/', method: 'GET' }
  const write = (changes: object) => serialise({ ...open, ...changes } as Draft, { log: 'l', seq: 0, time: '' })
  write({})
  for (const odd of ['a b', '"', 1, undefined, {}, ['oa'], '\ud800'])
    for (const key of [
      'consumer',
      'system',
      'route',
      'method',
      'purpose',
      'status',
      'upstreamStatus',
      'format',
      'policy',
    ]) {
      if (key.endsWith('tatus') && odd === 1) continue
      assert.throws(() => write({ [key]: odd }), { name: 'EntryFault' }, `${key}: ${String(odd)}`)
      write({})
    }
})

test('no shape takes a text in which something would have to be escaped', () => {
  const unsafe = ['"', '\\', '\ud800', '\udc00', '\u061c', '\ufeff']
  for (const [from, to] of [
    [0, 0x1f],
    [0x7f, 0x9f],
    [0x200b, 0x200f],
    [0x2028, 0x202e],
    [0x2060, 0x2069],
  ] as const)
    for (let code = from; code <= to; code++) unsafe.push(String.fromCharCode(code))
  const samples: readonly (readonly [shapes.Shape, string])[] = [
    [shapes.name, 'oa'],
    [shapes.reference, 'WO-1'],
    [shapes.route, '/api/{id}'],
    [shapes.recordId, 'gw1-0:1'],
    [shapes.digest, `sha256:${'a'.repeat(64)}`],
    [shapes.method, 'GET'],
    [shapes.logName, 'gw1-0'],
    [shapes.blindIndex, 'abcdefgh'],
    [shapes.randomName, 'a'.repeat(22)],
    [shapes.batchHash, 'a'.repeat(43)],
    [shapes.signature, `${'a'.repeat(86)}==`],
    [shapes.terminal, '10.0.0.0/8'],
    [shapes.time, '2026-11-21T09:30:00.123Z'],
    [shapes.sight, 'cn_mobile@A3:clear'],
    [shapes.field, 'cn_mobile@A3'],
    [shapes.address, 'fe80::1%eth0'],
  ]
  for (const [shape, text] of samples) {
    assert.equal(shape(text), JSON.stringify(text))
    for (const one of unsafe)
      for (let at = 0; at <= text.length; at++) {
        assert.equal(shape(text.slice(0, at) + one + text.slice(at)), null, JSON.stringify([text, at, one]))
        assert.equal(shape(text.slice(0, at) + one + text.slice(at + 1)), null, JSON.stringify([text, at, one]))
      }
  }
})
