import assert from 'node:assert/strict'
import { isIP, isIPv4 } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressGroup, networksOf, normalizeAddress, overlaps, parseNetwork } from '../../gateway/address.ts'

test('every spelling of an address comes out the same', () => {
  const cases = [
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::FFFF:0a01:0203', '10.1.2.3'],
    ['0:0:0:0:0:ffff:10.1.2.3', '10.1.2.3'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['010.1.2.3', null],
    ['10.1.2', null],
    ['10.1.2.3%eth0', null],
    ['10.1.2.3 ', null],
    ['', null],
    ['localhost', null],
  ] as const
  for (const [text, normal] of cases) assert.equal(normalizeAddress(text), normal, text)
})

test('an address is known or it is not, and its normal form is its own', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), text => {
      const normal = normalizeAddress(text)
      if (normal === null) return assert.ok(isIP(text) === 0)
      assert.notEqual(isIP(normal), 0)
      assert.equal(normalizeAddress(normal), normal)
      if (isIPv4(normal)) assert.equal(normalizeAddress(`::ffff:${normal}`), normal)
      assert.ok(networksOf([parsed(normal).text]).has(normal))
    }),
  )
})

test('a network holds its addresses and no other', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (one, other, prefix) => {
      const network = parseNetwork(`${one}/${prefix}`)
      const text = 'fault' in network ? (network.fault === 'host_bits' ? network.meant : '') : network.text
      const bits = (ip: string) => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
      const size = 2 ** (32 - prefix)
      assert.ok(networksOf([text]).has(one))
      assert.equal(networksOf([text]).has(other), Math.floor(bits(one) / size) === Math.floor(bits(other) / size))
    }),
  )
})

test('networks overlap where one holds the other', () => {
  assert.ok(overlaps(parsed('10.0.0.0/8'), parsed('10.1.2.3')))
  assert.ok(overlaps(parsed('10.1.2.0/24'), parsed('10.0.0.0/8')))
  assert.ok(!overlaps(parsed('10.1.2.0/24'), parsed('10.1.3.0/24')))
  assert.ok(!overlaps(parsed('0.0.0.0/0'), parsed('::/0')))
})

test('bits beyond the prefix are a slip, and what was meant is said', () => {
  assert.deepEqual(parseNetwork('10.1.2.3/16'), { fault: 'host_bits', meant: '10.1.0.0/16' })
  assert.deepEqual(parseNetwork('2001:db8::1/32'), { fault: 'host_bits', meant: '2001:db8::/32' })
  for (const text of ['10.1.2.3/33', '10.1/16', '::/129', '10.0.0.0/08', '10.0.0.0/', '::ffff:10.0.0.0/104', 'x']) {
    assert.deepEqual(parseNetwork(text), { fault: 'shape' }, text)
  }
})

test('all addresses of one IPv6 subscriber count as one', () => {
  assert.equal(addressGroup('2001:db8:1:2:3::4'), addressGroup('2001:db8:1:2:ffff::1'))
  assert.notEqual(addressGroup('2001:db8:1:2::1'), addressGroup('2001:db8:1:3::1'))
  assert.notEqual(addressGroup('10.1.2.3'), addressGroup('10.1.2.4'))
})

function parsed(text: string) {
  const network = parseNetwork(text)
  assert.ok(!('fault' in network))
  return network
}
