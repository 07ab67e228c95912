import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dormitoryJson, guardiansJson, studentFiles, studentJson } from '../../gateway/demo/student-files.ts'
import { maskText } from '../support/mask-body.ts'
import { policy } from './policies.ts'

const files = studentFiles(300)
const system = policy.systems.get('student-affairs')!

function masked(path: string, audience: string, body: string): string {
  const match = system.match('GET', path)
  assert.ok('route' in match)
  return maskText(policy.plan(system, match.route, audience, new Set()), body)
}

/** What nobody without an authorisation may see of a person, wherever it stands. */
const hidden = files.flatMap(({ person }) => [
  person.residentId,
  person.mobile,
  person.bankCard,
  person.address,
  person.email,
  person.birthDate.replaceAll('-', ''),
  ...person.guardians.flatMap(guardian => [guardian.mobile, guardian.residentId]),
])

for (const audience of ['public', 'partner', 'staff', 'counsellor']) {
  test(`no number, address or date of anybody is whole for ${audience}`, () => {
    const seen = [
      ...files.map(file => masked(`/api/students/${file.id}`, audience, studentJson(file))),
      ...files.map(file => masked(`/api/students/${file.id}/guardians`, audience, guardiansJson(file))),
      masked('/api/dormitories', audience, dormitoryJson(files)),
    ].join('\n')
    for (const value of hidden) assert.equal(seen.includes(value), false)
  })
}

test('the public cannot tell ethnicity, political status or sex, and sees names by their first character', () => {
  for (const file of files) {
    const [row] = [JSON.parse(masked(`/api/students/${file.id}`, 'public', studentJson(file)))]
    for (const name of ['mz', 'zzmm', 'xb', 'csrq']) assert.equal(row[name], '***')
    assert.equal(row.xm, [...file.person.name][0] + '*'.repeat([...file.person.name].length - 1))
    assert.equal(row.idCard, undefined)
    assert.equal(row.campus, file.campus)
  }
})

test('long row numbers keep every digit', () => {
  for (const file of files) {
    assert.ok(masked(`/api/students/${file.id}`, 'public', studentJson(file)).includes(`"rowId":${file.rowId},`))
  }
})
