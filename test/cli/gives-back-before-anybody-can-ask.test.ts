import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startGateway } from '../../gateway/cli/serve/start.ts'
import { upstreamOnly } from '../../gateway/config/upstream-only.ts'
import { createLog } from '../../gateway/log.ts'
import { plugins } from '../../plugins/index.ts'
import { freePort } from '../support/free-port.ts'
import { removeFolder } from '../support/remove-folder.ts'

/** Whether a process of its own can connect, by now: this one does nothing meanwhile. */
function isReachable(port: number): boolean {
  const script = `net.connect(${port}, '127.0.0.1', () => process.exit(0)).on('error', () => process.exit(1))`
  return spawnSync(process.execPath, ['--eval', script]).status === 0
}

test('what a gateway does once all is loaded is over when callers can reach it', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(directory))
  const port = await freePort()
  const config = upstreamOnly('http://127.0.0.1:9', { directory, listen: `127.0.0.1:${port}` })
  assert.ok(config)
  const seen: boolean[] = []
  const running = await startGateway({
    config: { ...config, admin: null },
    plugins,
    log: createLog({ lang: 'en', write: () => {}, forPeople: false }),
    loaded: () => void seen.push(isReachable(port)),
  })
  assert.ok(!('faults' in running))
  t.after(() => running.close())
  assert.deepEqual(seen, [false])
  assert.equal(isReachable(port), true)
})
