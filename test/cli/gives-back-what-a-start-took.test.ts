import assert from 'node:assert/strict'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'
import { startServeProcess } from '../support/serve-process.ts'
import { until } from '../support/until.ts'

const skip = process.platform === 'linux' ? false : 'how much memory a process has is read from /proc'

test('once a gateway serves, most of what its start took is given back', { skip }, async t => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(folder))
  const args = ['--upstream', 'http://127.0.0.1:9', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0']
  const gateway = await startServeProcess(folder, args)
  t.after(() => gateway.end('SIGKILL'))
  const memory = async () => {
    const status = await readFile(`/proc/${gateway.pid}/status`, 'latin1')
    const [peak, now] = ['VmHWM', 'VmRSS'].map(
      name => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)![1]) / 1024,
    )
    return { peak: peak!, now: now! }
  }
  const { peak, now } = await until('the gateway has given memory back', async () => {
    const read = await memory()
    return read.now < read.peak - 40 ? read : undefined
  })
  assert.ok(now < 250, `${now.toFixed(0)} MiB are in use, of ${peak.toFixed(0)}`)
})
