import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bankCard } from '../../plugins/detectors/bank-card.ts'
import { cnResidentId } from '../../plugins/detectors/cn-resident-id.ts'
import { keys } from '../support/plan.ts'

const detectors = [bankCard, cnResidentId].map(({ create }) => create({}, keys))
const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 9, maxLength: 17 })
const numbers = fc.oneof(
  fc.constantFrom('11010519491231002X', '440524188001010014', '6222020200112345679', '4111111111111111'),
  fc.tuple(fc.constantFrom('', '62', '4', '110105', '11010519491231'), digits).map(([start, rest]) => start + rest),
  fc.tuple(digits, fc.constantFrom('X', 'x')).map(([start, rest]) => start + rest),
)

test('a number alone is found or not as the same number behind a character is', () => {
  fc.assert(
    fc.property(numbers, number => {
      for (const detector of detectors) {
        const behind = detector.find(`号${number}`).map(({ start, end }) => ({ start: start - 1, end: end - 1 }))
        assert.deepEqual(detector.find(number), behind)
      }
    }),
    { numRuns: 2000 },
  )
})
