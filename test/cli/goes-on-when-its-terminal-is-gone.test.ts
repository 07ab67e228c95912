import assert from 'node:assert/strict'
import { closeSync, existsSync, openSync } from 'node:fs'
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

test('a gateway whose log nobody reads any more goes on, and so do its workers', { skip }, async t => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(folder))
  const args = ['--upstream', 'http://127.0.0.1:9', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0']
  for (const more of [[], ['--workers', '1']]) {
    const gateway = await startServeProcess(folder, [...args, ...more])
    t.after(() => gateway.end('SIGKILL'))
    gateway.deafen()
    // said of the hang-up by the gateway, of the system by whoever serves
    process.kill(gateway.pid, 'SIGHUP')
    for (let nth = 0; nth < 3; nth++) assert.equal((await fetch(gateway.url)).status, 502)
    assert.equal(await gateway.end(), 0)
  }
})

test('a gateway whose log is on a full disk goes on', { skip: !existsSync('/dev/full') }, async t => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(folder))
  const args = ['--upstream', 'http://127.0.0.1:9', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0']
  const log = openSync('/dev/full', 'w')
  const gateway = await startServeProcess(folder, args, undefined, log)
  t.after(() => gateway.end('SIGKILL'))
  closeSync(log)
  process.kill(gateway.pid, 'SIGHUP')
  for (let nth = 0; nth < 3; nth++) assert.equal((await fetch(gateway.url)).status, 502)
  assert.equal(await gateway.end(), 0)
})
