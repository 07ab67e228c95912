import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import type { TestGateway } from '../support/start-gateway.ts'
import type { Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'
import { approvePolicies, edit, guardedFolder, outcome, seen, startGuarded, startPhones, wider } from './gate.ts'

let directory: string
let upstream: Upstream
let gateway: TestGateway

before(async () => {
  directory = await guardedFolder()
  upstream = await startPhones()
  gateway = await startGuarded(upstream.url, directory)
})
after(async () => {
  await gateway?.close()
  await upstream.close()
  await removeFolder(directory)
})

const approve = (by: 'zhang' | 'stranger') => approvePolicies(directory, by)

test('an edit that shows more is held, on record with what it shows, and nothing more is seen', async () => {
  assert.deepEqual(await seen(gateway), { tel: '***' })
  await edit(directory, 'audiences.yaml', wider)
  const held = await outcome(gateway, 'held')
  assert.ok((held['wider'] as string[]).some(word => /^public:all:id@A4:remove:clear$/.test(word)))
  assert.deepEqual(await seen(gateway), { tel: '***' })
  await until('what to do, in the log', () => /policies approve/.test(gateway.log.join('')))
})

test('whoever is to approve may look first, in words, and signs nothing by that', async () => {
  const { status, stdout, stderr } = await runCommand(['policies', 'approve', 'keys/policies/in-force', 'policies'], {
    cwd: directory,
    lang: 'zh',
  })
  assert.equal(status, 1)
  assert.match(stdout, /^显示更多/)
  assert.match(stdout, /^ {4}public: 删除 → 明文：.*id@A4/m)
  assert.match(stderr, /尚未签名/)
  assert.ok(!existsSync(join(directory, 'policies/approvals')))
})

test("a stranger's signature counts for nothing; an approver's puts it in force, on record with the name", async () => {
  const stranger = await approve('stranger')
  assert.equal(stranger.status, 0)
  await sleep(1500)
  assert.deepEqual(await seen(gateway), { tel: '***' })
  const { status, stdout } = await approve('zhang')
  assert.equal(status, 0)
  assert.match(stdout, /^public: id@A4: remove -> clear$/m)
  const taken = await outcome(gateway, 'loaded', 2)
  assert.deepEqual(taken['approvers'], ['zhang'])
  assert.ok((taken['wider'] as string[]).includes('public:all:id@A4:remove:clear'))
  await until('the ID to be shown', async () => 'id' in (await seen(gateway)))
  assert.deepEqual(await seen(gateway), { id: 'A1', tel: '***' })
  assert.equal((await approve('zhang')).status, 2)
})
