import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'
import { startServeProcess } from '../support/serve-process.ts'

test('where its keys are gone and its records are not, a gateway does not start under new ones', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(folder))
  const args = ['--upstream', 'http://127.0.0.1:9', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0']
  const first = await startServeProcess(folder, args)
  assert.equal(await first.end(), 0)
  const [keys, away] = [join(folder, 'keys'), join(folder, 'away')]
  await rename(keys, away)
  for (const workers of ['1', '2']) {
    await assert.rejects(
      startServeProcess(folder, [...args, '--workers', workers]),
      /serve ended with 2: There are no keys in .*keys, but .*records has access records/,
    )
    assert.equal(existsSync(keys), false, 'nothing is made')
  }
  await rename(away, keys)
  const again = await startServeProcess(folder, args)
  assert.equal(await again.end(), 0)
})

test('a gateway does not start under another key than the one that signed its log', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(folder))
  const args = ['--upstream', 'http://127.0.0.1:9', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0']
  const serve = async (...more: string[]) => (await startServeProcess(folder, [...args, ...more])).end()
  const two = ['--workers', '2']
  assert.equal(await serve(...two), 0)
  for (const [log, more] of [
    ['gw1-0', []],
    ['gw1', two],
    ['gw1-1', two],
  ] as const) {
    const [secret, away] = [join(folder, 'keys', `log-${log}.secret`), join(folder, 'away')]
    await rename(secret, away)
    const said = new RegExp(`serve ended with 2: [^]*log-${log}\\.secret is gone, and checkpoints of the log ${log} in`)
    await assert.rejects(serve(...more), said)
    assert.equal(existsSync(secret), false, 'nothing is made')
    await rename(away, secret)
  }
})
