import assert from 'node:assert/strict'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { hashApiKey, makeApiKey } from '../../plugins/identities/api-key.ts'
import { type ApprovingPeople, makePeople } from '../support/approving-people.ts'
import { isAlive } from '../support/is-alive.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import { type ServeProcess, startServeProcess } from '../support/serve-process.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const skip = process.platform === 'linux' ? false : 'processes are looked up in /proc'
const key = makeApiKey()
let [folder, people, upstream, gateway]: [string, ApprovingPeople, Upstream, ServeProcess] = [] as never

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  people = await makePeople(join(folder, 'people'))
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{"idCard":"11010519491231002X"}')
  })
  await mkdir(join(folder, 'policies/systems'), { recursive: true })
  await writeFile(
    join(folder, 'policies/systems/old.yaml'),
    'system: old\nroutes: [{ path: /x }, { path: /held, review: three }]\n',
  )
  await writeFile(
    join(folder, 'policies/audiences.yaml'),
    'audiences: { counsellor: { 4: partial, 3: partial, 2: clear, 1: clear, clear_with: { 4: [operator, basis, grant] } } }\n',
  )
  await writeFile(
    join(folder, 'gateway.yaml'),
    `listen: 127.0.0.1:0
admin: 127.0.0.1:0
workers: 2
reviews: { pass: [security], check: [privacy], release: [audit] }
${people.yaml}systems: { old: { upstream: "${upstream.url}" } }
consumers:
  oa: { audience: counsellor, api_key: "${hashApiKey(key)}", names_operators: true, bases: [work_order] }
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

const grants = (person: string, ...args: string[]) =>
  runCommand(['grants', ...args, '--key', people.keyOf(person), '--admin', gateway.admin])

/** On a connection of its own, so that it goes to the worker whose turn it is. */
const get = (id: string) =>
  fetch(`${gateway.url}/x`, {
    headers: {
      authorization: `Bearer ${key}`,
      connection: 'close',
      'veilgate-operator': 'u1203',
      'veilgate-basis': 'work_order;ref="WO-2026-0012"',
      ...(id !== '' && { 'veilgate-grant': id }),
    },
  })

async function ready(): Promise<string> {
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const asked = await grants(
    'li',
    ...['ask', '--operator', 'u1203', '--consumer', 'oa', '--basis', 'work_order;ref="WO-2026-0012"'],
    ...['--system', 'old', '--target', '/x', '--sees', 'cn_resident_id', '--from-terminal', '127.0.0.1'],
    ...['--until', until],
  )
  const id = asked.stdout.trim()
  for (const person of ['wang', 'zhang']) assert.equal((await grants(person, 'approve', id)).status, 0, asked.stderr)
  return id
}

test('of a hundred requests to several workers one gets it; after a kill none, and what was open is open', {
  skip,
}, async () => {
  const [used, open] = [await ready(), await ready()]
  const answers = await Promise.all(Array.from({ length: 100 }, async () => (await get(used)).text()))
  assert.equal(answers.filter(text => text.includes('11010519491231002X')).length, 1)
  const workers = await gateway.workers()
  await gateway.end('SIGKILL')
  for (const pid of workers) await until('the end of a worker', () => !isAlive(pid))
  gateway = await startServeProcess(folder, [])
  assert.equal((await get(used)).status, 403)
  assert.equal(await (await get(open)).text(), '{"idCard":"11010519491231002X"}')
})

test('an answer that was released is given once by all workers together', { skip }, async () => {
  const own = { authorization: `Bearer ${key}`, connection: 'close' }
  const told = await fetch(`${gateway.url}/held`, { headers: own })
  const location = told.headers.get('location')!
  const steps = [
    ['wang', 'pass'],
    ['zhang', 'check'],
    ['chen', 'release'],
  ] as const
  for (const [person, step] of steps) {
    const call = ['--key', people.keyOf(person), '--admin', gateway.admin]
    assert.equal((await runCommand(['reviews', step, location.slice(-22), ...call])).status, 0)
  }
  const statuses = await Promise.all(
    Array.from({ length: 40 }, async () => (await fetch(gateway.url + location, { headers: own })).status),
  )
  assert.deepEqual([...new Set(statuses)].sort(), [200, 410])
  assert.equal(statuses.filter(status => status === 200).length, 1)
})

test('a lockdown is in force in every worker when it is said to be, and in one that starts later', {
  skip,
}, async () => {
  const locked = await ordered('--json')
  const { spread } = JSON.parse(locked.stdout) as { spread: (number | null)[] }
  assert.equal(spread.length, 2)
  assert.ok(spread.every(took => took !== null))
  for (let times = 0; times < 6; times++) assert.match(await (await get('')).text(), /LOCKED_DOWN/)
  const [first] = await gateway.workers()
  process.kill(first!, 'SIGKILL')
  await until('another worker', async () => {
    const now = await gateway.workers()
    return now.length === 2 && !now.includes(first!)
  })
  for (let times = 0; times < 6; times++)
    assert.match(await (await get('')).text().catch(() => 'LOCKED_DOWN'), /LOCKED_DOWN/)
})

test('who is slowed down has as many requests from all workers together', { skip }, async () => {
  const by = (person: string, ...args: string[]) =>
    runCommand(['lockdown', ...args, '--key', people.keyOf(person), '--admin', gateway.admin])
  const listed = await by('wang', 'list', '--json')
  for (const line of listed.stdout.trim().split('\n'))
    for (const person of ['wang', 'chen']) await by(person, 'lift', JSON.parse(line).id)
  await ordered('--slow-down', '3')
  const bodies = await Promise.all(Array.from({ length: 12 }, async () => (await get('')).text()))
  assert.equal(bodies.filter(text => /SLOWED_DOWN/.test(text)).length, 9)
})

/** Orders it until every worker has it in force within the second that the command waits: on a busy machine some take longer. */
async function ordered(...args: string[]) {
  for (let attempt = 0; ; attempt++) {
    const own = ['--consumer', 'oa', '--key', people.keyOf('wang'), '--admin', gateway.admin]
    const done = await runCommand(['lockdown', ...own, ...args])
    if (done.status === 0 || attempt === 9) {
      assert.equal(done.status, 0, done.stderr)
      return done
    }
  }
}
