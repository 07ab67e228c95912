import assert from 'node:assert/strict'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openapi } from '../../gateway/console/openapi.ts'
import { addAccount, asJson, call, codeOf, type Owner, postLogin, signIn, writeConfig } from '../support/accounts.ts'
import { get } from '../support/https-client.ts'
import { exchangeRaw } from '../support/raw-client.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'

let folder: string
let gateway: TestGateway
let admin: string
let [li, wang, chen, zheng]: Owner[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  await writeConfig(folder)
  li = await addAccount(folder, 'li', 'audit')
  wang = await addAccount(folder, 'wang', 'system')
  zheng = await addAccount(folder, 'zheng', 'audit')
  chen = await addAccount(folder, 'chen', 'security', true)
  gateway = await startTestGateway({
    upstream: 'http://127.0.0.1:1',
    directory: folder,
    config: { admin: { host: '127.0.0.1', port: 0 }, contact: '个人信息保护投诉 0571-1' },
  })
  admin = `http://127.0.0.1:${gateway.running.admin!.port}`
})
after(async () => {
  await gateway.close()
  await removeFolder(folder)
})

test('signing in gives a cookie that scripts and other sites do not have, says whom to turn to, and nothing of it is kept', async () => {
  const given = { name: zheng!.name, password: zheng!.password, code: codeOf(zheng!) }
  const { status, headers, json } = await postLogin(admin, given)
  assert.equal(status, 200)
  const [cookie, ...more] = headers['set-cookie'] as string[]
  assert.equal(more.length, 0)
  assert.match(cookie!, /^veilgate_admin=[\w-]{43}; Path=\/; Max-Age=28800; HttpOnly; SameSite=Strict$/)
  assert.deepEqual([json['account'], json['duty'], json['change_password']], ['zheng', 'audit', false])
  assert.equal(json['contact'], '个人信息保护投诉 0571-1')
  assert.equal(headers['access-control-allow-origin'], undefined)
  for (const [name, value] of Object.entries({
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  }))
    assert.equal(headers[name], value)
  assert.match(String(headers['content-security-policy']), /default-src 'none'; frame-ancestors 'none'/)
  const records = JSON.stringify(await gateway.records())
  const accounts = await readFile(join(folder, 'accounts.yaml'), 'utf8')
  const word = cookie!.slice('veilgate_admin='.length).split(';')[0]!
  for (const secret of [word, zheng!.password, zheng!.secret, given.code, String(json['csrf'])])
    assert.ok(!(records + accounts + gateway.log.join()).includes(secret))
})

test('who comes with a session gets another one at signing in, and the old one is over', async () => {
  let cookie = `veilgate_admin=${'A'.repeat(43)}`
  for (const steps of [0, 1]) {
    const given = { name: 'wang', password: wang!.password, code: codeOf(wang!, steps) }
    const { status, headers, json } = await postLogin(admin, given, { cookie })
    assert.equal(status, 200)
    const fresh = String(headers['set-cookie']).split(';')[0]!
    const csrf = String(json['csrf'])
    assert.equal((await call(admin, { cookie, csrf }, 'GET', '/api/session')).status, 401)
    assert.equal((await call(admin, { cookie: fresh, csrf }, 'GET', '/api/session')).status, 200)
    cookie = fresh
  }
})

test('a session that is guessed, cut, doubled or said in another way is none', async () => {
  const session = await signIn(admin, li!)
  const word = session.cookie.slice('veilgate_admin='.length)
  const tries: Record<string, string | string[]>[] = [
    { cookie: `veilgate_admin=${'B'.repeat(43)}` },
    { cookie: session.cookie.slice(0, -1) },
    { cookie: `${session.cookie}; ${session.cookie}` },
    { cookie: `veilgate_admin=x; ${session.cookie}` },
    { cookie: `__Host-veilgate=${word}` },
    { cookie: `VEILGATE_ADMIN=${word}` },
    { 'x-cookie': session.cookie },
    { authorization: `Bearer ${word}`, cookie: '' },
  ]
  for (const headers of tries)
    assert.equal((await get(`${admin}/api/session`, { headers })).status, 401, JSON.stringify(Object.keys(headers)))
  assert.equal((await get(`${admin}/api/session`, { headers: { cookie: session.cookie } })).status, 200)
})

