import assert from 'node:assert/strict'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'
import { type ApprovingGateway, startApproving } from '../support/start-approving.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

let [folder, upstream, gateway]: [string, Upstream, ApprovingGateway] = [] as never
let goOn = () => {}

async function start(): Promise<void> {
  const policies = {
    'systems/upstream.yaml': 'system: upstream\nroutes: [{ path: /a }, { path: /b }, { path: /long }]\n',
  }
  gateway = await startApproving({ upstream: upstream.url, directory: folder, policies }, gateway?.people)
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream(async (asked, response) => {
    response.setHeader('content-type', 'application/json')
    if (asked.url !== '/long') return void response.end('{"tel":"13800138000"}')
    const many = Array.from({ length: 40_000 }, () => '{"tel":"13800138000"}').join()
    response.write(`[${many}`)
    await new Promise<void>(resolve => {
      goOn = resolve
    })
    response.end(`,${many}]`)
  })
  await start()
})
after(async () => {
  await gateway.close()
  await upstream.close()
  await removeFolder(folder)
})

const run = (person: string, ...args: string[]) => gateway.by(person, ...args)

async function lock(...args: string[]): Promise<string> {
  const ran = await run('wang', 'lockdown', ...args)
  assert.equal(ran.status, 0, ran.stderr)
  return ran.stdout.trim().split('\n')[0]!
}

async function lift(id: string): Promise<void> {
  assert.match((await run('zhao', 'lockdown', 'lift', id)).stderr, /1 of 2/)
  assert.match((await run('chen', 'lockdown', 'lift', id)).stderr, /Lifted/)
}

const get = (path: string, consumer: 'staff' | 'counsellor' = 'staff', operator = 'u1') =>
  fetch(gateway.url + path, {
    headers: { authorization: `Bearer ${gateway.keys[consumer]}`, 'veilgate-operator': operator },
  })
const statuses = async (...asked: Parameters<typeof get>[]) =>
  Promise.all(asked.map(async one => (await get(...one)).status))

test('what is named is stopped, on record, and nothing else is; two people of two groups lift it', async () => {
  const cases: [string[], number[]][] = [
    [
      ['--consumer', 'staff'],
      [403, 403, 200, 403],
    ],
    [
      ['--operator', 'u2'],
      [200, 200, 200, 403],
    ],
    [
      ['--system', 'upstream', '--route', '/a'],
      [403, 200, 403, 403],
    ],
    [
      ['--system', 'upstream'],
      [403, 403, 403, 403],
    ],
    [['--all'], [403, 403, 403, 403]],
  ]
  for (const [args, wanted] of cases) {
    const id = await lock(...args)
    assert.deepEqual(
      await statuses(['/a'], ['/b'], ['/a', 'counsellor'], ['/a', 'staff', 'u2']),
      wanted,
      args.join(' '),
    )
    await lift(id)
    assert.deepEqual(await statuses(['/a'], ['/a', 'staff', 'u2']), [200, 200])
  }
  const records = await gateway.records()
  assert.equal(records.filter(({ kind }) => kind === 'lockdown').length, 3 * cases.length)
  assert.equal(records.filter(({ code }) => code === 'LOCKED_DOWN').length, 15)
})

test('an answer that is under way is cut', async () => {
  const answer = await get('/long')
  assert.equal(answer.status, 200)
  const id = await lock('--consumer', 'staff')
  goOn()
  await assert.rejects(answer.text())
  assert.equal((await gateway.records()).find(({ kind }) => kind === 'aborted')!['code'], 'LOCKED_DOWN')
  await lift(id)
})

test('it outlives a restart', async () => {
  const id = await lock('--consumer', 'staff')
  await gateway.running.close()
  await start()
  assert.deepEqual(await statuses(['/a'], ['/a', 'counsellor']), [403, 200])
  assert.match(
    (await run('zhang', 'lockdown', 'list', '--lang', 'zh')).stdout,
    /调用方 staff {2}封锁 {2}wang .* 生效中/,
  )
  await lift(id)
})

test('a drill stops nothing and writes its report', async () => {
  const report = join(folder, 'drill.md')
  await lock('--all', '--drill', '--report', report)
  assert.deepEqual(await statuses(['/a']), [200])
  const text = await readFile(report, 'utf8')
  assert.match(text, /in force within a second: yes/)
  assert.match(text, /by: wang/)
})

test('nobody but approvers locks, sees or lifts, and one thing is named at a time', async () => {
  assert.match((await run('li', 'lockdown', '--all')).stderr, /no approver/)
  assert.equal((await run('li', 'lockdown', 'list')).status, 2)
  assert.equal((await run('wang', 'lockdown')).status, 2)
  assert.equal((await run('wang', 'lockdown', '--all', '--consumer', 'staff')).status, 2)
  assert.match((await run('wang', 'lockdown', '--consumer', 'staff', '--operator', 'u1')).stderr, /one thing/)
  assert.deepEqual(await statuses(['/a']), [200])
})
