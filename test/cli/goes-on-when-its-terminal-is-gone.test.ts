import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'
import { startServeProcess } from '../support/serve-process.ts'
import { until } from '../support/until.ts'

const skip = process.platform === 'win32' ? 'a console that closes ends what runs in it' : false

test('a hang-up stops no gateway that runs as a service, and it says what is read when', { skip }, async t => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(folder))
  const args = ['--upstream', 'http://127.0.0.1:9', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0']
  const gateway = await startServeProcess(folder, args)
  t.after(() => gateway.end('SIGKILL'))
  process.kill(gateway.pid, 'SIGHUP')
  await until('it has said so', () => gateway.stderr().includes('gateway.yaml itself is read at a start'))
  assert.equal((await fetch(gateway.url)).status, 502)
  assert.equal(await gateway.end(), 0)
})

test('a hang-up while it starts does not end it either', { skip }, async t => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(folder))
  const args = ['--upstream', 'http://127.0.0.1:9', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0']
  const gateway = await startServeProcess(folder, args, async pid => {
    await until('it has begun to start', () => existsSync(join(folder, 'keys')))
    process.kill(pid, 'SIGHUP')
  })
  t.after(() => gateway.end('SIGKILL'))
  assert.equal((await fetch(gateway.url)).status, 502)
  assert.equal(await gateway.end(), 0)
})
