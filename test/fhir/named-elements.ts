/** What the FHIR policy promises, written down once more so that the tests do not believe the policy. */
import assert from 'node:assert/strict'
import { placesOf, type Token } from './json-places.ts'

const named = new Set([
  'name',
  'alias',
  'telecom',
  'address',
  'birthDate',
  '_birthDate',
  'deceasedDateTime',
  'identifier',
  'masterIdentifier',
  'targetIdentifier',
  'gender',
  'maritalStatus',
])
/** A `display` in a Coding is the meaning of a code; in a Reference it is a name. */
const codings = new Set(['coding', 'class', 'tag', 'security', 'valueCoding', 'format'])
/** Codes about a name, number or address, which stay. */
const codes = new Set(['use', 'system', 'type', 'rank', 'state', 'country', 'url', 'coding', 'code'])

/**
 * Holds an answer against what the system sent: without the narrative and files, and but for the values of named elements,
 * it is the same byte for byte; and the public sees no named value.
 */
export function masksOnlyWhatIsNamed(sent: string, answer: string, audience: string): void {
  const kept = withoutRemoved(sent)
  assert.equal(rest(answer), rest(kept), `${audience} gets every other byte as it was`)
  assert.equal(answer.includes('<div'), false, 'the narrative is gone')
  if (audience !== 'public') return
  const [before, after] = [namedValues(kept), namedValues(answer)]
  assert.equal(after.length, before.length)
  for (const [index, value] of before.entries()) assert.notEqual(after[index], value, 'the public sees no named value')
}

/** Resources that are persons or belong to one: their names are people's. */
const persons = /^(?:Patient|Practitioner|RelatedPerson|Person|Group)$/

/** For each scalar in the order of the text: whether it is the name of what is no person. */
function openNames(text: string): boolean[] {
  const found: boolean[] = []
  const walk = (here: unknown, path: readonly string[], resource: string) => {
    if (Array.isArray(here)) for (const element of here) walk(element, path, resource)
    else if (typeof here === 'object' && here !== null) {
      const own = (here as { resourceType?: string }).resourceType
      for (const [name, member] of Object.entries(here))
        walk(member, own === undefined ? [...path, name] : [name], own ?? resource)
    } else found.push(/^(?:name|alias)$/.test(path[0] ?? '') && resource !== '' && !persons.test(resource))
  }
  walk(JSON.parse(text), [], '')
  return found
}

function isNamed({ path }: Token): boolean {
  if (path.at(-1) === 'display') return !codings.has(path.at(-2) ?? '')
  return path.some(name => named.has(name))
}

function rest(text: string): string {
  return placesOf(text)
    .map(token => (token.kind === 'value' && isNamed(token) ? '#' : token.text))
    .join('')
}

/** The narrative and files go as a whole, with one comma. */
function withoutRemoved(text: string): string {
  return text.replace(/,\s*"(?:div|data)"\s*:\s*"(?:[^"\\]|\\.)*"/g, '')
}

function namedValues(text: string): string[] {
  const open = openNames(text)
  return placesOf(text)
    .filter(({ kind }) => kind === 'value')
    .filter((token, at) => !open[at] && isNamed(token) && !token.path.some(name => codes.has(name)))
    .map(token => token.text)
    .filter(value => value !== 'null')
}
