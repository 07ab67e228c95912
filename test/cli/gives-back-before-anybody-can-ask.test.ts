import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startGateway } from '../../gateway/cli/start.ts'
import { upstreamOnly } from '../../gateway/config/upstream-only.ts'
import { createLog } from '../../gateway/log.ts'
import { plugins } from '../../plugins/index.ts'
import { removeFolder } from '../support/remove-folder.ts'

const listening = () => process.getActiveResourcesInfo().includes('TCPServerWrap')

test('what a gateway does once all is loaded is over when callers can reach it', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(directory))
  const config = upstreamOnly('http://127.0.0.1:9', { directory, listen: '127.0.0.1:0' })
  assert.ok(config)
  const seen: boolean[] = []
  const running = await startGateway({
    config: { ...config, admin: null },
    plugins,
    log: createLog({ lang: 'en', write: () => {}, forPeople: false }),
    loaded: () => void seen.push(listening()),
  })
  assert.ok(!('faults' in running))
  t.after(() => running.close())
  assert.deepEqual(seen, [false])
  assert.equal(listening(), true)
})
