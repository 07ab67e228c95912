import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  approvePolicies,
  edit,
  guardedFolder,
  outcome,
  policies,
  seen,
  startGuarded,
  startPhones,
  wider,
} from '../policy/gate.ts'
import { removeFolder } from '../support/remove-folder.ts'
import type { TestGateway } from '../support/start-gateway.ts'
import type { Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

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

const approve = async () => assert.equal((await approvePolicies(directory, 'zhang')).status, 0)
const shows = (wanted: boolean) => until(`the ID to be ${wanted}`, async () => 'id' in (await seen(gateway)) === wanted)

test('what a second person approved, and was taken back, is not put in force again by the signature of then', async () => {
  await edit(directory, 'audiences.yaml', wider)
  await outcome(gateway, 'held')
  await approve()
  await shows(true)
  await edit(directory, 'audiences.yaml', policies['audiences.yaml'])
  await shows(false)
  await gateway.close()
  await edit(directory, 'audiences.yaml', wider)
  gateway = await startGuarded(upstream.url, directory)
  await outcome(gateway, 'held', 2)
  assert.deepEqual(await seen(gateway), { tel: '***' })
  // the same person may say so once more
  await approve()
  await shows(true)
})
