import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockIn, isWithin } from '../../gateway/access/clock.ts'
import { parseHours } from '../../gateway/config/quantities.ts'

const at = (text: string) => Date.parse(text)

test('minutes within a quarter of an hour count, whichever was asked about first', () => {
  const clock = clockIn('Asia/Shanghai')
  assert.deepEqual(clock(at('2026-11-20T00:14:59.999Z')), { day: 5, minute: 8 * 60 + 14 })
  assert.deepEqual(clock(at('2026-11-20T00:01:00Z')), { day: 5, minute: 8 * 60 + 1 })
  assert.deepEqual(clock(at('2026-11-20T00:29:30Z')), { day: 5, minute: 8 * 60 + 29 })
  assert.deepEqual(clock(at('2026-11-20T16:00:00Z')), { day: 6, minute: 0 })
})

test('zones that stand off by quarters, and that change their clocks, are told right', () => {
  const nepal = clockIn('Asia/Kathmandu')
  assert.deepEqual(nepal(at('2026-11-20T18:14:00Z')), { day: 5, minute: 23 * 60 + 59 })
  assert.deepEqual(nepal(at('2026-11-20T18:15:00Z')), { day: 6, minute: 0 })
  const berlin = clockIn('Europe/Berlin')
  assert.deepEqual(berlin(at('2026-10-25T00:59:00Z')), { day: 0, minute: 2 * 60 + 59 })
  assert.deepEqual(berlin(at('2026-10-25T01:00:00Z')), { day: 0, minute: 2 * 60 })
})

test('hours end at their minute, and those that go past midnight are of the day they begin on', () => {
  const office = [parseHours('Mon-Fri 08:10-18:05')!]
  const night = [parseHours('Fri 22:30-06:20')!]
  const of = (day: number, hour: number, minute: number) => ({ day, minute: hour * 60 + minute })
  assert.deepEqual(
    [of(5, 8, 9), of(5, 8, 10), of(5, 18, 4), of(5, 18, 5), of(6, 12, 0)].map(time => isWithin(office, time)),
    [false, true, true, false, false],
  )
  assert.deepEqual(
    [of(5, 22, 29), of(5, 22, 30), of(6, 6, 19), of(6, 6, 20), of(5, 3, 0)].map(time => isWithin(night, time)),
    [false, true, true, false, false],
  )
})
