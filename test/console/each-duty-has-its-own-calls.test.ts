import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Duty, duties } from '../../gateway/config/config.ts'
import { ruleOf } from '../../gateway/console/duties.ts'
import { openapi } from '../../gateway/console/openapi.ts'
import { addAccount, call, type Owner, type SignedIn, signIn, writeConfig } from '../support/accounts.ts'
import { makePeople } from '../support/approving-people.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { reviewSettings } from '../support/reviewing.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'

let folder: string
let gateway: TestGateway
let admin: string
const sessions = new Map<string, SignedIn>()

/** Who may call what: written down once more, so that nobody widens it unnoticed. */
const table: Readonly<Record<string, readonly string[]>> = {
  open: [
    'GET /healthz',
    'GET /readyz',
    'GET /api/openapi.json',
    'POST /api/login',
    'GET /api/login/oidc',
    'GET /api/login/callback',
  ],
  any: ['GET /api/session', 'POST /api/logout', 'POST /api/password'],
  system: ['GET /api/status', 'GET /metrics', 'GET /api/accounts', 'POST /api/accounts/{name}/unlock'],
  security: [
    'GET /api/policy',
    'GET /api/alerts',
    'GET /api/grants',
    'POST /api/grants',
    'POST /api/grants/drafts',
    'GET /api/grants/{id}',
    'POST /api/grants/{id}/verdicts',
    'POST /api/grants/{id}/target',
    'GET /api/lockdowns',
    'POST /api/lockdowns',
    'POST /api/lockdowns/{id}/lifts',
    'GET /api/reviews',
    'GET /api/reviews/{id}',
    'POST /api/reviews/{id}/verdicts',
    'POST /api/reviews/{id}/body',
  ],
  audit: ['GET /api/records', 'GET /api/records/{id}', 'GET /api/report'],
}

const calls = Object.entries(openapi.paths as Record<string, object>).flatMap(([path, operations]) =>
  Object.keys(operations).map(method => ({ method: method.toUpperCase(), path })),
)

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  await writeConfig(folder)
  const owners: [Duty, Owner][] = []
  for (const duty of duties) owners.push([duty, await addAccount(folder, `${duty}-li`, duty)])
  const { approvers } = await makePeople(join(folder, 'people'))
  gateway = await startTestGateway({
    upstream: 'http://127.0.0.1:1',
    directory: folder,
    config: { approvers, admin: { host: '127.0.0.1', port: 0 }, reviews: reviewSettings(folder) },
  })
  admin = `http://127.0.0.1:${gateway.running.admin!.port}`
  for (const [duty, owner] of owners) sessions.set(duty, await signIn(admin, owner))
})
after(async () => {
  await gateway.close()
  await removeFolder(folder)
})

test('every call that is described stands in the table, with its duty', () => {
  const described = calls.map(({ method, path }) => {
    const { duty } = ruleOf(method, path.replace(/\{(\w+)\}/g, ':$1'))
    return `${duty ?? 'open'} ${method} ${path}`
  })
  const written = Object.entries(table).flatMap(([duty, all]) => all.map(one => `${duty} ${one}`))
  assert.deepEqual(described.sort(), written.sort())
})

test('each duty gets to its own calls and to no other, and nobody without a session gets to any', async () => {
  for (const { method, path } of calls) {
    const { duty } = ruleOf(method, path.replace(/\{(\w+)\}/g, ':$1'))
    const target = path.replace(/\{\w+\}/, 'AAAAAAAAAAAAAAAAAAAAAA')
    // that would end what the others need
    if (duty === null || path === '/api/logout') continue
    for (const who of [...duties, null]) {
      const { status, json } = await call(admin, who === null ? null : sessions.get(who)!, method, target, {})
      const said = `${who} ${method} ${path}: ${status} ${json?.why}`
      if (who === null) assert.equal(status, 401, said)
      else if (duty === 'any' || duty === who) assert.ok(![401, 403].includes(status), said)
      else assert.deepEqual([status, json?.why], [403, 'duty'], said)
    }
  }
})

test('what a duty was refused is on record, each call once', async () => {
  const denied = (await gateway.records()).filter(({ kind, action }) => kind === 'account' && action === 'denied')
  const own = calls.filter(
    ({ method, path }) => !['any', null].includes(ruleOf(method, path.replace(/\{(\w+)\}/g, ':$1')).duty),
  )
  assert.equal(denied.length, own.length * 2)
  for (const entry of denied) assert.equal(entry['account'], `${entry['duty']}-li`)
})

test('HEAD is what GET is, and a path that is not there is nobody’s', async () => {
  assert.equal((await call(admin, sessions.get('audit')!, 'HEAD', '/api/accounts')).status, 403)
  assert.equal((await call(admin, null, 'HEAD', '/api/accounts')).status, 401)
  for (const path of [
    '/api/accounts/',
    '/api//accounts',
    '/API/accounts',
    '/api/accounts/x/unlock/',
    '/api/%61ccounts/',
  ])
    assert.equal((await call(admin, sessions.get('audit')!, 'GET', path)).status, 404, path)
})
