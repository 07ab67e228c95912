import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { FormatPlugin } from '../../gateway/contracts.ts'
import { Refusal } from '../../gateway/errors.ts'
import { corpus } from '../support/corpora.ts'
import { jsonReaders, maskBody } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'

const suite = corpus('json-testsuite')
const readers = jsonReaders.filter(({ name }) => name === 'json')
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
  const outcomes = readers.flatMap(reader =>
    [matchesNothing, scansAll].flatMap(plan => [[], [half]].map(cuts => outcomeOf(plan, bytes, cuts, reader))),
  )
  assert.equal(new Set(outcomes).size, 1)
  return outcomes[0]!
}

function outcomeOf(plan: typeof matchesNothing, bytes: Buffer, cuts: number[], reader: FormatPlugin): string {
  try {
    assert.ok(maskBody(plan, bytes, cuts, reader).bytes.equals(bytes))
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
