import assert from 'node:assert/strict'
import { mkdtemp, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { awayFromBorder } from '../support/away-from-border.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type ReviewingGateway, startReviewing } from '../support/reviewing.ts'
import { runCommand } from '../support/run-command.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const system = 'system: upstream\nroutes: [{ path: /x, review: three }]\n'
const audiences = `audiences:
  public: { 4: remove, 3: redact, 2: partial, 1: clear }
  staff: { 4: partial, 3: partial, 2: clear, 1: clear }
  counsellor: { like: staff, clear_with: { 4: [operator, basis, grant] } }
`
const statement = { 'veilgate-operator': 'u1203', 'veilgate-basis': 'work_order;ref="WO-2026-0012"' }
let [folder, upstream, gateway, calls]: [string, Upstream, ReviewingGateway, number] = ['', null, null, 0] as never

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream((_asked, response) => {
    calls++
    response.setHeader('content-type', 'application/json')
    response.end('{"idCard":"11010519491231002X"}')
  })
  gateway = await startReviewing({
    directory: folder,
    upstream: upstream.url,
    policies: { 'systems/upstream.yaml': system, 'audiences.yaml': audiences },
  })
})
after(async () => {
  await gateway?.close()
  await upstream?.close()
  await removeFolder(folder)
})

const by = (person: string, ...args: string[]) => {
  const admin = `http://127.0.0.1:${gateway.running.admin!.port}`
  return runCommand([...args, '--key', gateway.people.keyOf(person), '--admin', admin])
}

test('what a grant shows waits as well, is not reviewed by who asked for the grant, and goes to its terminal', async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const what = ['--consumer', 'counsellor', '--basis', 'work_order;ref="WO-2026-0012"', '--system', 'upstream']
  const asked = await by(
    'chen',
    ...['grants', 'ask', '--operator', 'u1203', ...what, '--target', '/x', '--sees', 'cn_resident_id'],
    ...['--from-terminal', '127.0.0.0/8', '--until', until],
  )
  const grant = asked.stdout.trim()
  for (const person of ['wang', 'zhang']) assert.equal((await by(person, 'grants', 'approve', grant)).status, 0)
  const told = await gateway.ask('/x', 'counsellor', { ...statement, 'veilgate-grant': grant })
  assert.equal(told.status, 202, await told.clone().text())
  const location = told.headers.get('location')!
  const id = location.slice(-22)
  for (const [person, step] of [
    ['wang', 'pass'],
    ['zhang', 'check'],
  ] as const)
    assert.equal((await gateway.reviews(person, step, id)).status, 0)
  assert.equal((await gateway.reviews('chen', 'release', id)).status, 2)
  assert.equal((await gateway.reviews('zhao', 'release', id)).status, 0)
  const headers = { authorization: `Bearer ${gateway.keys.counsellor}`, ...statement }
  const elsewhere = await new Promise<number>((resolve, reject) => {
    const options = { port: gateway.port, path: location, localAddress: '127.0.0.9', headers }
    request(options, answer => answer.resume().once('end', () => resolve(answer.statusCode!)))
      .once('error', reject)
      .end()
  })
  assert.equal(elsewhere, 404)
  const before = calls
  assert.equal(await (await gateway.ask(location, 'counsellor', statement)).text(), '{"idCard":"11010519491231002X"}')
  assert.equal(calls, before)
  const given = (await gateway.records()).filter(({ grant: one, kind }) => one === grant && kind === 'access')
  assert.deepEqual(
    given.map(({ outcome }) => outcome),
    ['held', 'released'],
  )
})

test('what is locked down is not given out, and nothing of it is used up', async () => {
  const told = await gateway.ask('/x')
  const location = told.headers.get('location')!
  await gateway.pass(location.slice(-22))
  const locked = await by('wang', 'lockdown', '--consumer', 'staff', '--json')
  assert.equal(locked.status, 0, locked.stderr)
  assert.partialDeepStrictEqual(await (await gateway.ask(location)).json(), { code: 'LOCKED_DOWN' })
  const { id } = JSON.parse(locked.stdout) as { id: string }
  for (const person of ['wang', 'zhang']) assert.equal((await by(person, 'lockdown', 'lift', id)).status, 0)
  assert.equal((await gateway.ask(location)).status, 200)
})

test('metrics and the report say how many wait', async () => {
  await awayFromBorder('day', 8)
  const told = await gateway.ask('/x')
  const location = told.headers.get('location')!
  assert.match(await gateway.running.metrics.render(), /veilgate_exchanges_total\{[^}]*outcome="held"[^}]*\} [1-9]/)
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  const period = ['--period', 'day', '--day', today, '--timezone', 'Asia/Shanghai', '--no-verify']
  const out = join(folder, 'r.html')
  const report = await runCommand(['records', 'report', '--records', join(folder, 'records'), ...period, '--out', out])
  assert.equal(report.status, 0, report.stderr)
  const page = await readFile(out, 'utf8')
  assert.match(page, /<dt>(?:期末仍在等待|waiting at the end)<\/dt><dd>1<\/dd>/)
  const shown = (await gateway.records()).find(
    ({ review, kind }) => kind === 'review' && review === location.slice(-22),
  )!
  const said = await runCommand([
    'records',
    'show',
    `${shown.log}:${shown.seq}`,
    '--records',
    join(folder, 'records'),
    '--lang',
    'en',
  ])
  assert.match(said.stdout, /began to wait for review the answer \S{22} upstream \/x for staff/)
})
