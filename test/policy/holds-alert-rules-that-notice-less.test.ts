import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import type { TestGateway, TestRecord } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'
import { approverKey, guardedFolder, startGuarded } from './gate.ts'

const strict = 'alerts:\n  many: { watch: rows, per: consumer, over: 5 }\n'
const weak = strict.replace('over: 5', 'over: 500')
let [directory, upstream, gateway]: [string, Upstream, TestGateway] = [] as never

const file = () => join(directory, 'policies/alerts.yaml')
const config = () => `listen: "127.0.0.1:0"
policies: policies
keys: keys
records: records
approvers: { zhang: { key: "${approverKey}", group: security } }
systems: { upstream: { upstream: "${upstream.url}" } }
`

before(async () => {
  directory = await guardedFolder()
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(Array.from({ length: 7 }, (_, nth) => ({ tel: `1380013800${nth}` }))))
  })
  await writeFile(file(), strict)
  gateway = await startGuarded(upstream.url, directory)
})
after(async () => {
  await gateway?.close()
  await upstream.close()
  await removeFolder(directory)
})

/** The newest record of alert rules with that outcome, once there are so many. */
function record(outcome: string, count = 1): Promise<TestRecord> {
  return until(`${count} records of alert rules that were ${outcome}`, async () => {
    const all = await gateway.records()
    const found = all.filter(one => one.kind === 'alert_rules' && one['outcome'] === outcome)
    return found.length >= count ? found.at(-1)! : null
  })
}

const approve = () => runCommand(['policies', 'approve', '--key', 'zhang.key'], { cwd: directory })

test('rules that notice less are held, with what they notice less of, also over a restart; an approver puts them in force', async () => {
  await record('loaded')
  await writeFile(file(), weak)
  const held = await record('held')
  assert.deepEqual(held['wider'], ['many:over:5-500'])
  await gateway.close()
  gateway = await startGuarded(upstream.url, directory)
  await record('held', 2)
  await writeFile(join(directory, 'gateway.yaml'), config())
  const { status, stdout, stderr } = await approve()
  assert.equal(status, 0, stderr)
  assert.match(stdout, /^many:over:5-500$/m)
  const taken = await record('loaded', 3)
  assert.partialDeepStrictEqual(taken, { approvers: ['zhang'], wider: ['many:over:5-500'] })
  assert.equal((await approve()).status, 2)
})

test('rules that are taken away are held, as all are weaker', async () => {
  await rm(file())
  assert.deepEqual((await record('held', 3))['wider'], ['many:removed'])
})

test('the copy of those in force is sealed: nothing starts on one that was changed', async () => {
  await gateway.close()
  const kept = join(directory, 'keys/alerts.in-force')
  const text = await readFile(kept, 'utf8')
  await writeFile(kept, text.replace('over: 5', 'over: 9'))
  await assert.rejects(startGuarded(upstream.url, directory), /alert rules that were in force/)
  await writeFile(kept, text)
  gateway = await startGuarded(upstream.url, directory)
})
