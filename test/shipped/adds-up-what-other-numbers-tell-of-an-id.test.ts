import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { compilePolicy } from '../../gateway/policy/compile.ts'
import { plugins } from '../../plugins/index.ts'
import { testKeys } from '../contract/key-ring.ts'

const catalogue = {
  kind: 'catalogue',
  file: 'shipped.yaml',
  bytes: readFileSync(new URL('../../policies/catalogue.yaml', import.meta.url)),
} as const
const audiences = {
  kind: 'audiences',
  file: 'audiences.yaml',
  bytes: Buffer.from('audiences:\n  staff: { 4: partial, 3: partial, 2: clear, 1: clear }\n'),
} as const

function faultsWith(tail: number): readonly string[] {
  const own = `extends: veilgate\ndata_types:\n  tax_number:\n    forms:\n      partial: { keep_ends: { head: 0, tail: ${tail} } }\n`
  const texts = [{ kind: 'catalogue', file: 'catalogue.yaml', bytes: Buffer.from(own) } as const, audiences]
  return compilePolicy({ texts, shipped: [catalogue] }, { plugins, keys: testKeys }).faults.map(({ code }) => code)
}

test('the end of a tax number and the start of an ID number are one number', () => {
  assert.deepEqual(faultsWith(1), [])
  assert.deepEqual(faultsWith(12), ['POLICY_FLOOR'])
})
