import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { addAccount, call, type SignedIn, signIn, writeConfig } from '../support/accounts.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

let folder: string
let upstream: Upstream
let gateway: TestGateway
let admin: string
let [audit, security]: SignedIn[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  await writeConfig(folder)
  const owners = [await addAccount(folder, 'zheng', 'audit'), await addAccount(folder, 'chen', 'security')]
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end('[{"mobile":"13800138000"}]')
  })
  gateway = await startTestGateway({
    upstream: upstream.url,
    directory: folder,
    config: { admin: { host: '127.0.0.1', port: 0 } },
  })
  admin = `http://127.0.0.1:${gateway.running.admin!.port}`
  for (const path of ['/a', '/b', '/c']) await (await fetch(gateway.url + path)).arrayBuffer()
  audit = await signIn(admin, owners[0]!)
  security = await signIn(admin, owners[1]!)
})
after(async () => {
  await gateway.close()
  await upstream.close()
  await removeFolder(folder)
})

const read = (path: string, session = audit!) => call(admin, session, 'GET', path)
const readings = async () => (await gateway.records()).filter(({ kind }) => kind === 'query')

test('records are read by what they say, and that they were is on record, with who and by what', async () => {
  const { status, json } = await read('/api/records?kind=access&system=upstream&limit=2')
  assert.equal(status, 200)
  assert.deepEqual(
    json.records.map(({ kind, system }: Record<string, unknown>) => [kind, system]),
    [
      ['access', 'upstream'],
      ['access', 'upstream'],
    ],
  )
  const [reading] = await readings()
  const { operator, command, filters, shown } = reading!
  assert.deepEqual(
    { operator, command, filters, shown },
    { operator: 'zheng', command: 'query', filters: ['system', 'kind'], shown: 2 },
  )
  const all = (await read('/api/records')).json.records as Record<string, unknown>[]
  assert.ok(all.some(({ kind, account }) => kind === 'account' && account === 'chen'))
  const [own] = (await read('/api/records?operator=chen')).json.records
  assert.deepEqual([own.action, own.account, own.address], ['login', 'chen', '127.0.0.1'])
  const several = await read('/api/records?kind=access&kind=policy&data_type=cn_mobile')
  assert.equal(several.json.records.length, 3)
})

test('one record is told in a sentence', async () => {
  const [record] = (await read('/api/records?kind=access&limit=1')).json.records
  const one = await read(`/api/records/${record.log}:${record.seq}`)
  assert.deepEqual([one.status, one.json.record], [200, record])
  assert.match(one.json.told.zh, /访问 upstream 的 GET/)
  assert.match(one.json.told.en, /asked upstream for GET/)
  for (const id of ['gw1-0:999999', 'gw1-0', '..', '--help', 'x:1', '%2e%2e'])
    assert.equal((await read(`/api/records/${id}`)).status, 404, id)
})

test('a report is a page that runs nothing, or a file', async () => {
  const page = await read('/api/report?period=week')
  assert.deepEqual([page.status, page.headers['content-type']], [200, 'text/html; charset=utf-8'])
  assert.match(page.body, /^<!doctype html>/i)
  assert.match(
    String(page.headers['content-security-policy']),
    /default-src 'none'; style-src 'unsafe-inline';.*sandbox/,
  )
  const file = await read('/api/report?period=month&day=2026-11-21&format=csv&lang=en')
  assert.equal(file.headers['content-type'], 'text/csv; charset=utf-8')
  assert.match(String(file.headers['content-disposition']), /^attachment/)
  assert.equal(
    (await readings()).filter(({ command, operator }) => command === 'report' && operator === 'zheng').length,
    2,
  )
})

test('who guards the gateway reads its alerts, and no other record', async () => {
  const alerts = await read('/api/alerts?from=2026-01-01', security)
  assert.deepEqual([alerts.status, alerts.json], [200, { records: [], damaged: false }])
  assert.equal((await read('/api/alerts?kind=access', security)).status, 400)
  assert.equal((await read('/api/alerts?without=alert', security)).status, 400)
  assert.equal((await read('/api/records', security)).status, 403)
  assert.equal((await read('/api/alerts')).status, 403)
})

test('what is not asked in the right words is refused, and no other option gets through', async () => {
  const before = (await readings()).length
  for (const query of [
    'records=/etc',
    'postgres=x',
    'scan=',
    'csv=',
    'json=true',
    'limit=0',
    'limit=1001',
    'limit=1&limit=2',
    'from=yesterday',
    'kind=nothing',
    'cell=Z9',
    'from=--postgres',
    'consumer=%00',
    `consumer=${'a'.repeat(600)}`,
    Array.from({ length: 40 }, (_, nth) => `system=${nth}`).join('&'),
    '__proto__=x',
  ])
    assert.equal((await read(`/api/records?${query}`)).status, 400, query)
  for (const query of ['period=year', 'day=2026-02-30'])
    assert.equal((await read(`/api/report?${query}`)).status, 400, query)
  assert.equal((await readings()).length, before)
})

test('two questions at one time are answered, and more are told so', async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => read('/api/records?limit=1')))
  const statuses = answers.map(({ status }) => status).sort()
  assert.deepEqual(statuses, [200, 200, 503, 503, 503])
  assert.equal((await read('/api/records?limit=1')).status, 200)
})
