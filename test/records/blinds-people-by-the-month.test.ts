import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { blindIndex } from '../../gateway/records/blind-index/blind-index.ts'
import { indexByNoble } from '../support/index-by-noble.ts'

const keys = { secret: (purpose: string) => new Uint8Array(createHmac('sha256', 'master').update(purpose).digest()) }
const at = (time: string) => ({ clock: () => Date.parse(time), timezone: 'Asia/Shanghai' })

const shown = (dataType: string, value: string) =>
  ({ dataType, value, mostVisible: 'partial', strictest: 'partial', also: [] }) as const

const plainly = (month: string, dataType: string, value: string) =>
  indexByNoble(keys.secret(`blind index ${month}`), dataType, value)

test('a blind index is AES-256-CMAC over the type, zeros to the end of a block, and the value, whatever that is', () => {
  const index = blindIndex(keys, at('2026-11-21T09:30:00Z'))
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ minLength: 900, maxLength: 1200 }),
    fc.constant('张三'.repeat(600)),
  )
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z_]{1,30}$/), value, (dataType, text) => {
      assert.equal(index.of(dataType, text), plainly('2026-11', dataType, text))
      assert.deepEqual(index.people([shown(dataType, text)]).toJSON(), [
        `partial=${plainly('2026-11', dataType, text).slice(0, 8)}`,
      ])
    }),
  )
})

test('an index neither shows its value nor joins two types', () => {
  const index = blindIndex(keys, at('2026-11-21T09:30:00Z'))
  assert.match(index.of('cn_mobile', '13800138000'), /^[A-Za-z0-9_-]{22}$/)
  assert.notEqual(index.of('cn_mobile', '13800138000'), index.of('student_number', '13800138000'))
})

test('the key changes when the month ends in the configured timezone, while running', () => {
  let now = Date.parse('2026-11-30T15:59:59.999Z')
  const index = blindIndex(keys, { clock: () => now, timezone: 'Asia/Shanghai' })
  assert.equal(index.month, '2026-11')
  assert.equal(index.of('cn_mobile', '13800138000'), plainly('2026-11', 'cn_mobile', '13800138000'))
  now += 1
  assert.equal(index.of('cn_mobile', '13800138000'), plainly('2026-12', 'cn_mobile', '13800138000'))
  assert.equal(index.month, '2026-12')
})

test('where the key of a new month cannot be had, nobody gets an index under the last one, and it is asked for again', () => {
  let now = Date.parse('2026-11-30T15:59:59.999Z')
  let missing = ''
  const some = {
    secret: (purpose: string) => {
      if (purpose === missing) throw new Error('no key')
      return keys.secret(purpose)
    },
  }
  const index = blindIndex(some, { clock: () => now, timezone: 'Asia/Shanghai' })
  const person = shown('cn_mobile', '13800138000')
  assert.equal(index.month, '2026-11')
  missing = 'blind index 2026-12'
  now += 1
  for (let asked = 0; asked < 3; asked++) {
    assert.throws(() => index.of(person.dataType, person.value), /no key/)
    assert.throws(() => index.people([person]), /no key/)
    assert.throws(() => index.month, /no key/)
  }
  missing = ''
  assert.deepEqual(index.people([person]).toJSON(), [
    `partial=${plainly('2026-12', person.dataType, person.value).slice(0, 8)}`,
  ])
  assert.equal(index.month, '2026-12')
})

test('nothing of a value stays in the memory that its blind index was made in', t => {
  const made: Buffer[] = []
  const { alloc } = Buffer
  t.mock.method(Buffer, 'alloc', (...given: Parameters<typeof alloc>) => {
    const buffer = alloc(...given)
    made.push(buffer)
    return buffer
  })
  const index = blindIndex(keys, at('2026-11-21T09:30:00Z'))
  for (const value of ['13800138000', '张三'.repeat(500), '1'])
    assert.equal(index.of('cn_mobile', value), plainly('2026-11', 'cn_mobile', value))
  assert.ok(made.some(buffer => buffer.length > 3000))
  const pieces = ['13800138000', '张三', '1'.padEnd(3, '\0')].map(text => Buffer.from(text))
  for (const buffer of made) for (const piece of pieces) assert.ok(!buffer.includes(piece))
})
