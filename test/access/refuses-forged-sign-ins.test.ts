import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { type JWTPayload, SignJWT } from 'jose'
import { consumer } from '../support/consumer.ts'
import { get } from '../support/https-client.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

/** A provider that gives out whatever token the test has it give. */
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }
let [provider, issuer, upstream, gateway]: [Server, string, Upstream, TestGateway] = [] as never
let give: (nonce: string) => Promise<string> = async () => ''
let nonce = ''

before(async () => {
  provider = createServer(async (asked, response) => {
    response.setHeader('content-type', 'application/json')
    const url = new URL(asked.url!, issuer)
    if (url.pathname === '/.well-known/openid-configuration') {
      const endpoints = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` }
      response.end(JSON.stringify({ issuer, ...endpoints, jwks_uri: `${issuer}/jwks` }))
    } else if (url.pathname === '/jwks') response.end(JSON.stringify({ keys: [jwk] }))
    else response.end(JSON.stringify({ access_token: 'x', token_type: 'Bearer', id_token: await give(nonce) }))
  })
  await new Promise<void>(resolve => provider.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  upstream = await startUpstream((_asked, response) => {
    response.setHeader('content-type', 'application/json').end('{"a":1}')
  })
  const signIn = { at: 'http://gateway.example', oidc: { issuer, client_id: 'browsers' }, operator: 'sub' }
  const browsers = consumer('browsers', { credentials: new Map([['sign_in', signIn]]) })
  gateway = await startTestGateway({
    upstream: upstream.url,
    closed: true,
    config: { consumers: new Map([['browsers', browsers]]) },
  })
})
after(async () => {
  await gateway?.close()
  await upstream.close()
  provider.closeAllConnections()
  provider.close()
})

/** Signs in with the token that `make` gives; what the gateway says to the browser that comes back. */
async function comeBack(make: typeof give, changed: Record<string, string> = {}): Promise<string> {
  give = make
  const sent = await get(`${gateway.url}/a`, { headers: { accept: 'text/html' } })
  const asked = new URL(String(sent.headers['location'])).searchParams
  nonce = asked.get('nonce')!
  const cookie = String([sent.headers['set-cookie'] ?? []].flat()[0]).split(';')[0]!
  const query = new URLSearchParams({ code: 'c', state: asked.get('state')!, ...changed })
  const back = await get(`${gateway.url}/.veilgate/callback?${query}`, { headers: { cookie } })
  const isSignedIn = /veilgate_session=[\w-]{40}/.test(String(back.headers['set-cookie']))
  return isSignedIn ? 'signed in' : (back.code ?? String(back.status))
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = (given: JWTPayload = {}): JWTPayload => ({
  ...{ iss: issuer, aud: 'browsers', sub: 'u1203', nonce, exp: Math.floor(Date.now() / 1000) + 600 },
  ...given,
})
const token = (given: JWTPayload = {}, key = privateKey) =>
  new SignJWT(claims(given)).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(key)

test('the token of this provider, for this gateway and this sign-in, signs in', async () => {
  assert.equal(await comeBack(() => token()), 'signed in')
})

test('one for another gateway, of another issuer or sign-in, ended, or without an end or a person, does not', async () => {
  const wrong: readonly JWTPayload[] = [
    { aud: 'other' },
    { iss: 'https://id.example.org' },
    { nonce: 'another' },
    { nonce: undefined },
    { exp: Math.floor(Date.now() / 1000) - 60 },
    { exp: undefined },
    { sub: undefined },
  ]
  for (const one of wrong) assert.equal(await comeBack(() => token(one)), 'CREDENTIALS_WRONG', JSON.stringify(one))
})

test('one without a signature, by a stranger, or with the public key taken for a secret, does not', async () => {
  const pem = publicKey.export({ format: 'pem', type: 'spki' })
  const forged: readonly (typeof give)[] = [
    async () => `${encode({ alg: 'none' })}.${encode(claims())}.`,
    () => token({}, stranger),
    async () => {
      const text = `${encode({ alg: 'HS256', kid: 'k1' })}.${encode(claims())}`
      return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`
    },
    async () => '',
  ]
  for (const one of forged) assert.equal(await comeBack(one), 'CREDENTIALS_WRONG')
})

test('a sign-in that somebody else has begun, or that comes back without a code, does not', async () => {
  assert.equal(await comeBack(() => token(), { state: 'another' }), 'CREDENTIALS_WRONG')
  const none = await get(`${gateway.url}/.veilgate/callback?code=c&state=s`)
  assert.equal(none.code, 'CREDENTIALS_WRONG')
})
