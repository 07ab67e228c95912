import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseListen, parseMoment, parseSize, parseTime } from '../../gateway/config/quantities.ts'

test('sizes and durations need a unit that has one meaning', () => {
  assert.equal(parseSize('4MiB'), 4 * 1024 ** 2)
  assert.equal(parseSize('0B'), 0)
  assert.equal(parseTime('1500ms'), 1500)
  assert.equal(parseTime('10m'), 600_000)
  for (const text of ['4', '4MB', '4 MiB', '4mib', '-4MiB', '1.5MiB', '04MiB', '99999999999GiB', 'MiB', '']) {
    assert.equal(parseSize(text), null, text)
  }
  for (const text of ['30', '30S', '30 s', '1d', '-1s', '1.5s', '']) assert.equal(parseTime(text), null, text)
})

test('what is written with a unit is that many', () => {
  const units = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }
  fc.assert(
    fc.property(fc.nat({ max: 1_000_000 }), fc.constantFrom(...Object.keys(units)), (amount, unit) => {
      assert.equal(parseSize(`${amount}${unit}`), amount * units[unit as keyof typeof units])
    }),
  )
})

test('any text is a quantity or null', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      for (const value of [parseSize(text), parseTime(text), parseMoment(text, 'Asia/Shanghai', false)]) {
        assert.ok(value === null || Number.isSafeInteger(value))
      }
      const listen = parseListen(text)
      assert.ok(listen === null || (listen.port >= 0 && listen.port <= 65535))
    }),
  )
})

test('an address to listen on is a host and a port', () => {
  assert.deepEqual(parseListen('0.0.0.0:8080'), { host: '0.0.0.0', port: 8080 })
  assert.deepEqual(parseListen('[::1]:0'), { host: '::1', port: 0 })
  assert.deepEqual(parseListen('LocalHost:8080'), { host: '127.0.0.1', port: 8080 })
  for (const text of ['8080', ':8080', '::1:8080', 'a:b', 'h:65536', 'h:-1', 'h:', 'http://h:80']) {
    assert.equal(parseListen(text), null, text)
  }
})

test('a day begins and ends where the clocks of the time zone say so', () => {
  const day = (text: string, zone: string, end = false) => new Date(parseMoment(text, zone, end)!).toISOString()
  assert.equal(day('2026-09-01', 'Asia/Shanghai'), '2026-08-31T16:00:00.000Z')
  assert.equal(day('2026-09-01', 'Asia/Shanghai', true), '2026-09-01T16:00:00.000Z')
  assert.equal(day('2026-12-31', 'UTC', true), '2027-01-01T00:00:00.000Z')
  assert.equal(day('2026-03-29', 'Europe/Berlin'), '2026-03-28T23:00:00.000Z')
  assert.equal(day('2026-03-29', 'Europe/Berlin', true), '2026-03-29T22:00:00.000Z')
  assert.equal(day('2026-10-25', 'Europe/Berlin', true), '2026-10-25T23:00:00.000Z')
  assert.equal(day('2026-09-01T08:00:00+08:00', 'UTC'), '2026-09-01T00:00:00.000Z')
  for (const text of ['2026-02-30', '2026-13-01', '2026-9-1', '2026-09-01T08:00:00', '2026-09-01T25:00:00Z']) {
    assert.equal(parseMoment(text, 'UTC', false), null, text)
  }
})
