import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { after, before, test } from 'node:test'
import { SignJWT } from 'jose'
import { type CertificateAuthority, certificateAuthority, type Issued } from '../support/certificate-authority.ts'
import { consumer } from '../support/consumer.ts'
import { get } from '../support/https-client.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const authority: CertificateAuthority = await certificateAuthority()
const stranger = await certificateAuthority('CN=Another CA')
const server = await authority.issue('CN=localhost', { dns: ['localhost'], server: true })
const portal = await authority.issue('CN=portal, O=Example', { dns: ['portal.example.edu.cn'] })
const revoked = await authority.issue('CN=portal, O=Example', { dns: ['portal.example.edu.cn'] })
const tls = {
  certificate: server.certificate,
  key: server.key,
  clientCa: authority.certificate,
  clientCrl: await authority.revoke(revoked),
}
const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const issuer = 'https://id.example.edu.cn'
const jwks = { keys: [publicKey.export({ format: 'jwk' })] }

const consumers = new Map(
  [
    consumer('portal', {
      audience: 'staff',
      credentials: new Map([
        ['client_certificate', { subject: { CN: 'portal', O: 'Example' }, san: ['DNS:portal.example.edu.cn'] }],
      ]),
    }),
    consumer('person', {
      audience: 'staff',
      credentials: new Map([['jwt', { issuer, audience: 'veilgate', jwks, operator: 'sub' }]]),
    }),
  ].map(one => [one.name, one] as const),
)

let upstream: Upstream
let optional: TestGateway
let required: TestGateway

before(async () => {
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"a":1}')
  })
  const config = (clientCertificates: 'optional' | 'required') => ({
    upstream: upstream.url,
    config: { consumers, tls: { ...tls, clientCertificates } },
  })
  optional = await startTestGateway(config('optional'))
  required = await startTestGateway({ ...config('required'), closed: true })
})

after(async () => {
  await optional.close()
  await required.close()
  await upstream.close()
})

const call = (gateway: TestGateway, shown?: Issued, headers = {}) =>
  get(`https://localhost:${gateway.port}/a`, {
    ca: authority.certificate,
    ...(shown && { cert: shown.certificate, key: shown.key }),
    headers,
    minVersion: 'TLSv1.3',
  })

async function consumerOf(gateway: TestGateway): Promise<unknown> {
  return (await gateway.records()).at(-1)!['consumer']
}

/** How a connection that is refused ends differs from run to run: an alert, a reset, a hang-up. */
async function hasNoAnswer(calling: Promise<unknown>): Promise<void> {
  const { length } = upstream.calls
  await assert.rejects(calling)
  assert.equal(upstream.calls.length, length)
}

test('a certificate names its consumer, on record', async () => {
  for (const gateway of [optional, required]) {
    assert.equal((await call(gateway, portal)).status, 200)
    assert.equal(await consumerOf(gateway), 'portal')
  }
})

test('where certificates are required, nobody without one has a connection', async () => {
  await hasNoAnswer(call(required))
})

test('a revoked certificate is refused, though all in it is right', async () => {
  await hasNoAnswer(call(required, revoked))
  assert.deepEqual([(await call(optional, revoked)).code, upstream.calls.length], ['CREDENTIALS_WRONG', 2])
})

test('the certificate of another authority, with the same names, is refused', async () => {
  const forged = await stranger.issue('CN=portal, O=Example', { dns: ['portal.example.edu.cn'] })
  await hasNoAnswer(call(required, forged))
  assert.equal((await call(optional, forged)).code, 'CREDENTIALS_WRONG')
})

test('an ended certificate, and one made for a server, are refused', async () => {
  const ended = await authority.issue('CN=portal, O=Example', {
    until: new Date('2021-01-01'),
    dns: ['portal.example.edu.cn'],
  })
  for (const wrong of [ended, server]) assert.equal((await call(optional, wrong)).code, 'CREDENTIALS_WRONG')
})

test('a certificate of the authority that is nobody declares nobody', async () => {
  const names: [string, string[]][] = [
    ['CN=portal, O=Other', ['portal.example.edu.cn']],
    ['CN=portal, CN=other, O=Example', ['portal.example.edu.cn']],
    ['CN=portal, O=Example', ['other.example.edu.cn']],
    ['CN=portal, O=Example', []],
  ]
  for (const [subject, dns] of names) {
    const other = await authority.issue(subject, { dns })
    assert.equal((await call(optional, other)).status, 200)
    assert.equal(await consumerOf(optional), 'anonymous', subject)
    assert.equal((await call(required, other)).code, 'CREDENTIALS_MISSING')
  }
})

test('no header makes a certificate', async () => {
  const encoded = Buffer.from(portal.certificate).toString('base64')
  for (const name of [
    'client-cert',
    'x-client-cert',
    'x-ssl-client-cert',
    'x-forwarded-client-cert',
    'ssl-client-s-dn',
  ])
    await call(optional, undefined, { [name]: encoded })
  assert.equal(await consumerOf(optional), 'anonymous')
})

test('a token that is bound to a certificate counts beside that one only', async () => {
  const thumbprint = createHash('sha256').update(new X509Certificate(portal.certificate).raw).digest('base64url')
  const other = await authority.issue('CN=other')
  const token = await new SignJWT({ sub: 'u1203', cnf: { 'x5t#S256': thumbprint } })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer(issuer)
    .setAudience('veilgate')
    .setExpirationTime('1h')
    .sign(privateKey)
  const authorization = `Bearer ${token}`
  assert.equal((await call(optional, other, { authorization })).code, 'CREDENTIALS_WRONG')
  assert.equal((await call(optional, undefined, { authorization })).code, 'CREDENTIALS_WRONG')
  // two identities that name two consumers: the certificate is portal's
  assert.equal((await call(optional, portal, { authorization })).code, 'CREDENTIALS_WRONG')
})
