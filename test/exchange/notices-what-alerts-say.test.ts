import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makePeople } from '../support/approving-people.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startTestGateway, type TestGateway, type TestRecord } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const alerts = `alerts:
  canary: { watch: canary, actions: [notify, block] }
  many: { watch: people, over: 5 }
  much: { watch: people, over: 8, actions: [slow_down, mask_harder], slow_to: 2, lasts: 1h }
canaries: [{ cn_resident_id: "11010519491231002x" }, { open_id: "oCanary-0987654321" }]
`
let [folder, upstream, gateway]: [string, Upstream, TestGateway] = [] as never

async function start(): Promise<void> {
  const people = await makePeople(join(folder, 'people'))
  gateway = await startTestGateway({
    upstream: upstream.url,
    directory: folder,
    policies: { 'systems/upstream.yaml': 'system: upstream\nroutes: [{ path: /** }]\n', 'alerts.yaml': alerts },
    config: { approvers: people.approvers, requesters: people.requesters },
  })
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream((asked, response) => {
    response.setHeader('content-type', 'application/json')
    const some = Array.from({ length: asked.url === '/many' ? 9 : 7 }, (_, nth) => ({ tel: `1380013800${nth}` }))
    const stronger = {
      idCard: '110101199003070134',
      tel: '13800138100',
      passport: 'E12345678',
      studentNo: '2026010203',
    }
    const canaries: Record<string, object> = {
      '/canary': { idCard: '11010519491231002X' },
      '/weak': [{ ...stronger, openId: 'oCanary-0987654321' }],
      '/nobody': [{ ...stronger, openId: 'oSomebody-1234567890' }],
    }
    response.end(JSON.stringify(canaries[asked.url!] ?? some))
  })
  await start()
})
after(async () => {
  await gateway.close()
  await upstream.close()
  await removeFolder(folder)
})

const get = (path: string, operator: string) =>
  fetch(gateway.url + path, {
    headers: { authorization: `Bearer ${gateway.keys.staff}`, 'veilgate-operator': operator },
  })

async function alertsOn(rule: string): Promise<TestRecord[]> {
  return (await gateway.records()).filter(record => record.kind === 'alert' && record['rule'] === rule)
}

const isOf = (scope: unknown, operator: string) => (scope as { operator: unknown }).operator === operator

test('an alert goes on record with the record that raised it, and to the log', async () => {
  await (await get('/list', 'u1')).text()
  await until('an alert on record', async () => (await alertsOn('many')).length > 0)
  const [alert] = await alertsOn('many')
  assert.partialDeepStrictEqual(alert, { operator: 'u1', consumer: 'staff', amount: 7, limit: 5, actions: ['notify'] })
  const raised = (await gateway.records()).find(({ log, seq }) => `${log}:${seq}` === alert!['of'])!
  assert.partialDeepStrictEqual(raised, { kind: 'access', operator: 'u1' })
  // It is on record first, and then in the log.
  await until('the alert in the log', () => /alert: look at the access records/.test(gateway.log.join('')))
  assert.equal((await get('/list', 'u1')).status, 200)
})

test('whoever passes a rule that says so is slowed down and masked harder, for its time', async () => {
  const shown = await (await get('/many', 'u4')).text()
  await until('an answer that is masked harder', async () => (await (await get('/many', 'u4')).text()) !== shown)
  const ordered = async () =>
    (await gateway.records()).filter(({ kind, scope }) => kind === 'lockdown' && isOf(scope, 'u4'))
  await until('two lockdowns on record', async () => (await ordered()).length === 2)
  const [slow, harder] = await ordered()
  assert.partialDeepStrictEqual(slow, { action: 'locked', effect: 'slow_down', rate: 2, person: null })
  assert.partialDeepStrictEqual(harder, { action: 'locked', effect: 'mask_harder', person: null })
  const time = (one: TestRecord, key: string) => Date.parse(String(one[key]))
  assert.ok(Math.abs(time(slow!, 'until') - time(slow!, 'time') - 3_600_000) < 60_000)
  const statuses = []
  for (let times = 0; times < 4; times++) statuses.push((await get('/many', 'u4')).status)
  assert.equal(statuses.at(-1), 429)
})

test('whoever opens a canary is noticed and locked out, and nobody else is', async () => {
  assert.equal((await get('/canary', 'u2')).status, 200)
  await until('a refusal', async () => (await get('/list', 'u2')).status === 403)
  assert.equal((await get('/list', 'u3')).status, 200)
  assert.equal((await alertsOn('canary')).length, 1)
  const lockdown = (await gateway.records()).find(({ kind, scope }) => kind === 'lockdown' && isOf(scope, 'u2'))!
  assert.partialDeepStrictEqual(lockdown, { action: 'locked', person: null, scope: { operator: 'u2', consumer: null } })
})

test('a canary is noticed by a weak value too, in a row with more and stronger ones than a record keeps', async () => {
  assert.equal((await get('/nobody', 'u5')).status, 200)
  assert.equal((await get('/weak', 'u6')).status, 200)
  await until('a refusal', async () => (await get('/list', 'u6')).status === 403)
  assert.equal((await get('/list', 'u5')).status, 200)
})

test('after a restart what was said is not said again', async () => {
  const before = (await alertsOn('many')).length
  await gateway.running.close()
  await start()
  await (await get('/list', 'u1')).text()
  await (await get('/list', 'u9')).text()
  await until('an alert of another', async () => (await alertsOn('many')).some(({ operator }) => operator === 'u9'))
  const after = await alertsOn('many')
  assert.equal(after.filter(({ operator }) => operator === 'u1').length, 1)
  assert.ok(after.length > before)
})
