import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { loadPolicies } from '../../gateway/policy/load.ts'
import { plugins } from '../../plugins/index.ts'
import { testKeys } from '../contract/key-ring.ts'
import { corpus } from '../support/corpora.ts'
import { maskText } from '../support/mask-body.ts'
import { placesOf, type Token } from './json-places.ts'
import { ownResources } from './resources.ts'

/** The elements that the policy names, written down here once more so that the test does not believe the policy. */
const named = new Set(
  'name alias telecom address birthDate _birthDate deceasedDateTime identifier masterIdentifier targetIdentifier gender maritalStatus'.split(
    ' ',
  ),
)
/** A `display` in a Coding is the meaning of a code; in a Reference it is a name. */
const codings = new Set(['coding', 'class', 'tag', 'security', 'valueCoding', 'format'])
/** Codes about a name, number or address, which stay. */
const codes = new Set(['use', 'system', 'type', 'rank', 'state', 'country', 'url', 'coding', 'code'])

const folder = fileURLToPath(new URL('../../policies', import.meta.url))
const loaded = loadPolicies(folder, { plugins, keys: testKeys, shown: 'policies' })
assert.ok('policy' in loaded, 'the shipped policies are whole')
const { policy } = loaded
const system = policy.systems.get('fhir')!

function masked(text: string, audience: string): string {
  const match = system.match('GET', '/Patient/example')
  assert.ok('route' in match)
  return maskText(policy.plan(system, match.route, audience, new Set()), text)
}

function isNamed({ path }: Token): boolean {
  if (path.at(-1) === 'display') return !codings.has(path.at(-2) ?? '')
  return path.some(name => named.has(name))
}

/** The text with what the policy names taken out of it. */
function rest(text: string): string {
  const shown = placesOf(text).map(token => (token.kind === 'value' && isNamed(token) ? '#' : token.text))
  return shown.join('')
}

/** What goes as a whole, with one comma: the narrative, photographs and files. */
function withoutRemoved(text: string): string {
  return text.replace(/,(\s*)"div"\s*:\s*"(?:[^"\\]|\\.)*"/g, '').replace(/,(\s*)"data"\s*:\s*"(?:[^"\\]|\\.)*"/g, '')
}

function values(text: string): string[] {
  const shown = placesOf(text).filter(
    token => token.kind === 'value' && isNamed(token) && !token.path.some(name => codes.has(name)),
  )
  return shown.map(token => token.text).filter(value => value !== 'null')
}

function holdsFor(text: string): void {
  for (const audience of ['public', 'partner', 'staff', 'counsellor']) {
    const after = masked(text, audience)
    assert.equal(rest(after), rest(withoutRemoved(text)), `${audience} gets every other byte as it was`)
    assert.equal(after.includes('<div'), false)
    assert.equal(masked(after, audience).includes('<div'), false)
  }
  const [before, after] = [values(withoutRemoved(text)), values(masked(text, 'public'))]
  assert.equal(after.length, before.length)
  for (const [index, value] of before.entries()) assert.notEqual(after[index], value, 'the public sees no named value')
}

describe('FHIR resources of our own', () => {
  for (const [name, text] of Object.entries(ownResources)) {
    test(`${name}: named elements are masked wherever they stand, and nothing else`, () => holdsFor(text))
  }

  test('staff see names, and of dates of birth the year', () => {
    const seen = JSON.parse(masked(ownResources['patient']!, 'staff'))
    assert.equal(seen.name[0].text, '王秀英')
    assert.equal(seen.birthDate, '1988')
    assert.equal(seen.telecom[0].value, '********000')
    assert.equal(seen.address[0].text, '浙江省杭州市')
    assert.equal(seen.text.div, undefined)
  })
})

const { path, skip } = corpus('fhir')
describe('FHIR resources of the HL7 corpus', { skip }, () => {
  const files = skip === false ? readdirSync(path).filter(name => name.endsWith('.json')) : []
  for (const name of files) {
    test(`${name}: named elements are masked wherever they stand, and nothing else`, () => {
      holdsFor(readFileSync(`${path}/${name}`, 'utf8'))
    })
  }
})
