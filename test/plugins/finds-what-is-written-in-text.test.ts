import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureTexts } from '../../bench/accuracy/measure.ts'
import { madeUp, shipped } from '../../bench/accuracy/run.ts'
import { sentences } from '../../bench/accuracy/sentences.ts'

const { plan } = shipped()
const seed = 20_261_121
const checked =
  'cn_resident_id cn_mobile bank_card email iban cn_credit_code vin imei uk_nhs_number us_ssn in_aadhaar hk_mo_tw_id'.split(
    ' ',
  )

test('values with a check are found in made-up text, and hardly anything is taken for one', () => {
  const { byType } = measureTexts(plan, madeUp(seed, 150))
  for (const type of checked) {
    const { values, found, masked, wrong } = byType.get(type)!
    assert.ok(found / values >= 0.96, `${type}: ${found} of ${values}`)
    assert.ok(masked / values >= 0.98, `${type}: ${masked} of ${values} masked`)
    assert.ok(found / (found + wrong) >= 0.97, `${type}: ${wrong} wrong`)
  }
})

test('the same seed makes the same texts', () => {
  assert.deepEqual([...madeUp(seed, 5)], [...madeUp(seed, 5)])
  assert.notDeepEqual([...madeUp(seed, 5)], [...madeUp(seed + 1, 5)])
})

test('of sentences written by hand, numbers are masked and words are left alone', () => {
  const all = [...sentences(seed).values()].flat()
  assert.ok(all.length >= 300)
  const { byType } = measureTexts(plan, all)
  for (const type of ['cn_resident_id', 'cn_mobile', 'bank_card', 'email']) {
    const { values, masked } = byType.get(type)!
    assert.equal(masked, values, type)
  }
  const names = byType.get('person_name')!
  assert.ok(names.found / names.values >= 0.7, `${names.found} names`)
  assert.ok(names.found / (names.found + names.wrong) >= 0.98, `${names.wrong} words taken for names`)
})

test('of sentences in other styles, as many names and addresses are found as when they were first looked for', () => {
  const { byType } = measureTexts(plan, [...sentences(seed, 'more-sentences.txt').values()].flat())
  for (const [type, recall] of [
    ['person_name', 0.55],
    ['address', 0.8],
  ] as const) {
    const { values, found, wrong } = byType.get(type)!
    assert.ok(found / values >= recall, `${type}: ${found} of ${values}`)
    assert.ok(found / (found + wrong) >= 0.97, `${type}: ${wrong} wrong`)
  }
})
