import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { IdentityPlugin } from '../../gateway/contracts.ts'
import { Refusal } from '../../gateway/errors.ts'
import { apiKey, hashApiKey, isApiKey, makeApiKey } from '../../plugins/identities/api-key.ts'
import { consumer, withKey } from '../support/consumer.ts'
import { accessFor, head, keys, outcome, peer, portal } from './people.ts'

const anonymous = consumer('anonymous')

async function who(headers: Record<string, string | string[]>, given = {}): Promise<string> {
  const found = await outcome(() => accessFor([portal], given).identify(head(headers), peer()))
  return typeof found === 'string' ? found : found.consumer.name
}

test('a key names its consumer, however the scheme is spelt', async () => {
  assert.equal(await who({ authorization: `Bearer ${keys.portal}` }), 'portal')
  assert.equal(await who({ Authorization: `bearer  ${keys.portal}` }), 'portal')
})

test('a key that was right counts again, and makes no other right, however many are tried between', async () => {
  const access = accessFor([portal])
  const named = async (key: string) => {
    const found = await outcome(() => access.identify(head({ authorization: `Bearer ${key}` }), peer()))
    return typeof found === 'string' ? found : found.consumer.name
  }
  assert.equal(await named(keys.portal), 'portal')
  for (let at = 3; at < keys.portal.length; at++) {
    const other = keys.portal[at] === 'A' ? 'B' : 'A'
    assert.equal(await named(keys.portal.slice(0, at) + other + keys.portal.slice(at + 1)), 'CREDENTIALS_WRONG')
  }
  for (let spaces = 1; spaces <= 1100; spaces++) assert.equal(await named(' '.repeat(spaces) + keys.portal), 'portal')
  assert.equal(await named(keys.portal), 'portal')
  assert.equal(await named(makeApiKey()), 'CREDENTIALS_WRONG')
})

test('both keys count while one is being replaced', async () => {
  const next = makeApiKey()
  const both = consumer('portal', { credentials: new Map([['api_key', [hashApiKey(keys.portal), hashApiKey(next)]]]) })
  for (const key of [keys.portal, next]) {
    const found = await accessFor([both]).identify(head({ authorization: `Bearer ${key}` }), peer())
    assert.equal(found.consumer.name, 'portal')
  }
})

test('without credentials a caller is anonymous where that is let in, else told how to present them', async () => {
  assert.equal(await who({}, { anonymous }), 'anonymous')
  const refused = await Promise.resolve(accessFor([portal]).identify(head(), peer())).catch((error: unknown) => error)
  assert.ok(refused instanceof Refusal)
  assert.equal(refused.code, 'CREDENTIALS_MISSING')
  assert.match(refused.details.challenge!, /^Bearer realm=/)
})

test('wrong credentials are never anonymous', async () => {
  const wrong = [
    `Bearer ${makeApiKey()}`,
    `Bearer ${keys.portal.slice(0, -1)}`,
    `Bearer ${keys.portal}x`,
    `Bearer ${keys.portal}, Bearer ${keys.portal}`,
    `Bearer ${keys.portal.toLowerCase()}`,
    `Bearer ${hashApiKey(keys.portal)}`,
    'Bearer vg_',
    'Bearer',
    '',
    `Basic ${Buffer.from(`portal:${keys.portal}`).toString('base64')}`,
    keys.portal,
    `Bearer vg_${'x'.repeat(100_000)}`,
  ]
  for (const authorization of wrong) assert.equal(await who({ authorization }, { anonymous }), 'CREDENTIALS_WRONG')
})

test('whatever stands in Authorization, it names nobody but by a key', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async text => {
      assert.equal(await who({ authorization: text }, { anonymous }), 'CREDENTIALS_WRONG')
      assert.equal(await who({ authorization: `Bearer vg_${text}` }, { anonymous }), 'CREDENTIALS_WRONG')
    }),
  )
})

test('credentials sent twice are refused, the same or not', async () => {
  const right = `Bearer ${keys.portal}`
  assert.equal(await who({ authorization: [right, right] }, { anonymous }), 'HEADER_MALFORMED')
  assert.equal(await who({ authorization: [right, 'Basic eDp5'] }, { anonymous }), 'HEADER_MALFORMED')
})

test('a consumer that declares two kinds of credentials needs both', async () => {
  const badge: IdentityPlugin = {
    kind: 'identity',
    name: 'badge',
    summary: { zh: '', en: '' },
    options: { type: 'object', additionalProperties: false, properties: {} },
    create: () => request =>
      request.headers['x-badge'] === undefined ? null : { consumer: request.headers['x-badge'][0]! },
  }
  const both = consumer('both', { credentials: new Map<string, unknown>([...withKey(keys.portal), ['badge', true]]) })
  const access = accessFor([both, consumer('other', { credentials: new Map([['badge', true]]) })], {
    identities: [apiKey, badge],
    anonymous,
  })
  const name = async (headers: Record<string, string>) => {
    const found = await outcome(() => access.identify(head(headers), peer()))
    return typeof found === 'string' ? found : found.consumer.name
  }
  const authorization = `Bearer ${keys.portal}`
  assert.equal(await name({ authorization, 'x-badge': 'both' }), 'both')
  assert.equal(await name({ authorization }), 'CREDENTIALS_WRONG')
  assert.equal(await name({ 'x-badge': 'both' }), 'CREDENTIALS_WRONG')
  assert.equal(await name({ authorization, 'x-badge': 'other' }), 'CREDENTIALS_WRONG')
  assert.equal(await name({ 'x-badge': 'nobody' }), 'CREDENTIALS_WRONG')
})

test('an identity that throws, in whatever way, refuses without its words', async () => {
  for (const failing of [
    () => {
      throw new Error('secret')
    },
    () => Promise.reject(new Refusal('RATE_LIMITED')),
  ]) {
    const identity: IdentityPlugin = {
      kind: 'identity',
      name: 'failing',
      summary: { zh: '', en: '' },
      options: { type: 'object', additionalProperties: false, properties: {} },
      create: () => failing,
    }
    const declared = consumer('failed', { credentials: new Map([['failing', true]]) })
    const access = accessFor([declared], { identities: [identity], anonymous })
    assert.equal(await outcome(() => access.identify(head(), peer())), 'CREDENTIALS_WRONG')
  }
})

test('a key of 256 bits carries a checksum that finds any one slip', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.integer({ min: 3, max: 51 }),
      fc.constantFrom(...'ABCXYZabcxyz0189-_'),
      (random, at, letter) => {
        const key = makeApiKey(random)
        assert.match(key, /^vg_[A-Za-z0-9_-]{49}$/)
        assert.ok(isApiKey(key))
        const slip = key.slice(0, at) + letter + key.slice(at + 1)
        assert.equal(isApiKey(slip), slip === key)
      },
    ),
  )
})
