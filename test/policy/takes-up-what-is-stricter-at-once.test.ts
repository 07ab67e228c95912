import assert from 'node:assert/strict'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'
import type { Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'
import { edit, guardedFolder, outcome, policies, seen, startGuarded, startPhones, wider } from './gate.ts'

let directory: string
let upstream: Upstream
before(async () => {
  directory = await guardedFolder()
  upstream = await startPhones()
})
after(async () => {
  await upstream.close()
  await removeFolder(directory)
})

test('what is stricter needs nobody; what was edited while nothing ran is held at the start; and what is put back is no change', async () => {
  const first = await startGuarded(upstream.url, directory)
  await edit(directory, 'audiences.yaml', policies['audiences.yaml'].replace('3: redact', '3: remove'))
  const taken = await outcome(first, 'loaded', 2)
  assert.ok(!('approvers' in taken))
  await until('no phone to be shown', async () => Object.keys(await seen(first)).length === 0)
  await first.close()

  await edit(directory, 'audiences.yaml', wider)
  const second = await startGuarded(upstream.url, directory)
  assert.ok((await outcome(second, 'held'))['wider'])
  assert.deepEqual(await seen(second), {})
  await second.close()

  await edit(directory, 'audiences.yaml', policies['audiences.yaml'].replace('3: redact', '3: remove'))
  const third = await startGuarded(upstream.url, directory)
  assert.equal((await third.records()).filter(({ outcome: is }) => is === 'held').length, 1)
  await third.close()
})

test('where the kept policy was changed, the gateway does not start', async () => {
  await appendFile(join(directory, 'keys/policies/in-force/audiences.yaml'), '\n')
  await edit(directory, 'audiences.yaml', wider)
  await assert.rejects(startGuarded(upstream.url, directory), /kept copy of the policy|damaged/i)
})