test('what changes something takes the word beside the cookie, and a page of ours', async () => {
  const { cookie, csrf } = await signIn(admin, li!, 1)
  const other = 'A'.repeat(43)
  const at = new URL(admin).host
  const tries: [status: number, headers: Record<string, string>][] = [
    [403, {}],
    [403, { 'x-veilgate-csrf': '' }],
    [403, { 'x-veilgate-csrf': other }],
    [403, { 'x-veilgate-csrf': cookie.split('=')[1]! }],
    [403, { 'x-veilgate-csrf': csrf, origin: 'https://evil.example' }],
    [403, { 'x-veilgate-csrf': csrf, origin: 'null' }],
    [403, { 'x-veilgate-csrf': csrf, origin: `https://${at}` }],
    [403, { 'x-veilgate-csrf': csrf, 'sec-fetch-site': 'cross-site' }],
    [403, { 'x-veilgate-csrf': csrf, 'sec-fetch-site': 'same-site' }],
    [415, { 'x-veilgate-csrf': csrf, 'content-type': 'text/plain' }],
    [200, { 'x-veilgate-csrf': csrf, origin: `http://${at}`, 'sec-fetch-site': 'same-origin' }],
  ]
  for (const [status, headers] of tries) {
    const sent = { ...asJson, cookie, ...headers }
    const answer = await get(`${admin}/api/logout`, { method: 'POST', headers: sent, body: '{}' })
    assert.equal(answer.status, status, JSON.stringify(headers))
  }
  assert.equal((await call(admin, { cookie, csrf }, 'GET', '/api/session')).status, 401)
})

test('another site cannot sign a browser in', async () => {
  const given = { name: 'li', password: 'x', code: '000000' }
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
    assert.equal((await postLogin(admin, given, headers)).status, 403)
  const plain = { 'content-type': 'application/x-www-form-urlencoded' }
  assert.equal((await get(`${admin}/api/login`, { method: 'POST', headers: plain, body: 'name=li' })).status, 415)
})

test('a name that was made to lead here is refused, before anything is looked at', async () => {
  const port = gateway.running.admin!.port
  for (const [host, status] of [
    [`evil.example:${port}`, 421],
    [`127.0.0.1.evil.example:${port}`, 421],
    ['localhost.evil.example', 421],
    [`localhost:${port}`, 200],
    [`127.0.0.1:${port}`, 200],
    [`[::1]:${port}`, 200],
  ] as const)
    assert.equal((await get(`${admin}/api/openapi.json`, { headers: { host } })).status, status, host)
  assert.equal((await get(`${admin}/healthz`, { headers: { host: 'a-service-name:8081' } })).status, 200)
  const given = JSON.stringify({ name: 'li', password: 'x', code: '000000' })
  const evil = { ...asJson, host: 'evil.example' }
  for (const headers of [evil, { ...evil, authorization: 'Veilgate x' }, { ...evil, authorization: 'x' }])
    assert.equal((await get(`${admin}/api/login`, { method: 'POST', headers, body: given })).status, 421)
  // however the address is written that leads there
  assert.equal((await get(`${admin}/%61pi/session`, { headers: evil })).status, 421)
  assert.match(
    await raw('GET http://evil.example/api/session HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'),
    /^HTTP\/1\.1 (?:421|404) /,
  )
  const foreign = { 'sec-fetch-site': 'cross-site' }
  assert.equal((await get(`${admin}/%61pi/session`, { headers: foreign })).status, 403)
})

