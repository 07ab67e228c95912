import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { hashApiKey, makeApiKey } from '../../plugins/identities/api-key.ts'
import { type ApprovingPeople, makePeople } from '../support/approving-people.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import { type ServeProcess, startServeProcess } from '../support/serve-process.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const key = makeApiKey()
let [folder, people, upstream, gateway]: [string, ApprovingPeople, Upstream, ServeProcess] = [] as never

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  people = await makePeople(join(folder, 'people'))
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{"tel":"13800138000"}')
  })
  await mkdir(join(folder, 'policies/systems'), { recursive: true })
  await writeFile(join(folder, 'policies/systems/old.yaml'), 'system: old\nroutes: [{ path: /x, review: three }]\n')
  await writeFile(
    join(folder, 'gateway.yaml'),
    `listen: 127.0.0.1:0
admin: 127.0.0.1:0
${people.yaml}systems: { old: { upstream: "${upstream.url}", prefix: /old } }
reviews: { pass: [security], check: [privacy], release: [audit] }
consumers:
  oa: { audience: staff, api_key: "${hashApiKey(key)}" }
`,
    { mode: 0o600 },
  )
  gateway = await startServeProcess(folder, [])
})

after(async () => {
  await gateway?.end('SIGKILL')
  await upstream?.close()
  await removeFolder(folder)
})

const reviews = (person: string, ...args: string[]) =>
  runCommand(['reviews', ...args, '--key', people.keyOf(person), '--admin', gateway.admin])

const get = (path: string) => fetch(gateway.url + path, { headers: { authorization: `Bearer ${key}` } })

async function killAndStartAgain(): Promise<void> {
  await gateway.end('SIGKILL')
  gateway = await startServeProcess(folder, [])
}

test('killed between all steps, an answer waits on, and is given once', async () => {
  const told = await get('/old/x')
  assert.equal(told.status, 202)
  const location = told.headers.get('location')!
  assert.match(location, /^\/old\/\.well-known\/veilgate\/held\/[\w-]{22}$/)
  await writeFile(join(folder, 'held', `${'A'.repeat(22)}.held`), 'left by a gateway that was killed')
  const steps = [
    ['wang', 'pass'],
    ['zhang', 'check'],
    ['chen', 'release'],
  ] as const
  for (const [person, step] of steps) {
    await killAndStartAgain()
    assert.deepEqual(await readdir(join(folder, 'held')), [`${location.slice(-22)}.held`])
    assert.equal((await get(location)).status, 202)
    const ran = await reviews(person, step, location.slice(-22))
    assert.equal(ran.status, 0, ran.stderr)
  }
  await killAndStartAgain()
  assert.equal(await (await get(location)).text(), '{"tel":"138****8000"}')
  await killAndStartAgain()
  assert.equal((await get(location)).status, 410)
  assert.deepEqual(await readdir(join(folder, 'held')), [])
  await gateway.end()
  for (const report of await verifyFolder(join(folder, 'records'))) assert.deepEqual(report.problems, [])
})
