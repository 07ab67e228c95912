import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Triggers } from '../../gateway/contracts.ts'
import { census } from '../../gateway/masking/census.ts'
import { Triggered } from '../../gateway/masking/triggered.ts'
import { triggered } from '../contract/detector.ts'
import { anyText } from '../contract/hostile-text.ts'

const marksOf = (text: string) => [text.length % 7, 1000 + (text.charCodeAt(0) % 24 || 0)]
const ofOthers = (text: string) => (text.includes('1') ? [5] : [])
const marks = fc
  .tuple(
    fc.constantFrom(marksOf, ofOthers),
    fc.uniqueArray(fc.constantFrom<number>(...Array.from({ length: 24 }, (_, at) => 1000 + at), 0, 1, 2, 3, 4, 5, 6), {
      minLength: 1,
    }),
  )
  .map(([of, some]) => ({ of, wanted: Uint8Array.from({ length: 1024 }, (_, mark) => (some.includes(mark) ? 1 : 0)) }))
const triggers: fc.Arbitrary<Triggers> = fc.oneof(
  fc.record({ digits: fc.constantFrom(1, 3, 6, 11, 40) }),
  fc.record({ digits: fc.constantFrom(2, 8, 15), joined: fc.constant(true as const) }),
  fc.record({ at: fc.constantFrom(1, 2) }),
  fc.record({ wide: fc.constantFrom(1, 2, 11), digits: fc.constantFrom(1, 4) }),
  fc.record({ code: fc.constant(true as const) }),
  fc.record({ code: fc.constant(true as const), digits: fc.constantFrom(1, 4) }),
  fc.record({ wide: fc.constantFrom(1, 2), marks }),
  fc.record({ marks }),
  fc.constant({}),
)
const codes = fc
  .array(fc.constantFrom('1.2.3.4', 'A1B2C3D4E5F6G7H8', ':', '-', '.', '1', 'Z', 'a', '１', '王', '＠', '_ '), {
    maxLength: 12,
  })
  .map(parts => parts.join(''))

test('a text is put to just those detectors for which it has enough, of so many as there may be', () => {
  const lists = fc.array(triggers, { maxLength: 70 })
  let some = 0
  let others = 0
  fc.assert(
    fc.property(lists, fc.array(fc.oneof(anyText, codes), { minLength: 1, maxLength: 4 }), (list, texts) => {
      const all = new Triggered(list)
      // A code has seven characters at least.
      for (const text of texts.map(one => one.padEnd(7, '~'))) {
        const able = all.by(text, census(text))
        for (const [index, one] of list.entries()) {
          const expected = triggered(one, text)
          assert.equal(((able[index >> 5]! >>> (index & 31)) & 1) === 1, expected, JSON.stringify([one, text]))
          if (expected) some++
          else others++
        }
      }
    }),
    { numRuns: 1500 },
  )
  assert.ok(some > 1000 && others > 1000)
})
