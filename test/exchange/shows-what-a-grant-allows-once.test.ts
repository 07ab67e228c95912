import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makePeople } from '../support/approving-people.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import { type ApprovingGateway, startApproving } from '../support/start-approving.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const row = { name: '张三丰', idCard: '11010519491231002X', tel: '13800138000' }
const system = `system: upstream
routes:
  - path: /students/{id}
  - path: /export
    bulk: { rows: 2, people: 2 }
  - path: /long
    bulk: { rows: 10 }
`
const audiences = `audiences:
  public: { 4: remove, 3: redact, 2: partial, 1: clear }
  staff: { 4: partial, 3: partial, 2: clear, 1: clear }
  counsellor: { like: staff, clear_with: { 4: [operator, purpose, basis, grant], 3: [operator, purpose, basis] } }
`
const statement = {
  'veilgate-operator': 'u1203',
  'veilgate-purpose': 'enrolment',
  'veilgate-basis': 'work_order;ref="WO-2026-0012"',
}

let [folder, upstream, gateway]: [string, Upstream, ApprovingGateway] = [] as never
let exported: unknown[] = []

async function start(): Promise<void> {
  const policies = { 'systems/upstream.yaml': system, 'audiences.yaml': audiences }
  gateway = await startApproving({ upstream: upstream.url, directory: folder, policies }, gateway?.people)
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream((asked, response) => {
    response.setHeader('content-type', 'application/json')
    if (asked.url === '/long') {
      response.write('[')
      for (let nth = 0; nth < 20_000; nth++) response.write(`${nth === 0 ? '' : ','}${JSON.stringify(row)}`)
      response.end(']')
    } else response.end(JSON.stringify(asked.url === '/export' ? exported : row))
  })
  await start()
})
after(async () => {
  await gateway.close()
  await upstream.close()
  await removeFolder(folder)
})

const admin = () => `http://127.0.0.1:${gateway.running.admin!.port}`
const grants = (person: string, ...args: string[]) => gateway.by(person, 'grants', ...args)

async function ask(target: string, ...more: string[]): Promise<string> {
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const said = ['--operator', 'u1203', '--consumer', 'counsellor', '--purpose', 'enrolment', '--until', until]
  const basis = ['--basis', 'work_order;ref="WO-2026-0012"', '--system', 'upstream', '--target', target]
  const terminal = more.includes('--from-terminal') ? [] : ['--from-terminal', '127.0.0.1']
  const ran = await grants('li', 'ask', ...said, ...basis, ...terminal, ...more)
  assert.equal(ran.status, 0, ran.stderr)
  return ran.stdout.trim()
}

async function ready(target: string, ...more: string[]): Promise<string> {
  const id = await ask(target, ...more)
  for (const person of ['wang', 'zhang']) assert.equal((await grants(person, 'approve', id)).status, 0)
  return id
}

const get = (path: string, grant: string | null, changed: Record<string, string> = {}) =>
  fetch(`${gateway.url}${path}`, {
    headers: {
      authorization: `Bearer ${gateway.keys.counsellor}`,
      ...statement,
      ...(grant !== null && { 'veilgate-grant': grant }),
      ...changed,
    },
  })

const sawId = ['--sees', 'cn_resident_id']

test('asked for and approved by two, the number is seen clear, once, and nothing else is', async () => {
  const without = await (await get('/students/7', null)).json()
  assert.deepEqual(without, { ...row, idCard: '110***************' })
  const id = await ask('/students/7', ...sawId)
  assert.equal((await get('/students/7', id)).status, 403)
  for (const person of ['wang', 'zhang']) assert.equal((await grants(person, 'approve', id)).status, 0)
  assert.deepEqual(await (await get('/students/7', id)).json(), { ...row, tel: '138****8000' })
  const again = await get('/students/7', id)
  assert.equal(again.status, 403)
  assert.partialDeepStrictEqual(await again.json(), { code: 'GRANT_UNUSABLE' })
})

