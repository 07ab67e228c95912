import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { addAccount, codeOf, type Owner, postLogin, writeConfig } from '../support/accounts.ts'
import { get } from '../support/https-client.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'

/** This test is the proxy: who comes from another address of the machine is none. */
const signIn = (directory: string) => ({
  ...{ tls: null, publicUrl: 'https://admin.example.edu.cn', oidc: null },
  accounts: join(directory, 'accounts.yaml'),
  proxies: { hops: 1, networks: ['127.0.0.1/32'] },
})
const [outsider, desk, elsewhere] = ['203.0.113.9', '198.51.100.7', '198.51.100.8']
let folder: string
let gateway: TestGateway
let admin: string
let owners: Owner[]

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  await writeConfig(folder)
  owners = []
  for (const name of ['li', 'wang', 'zhao']) owners.push(await addAccount(folder, name, 'audit'))
  gateway = await startTestGateway({
    upstream: 'http://127.0.0.1:1',
    directory: folder,
    config: {
      admin: { host: '127.0.0.1', port: 0 },
      signIn: signIn(folder),
    },
  })
  admin = `http://127.0.0.1:${gateway.running.admin!.port}`
})
after(async () => {
  await gateway.close()
  await removeFolder(folder)
})

const from = (address: string) => ({ 'x-forwarded-for': `10.9.9.9, ${address}` })
const wrong = { name: 'nobody', password: 'wrong', code: '000000' }
const rightOf = (owner: Owner, steps = 0) => ({
  name: owner.name,
  password: owner.password,
  code: codeOf(owner, steps),
})

test('failures from outside make nobody else wait who comes through the same proxy', async () => {
  const tried: number[] = []
  for (let nth = 0; nth < 6; nth++) {
    const { status } = await postLogin(admin, { ...wrong, name: `nobody${nth}` }, from(outsider))
    tried.push(status)
  }
  assert.deepEqual(tried, [401, 401, 401, 401, 401, 429])
  assert.equal((await postLogin(admin, rightOf(owners[0]!), from(outsider))).status, 429)
  assert.equal((await postLogin(admin, rightOf(owners[0]!), from(desk))).status, 200)
  const own = (await gateway.records()).filter(({ kind }) => kind === 'account')
  const addresses = new Set(
    own.filter(({ action }) => action !== 'added').map(({ action, address }) => `${action} ${address}`),
  )
  assert.deepEqual(addresses, new Set([`failed ${outsider}`, `locked ${outsider}`, `login ${desk}`]))
})

test('what is written into the header by somebody else than the proxy does not count', async () => {
  // the same who has to wait, with another address ahead of its own, and around the proxy
  const ahead = { 'x-forwarded-for': `${desk}, ${desk}, ${outsider}` }
  assert.equal((await postLogin(admin, { ...wrong, name: 'nobody7' }, ahead)).status, 429)
  const body = JSON.stringify(rightOf(owners[1]!))
  const around = {
    method: 'POST',
    localAddress: '127.0.0.2',
    headers: { 'content-type': 'application/json', ...from(desk) },
  }
  assert.equal((await get(`${admin}/api/login`, { ...around, body })).status, 200)
  const login = (await gateway.records()).findLast(({ action }) => action === 'login')
  assert.deepEqual([login?.['account'], login?.['address']], ['wang', '127.0.0.2'])
  for (const header of ['unknown', '203.0.113.9 x', ' ', 'x'.repeat(5000)])
    assert.equal((await postLogin(admin, wrong, { 'x-forwarded-for': header })).status, 400, header)
  const twice = ['198.51.100.1', outsider]
  assert.equal((await postLogin(admin, wrong, { 'x-forwarded-for': twice })).status, 429)
  assert.equal((await get(`${admin}/healthz`, { headers: { 'x-forwarded-for': 'x' } })).status, 200)
})

test('a session that was copied to another address is none there, and that is on record', async () => {
  const signedIn = await postLogin(admin, rightOf(owners[2]!), from(desk))
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0]!
  const ask = async (address: string) =>
    (await get(`${admin}/api/session`, { headers: { host: 'admin.example.edu.cn', cookie, ...from(address) } })).status
  assert.deepEqual([await ask(desk), await ask(elsewhere), await ask(elsewhere), await ask(desk)], [200, 401, 401, 200])
  const denied = (await gateway.records()).filter(({ action }) => action === 'denied')
  assert.deepEqual(
    denied.map(({ account, address }) => `${account} ${address}`),
    [`zhao ${elsewhere}`],
  )
})

test('a password that a proxy took in the clear is not taken from it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'veilgate-'))
  const plain = await startTestGateway({
    ...{ upstream: 'http://127.0.0.1:1', directory },
    config: { admin: { host: '127.0.0.1', port: 0 }, signIn: { ...signIn(directory), publicUrl: null } },
  })
  try {
    const at = `http://127.0.0.1:${plain.running.admin!.port}`
    assert.deepEqual((await postLogin(at, wrong, from(desk))).json, { why: 'unencrypted' })
    assert.deepEqual((await postLogin(at, wrong)).json, { why: 'credentials' })
  } finally {
    await plain.close()
    await removeFolder(directory)
  }
})
