import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'

test('a process waits for its companion, however long that takes to end', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(folder))
  const companion = new URL('../../gateway/cli/companions/companion.ts', import.meta.url).href
  await writeFile(
    join(folder, 'stays.mjs'),
    "process.on('message', () => process.send('here'))\nprocess.on('disconnect', () => {})\nsetInterval(() => {}, 1000)\n",
  )
  await writeFile(
    join(folder, 'starts.mjs'),
    `import { startCompanion } from ${JSON.stringify(companion)}
const stay = setInterval(() => {}, 1000)
const begun = Promise.withResolvers()
const script = ${JSON.stringify(join(folder, 'stays.mjs'))}
const started = startCompanion({ script, task: () => ({}), onMessage: () => begun.resolve() })
await begun.promise
clearInterval(stay)
await started.close()
process.stdout.write('closed')
`,
  )
  const { status, stdout } = spawnSync(process.execPath, [join(folder, 'starts.mjs')], { encoding: 'utf8' })
  assert.deepEqual([status, stdout], [0, 'closed'])
})
