import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { aheadByIntl, aheadIn, isTimezone, momentOf, wallOf } from '../../gateway/timezone.ts'

const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC', 'PRC', 'Etc/GMT+8', '+08:00']
const moment = fc.integer({ min: 0, max: Date.UTC(2099, 11, 31) })

test('every timezone is as far ahead of UTC as Intl says, at any moment since 1970', () => {
  for (const zone of zones) {
    const [ours, theirs] = [aheadIn(zone), aheadByIntl(zone)]
    fc.assert(
      fc.property(moment, at => assert.equal(ours(at), theirs(at), zone)),
      { numRuns: 8 },
    )
  }
})

test('what clocks show leads back to the moment, but in the hour that comes twice', () => {
  const ahead = aheadIn('Europe/Berlin')
  fc.assert(
    fc.property(moment, at => {
      const wall = wallOf(at, ahead)
      const back = momentOf(wall.getTime(), ahead)
      assert.equal(wallOf(back, ahead).getTime(), wall.getTime())
      assert.ok(Math.abs(back - at) <= 3_600_000)
    }),
  )
})

test('midnight after clocks were put forward and back is where they show it', () => {
  const ahead = aheadIn('America/New_York')
  const midnight = (month: number, day: number) => momentOf(Date.UTC(2026, month - 1, day), ahead)
  assert.equal(midnight(3, 9) - midnight(3, 8), 23 * 3_600_000)
  assert.equal(midnight(11, 2) - midnight(11, 1), 25 * 3_600_000)
})

test('a name that is no timezone is none', () => {
  for (const name of ['', 'Nowhere/Land', 'Asia/Shanghai ', '../etc', 'Mars'])
    assert.equal(isTimezone(name), false, name)
  assert.throws(() => aheadIn('Nowhere/Land'), RangeError)
})
