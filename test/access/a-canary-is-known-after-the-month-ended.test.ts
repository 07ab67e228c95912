import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canariesUnder } from '../../gateway/cli/alerts/follower.ts'
import { blindIndex } from '../../gateway/records/blind-index/blind-index.ts'
import { shortIndex } from '../../gateway/subject.ts'

const canaries = [
  { dataType: 'cn_mobile', value: '13800138000' },
  { dataType: 'student_number', value: '2026010001' },
]

test('what was written of a canary before the month ended, and is read after it, is still of a canary', () => {
  let now = Date.parse('2026-11-30T15:59:00Z')
  const keys = { secret: (name: string) => Buffer.from(name.padEnd(32)) }
  const index = blindIndex(keys as never, { clock: () => now, timezone: 'Asia/Shanghai' })
  const written = () => canaries.map(({ dataType, value }) => shortIndex(index.of(dataType, value)))
  const [isCanary, november] = [canariesUnder(index, canaries), written()]
  now += 120_000
  const december = written()
  assert.notDeepEqual(december, november)
  for (const one of [...november, ...december]) assert.ok(isCanary(one), one)
  assert.ok(!isCanary(shortIndex(index.of('cn_mobile', '13900139000'))))
  now = Date.parse('2027-01-01T00:00:00Z')
  for (const one of november) isCanary(one)
  assert.deepEqual(november.map(isCanary), [false, false])
  assert.deepEqual([...december, ...written()].map(isCanary), [true, true, true, true])
})
