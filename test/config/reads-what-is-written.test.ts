import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitRules, limitsFrom } from '../../gateway/config/limits.ts'
import { upstreamOnly } from '../../gateway/config/upstream-only.ts'
import { localhost } from '../support/certificates.ts'
import { least, loaded } from './load.ts'

test('what is left out has its default', async () => {
  const config = await loaded(least)
  assert.deepEqual(config.listen, { host: '127.0.0.1', port: 8080 })
  assert.deepEqual(config.admin, { host: '127.0.0.1', port: 8081 })
  assert.deepEqual(config.limits, limitsFrom(limitRules))
  assert.equal(config.limits.answerWhole, 256 * 1024)
  assert.equal(config.timezone, 'Asia/Shanghai')
  assert.equal(config.anonymous, null)
  assert.equal(config.policies, null)
  assert.match(config.records, /\/records$/)
  const { upstream, shippedPolicy } = config.systems.get('a')!
  assert.equal(shippedPolicy, false)
  assert.deepEqual(upstream.timeouts, { connect: 5000, headers: 30_000, idle: 30_000, total: 600_000 })
  assert.deepEqual(upstream.pool, { connections: 64, keepAlive: 4000, pipelining: 1 })
})

test('every limit keeps its default within its own bounds', () => {
  for (const { name, preset, least: low, most } of limitRules) {
    for (const text of [preset, low, most]) assert.match(text, /^\d+(B|KiB|MiB|GiB|ms|s|m|h)?$/, name)
  }
})

test('a whole file is read as it is written', async () => {
  const key = `sha256:${'a'.repeat(64)}`
  const config = await loaded(
    `
listen: "[::]:8443"
tls: { certificate: tls/c.pem, key: tls/k.pem, client_ca: tls/c.pem }
public_url: https://xg.example.edu.cn/
admin: false
policies: ./p
contact: 投诉 0571-0000000
timezone: UTC
trusted_hops: 1
trusted_proxies: [10.0.0.1]
limits: { scalar: 1MiB, depth: 32, drain: 0s, request_body: 1048576 }
systems:
  xg:
    upstream: https://10.0.0.5:8443/app/
    prefix: /xg
    host: XG.example.edu.cn
    proof_header: X-Via-Veilgate
    compress: true
    watermark: true
    request_headers: [X-Tenant]
    ca: tls/c.pem
    server_name: xg.internal
    credentials:
      basic: { user: gateway, password_file: secret }
      header: { name: X-Token, value_file: secret }
      client_certificate: { certificate: tls/c.pem, key: tls/k.pem }
    timeouts: { connect: 1s, total: 2m }
    pool: { connections: 3 }
  other: { upstream: "http://u", policy: shipped }
consumers:
  oa:
    audience: staff
    api_key: "${key}"
    addresses: [10.1.0.0/16, "2001:DB8::1"]
    names_operators: true
    purposes: [enrolment]
    rate: { requests: 10, per: minute, burst: 5 }
    from: 2026-09-01
    until: 2027-01-31
  portal: { audience: public, api_key: ["sha256:${'b'.repeat(64)}"] }
anonymous: { audience: public }
`,
    { 'tls/c.pem': localhost.certificate, 'tls/k.pem': localhost.key, secret: 'pass word\n' },
  )
  assert.deepEqual(config.listen, { host: '::', port: 8443 })
  assert.deepEqual(config.tls, {
    ...localhost,
    clientCa: localhost.certificate,
    clientCertificates: 'required',
    clientCrl: null,
  })
  assert.equal(config.publicUrl, 'https://xg.example.edu.cn')
  assert.equal(config.admin, null)
  assert.match(config.policies!, /\/p$/)
  assert.deepEqual(config.proxies, { hops: 1, networks: ['10.0.0.1/32'] })
  assert.equal(config.limits.scalar, 1024 ** 2)
  assert.equal(config.limits.drain, 0)
  assert.equal(config.limits.requestBody, 1048576)
  const xg = config.systems.get('xg')!
  assert.equal(xg.upstream.origin, 'https://10.0.0.5:8443')
  assert.equal(xg.upstream.basePath, '/app')
  assert.equal(xg.host, 'xg.example.edu.cn')
  assert.equal(xg.proofHeader, 'x-via-veilgate')
  assert.equal(xg.compress, true)
  assert.equal(xg.watermark, true)
  assert.equal(config.systems.get('other')!.compress, false)
  assert.equal(config.systems.get('other')!.watermark, false)
  assert.deepEqual(xg.requestHeaders, ['x-tenant'])
  assert.deepEqual(
    [...xg.upstream.headers],
    [
      ['x-token', 'pass word'],
      ['authorization', `Basic ${Buffer.from('gateway:pass word').toString('base64')}`],
    ],
  )
  assert.deepEqual(xg.upstream.tls, { ca: localhost.certificate, serverName: 'xg.internal', ...localhost })
  assert.deepEqual(xg.upstream.timeouts, { connect: 1000, headers: 30_000, idle: 30_000, total: 120_000 })
  assert.equal(config.systems.get('other')!.shippedPolicy, true)
  const oa = config.consumers.get('oa')!
  assert.deepEqual([...oa.credentials], [['api_key', key]])
  assert.deepEqual(oa.addresses, ['10.1.0.0/16', '2001:db8::1/128'])
  assert.deepEqual(oa.rate, { requests: 10, seconds: 60, burst: 5 })
  assert.equal(oa.from, Date.parse('2026-09-01T00:00:00Z'))
  assert.equal(oa.until, Date.parse('2027-02-01T00:00:00Z'))
  assert.equal(oa.bases.length, 7)
  assert.deepEqual(config.consumers.get('portal')!.bases, [])
  assert.equal(config.anonymous!.audience, 'public')
})

