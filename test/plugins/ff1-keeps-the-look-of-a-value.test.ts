import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Mask, Scope } from '../../gateway/contracts.ts'
import { bankCard } from '../../plugins/detectors/bank-card.ts'
import { cnMobile } from '../../plugins/detectors/cn-mobile.ts'
import { cnResidentId, isResidentId } from '../../plugins/detectors/cn-resident-id.ts'
import { alphabets } from '../../plugins/masks/ff1/alphabets.ts'
import { permutation } from '../../plugins/masks/ff1/permutation.ts'
import { ff1 } from '../../plugins/masks/ff1.ts'
import { testKeys } from '../contract/key-ring.ts'

const scope: Scope = { consumer: 'portal', purpose: 'enrolment', dataType: 'student_number' }
const made = (options: Parameters<typeof ff1.create>[0]): Mask => ff1.create(options, testKeys)
const masked = (options: Parameters<typeof ff1.create>[0], value: string, of = scope) => made(options).mask(value, of)

describe('digits, letters and Chinese characters', () => {
  test('each character stays of its kind, and what parts them stays where it is', () => {
    assert.match(masked({ as: 'digits' }, '2026-010-001')!, /^\d{4}-\d{3}-\d{3}$/)
    assert.match(masked({ as: 'letters' }, "O'Brien-Smith")!, /^[A-Z]'[A-Z][a-z]{4}-[A-Z][a-z]{4}$/)
    assert.match(masked({ as: 'alphanumeric' }, 'EA1234567')!, /^[A-Z]{2}\d{7}$/)
    assert.match(masked({ as: 'han' }, '欧阳娜娜')!, /^\p{Script=Han}{4}$/u)
    assert.match(masked({ as: 'han' }, '买买提·艾力')!, /^\p{Script=Han}{3}·\p{Script=Han}{2}$/u)
  })

  test('the same digits written in another way have the same pseudonym', () => {
    const digits = masked({ as: 'digits' }, '2026010001')
    assert.equal(masked({ as: 'digits' }, '２０２６０１０００１'), digits)
    assert.equal(masked({ as: 'digits' }, '2026-010-001')!.replaceAll('-', ''), digits)
  })

  test('Chinese characters are those of GB 2312, each once', () => {
    const [han] = alphabets.han
    assert.equal(han.size, 6763)
    const all = Array.from({ length: han.size }, (_, index) => han.at(index))
    assert.equal(new Set(all).size, 6763)
    assert.ok(all.every(one => /^\p{Script=Han}$/u.test(one)))
  })

  test('a length makes all others give way', () => {
    assert.notEqual(masked({ as: 'digits', length: 10 }, '2026010001'), null)
    assert.equal(masked({ as: 'digits', length: 10 }, '20260100011'), null)
  })
})

describe('fewer than a million values', () => {
  test('are refused in the options where these tell', () => {
    assert.throws(() => made({ as: 'digits', length: 5 }))
    assert.throws(() => made({ as: 'letters', length: 4 }))
    assert.throws(() => made({ as: 'cn_resident_id', years: [2024, 2025] }))
    assert.doesNotThrow(() => made({ as: 'digits', length: 6 }))
  })

  test('are refused for each value', () => {
    for (const [as, small, enough] of [
      ['digits', '99999', '999999'],
      ['letters', 'abcd', 'abcde'],
      ['alphanumeric', 'a1b2', 'a1b2c'],
      ['han', '张', '张三'],
    ] as const) {
      assert.equal(masked({ as }, small), null, small)
      assert.notEqual(masked({ as }, enough), null, enough)
    }
  })
})

describe('numbers with a check', () => {
  const days = fc.date({ min: new Date('1926-01-01'), max: new Date('2025-12-31'), noInvalidDate: true })
  const ids = fc.tuple(days, fc.nat(999)).map(([date, sequence]) => {
    const body = `330106${date.toISOString().slice(0, 10).replaceAll('-', '')}${String(sequence).padStart(3, '0')}`
    return [...'0123456789X'].map(check => body + check).find(isResidentId)!
  })

  test('a resident ID number stays one, of the same region', () => {
    fc.assert(
      fc.property(ids, id => {
        const other = masked({ as: 'cn_resident_id' }, id)!
        assert.ok(isResidentId(other) && other.startsWith('330106') && other !== id)
      }),
      { numRuns: 200 },
    )
  })

  test('of an old number of fifteen digits comes another', () => {
    const other = masked({ as: 'cn_resident_id' }, '110105491231002')!
    assert.ok(other.length === 15 && isResidentId(other) && other.startsWith('110105'))
  })

  test('who was born outside the years of the options takes the stricter form', () => {
    assert.equal(masked({ as: 'cn_resident_id', years: [1960, 2000] }, '11010519491231002X'), null)
  })

  test('a bank card keeps issuer, grouping and check digit', () => {
    const other = masked({ as: 'bank_card' }, '6222 0202 0011 2345 679')!
    assert.match(other, /^6222 02\d\d \d{4} \d{4} \d{3}$/)
    assert.notEqual(bankCard.create({}, testKeys).normalize(other), other, 'the check digit is right')
  })

  test('a mobile number keeps country and network', () => {
    assert.match(masked({ as: 'cn_mobile' }, '+86 138-0013-8000')!, /^\+86 138-\d{4}-\d{4}$/)
    const other = masked({ as: 'cn_mobile' }, '13800138000')!
    assert.deepEqual(cnMobile.create({}, testKeys).find(other), [{ start: 0, end: 11 }])
  })

  test('detectors still know what comes out', () => {
    const other = masked({ as: 'cn_resident_id' }, '11010519491231002X')!
    assert.deepEqual(cnResidentId.create({}, testKeys).find(other), [{ start: 0, end: 18 }])
  })
})

describe('pseudonyms', () => {
  test('no two values share one', () => {
    const mask = made({ as: 'digits' })
    const all = new Set(Array.from({ length: 3000 }, (_, nth) => mask.mask(String(2026000000 + nth), scope)))
    assert.equal(all.size, 3000)
  })

  test('a whole number below any size has a partner below it, each its own', () => {
    const permute = permutation(testKeys.secret('a'), new Uint8Array(16))
    const size = 1_000_003n
    const seen = new Set<bigint>()
    for (let value = 0n; value < 2000n; value++) {
      const other = permute.integer(size, value)
      assert.ok(other >= 0n && other < size)
      seen.add(other)
    }
    assert.equal(seen.size, 2000)
    assert.throws(() => permute.integer(999_999n, 1n), RangeError)
  })

  test('consumers, purposes and data types have their own, which cannot be joined', () => {
    const all = [
      scope,
      { ...scope, consumer: 'library' },
      { ...scope, purpose: 'survey' },
      { ...scope, dataType: 'staff_number' },
    ].map(of => masked({ as: 'digits' }, '2026010001', of))
    assert.equal(new Set(all).size, all.length)
  })

  test('there is no way back', () => {
    assert.equal(made({ as: 'digits' }).restore, undefined)
  })
})
