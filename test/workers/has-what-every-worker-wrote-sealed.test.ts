import assert from 'node:assert/strict'
import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { startServeProcess } from '../support/serve-process.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const skip = process.platform === 'win32' ? 'no signals there' : false

for (const [what, workers, logs] of [
  ['one process', '', ['gw1-0']],
  ['two workers', 'workers: 2', ['gw1-0', 'gw1-1']],
] as const)
  test(`log files that fill in ${what} are sealed while it serves`, { skip }, async t => {
    const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
    t.after(() => removeFolder(folder))
    const upstream = await startUpstream((_, response) => {
      response.setHeader('content-type', 'application/json').end('{"rows":[{"name":"张三丰","mobile":"13800138000"}]}')
    })
    t.after(() => upstream.close())
    await writeFile(
      join(folder, 'gateway.yaml'),
      `listen: 127.0.0.1:0
admin: false
${workers}
limits: { records_file: 64KiB }
systems: { old: { upstream: "${upstream.url}", policy: shipped } }
anonymous: { audience: public }
`,
      { mode: 0o600 },
    )
    const gateway = await startServeProcess(folder, [])
    t.after(() => gateway.end('SIGKILL'))
    const records = join(folder, 'records')
    const ask = async () => (await fetch(`${gateway.url}/x`, { headers: { connection: 'close' } })).arrayBuffer()
    await until(`a sealed file of ${logs.join(', ')}`, async () => {
      await Promise.all(Array.from({ length: 20 }, ask))
      const names = await readdir(records)
      return logs.every(log => names.includes(`${log}.000001.jsonl.zst`) && !names.includes(`${log}.000001.jsonl`))
    })
    assert.equal(await gateway.end(), 0)
    for (const report of await verifyFolder(records)) assert.deepEqual(report.problems, [])
    assert.deepEqual(
      (await readdir(records)).filter(name => name.endsWith('.new')),
      [],
    )
  })
