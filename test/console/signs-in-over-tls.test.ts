import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { addAccount, asJson, codeOf, type Owner, writeConfig } from '../support/accounts.ts'
import { certificateAuthority } from '../support/certificate-authority.ts'
import { get } from '../support/https-client.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startTestGateway, type TestGateway, type TestOptions } from '../support/start-gateway.ts'

let folder: string
let ca: string
let owner: Owner
const gateways: TestGateway[] = []

const start = async (config: TestOptions['config']): Promise<TestGateway> => {
  const gateway = await startTestGateway({ upstream: 'http://127.0.0.1:1', directory: folder, config })
  gateways.push(gateway)
  return gateway
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  await writeConfig(folder)
  owner = await addAccount(folder, 'li', 'audit')
})
after(() => removeFolder(folder))

const signInOf = (some: object) => ({
  tls: null,
  publicUrl: null,
  proxies: { hops: 0, networks: [] },
  accounts: join(folder, 'accounts.yaml'),
  oidc: null,
  ...some,
})
const stopAll = async () => {
  for (const gateway of gateways.splice(0)) await gateway.close()
}
const login = (origin: string, code: string, options: object = {}) =>
  get(`${origin}/api/login`, {
    method: 'POST',
    headers: asJson,
    body: JSON.stringify({ name: owner.name, password: owner.password, code }),
    ...options,
  })

test('over TLS the cookie is kept for this host alone, encrypted', async () => {
  const authority = await certificateAuthority()
  ca = authority.certificate
  const tls = await authority.issue('CN=localhost', { dns: ['localhost'], server: true })
  try {
    const gateway = await start({ admin: { host: '127.0.0.1', port: 0 }, signIn: signInOf({ tls }) })
    const { port } = gateway.running.admin!
    const origin = `https://localhost:${port}`
    const answer = await login(origin, codeOf(owner), { ca })
    assert.equal(answer.status, 200)
    const [cookie] = answer.headers['set-cookie'] as string[]
    assert.match(cookie!, /^__Host-veilgate=[\w-]{43}; Path=\/; Max-Age=28800; HttpOnly; SameSite=Strict; Secure$/)
    assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000')
    const sent = { cookie: cookie!.split(';')[0]! }
    assert.equal((await get(`${origin}/api/session`, { headers: sent, ca })).status, 200)
    const { csrf } = JSON.parse(answer.body)
    for (const [host, status] of [
      [`http://localhost:${port}`, 403],
      [origin, 200],
    ] as const) {
      const headers = { ...asJson, ...sent, 'x-veilgate-csrf': csrf, origin: host }
      assert.equal((await get(`${origin}/api/logout`, { method: 'POST', headers, body: '{}', ca })).status, status)
    }
    await assert.rejects(get(`http://localhost:${port}/healthz`))
  } finally {
    await stopAll()
  }
})

test('behind a proxy that encrypts, by its name alone', async () => {
  const publicUrl = 'https://admin.example.edu.cn'
  try {
    const gateway = await start({ admin: { host: '127.0.0.1', port: 0 }, signIn: signInOf({ publicUrl }) })
    const origin = `http://127.0.0.1:${gateway.running.admin!.port}`
    const as = (host: string, page: string) => ({ headers: { ...asJson, host, origin: page } })
    assert.equal((await login(origin, '000000', as('evil.example', publicUrl))).status, 421)
    assert.equal((await login(origin, '000000', as('admin.example.edu.cn', 'https://evil.example'))).status, 403)
    const answer = await login(origin, codeOf(owner, 1), as('admin.example.edu.cn', publicUrl))
    assert.equal(answer.status, 200)
    assert.match(String(answer.headers['set-cookie']), /^__Host-veilgate=.*; Secure$/)
  } finally {
    await stopAll()
  }
})

const outside = Object.values(networkInterfaces())
  .flatMap(all => all ?? [])
  .find(one => !one.internal && one.family === 'IPv4')

test('no password is taken where others could read it', { skip: outside === undefined && 'no network' }, async () => {
  try {
    const gateway = await start({ admin: { host: '0.0.0.0', port: 0 }, signIn: signInOf({}) })
    const { port } = gateway.running.admin!
    const answer = await login(`http://${outside!.address}:${port}`, '000000')
    assert.deepEqual([answer.status, answer.body], [403, '{"why":"unencrypted"}'])
    assert.equal((await login(`http://127.0.0.1:${port}`, '000000')).status, 401)
  } finally {
    await stopAll()
  }
})