test('one URL makes a configuration that only this machine can reach', () => {
  const config = upstreamOnly('http://legacy.example:8080/app', { directory: '/srv' })!
  assert.deepEqual(config.listen, { host: '127.0.0.1', port: 8080 })
  assert.equal(config.anonymous!.audience, 'public')
  assert.equal(config.records, '/srv/records')
  const [system] = config.systems.values()
  assert.equal(system!.shippedPolicy, true)
  assert.equal(system!.upstream.basePath, '/app')
  assert.equal(upstreamOnly('legacy:8080', { directory: '/srv' }), null)
  assert.equal(upstreamOnly('http://u', { directory: '/srv', listen: '0.0.0.0:8080' }), null)
  assert.equal(upstreamOnly('http://u', { directory: '/srv', admin: '192.0.2.1:0' }), null)
})

test('who signs in at the admin listener is read as it is written', async () => {
  const { admin, signIn } = await loaded(
    `${least}admin:
  listen: 127.0.0.1:9443
  tls: { certificate: c.pem, key: k.pem }
  public_url: https://admin.example.edu.cn/
  oidc:
    issuer: https://id.example.edu.cn
    client_id: veilgate-admin
    client_secret_file: secret
    account: preferred_username
    roles: groups
    duties: { system: [ops], security: [sec, ciso], audit: [internal-audit] }
    strong: { amr: [otp] }
`,
    { 'c.pem': localhost.certificate, 'k.pem': localhost.key, secret: 'x\n' },
  )
  assert.deepEqual(admin, { host: '127.0.0.1', port: 9443 })
  assert.deepEqual(signIn.tls, localhost)
  assert.equal(signIn.publicUrl, 'https://admin.example.edu.cn')
  const { clientSecretFile, duties, ...oidc } = signIn.oidc!
  assert.match(clientSecretFile!, /\/secret$/)
  assert.deepEqual(
    [...duties],
    [
      ['ops', 'system'],
      ['sec', 'security'],
      ['ciso', 'security'],
      ['internal-audit', 'audit'],
    ],
  )
  const strong = { acr: [], amr: ['otp'] }
  const named = { issuer: 'https://id.example.edu.cn', clientId: 'veilgate-admin', scope: 'openid' }
  assert.deepEqual(oidc, { ...named, account: 'preferred_username', roles: 'groups', strong })
  assert.match((await loaded(least)).signIn.accounts, /\/accounts\.yaml$/)
})

test('of two roles that somebody has, the one written first counts, also where the other is a number', async () => {
  const config = await loaded(
    `${least}consumers:\n  oa:\n    api_key: sha256:${'a'.repeat(64)}\n    audience: public\n    audiences: { teacher: public, 1001: staff, "7": public }\n`,
  )
  assert.deepEqual([...config.consumers.get('oa')!.audiences.keys()], ['teacher', '1001', '7'])
})
