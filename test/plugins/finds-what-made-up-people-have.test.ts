import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DetectorPlugin } from '../../gateway/contracts.ts'
import { people } from '../../gateway/demo/people.ts'
import { bankCard } from '../../plugins/detectors/bank-card.ts'
import { cnMobile } from '../../plugins/detectors/cn-mobile.ts'
import { cnResidentId } from '../../plugins/detectors/cn-resident-id.ts'
import { email } from '../../plugins/detectors/email.ts'
import { testKeys } from '../contract/key-ring.ts'

const crowd = people(500)

/** What the detector finds in the text, in its one spelling. */
function finds(plugin: DetectorPlugin, text: string): string[] {
  const detector = plugin.create({}, testKeys)
  return detector.find(text).map(({ start, end }) => detector.normalize(text.slice(start, end)))
}

test('the same seed makes the same people, and more people only add to them', () => {
  assert.deepEqual(people(3), crowd.slice(0, 3))
  assert.notDeepEqual(people(3, 1), people(3, 2))
  assert.equal(new Set(crowd.map(one => one.studentNumber)).size, crowd.length)
})

test('each number of theirs is found, and by its own detector only', () => {
  for (const one of crowd) {
    const ids = [one.residentId, ...one.guardians.map(guardian => guardian.residentId)]
    const mobiles = [one.mobile, ...one.guardians.map(guardian => guardian.mobile)]
    for (const id of ids) {
      assert.deepEqual(finds(cnResidentId, `身份证号${id}。`), [id])
      assert.deepEqual(finds(cnMobile, id), [])
      assert.deepEqual(finds(bankCard, id), [])
    }
    for (const mobile of mobiles) assert.deepEqual(finds(cnMobile, `电话${mobile}。`), [mobile])
    assert.deepEqual(finds(bankCard, one.bankCard), [one.bankCard])
    assert.deepEqual(finds(email, `<${one.email}>`), [one.email])
    assert.deepEqual(finds(cnMobile, one.studentNumber), [])
  }
})

test('phone and ID numbers in remarks are found as they are written', () => {
  const telling = crowd.filter(one => /\d/.test(one.remark))
  assert.ok(telling.length > 200)
  for (const one of telling) {
    const found = [...finds(cnResidentId, one.remark), ...finds(cnMobile, one.remark)]
    const theirs = [one.mobile, ...one.guardians.flatMap(guardian => [guardian.mobile, guardian.residentId])]
    assert.ok(found.length > 0, 'a remark with digits has a number in it')
    for (const value of found) assert.ok(theirs.includes(value))
  }
})
