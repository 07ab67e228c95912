import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { keyRing } from '../../gateway/access/keys.ts'
import { parseBasis, readStatement } from '../../gateway/access/statement.ts'
import { basisKinds } from '../../gateway/config/config.ts'
import { problems, Refusal } from '../../gateway/errors.ts'
import { consumer } from '../support/consumer.ts'
import { head, mobile, oa, plain } from './people.ts'

const detectors = [{ dataType: 'cn_mobile', detector: mobile }]

function said(headers: Record<string, string | string[]>, from = oa) {
  try {
    const { presented, ...rest } = readStatement(head(headers), plain(from), detectors)
    return { ...rest, presented: [...presented].join(' ') }
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

test('a trusted consumer says who, what for and by what authority', () => {
  const headers = {
    'veilgate-operator': 'u1203',
    'veilgate-purpose': 'enrolment',
    'veilgate-basis': 'work_order;ref="WO-2026-12"',
  }
  assert.deepEqual(said(headers), {
    operator: { kind: 'login', login: 'u1203' },
    purpose: 'enrolment',
    basis: { kind: 'work_order', ref: 'WO-2026-12', verified: false },
    grant: null,
    presented: 'operator purpose basis',
  })
  assert.deepEqual(said({}), { operator: null, purpose: null, basis: null, grant: null, presented: '' })
})

test('the same words from a consumer that is not trusted to say them are refused', () => {
  const nobody = consumer('portal')
  assert.equal(said({ 'veilgate-operator': 'u1203' }, nobody), 'STATEMENT_NOT_TRUSTED')
  assert.equal(said({ 'veilgate-purpose': 'enrolment' }, nobody), 'STATEMENT_NOT_TRUSTED')
  assert.equal(said({ 'veilgate-basis': 'consent' }, nobody), 'STATEMENT_NOT_TRUSTED')
  assert.equal(said({ 'veilgate-grant': 'A'.repeat(22) }, nobody), 'STATEMENT_NOT_TRUSTED')
  assert.equal(said({ 'veilgate-operator': '' }, nobody), 'STATEMENT_NOT_TRUSTED')
})

test('what a consumer must always state is missing until it does', () => {
  const strict = { ...oa, requires: ['operator', 'purpose'] as const }
  assert.throws(
    () => readStatement(head({}), plain(strict), detectors),
    (error: unknown) =>
      error instanceof Refusal &&
      error.code === 'STATEMENT_MISSING' &&
      error.details.missing?.join(' ') === 'operator purpose',
  )
  assert.equal(said({ 'veilgate-operator': 'u1203' }, strict), 'STATEMENT_MISSING')
  const statement = said({ 'veilgate-operator': 'u1203', 'veilgate-purpose': 'enrolment' }, strict)
  assert.ok(typeof statement === 'object')
})

test('a grant is no more than its id, and presents nothing by itself', () => {
  const statement = said({ 'veilgate-operator': 'u1203', 'veilgate-grant': 'A'.repeat(22) })
  assert.ok(typeof statement === 'object')
  assert.equal(statement.presented, 'operator')
  assert.equal(said({ 'veilgate-grant': 'no grant' }), 'HEADER_MALFORMED')
})

test('a statement made twice, too long or out of shape is refused', () => {
  assert.equal(said({ 'veilgate-operator': ['u1203', 'u1203'] }), 'OPERATOR_MALFORMED')
  assert.equal(said({ 'veilgate-operator': 'u'.repeat(65) }), 'OPERATOR_MALFORMED')
  for (const login of ['', ' ', 'u 1', '-u', 'u-', 'u;x', '张三', 'u\u0000']) {
    assert.equal(said({ 'veilgate-operator': login }), 'OPERATOR_MALFORMED', login)
  }
  for (const purpose of ['', 'marketing', 'Enrolment', 'enrolment ', 'enrolment, enrolment']) {
    assert.equal(said({ 'veilgate-purpose': purpose }), 'PURPOSE_NOT_ALLOWED', purpose)
  }
})

test('a login that is itself a phone number is handed on to be recorded as its blind index', () => {
  const statement = said({ 'veilgate-operator': '13800138000' })
  assert.ok(typeof statement === 'object')
  assert.deepEqual(statement.operator, { kind: 'personal', dataType: 'cn_mobile', value: '13800138000' })
  assert.equal(said({ 'veilgate-operator': 'u-13800138000' }), 'OPERATOR_MALFORMED')
})

test('personal information glued to letters is found all the same', async () => {
  const { cnResidentId } = await import('../../plugins/detectors/cn-resident-id.ts')
  const detector = cnResidentId.create({}, keyRing(new Uint8Array(32)))
  const named = [{ dataType: 'cn_resident_id', detector }]
  for (const [name, value] of [
    ['veilgate-operator', 's11010519491231002X'],
    ['veilgate-basis', 'consent;ref=s11010519491231002X'],
  ] as const) {
    assert.throws(() => readStatement(head({ [name]: value }), plain(oa), named), /MALFORMED/)
  }
})

test('a reference that holds personal information, or could be a name, is refused', () => {
  assert.equal(said({ 'veilgate-basis': 'work_order;ref="WO-13800138000"' }), 'BASIS_MALFORMED')
  assert.equal(said({ 'veilgate-basis': 'work_order;ref="zhangsan"' }), 'BASIS_MALFORMED')
  assert.equal(said({ 'veilgate-basis': 'work_order;ref=%"%e5%bc%a0%e4%b8%89"' }), 'BASIS_MALFORMED')
})

test('a basis is one token of RFC 9651 with at most a reference', () => {
  const right = [
    ['work_order;ref="WO-2026-12"', 'work_order', 'WO-2026-12'],
    ['work_order; ref=WO-2026-12', 'work_order', 'WO-2026-12'],
    ['  consent  ', 'consent', null],
    [
      'official_doc;ref=%"%e6%b5%99%e6%95%99%e5%8a%9e%e3%80%942026%e3%80%9512%e5%8f%b7"',
      'official_doc',
      '浙教办〔2026〕12号',
    ],
  ] as const
  for (const [text, kind, ref] of right) {
    const statement = said({ 'veilgate-basis': text })
    assert.ok(typeof statement === 'object', text)
    assert.deepEqual(statement.basis, { kind, ref, verified: false })
  }
  const wrong = [
    '',
    'work_order',
    'complaint;ref=C1',
    '"work_order";ref="W1"',
    'work_order;ref="W1";by="x1"',
    'work_order;ref',
    'work_order;ref=12',
    'work_order;ref="W1", consent',
    '(work_order);ref="W1"',
    'work_order;ref="W 1"',
    'work_order;ref="W1',
    'Work_Order;ref="W1"',
    'approval;ref="W1"',
  ]
  for (const text of wrong) assert.equal(said({ 'veilgate-basis': text }), 'BASIS_MALFORMED', text)
})

test('who is told that a basis is not written right is shown one that is', () => {
  for (const title of Object.values(problems.BASIS_MALFORMED.title))
    assert.equal(parseBasis(/work_order;.*$/.exec(title)![0]).word, 'work_order')
})

test('whatever a basis holds, it is read or refused', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme' }),
    fc.tuple(fc.constantFrom(...basisKinds), fc.string()).map(([kind, rest]) => `${kind};ref=${rest}`),
  )
  fc.assert(
    fc.property(text, value => {
      try {
        const { ref } = parseBasis(value)
        assert.ok(ref === null || /[0-9]/.test(ref))
      } catch (error) {
        assert.ok(error instanceof Refusal && error.code === 'BASIS_MALFORMED')
        assert.equal(error.message, 'BASIS_MALFORMED')
      }
    }),
  )
})
