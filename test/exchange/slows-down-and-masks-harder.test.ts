import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'
import { type ApprovingGateway, startApproving } from '../support/start-approving.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const audiences = `audiences:
  public: { 4: remove, 3: redact, 2: partial, 1: clear }
  staff: { 4: partial, 3: partial, 2: clear, 1: clear }
  counsellor: { like: staff, clear_with: { 3: [operator, purpose] } }
`
let [folder, upstream, gateway]: [string, Upstream, ApprovingGateway] = [] as never
/** Answers that wait, by their path. */
const held = new Map<string, () => void>()

async function start(): Promise<void> {
  const policies = {
    'audiences.yaml': audiences,
    'systems/upstream.yaml': 'system: upstream\nroutes: [{ path: /a }, { path: /slow }, { path: /long }]\n',
  }
  gateway = await startApproving({ upstream: upstream.url, directory: folder, policies }, gateway?.people)
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream(async (asked, response) => {
    response.setHeader('content-type', 'application/json')
    const many = Array.from({ length: 40_000 }, () => '{"tel":"13800138000"}').join()
    if (asked.url === '/long') response.write(`[${many}`)
    if (asked.url !== '/a') await new Promise<void>(resolve => held.set(asked.url!, resolve))
    response.end(asked.url === '/long' ? `,${many}]` : '{"tel":"13800138000","studentNo":"20230001"}')
  })
  await start()
})
after(async () => {
  await gateway.close()
  await upstream.close()
  await removeFolder(folder)
})

const run = (person: string, ...args: string[]) => gateway.by(person, ...args)

async function order(...args: string[]): Promise<string> {
  const ran = await run('wang', 'lockdown', ...args)
  assert.equal(ran.status, 0, ran.stderr)
  return ran.stdout.trim()
}

async function lift(id: string): Promise<void> {
  await run('zhao', 'lockdown', 'lift', id)
  assert.match((await run('chen', 'lockdown', 'lift', id)).stderr, /Lifted/)
}

const get = (path: string, operator = 'u1', headers = {}) =>
  fetch(gateway.url + path, {
    headers: {
      ...{ authorization: `Bearer ${gateway.keys.counsellor}`, 'veilgate-operator': operator },
      ...{ 'veilgate-purpose': 'enrolment', ...headers },
    },
  })
const body = async (...asked: Parameters<typeof get>) => (await get(...asked)).text()
const clear = '{"tel":"13800138000","studentNo":"20230001"}'
const token = /^\{"tel":"(?!138)[^*"]+","studentNo":"20230001"\}$/

test('who is slowed down has so many requests a minute, and is told when to come again; nobody else is', async () => {
  const id = await order('--operator', 'u1', '--slow-down', '3')
  const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await get('/a')).status))
  assert.deepEqual(statuses.toSorted(), [200, 200, 200, 429, 429, 429, 429, 429])
  const refused = await get('/a')
  assert.match(refused.headers.get('retry-after')!, /^[1-9]\d?$/)
  assert.match(await refused.text(), /SLOWED_DOWN/)
  assert.equal((await get('/a', 'U1')).status, 429)
  assert.equal((await get('/a', 'u2')).status, 200)
  assert.match(
    (await run('wang', 'lockdown', 'list')).stdout,
    /operator u1 {2}slowed down \(3\/min\) {2}wang .* in force/,
  )
  await lift(id)
  assert.equal((await get('/a')).status, 200)
  await gateway.close()
  // by the minute, which may have ended meanwhile
  const slowed = (await gateway.records()).filter(one => one['code'] === 'SLOWED_DOWN')
  assert.equal(
    slowed.reduce((sum, one) => sum + Number(one['count']), 0),
    7,
  )
  await start()
})

test('who is masked harder sees what they see without presenting anything, one form stricter', async () => {
  assert.equal(await body('/a'), clear)
  const id = await order('--operator', 'u1', '--mask-harder')
  assert.match(await body('/a'), token)
  assert.equal(await body('/a', 'u2'), clear)
  await gateway.running.close()
  await start()
  assert.match(await body('/a'), token)
  assert.equal(await body('/a', 'u2'), clear)
  await lift(id)
  assert.equal(await body('/a'), clear)
})

test('who insists, or presents a grant, is refused rather than shown less; the grant is not used', async () => {
  const id = await order('--operator', 'u1', '--mask-harder')
  for (const headers of [{ prefer: 'handling=strict' }, { 'veilgate-grant': 'A'.repeat(22) }]) {
    const answer = await get('/a', 'u1', headers)
    assert.equal(answer.status, 403)
    assert.match(await answer.text(), /MASKED_HARDER/)
  }
  await lift(id)
})

test('an answer that was asked for before does not leave as it was', async () => {
  const [whole, long] = [get('/slow'), await get('/long')]
  await until('both at the system', () => held.size === 2)
  const id = await order('--operator', 'u1', '--mask-harder')
  for (const goOn of held.values()) goOn()
  await assert.rejects(long.text())
  assert.match(await (await whole).text(), /MASKED_HARDER/)
  assert.equal((await gateway.records()).find(({ kind }) => kind === 'aborted')!['code'], 'MASKED_HARDER')
  await lift(id)
})

test('one with a time ends by itself, on record', async () => {
  let id = ''
  let seen = ''
  // a machine with much to do may look when the time is over
  for (const time of ['3s', '45s']) {
    id = await order('--operator', 'u1', '--mask-harder', '--for', time)
    seen = await body('/a')
    if (seen !== clear) break
  }
  assert.match(seen, token)
  await until('its end', async () => (await body('/a')) === clear)
  const events = (await gateway.records()).filter(one => one['lockdown'] === id)
  assert.deepEqual(
    events.map(one => [one['action'], one['effect'], one['person']]),
    [
      ['locked', 'mask_harder', 'wang'],
      ['ended', 'mask_harder', null],
    ],
  )
})
