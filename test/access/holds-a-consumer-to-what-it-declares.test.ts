import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consumer, withKey } from '../support/consumer.ts'
import { accessFor, head, keys, outcome, peer } from './people.ts'

async function who(access: ReturnType<typeof accessFor>, address: string, key?: string): Promise<string> {
  const request = head(key === undefined ? {} : { authorization: `Bearer ${key}` })
  const found = await outcome(() => access.identify(request, peer(address)))
  return typeof found === 'string' ? found : found.consumer.name
}

test('a right key from a wrong address is refused', async () => {
  const bound = consumer('oa', { credentials: withKey(keys.oa), addresses: ['10.1.0.0/16', '2001:db8::/32'] })
  const access = accessFor([bound], { anonymous: consumer('anonymous') })
  assert.equal(await who(access, '10.1.255.255', keys.oa), 'oa')
  assert.equal(await who(access, '2001:db8:1::1', keys.oa), 'oa')
  assert.equal(await who(access, '10.2.0.0', keys.oa), 'ADDRESS_NOT_ALLOWED')
  assert.equal(await who(access, '2001:db9::1', keys.oa), 'ADDRESS_NOT_ALLOWED')
})

test('a consumer without credentials is known by its address, and only without credentials', async () => {
  const kiosk = consumer('kiosk', { addresses: ['10.9.0.0/24'] })
  const access = accessFor([kiosk], { anonymous: consumer('anonymous') })
  assert.equal(await who(access, '10.9.0.7'), 'kiosk')
  assert.equal(await who(access, '10.9.1.7'), 'anonymous')
  assert.equal(await who(access, '10.9.0.7', keys.oa), 'CREDENTIALS_WRONG')
})

test('anonymous callers may be bound to addresses too', async () => {
  const access = accessFor([], { anonymous: consumer('anonymous', { addresses: ['127.0.0.0/8'] }) })
  assert.equal(await who(access, '127.0.0.1'), 'anonymous')
  assert.equal(await who(access, '192.0.2.1'), 'ADDRESS_NOT_ALLOWED')
})

test('a consumer counts from its first moment and has expired at its last', async () => {
  let time = 0
  const brief = consumer('oa', { credentials: withKey(keys.oa), from: 1000, until: 2000 })
  const access = accessFor([brief], { now: () => time, anonymous: consumer('anonymous') })
  for (const [now, expected] of [
    [999, 'CONSUMER_EXPIRED'],
    [1000, 'oa'],
    [1999, 'oa'],
    [2000, 'CONSUMER_EXPIRED'],
  ] as const) {
    time = now
    assert.equal(await who(access, '192.0.2.1', keys.oa), expected)
  }
})

test('a header that tells who asks is refused where Connection takes it back', async () => {
  const access = accessFor([consumer('oa', { credentials: withKey(keys.oa) })], { anonymous: consumer('anonymous') })
  const right = { authorization: `Bearer ${keys.oa}` }
  for (const connection of ['authorization', 'keep-alive, Authorization', 'veilgate-purpose', 'X-Forwarded-For']) {
    assert.equal(await outcome(() => access.identify(head({ ...right, connection }), peer())), 'HEADER_MALFORMED')
  }
  for (const connection of ['keep-alive', 'close', 'Keep-Alive, TE', 'X-Tenant']) {
    assert.equal(typeof (await outcome(() => access.identify(head({ ...right, connection }), peer()))), 'object')
  }
})
