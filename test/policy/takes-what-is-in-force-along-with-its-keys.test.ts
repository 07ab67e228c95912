import assert from 'node:assert/strict'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import type { Upstream } from '../support/start-upstream.ts'
import { edit, guardedFolder, outcome, seen, startGuarded, startPhones, wider } from './gate.ts'

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

const keys = (...args: string[]) =>
  runCommand(['keys', ...args, '--keys', 'keys', '--records', 'records', '--passphrase-file', 'phrase'], {
    cwd: directory,
  })

test('a gateway set up again from its exported keys holds a policy that shows more than was in force', async t => {
  await writeFile(join(directory, 'phrase'), 'nine horses and a boat\n')
  const first = await startGuarded(upstream.url, directory)
  await writeFile(join(directory, 'keys/alerts.in-force'), 'seal\nrules: 告警\n', { mode: 0o600 })
  await first.close()
  assert.equal((await keys('export', '--out', 'keys.vgk')).status, 0)

  const bundle = await readFile(join(directory, 'keys.vgk'), 'utf8')
  assert.ok(!bundle.includes('tel') && !bundle.includes('告警'), 'what goes with the keys is encrypted as they are')
  await rename(join(directory, 'keys'), join(directory, 'lost'))
  const imported = await keys('import', 'keys.vgk')
  assert.equal(imported.status, 0, imported.stderr)
  assert.match(imported.stdout, /what policy and alert rules were in force/)
  const kept = (folder: string, file: string) => readFile(join(directory, folder, file), 'utf8')
  for (const file of ['alerts.in-force', 'policies/in-force/systems/upstream.yaml', 'policies/in-force/seal'])
    assert.equal(await kept('keys', file), await kept('lost', file))
  await rm(join(directory, 'keys/alerts.in-force'))

  await edit(directory, 'audiences.yaml', wider)
  const second = await startGuarded(upstream.url, directory)
  t.after(() => second.close())
  await outcome(second, 'held')
  assert.deepEqual(await seen(second), { tel: '***' })

  assert.match((await keys('import', 'keys.vgk')).stdout, /Imported 0 key files\./, 'what is in force stays')
})
