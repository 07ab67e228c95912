import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { readRecords } from '../../gateway/records/files/read.ts'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type ServeProcess, startServeProcess } from '../support/serve-process.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const skip = process.platform === 'linux' ? false : 'processes are looked up in /proc'
let [folder, upstream, gateway]: [string, Upstream, ServeProcess] = [] as never

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{"rows":[{"name":"张三丰","mobile":"13800138000","campus":"东区"}]}')
  })
  await writePolicy('')
  await writeFile(
    join(folder, 'gateway.yaml'),
    `listen: 127.0.0.1:0
admin: 127.0.0.1:0
workers: 2
systems: { old: { upstream: "${upstream.url}" } }
consumers:
  few: { audience: public, addresses: [127.0.0.2], rate: { requests: 5, per: hour } }
anonymous: { audience: public }
`,
    { mode: 0o600 },
  )
  gateway = await startServeProcess(folder, [])
})

after(async () => {
  await gateway.end('SIGKILL')
  await upstream.close()
  await removeFolder(folder)
})

async function writePolicy(fields: string): Promise<void> {
  await mkdir(join(folder, 'policies/systems'), { recursive: true })
  await writeFile(join(folder, 'policies/systems/old.yaml'), `system: old\n${fields}routes: [{ path: /x }]\n`)
}

/** On a connection of its own, so that it goes to the worker whose turn it is. */
const ask = () => fetch(`${gateway.url}/x`, { headers: { connection: 'close' } })

async function recordsByLog(): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for await (const { log, kind } of readRecords(join(folder, 'records')))
    if (kind === 'access') counts.set(log, (counts.get(log) ?? 0) + 1)
  return counts
}

test('all workers answer, each with a log of its own', { skip }, async () => {
  for (let times = 0; times < 8; times++) {
    const answer = await ask()
    assert.equal(answer.status, 200)
    assert.equal(await answer.text(), '{"rows":[{"name":"张**","mobile":"***","campus":"东区"}]}')
  }
  const counts = await recordsByLog()
  assert.deepEqual([...counts.keys()].sort(), ['gw1-0', 'gw1-1'])
  assert.equal(counts.get('gw1-0')! + counts.get('gw1-1')!, 8)
})

test('their metrics are added up', { skip }, async () => {
  const token = (await readFile(join(folder, 'keys/admin.secret'), 'utf8')).trim()
  const text = await (await fetch(`${gateway.admin}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text()
  assert.match(text, /veilgate_exchanges_total\{system="old",audience="public",outcome="released",code="none"\} 8\n/)
  assert.match(text, /veilgate_records_usable 1\n/)
  assert.match(text, /veilgate_records_index_behind_seconds \d+\n/)
})

test('a rate holds for all of them together', { skip }, async () => {
  const { port } = new URL(gateway.url)
  const statuses: number[] = []
  for (let times = 0; times < 9; times++) {
    const options = { port, path: '/x', localAddress: '127.0.0.2', agent: false }
    statuses.push(
      await new Promise<number>((resolve, reject) => {
        const asked = request(options, answer => answer.resume().once('end', () => resolve(answer.statusCode!)))
        asked.once('error', reject).end()
      }),
    )
  }
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429, 429, 429, 429])
})

test('a changed policy is taken up by all of them', { skip }, async () => {
  await writePolicy('fields: { campus: A3 }\n')
  const loadedBy = async () => {
    const logs = new Set<unknown>()
    for await (const { log, kind, previous } of readRecords(join(folder, 'records')))
      if (kind === 'policy' && previous !== null) logs.add(log)
    return logs.size
  }
  await until('a changed policy in three logs', async () => (await loadedBy()) === 3)
  // on record first, and then in force
  const isTaken = async () =>
    (await (await ask()).text()) === '{"rows":[{"name":"张**","mobile":"***","campus":"***"}]}'
  for (let times = 0; times < 4; times++) await until('the changed policy', isTaken)
})

test('a worker that is killed is started again, and nothing is lost that was answered', { skip }, async () => {
  const [first, ...others] = await gateway.workers()
  const answered = [...(await recordsByLog()).values()].reduce((sum, one) => sum + one, 0)
  process.kill(first!, 'SIGKILL')
  // a connection that was being handed to it is lost with it; from here on there is nobody to hand one to but the others
  await until('word of it', () => gateway.stderr().includes('a worker ended unexpectedly'))
  // a balancer must not take away the one that serves
  assert.equal((await fetch(`${gateway.admin}/readyz`)).status, 200)
  let well = 0
  for (; well < 6; well++) assert.equal((await ask()).status, 200)
  await until('another worker', async () => (await gateway.workers()).length === 2)
  const now = await gateway.workers()
  assert.equal(now.length, 2)
  assert.ok(others.every(pid => now.includes(pid)))
  await until('a gateway that is ready', async () => (await fetch(`${gateway.admin}/readyz`)).ok)
  for (let times = 0; times < 4; times++, well++) assert.equal((await ask()).status, 200)
  const recorded = [...(await recordsByLog()).values()].reduce((sum, one) => sum + one, 0)
  assert.ok(recorded >= answered + well)
})

test('a stop signal ends all of them well, and their records verify as one', { skip }, async () => {
  const pids = await gateway.workers()
  assert.equal(await gateway.end(), 0)
  for (const pid of pids) assert.throws(() => process.kill(pid, 0))
  const reports = await verifyFolder(join(folder, 'records'))
  assert.deepEqual(reports.map(({ log }) => log).sort(), ['gw1', 'gw1-0', 'gw1-1'])
  assert.deepEqual(
    reports.flatMap(({ problems }) => problems),
    [],
  )
  // what the gateway as a whole was started with, and grants it decided on, are proved like the rest
  for (const log of ['gw1', 'gw1-0', 'gw1-1']) {
    const kept = await readFile(join(folder, `records/${log}.tlog/checkpoints`), 'utf8')
    assert.match(kept, new RegExp(`^veilgate/[0-9a-f]{16}/${log}\n\\d+\n`), log)
  }
})