test('its whole life can be followed through the records by its id, and none of them holds the target', async () => {
  const id = await ready('/students/20261234', ...sawId)
  await (await get('/students/20261234', id)).text()
  const own = (await gateway.records()).filter(({ grant }) => grant === id)
  assert.deepEqual(
    own.map(({ kind, action }) => action ?? kind),
    ['asked', 'approved', 'approved', 'used', 'intent', 'access'],
  )
  assert.partialDeepStrictEqual(own.at(-1)!, { fields: { 'cn_resident_id@A4': { clear: 1 } }, outcome: 'released' })
  assert.ok(!JSON.stringify(own).includes('20261234'))
  const shown = await grants('wang', 'show', id, '--target', '/students/20261234')
  assert.equal(shown.status, 0)
  assert.equal((await grants('wang', 'show', id, '--target', '/students/20261235')).status, 1)
})

test('for anything else than it was given for it is refused, by what differs, and stays unused', async () => {
  const id = await ready('/students/7', ...sawId)
  const cases: [path: string, changed: Record<string, string>, missing: string[]][] = [
    ['/students/8', {}, ['query']],
    ['/students/7?a=1', {}, ['query']],
    ['/students/7', { 'veilgate-operator': 'u9' }, ['operator']],
    ['/students/7', { 'veilgate-basis': 'work_order;ref="WO-2026-0013"' }, ['basis']],
    ['/students/7', { authorization: `Bearer ${gateway.keys.staff}` }, ['consumer']],
  ]
  for (const [path, changed, missing] of cases) {
    const answer = await get(path, id, changed)
    assert.equal(answer.status, 403)
    assert.partialDeepStrictEqual(await answer.json(), { code: 'GRANT_MISMATCH', missing })
  }
  const elsewhere = await new Promise<number>((resolve, reject) => {
    const headers = { authorization: `Bearer ${gateway.keys.counsellor}`, ...statement, 'veilgate-grant': id }
    const options = { port: gateway.port, path: '/students/7', localAddress: '127.0.0.9', headers }
    const asked = request(options, answer => answer.resume().once('end', () => resolve(answer.statusCode!)))
    asked.once('error', reject).end()
  })
  assert.equal(elsewhere, 403)
  const noticed = (await gateway.records()).filter(({ grant, kind }) => grant === id && kind === 'refused')
  assert.equal(noticed.length, cases.length + 1)
  assert.equal((await get('/students/7', id)).status, 200)
})

test('a bulk export needs one, leaves masked as it says, and is cut where it is more', async () => {
  exported = [row, row, row]
  const refused = await get('/export', null)
  assert.partialDeepStrictEqual(await refused.json(), { code: 'ROWS_NEED_GRANT', missing: ['grant'] })
  const id = await ready('/export', '--rows', '3', '--format', 'json')
  const masked = { ...row, idCard: '110***************', tel: '138****8000' }
  assert.deepEqual(await (await get('/export', id)).json(), [masked, masked, masked])
  const few = await ready('/export', '--rows', '2')
  assert.partialDeepStrictEqual(await (await get('/export', few)).json(), { code: 'ROWS_NEED_GRANT' })
})

test('people are counted too', async () => {
  exported = [{ people: ['13800138000', '13912345678', '13700137000'].map(tel => ({ tel })) }]
  assert.partialDeepStrictEqual(await (await get('/export', null)).json(), { code: 'ROWS_NEED_GRANT' })
  exported = [{ tel: '13800138000' }, { tel: '13800138000' }]
  assert.equal((await get('/export', null)).status, 200)
})

