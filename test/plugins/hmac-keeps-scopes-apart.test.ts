import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Scope } from '../../gateway/contracts.ts'
import { hmac } from '../../plugins/masks/hmac.ts'
import { testKeys } from '../contract/key-ring.ts'

const scope: Scope = { consumer: 'portal', purpose: 'enrolment', dataType: 'student_number' }
const value = '2026010001'

test('consumers, purposes and data types get digests that cannot be joined', () => {
  const mask = hmac.create({}, testKeys)
  const digests = [
    mask.mask(value, scope),
    mask.mask(value, { ...scope, consumer: 'library' }),
    mask.mask(value, { ...scope, purpose: 'survey' }),
    mask.mask(value, { ...scope, dataType: 'staff_number' }),
  ]
  assert.equal(new Set(digests).size, digests.length)
})

test('no two scopes read the same by where one word ends and the next begins', () => {
  const mask = hmac.create({}, testKeys)
  const one = mask.mask(value, { consumer: 'a', purpose: 'b","c', dataType: 'd' })
  const other = mask.mask(value, { consumer: 'a","b', purpose: 'c', dataType: 'd' })
  assert.notEqual(one, other)
})

test('lone surrogates are told apart', () => {
  const mask = hmac.create({}, testKeys)
  assert.notEqual(mask.mask('\ud800', scope), mask.mask('\ud801', scope))
})

test('another key gives another digest', () => {
  const other = { secret: (purpose: string) => testKeys.secret(`another ${purpose}`) }
  assert.notEqual(hmac.create({}, testKeys).mask(value, scope), hmac.create({}, other).mask(value, scope))
})

test('length and encoding are as the options say', () => {
  const written = (options: object) => hmac.create(options, testKeys).mask(value, scope)!
  assert.match(written({}), /^[\w-]{22}$/)
  assert.match(written({ length: 43 }), /^[\w-]{43}$/)
  assert.match(written({ encoding: 'hex' }), /^[0-9a-f]{32}$/)
})