test('headers that come twice, or speak for somebody else, move nothing', async () => {
  const head = (lines: string) => `GET /api/session HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`
  for (const lines of [
    'Host: 127.0.0.1\r\nHost: localhost\r\n',
    `Host: 127.0.0.1\r\nCookie: a=1\r\nCookie: b=1\r\n`,
    'Host: 127.0.0.1\r\nAuthorization: a\r\nAuthorization: b\r\n',
  ])
    assert.match(await raw(head(lines)), /^HTTP\/1\.1 400 /, lines)
  const smuggled =
    'POST /api/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
  assert.match(await raw(smuggled), /^HTTP\/1\.1 400 /)
  const overriding = { ...asJson, 'x-http-method-override': 'DELETE', 'x-original-url': '/api/accounts' }
  assert.equal((await get(`${admin}/healthz`, { headers: overriding })).body, 'ok\n')
})

test('who fails too often waits, whatever the forwarding headers say; and is let in again by the command', async () => {
  const owner = await addAccount(folder, 'zhao', 'audit')
  const wrong = { name: 'zhao', password: 'wrong', code: '000000' }
  for (let nth = 0; nth < 5; nth++) {
    const headers = { 'x-forwarded-for': `10.0.0.${nth}`, forwarded: `for=10.0.1.${nth}`, 'x-real-ip': `10.0.2.${nth}` }
    assert.equal((await postLogin(admin, wrong, headers)).status, 401)
  }
  const given = { name: 'zhao', password: owner.password, code: codeOf(owner) }
  const locked = await postLogin(admin, given)
  assert.deepEqual([locked.status, locked.json['why']], [429, 'locked'])
  assert.match(String(locked.headers['retry-after']), /^(?:[45]\d|60)$/)
  assert.equal((await runCommand(['accounts', 'unlock', 'zhao'], { cwd: folder })).status, 0)
  assert.equal((await postLogin(admin, given)).status, 200)
  const own = (await gateway.records()).filter(({ account }) => account === 'zhao')
  const actions = own.map(({ action, address }) => `${action} ${address}`)
  const failed = new Array(5).fill('failed 127.0.0.1')
  assert.deepEqual(
    actions.sort(),
    [...failed, 'added null', 'locked 127.0.0.1', 'login 127.0.0.1', 'unlocked null'].sort(),
  )
})

test('a password that somebody else has set must be changed before anything else', async () => {
  const session = await signIn(admin, chen!)
  assert.equal((await call(admin, session, 'GET', '/api/session')).json.change_password, true)
  assert.equal((await call(admin, session, 'GET', '/api/accounts')).json.why, 'password_initial')
  const next = 'a password of my own choosing'
  const change = (given: object) =>
    call(admin, session, 'POST', '/api/password', { password: chen!.password, next, code: codeOf(chen!, 1), ...given })
  assert.deepEqual((await change({ next: 'chenchenchen' })).json, { why: 'name' })
  assert.deepEqual((await change({ password: 'wrong' })).json, { why: 'credentials' })
  assert.equal((await change({})).status, 200)
  assert.equal((await call(admin, session, 'GET', '/api/session')).status, 401)
  const listed = await runCommand(['accounts', 'list'], { cwd: folder })
  assert.match(listed.stdout, /^chen +security +-/m)
  assert.doesNotMatch(listed.stdout, /has to change/)
})

test('an account that is taken away is out at once', async () => {
  const owner = await addAccount(folder, 'qian', 'audit')
  const session = await signIn(admin, owner)
  assert.equal((await runCommand(['accounts', 'remove', 'qian'], { cwd: folder })).status, 0)
  assert.equal((await call(admin, session, 'GET', '/api/session')).status, 401)
  assert.equal((await postLogin(admin, { ...owner, secret: undefined, code: codeOf(owner, 1) })).status, 401)
})

test('nothing of it is reachable where callers connect', async () => {
  const session = await signIn(admin, zheng!, 1)
  for (const [path, operations] of Object.entries(openapi.paths as Record<string, object>))
    for (const method of Object.keys(operations)) {
      const answer = await call(gateway.url, session, method.toUpperCase(), path.replace(/\{\w+\}/, 'A'))
      assert.ok(answer.status >= 400, `${method} ${path}`)
      assert.match(String(answer.headers['content-type']), /problem\+json/)
    }
})

async function raw(text: string): Promise<string> {
  const { head, body } = await exchangeRaw(gateway.running.admin!.port, text)
  return `${head}\r\n\r\n${body}`
}