test('a long export is cut in the middle where it has more rows than the grant, and that is on record', async () => {
  const id = await ready('/long', '--rows', '15000')
  const answer = await get('/long', id)
  assert.equal(answer.status, 200)
  await assert.rejects(answer.text())
  const records = await gateway.records()
  const open = records.find(({ kind, grant }) => kind === 'open' && grant === id)!
  const end = records.find(({ kind, of }) => kind === 'aborted' && of === `${open.log}:${open.seq}`)!
  assert.equal(end['code'], 'ROWS_NEED_GRANT')
  assert.ok(Number(end['rows']) <= 15_000)
})

test('another format than the grant is for is withheld', async () => {
  const id = await ready('/students/7', ...sawId, '--format', 'csv')
  const answer = await get('/students/7', id)
  assert.partialDeepStrictEqual(await answer.json(), { code: 'GRANT_MISMATCH', missing: ['format'] })
})

test('what is refused or revoked stays shut; who asked does not approve; both languages say so', async () => {
  const [one, other] = [await ready('/students/7', ...sawId), await ask('/students/7', ...sawId)]
  assert.equal((await grants('li', 'revoke', one)).status, 0)
  assert.equal((await get('/students/7', one)).status, 403)
  const own = await grants('li', 'approve', other)
  assert.equal(own.status, 2)
  assert.match(own.stderr, /no approver/)
  assert.equal((await grants('wang', 'approve', other)).status, 0)
  assert.match((await grants('zhao', 'approve', other, '--lang', 'zh')).stderr, /同组/)
  assert.equal((await grants('chen', 'refuse', other)).status, 0)
  assert.match((await grants('zhang', 'approve', other)).stderr, /come to its end/)
})

test('what cannot be given cannot be asked for, and is named', async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const base = ['--consumer', 'counsellor', '--system', 'upstream', '--until', until]
  const ran = await grants(
    'li',
    ...['ask', ...base, '--operator', '13800138000', '--basis', 'consent', '--target', '/nothing'],
    ...['--sees', 'cn_resident_id', '--rows', '0', '--format', 'doc', '--from-terminal', 'here'],
  )
  assert.equal(ran.status, 2)
  for (const option of ['operator', 'basis', 'target', 'rows', 'format', 'from-terminal'])
    assert.match(ran.stderr, new RegExp(`--${option}:`))
  assert.ok(!ran.stderr.includes('13800138000'))
  const mobile = await grants(
    'li',
    ...['ask', ...base, '--operator', 'u1', '--basis', 'work_order;ref="WO-1"', '--target', '/students/7'],
    ...['--sees', 'cn_mobile', '--from-terminal', '127.0.0.1'],
  )
  assert.match(mobile.stderr, /--sees:/)
  const unnumbered = await grants(
    'li',
    ...['ask', ...base, '--operator', 'u1', '--basis', 'work_order', '--target', '/students/7'],
    ...['--sees', 'cn_resident_id', '--from-terminal', '127.0.0.1'],
  )
  assert.match(unnumbered.stderr, /--basis:/, 'no request could state it')
})

test('without a key that is known nothing is said; a call changed on its way does not count', async () => {
  const id = await ready('/students/7', ...sawId)
  for (const path of ['/api/grants', `/api/grants/${id}`]) assert.equal((await fetch(admin() + path)).status, 401)
  const stranger = await makePeople(join(folder, 'strangers'))
  const ran = await runCommand(['grants', 'list', '--key', stranger.keyOf('wang'), '--admin', admin()])
  assert.equal(ran.status, 2)
  assert.match(ran.stderr, /not accepted/)
  assert.equal((await fetch(`${gateway.url}/api/grants`)).status, 404)
})

test('all of it is there again after a restart: what was open, and what was used up', async () => {
  const [used, open] = [await ready('/students/7', ...sawId), await ready('/students/7', ...sawId)]
  assert.equal((await get('/students/7', used)).status, 200)
  await gateway.running.close()
  await start()
  assert.equal((await get('/students/7', used)).status, 403)
  assert.equal((await get('/students/7', open)).status, 200)
  assert.match((await grants('chen', 'list', '--all')).stdout, new RegExp(`${used}  used 2/2`))
})
