import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../gateway/demo/people.ts'
import { maskText } from '../support/mask-body.ts'
import { policy } from './policies.ts'

const system = policy.systems.get('student-affairs')!
const match = system.match('GET', '/api/students')
assert.ok('route' in match)
const plan = policy.plan(system, match.route, 'public', new Set())

const [first, second] = people(2)
const values = [first!.residentId, first!.mobile, first!.bankCard, first!.email, second!.guardians[0]!.residentId]

/** Every UTF-16 unit as JSON may also write it. */
const escaped = (text: string) => [...text].map(one => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
const grouped = (text: string) => text.replace(/^(\d{3})(\d{4})(\d{4})$/, '$1 $2 $3')

/** JSON in which a value stands somewhere that no policy names. */
const places: Readonly<Record<string, (value: string) => string>> = {
  'a string': value => JSON.stringify({ x: value }),
  'the root': value => JSON.stringify(value),
  'an array in an array': value => JSON.stringify([[1, [value]]]),
  'a number': value => `{"x":${/^\d+$/.test(value) ? value : JSON.stringify(value)}}`,
  'free text': value => JSON.stringify({ x: `请与${value}联系，谢谢` }),
  escapes: value => `{"x":"${escaped(value)}"}`,
  groups: value => JSON.stringify({ x: `tel: ${grouped(value)};` }),
  'JSON in a string': value => JSON.stringify({ x: JSON.stringify({ y: JSON.stringify({ z: value }) }) }),
  'a key': value => JSON.stringify({ [value]: 1 }),
  'an escaped key': value => `{"${escaped(value)}":1}`,
  'a field that is not personal': value => JSON.stringify({ campus: value, college: [value] }),
  'a field of a lower level': value => JSON.stringify({ xm: value }),
  'the second of two fields of one name': value => `{"x":1,"x":${JSON.stringify(value)}}`,
  'the end of a long text': value => JSON.stringify({ x: '备注'.repeat(5000) + value }),
  'a path in a URL': value => JSON.stringify({ x: `https://example.org/u/${value}?a=1` }),
}

for (const [place, write] of Object.entries(places)) {
  test(`no whole number or address leaves from ${place}`, () => {
    for (const value of values) {
      const body = write(value)
      const seen = maskText(plan, body)
      for (const written of [value, grouped(value), escaped(value)]) assert.equal(seen.includes(written), false)
      JSON.parse(seen)
    }
  })
}

test('no day of birth leaves from a text that says it is one', () => {
  for (const text of ['出生日期：1994年8月13日', '生于1994-08-13，汉族', '生日 19940813', '出生年月(1994.8.13)']) {
    const seen = maskText(plan, JSON.stringify({ x: text }))
    assert.equal(/1994.?0?8/.test(seen), false, seen)
  }
})
