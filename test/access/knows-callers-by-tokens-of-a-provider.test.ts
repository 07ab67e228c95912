import assert from 'node:assert/strict'
import { createHmac, sign } from 'node:crypto'
import { after, before, test } from 'node:test'
import { SignJWT } from 'jose'
import { jwt } from '../../plugins/identities/jwt.ts'
import { consumer } from '../support/consumer.ts'
import { audience, startProvider, type TestProvider } from '../support/start-provider.ts'
import { accessFor, head, outcome, peer } from './people.ts'

let provider: TestProvider
before(async () => {
  provider = await startProvider()
})
after(() => provider.stop())

const given = () => ({ issuer: provider.issuer, audience, claims: { client_id: 'portal' } })

function accessOf(declared: object = given()) {
  const portal = consumer('portal', {
    credentials: new Map([['jwt', declared]]),
    audiences: new Map([['counsellors', 'counsellor']]),
  })
  return accessFor([portal], { identities: [jwt], anonymous: consumer('anonymous') })
}

async function who(token: string, access = accessOf(), from = peer()): Promise<string> {
  const found = await outcome(() => access.identify(head({ authorization: `Bearer ${token}` }), from))
  return typeof found === 'string' ? found : found.consumer.name
}

/** A token as the provider would sign it, with whatever else is said. */
function forged(claims: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const all = { iss: provider.issuer, aud: audience, client_id: 'portal', iat: now, exp: now + 600, ...claims }
  return new SignJWT(all)
    .setProtectedHeader({ alg: 'RS256', kid: provider.key.kid, ...header })
    .sign(provider.key.privateKey)
}

test('a token of the provider names its consumer, by keys the gateway has discovered', async () => {
  assert.equal(await who(await provider.token()), 'portal')
})

test('a token that is known is not verified again, and waits for nobody', async () => {
  const access = accessOf()
  const request = head({ authorization: `Bearer ${await provider.token()}` })
  assert.ok(access.identify(request, peer()) instanceof Promise)
  await access.identify(request, peer())
  assert.ok(!(access.identify(request, peer()) instanceof Promise))
})

test('tokens of another audience, issuer or client, ended ones and ones without an end are refused', async () => {
  const now = Math.floor(Date.now() / 1000)
  assert.equal(await who(await forged({})), 'portal')
  assert.equal(await who(await provider.token('https://other.example.edu.cn')), 'CREDENTIALS_WRONG')
  const wrong: Record<string, Record<string, unknown>> = {
    'another issuer': { iss: 'https://id.example.org' },
    'another client': { client_id: 'other' },
    'ended a minute ago': { exp: now - 60 },
    'without an end': { exp: undefined },
    'an end that is a word': { exp: 'never' },
    'not yet': { nbf: now + 600 },
    'bound to a key that is not shown': { cnf: { jkt: 'x' } },
    'bound to a certificate that is not shown': { cnf: { 'x5t#S256': 'x' } },
  }
  for (const [name, claims] of Object.entries(wrong))
    assert.equal(await who(await forged(claims)), 'CREDENTIALS_WRONG', name)
})

test('no signature, a public key taken for a secret, and keys that the token brings itself, count for nothing', async () => {
  const [, body] = (await provider.token()).split('.')
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const none = `${encode({ alg: 'none' })}.${body}.`
  const confused = `${encode({ alg: 'HS256', kid: provider.key.kid })}.${body}`
  const pem = provider.key.publicKey.export({ format: 'pem', type: 'spki' })
  const mac = createHmac('sha256', pem).update(confused).digest('base64url')
  const jwk = provider.key.publicKey.export({ format: 'jwk' })
  assert.equal(await who(none), 'CREDENTIALS_WRONG')
  assert.equal(await who(`${none}AA`), 'CREDENTIALS_WRONG')
  assert.equal(await who(`${confused}.${mac}`), 'CREDENTIALS_WRONG')
  assert.equal(await who(`${encode({ alg: 'RS256', jwk })}.${body}.AA`), 'CREDENTIALS_WRONG')
  const critical = `${encode({ alg: 'RS256', kid: provider.key.kid, crit: ['exp2'], exp2: 1 })}.${body}`
  const signature = sign('sha256', Buffer.from(critical), provider.key.privateKey).toString('base64url')
  assert.equal(await who(`${critical}.${signature}`), 'CREDENTIALS_WRONG')
  assert.equal(await who(await forged({}), accessOf({ ...given(), algorithms: ['ES256'] })), 'CREDENTIALS_WRONG')
})

test('two tokens, and a token beside a key, are refused', async () => {
  const right = `Bearer ${await provider.token()}`
  const access = accessOf()
  for (const authorization of [
    [right, right],
    [right, 'Basic eDp5'],
  ])
    assert.equal(await outcome(() => access.identify(head({ authorization }), peer())), 'HEADER_MALFORMED')
  assert.equal(await who(`${right.slice(7)}, Bearer x`), 'CREDENTIALS_WRONG')
})

test('claims say who the operator is, which audience applies, and whether it was a strong sign-in', async () => {
  const access = accessOf({ ...given(), operator: 'user.login', roles: 'groups', strong: { acr: ['2fa'] } })
  const token = await forged({ user: { login: 'u1203' }, groups: ['x', 'counsellors'], acr: '2fa' })
  const found = await access.identify(head({ authorization: `Bearer ${token}` }), peer())
  assert.deepEqual([found.operator, found.strong, found.consumer.audience], ['u1203', true, 'counsellor'])
  const { presented } = access.statement(head(), found, [], peer())
  assert.deepEqual([...presented].sort(), ['operator', 'signed_operator', 'strong_identity'])
  assert.throws(() => access.statement(head({ 'veilgate-operator': 'u9' }), found, [], peer()), /STATEMENT_NOT_TRUSTED/)
  assert.equal(await who(await forged({ user: 'u1203' }), access), 'CREDENTIALS_WRONG')
})

test('after the provider has changed its keys, new tokens count and old ones do not', async () => {
  let time = Date.now()
  const { now } = Date
  Date.now = () => time
  try {
    const access = accessOf()
    const old = await provider.token()
    assert.equal(await who(await forged({ jti: '1' }), access), 'portal')
    await provider.rotate()
    time += 20_000
    assert.equal(await who(await provider.token(), access), 'portal')
    assert.equal(await who(old, access), 'CREDENTIALS_WRONG')
  } finally {
    Date.now = now
  }
})

test('without its provider a gateway starts and refuses, asks seldom, and serves once there are keys', async () => {
  const token = await provider.token()
  await provider.stop()
  let time = Date.now()
  const { now } = Date
  Date.now = () => time
  try {
    const access = accessOf()
    for (let tries = 0; tries < 5; tries++) assert.equal(await who(token, access), 'IDENTITY_UNAVAILABLE')
    await provider.resume()
    const before = provider.fetches()
    assert.equal(await who(token, access), 'IDENTITY_UNAVAILABLE')
    assert.equal(provider.fetches(), before)
    time += 11_000
    assert.equal(await who(token, access), 'portal')
    assert.equal(provider.fetches(), before + 1)
  } finally {
    Date.now = now
  }
})
