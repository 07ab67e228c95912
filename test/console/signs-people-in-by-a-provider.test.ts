import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { AdminOidc, Config } from '../../gateway/config/config.ts'
import { call, postLogin } from '../support/accounts.ts'
import { makePeople } from '../support/approving-people.ts'
import { freePort } from '../support/free-port.ts'
import { get } from '../support/https-client.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { Browser } from '../support/signing-in.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startProvider, type TestProvider } from '../support/start-provider.ts'

let folder: string
let provider: TestProvider
let gateway: TestGateway
let admin: string

/** By login: what the provider says of them. */
const groups: Readonly<Record<string, readonly string[]>> = {
  wu: ['ops', 'staff'],
  zheng: ['internal-audit'],
  both: ['ops', 'internal-audit'],
  none: ['staff'],
  Wang: ['internal-audit'],
  'Login-of-wang': ['internal-audit'],
  zhao: ['sec'],
  '13800138000': ['ops'],
  'a b': ['ops'],
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  const port = await freePort()
  admin = `http://127.0.0.1:${port}`
  provider = await startProvider(`${admin}/api/login/callback`, login => groups[login] ?? [])
  const oidc: AdminOidc = {
    ...{ issuer: provider.issuer, clientId: 'browsers', clientSecretFile: null, scope: 'openid' },
    ...{ account: 'sub', roles: 'groups', strong: { acr: [], amr: [] } },
    duties: new Map([
      ['ops', 'system'],
      ['sec', 'security'],
      ['internal-audit', 'audit'],
    ]),
  }
  const signIn: Config['signIn'] = {
    tls: null,
    publicUrl: admin,
    proxies: { hops: 0, networks: [] },
    accounts: join(folder, 'accounts.yaml'),
    oidc,
  }
  const { approvers } = await makePeople(join(folder, 'people'))
  gateway = await startTestGateway({
    upstream: 'http://127.0.0.1:1',
    directory: folder,
    config: { approvers, signIn, admin: { host: '127.0.0.1', port } },
  })
})
after(async () => {
  await gateway?.close()
  await provider.stop()
  await removeFolder(folder)
})

/** As a person does it, to the end. */
async function signInAs(login: string, browser = new Browser()) {
  const asked = await browser.open(`${admin}/api/login/oidc`)
  const consent = await browser.open(asked.url, { prompt: 'login', login, password: 'x' })
  const back = await browser.open(consent.url, { prompt: 'consent' })
  return { browser, status: back.status, json: JSON.parse(back.body) as Record<string, unknown> }
}

const events = async () =>
  (await gateway.records())
    .filter(({ kind }) => kind === 'account')
    .map(({ action, account }) => `${action} ${account}`)

test('whoever has roles of one duty gets a session of it, and of nothing else', async () => {
  for (const [login, duty] of [
    ['wu', 'system'],
    ['zheng', 'audit'],
    ['zhao', 'security'],
  ] as const) {
    const { browser, status, json } = await signInAs(login)
    assert.deepEqual([status, json['account'], json['duty']], [200, login, duty])
    const session = { cookie: browser.cookies(admin), csrf: String(json['csrf']) }
    assert.match(session.cookie, /^veilgate_admin=[\w-]{43}$/)
    assert.equal((await call(admin, session, 'GET', '/api/session')).status, 200)
    assert.equal((await call(admin, session, 'GET', '/api/accounts')).status, duty === 'system' ? 200 : 403)
    assert.equal((await call(admin, session, 'GET', '/api/grants')).status, duty === 'security' ? 200 : 403)
    assert.equal((await call(admin, session, 'POST', '/api/logout')).status, 200)
    assert.deepEqual((await events()).filter(one => one.endsWith(login)).slice(0, 1), [`login ${login}`])
  }
})

test('roles of two duties, of none, and an approver of another duty, are turned away, on record without the name', async () => {
  const before = (await events()).length
  for (const [login, why] of [
    ['both', 'two_duties'],
    ['none', 'no_duty'],
    ['Wang', 'two_duties'],
    ['Login-of-wang', 'two_duties'],
    ['13800138000', 'account'],
  ] as const) {
    const { browser, status, json } = await signInAs(login)
    assert.deepEqual([status, json['why'], browser.cookies(admin)], [403, why, ''], login)
  }
  assert.deepEqual((await events()).slice(before), new Array(5).fill('failed null'))
  assert.ok(!JSON.stringify(await gateway.records()).includes('13800138000'))
})

test('a sign-in ends in the browser that began it, with what it began with, once', async () => {
  const begun = await get(`${admin}/api/login/oidc`)
  assert.equal(begun.status, 303)
  const asked = new URL(String(begun.headers['location'])).searchParams
  assert.equal(asked.get('code_challenge_method'), 'S256')
  const [cookie] = begun.headers['set-cookie'] as string[]
  assert.match(cookie!, /^veilgate_admin_sign_in=[\w-]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/)
  const mine = { cookie: cookie!.split(';')[0]! }
  const state = asked.get('state')!
  for (const [headers, query] of [
    [{}, `state=${state}&code=x`],
    [mine, `state=other&code=x`],
    [mine, `state=${state}`],
    [mine, `state=${state}&code=made-up`],
    [{ cookie: `${mine.cookie.slice(0, -3)}AAA` }, `state=${state}&code=x`],
  ] as const) {
    const answer = await get(`${admin}/api/login/callback?${query}`, { headers })
    assert.deepEqual([answer.status, answer.body], [401, '{"why":"sign_in"}'], query)
  }
})

test('there is no password to be tried, and nobody changes one', async () => {
  assert.equal(
    (await postLogin(admin, { name: 'wu', password: 'x', code: '000000' }).catch(() => null))?.status ?? 404,
    404,
  )
  assert.equal((await call(admin, null, 'POST', '/api/password')).status, 404)
})

test('a provider that is down is said to be', async () => {
  await provider.stop()
  const { now } = Date
  // what the provider said of itself is remembered for ten minutes
  Date.now = () => now() + 3_600_000
  try {
    const answer = await get(`${admin}/api/login/oidc`)
    assert.deepEqual([answer.status, answer.body], [503, '{"why":"provider"}'])
  } finally {
    Date.now = now
  }
  await provider.resume()
})
