import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBindings } from '../../gateway/access/bindings.ts'
import { createNeighbours } from '../../gateway/access/neighbours.ts'
import type { Consumer, Hours } from '../../gateway/config/config.ts'
import type { Peer } from '../../gateway/contracts.ts'
import { consumer } from '../support/consumer.ts'
import { outcome, peer } from './people.ts'

const arp = `IP address       HW type     Flags       HW address            Mask     Device
10.1.0.7         0x1         0x2         02:00:5E:10:00:01     *        eth0
10.1.0.8         0x1         0x0         00:00:00:00:00:00     *        eth0
10.1.0.9         0x1         0x2         02:00:5e:10:00:02     *        eth0
10.1.0.9         0x1         0x2         02:00:5e:10:00:03     *        eth1
`

async function held(
  given: Partial<Consumer>,
  from: Peer = peer(),
  now = '2026-11-23T10:00:00+08:00',
): Promise<unknown> {
  const one = consumer('oa', given)
  const clock = () => Date.parse(now)
  const bindings = createBindings([one], {
    timezone: 'Asia/Shanghai',
    now: clock,
    macOf: createNeighbours(clock, () => arp),
  })
  return (await outcome(() => bindings.hold(one, from))) ?? 'held'
}

test('a consumer bound to ports is held to them, and behind a proxy has none', async () => {
  const ports = [
    { first: 1000, last: 1002 },
    { first: 40_000, last: 40_000 },
  ]
  for (const [port, expected] of [
    [1002, 'held'],
    [40_000, 'held'],
    [1003, 'ADDRESS_NOT_ALLOWED'],
    [null, 'ADDRESS_NOT_ALLOWED'],
  ] as const) {
    assert.equal(await held({ ports }, peer('192.0.2.1', { port })), expected)
  }
})

test('a consumer bound to a MAC address is refused wherever its own cannot be told for certain', async () => {
  const macs = ['02:00:5e:10:00:01', '02:00:5e:10:00:02']
  assert.equal(await held({ macs }, peer('10.1.0.7')), 'held')
  const others = [peer('10.1.0.8'), peer('10.1.0.9'), peer('10.1.0.10'), peer('2001:db8::1')]
  for (const other of [...others, peer('10.1.0.7', { socket: '10.1.0.1' })])
    assert.equal(await held({ macs }, other), 'ADDRESS_NOT_ALLOWED', other.address)
})

test('without a table of neighbours nobody is known by a MAC address', () => {
  const missing = createNeighbours(Date.now, () => {
    throw new Error('no such file')
  })
  assert.equal(missing('10.1.0.7'), null)
})

test('hours are counted on the clocks of the configuration, and past midnight on the day they begin', async () => {
  const office: Hours = { days: [1, 2, 3, 4, 5], from: 8 * 60, to: 18 * 60 }
  const night: Hours = { days: [5], from: 22 * 60, to: 6 * 60 }
  for (const [now, expected] of [
    ['2026-11-23T08:00:00+08:00', 'held'],
    ['2026-11-23T17:59:59+08:00', 'held'],
    ['2026-11-23T18:00:00+08:00', 'TIME_NOT_ALLOWED'],
    ['2026-11-23T07:59:00+08:00', 'TIME_NOT_ALLOWED'],
    ['2026-11-23T01:00:00Z', 'held'],
    ['2026-11-22T12:00:00+08:00', 'TIME_NOT_ALLOWED'],
    ['2026-11-28T05:59:00+08:00', 'held'],
    ['2026-11-28T22:30:00+08:00', 'TIME_NOT_ALLOWED'],
  ] as const) {
    assert.equal(await held({ hours: [office, night] }, peer(), now), expected, now)
  }
})
