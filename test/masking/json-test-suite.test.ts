import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Refusal } from '../../gateway/errors.ts'
import { corpus } from '../support/corpora.ts'
import { maskBody } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'

const suite = corpus('json-testsuite')
const matchesNothing = planOf({ types: {}, unlisted: 'keep' })
const scansAll = planOf({ types: { tel: { detector: 'cn_mobile' } } })

function files(folder: string, prefix = ''): { name: string; bytes: Buffer }[] {
  return readdirSync(`${suite.path}/${folder}`)
    .filter(name => name.startsWith(prefix))
    .map(name => ({ name, bytes: readFileSync(`${suite.path}/${folder}/${name}`) }))
}

/** What becomes of a body: `passes` byte for byte, or the code it is withheld with. */
function treatmentOf(bytes: Buffer): string {
  const half = bytes.length >> 1
  const outcomes = [matchesNothing, scansAll].flatMap(plan => [[], [half]].map(cuts => outcomeOf(plan, bytes, cuts)))
  assert.equal(new Set(outcomes).size, 1)
  return outcomes[0]!
}

function outcomeOf(plan: typeof matchesNothing, bytes: Buffer, cuts: number[]): string {
  try {
    assert.ok(maskBody(plan, bytes, cuts).bytes.equals(bytes))
    return 'passes'
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

test('every well-formed file leaves byte for byte', suite, () => {
  const found = files('test_parsing', 'y_')
  assert.ok(found.length > 90)
  for (const { name, bytes } of found) assert.equal(treatmentOf(bytes), 'passes', name)
})

test('every malformed file is withheld', suite, () => {
  const found = files('test_parsing', 'n_').filter(({ bytes }) => bytes.length > 0)
  assert.ok(found.length > 180)
  for (const { name, bytes } of found) assert.notEqual(treatmentOf(bytes), 'passes', name)
})

test('every file that RFC 8259 leaves open is treated as plugins/formats/README.md says', suite, () => {
  const readme = readFileSync(new URL('../../plugins/formats/README.md', import.meta.url), 'utf8')
  const said = new Map(
    [...readme.matchAll(/^\| `(i_[^`]+)` +\| (?:`([A-Z_]+)`|(passes)) /gm)].map(row => [row[1], row[2] ?? row[3]]),
  )
  const found = files('test_parsing', 'i_')
  assert.ok(found.length > 30)
  for (const { name, bytes } of found) assert.equal(said.get(name), treatmentOf(bytes), name)
})

test('files on how texts are changed by reading keep their bytes', suite, () => {
  for (const { name, bytes } of files('test_transform')) {
    const treatment = treatmentOf(bytes)
    if (!name.includes('invalid') || treatment === 'passes') assert.equal(treatment, 'passes', name)
  }
})
