import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addEndsBefore, hasLabel, type Labels, labelsOf } from '../../plugins/detectors/labels.ts'

const word = fc
  .array(fc.constantFrom(...'护照号电话码编为是QqNoTelVx1①İßΣςσK𐐀𐐨'), { minLength: 1, maxLength: 4 })
  .map(some => some.join(''))
const sign = fc.constantFrom(...' \t\u3000\u200b:：=＝是为号码编（(「“"\'[【#№.nNoO')
const other = fc.constantFrom(...'客户，。a7İ𠮷ＴΣK𐐀', '')

function mayHave(labels: Labels, text: string): boolean {
  const kinds: number[] = []
  addEndsBefore(text, text.length, kinds)
  return kinds.some(kind => labels.ends[kind] === 1)
}

test('no label is overlooked by the kinds of ends of what stands before a value, whatever stands between', () => {
  let seen = 0
  const parts = fc.array(fc.oneof(word, sign, other), { maxLength: 12 }).map(some => some.join(''))
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 3 }),
      parts,
      fc.array(sign, { maxLength: 7 }),
      (words, before, between) => {
        const labels = labelsOf(words)
        for (const text of [before + between.join(''), before + words[0]! + between.join('')]) {
          if (!hasLabel(text, text.length, labels)) continue
          assert.ok(mayHave(labels, text), JSON.stringify([words, text]))
          seen++
        }
      },
    ),
    { numRuns: 20_000 },
  )
  assert.ok(seen > 5_000)
})

test('most labels are ruled out by them', () => {
  const labels = labelsOf(['护照', '护照号码', 'passport'])
  const texts = ['请于下午', '费用', '共', '客户来电，', '[', '项目经理 ']
  assert.ok(texts.filter(text => !mayHave(labels, text)).length > 3)
})
