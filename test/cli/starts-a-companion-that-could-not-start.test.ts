import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'

test('where no process can be started now, serving goes on and the companion is started later', {
  skip: process.platform === 'win32' ? 'limits of open files are set by a shell' : false,
}, async t => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(() => removeFolder(folder))
  const companion = new URL('../../gateway/cli/companions/companion.ts', import.meta.url).href
  await writeFile(
    join(folder, 'says.mjs'),
    "process.on('message', task => process.send(task))\nprocess.on('disconnect', () => process.exit(0))\n",
  )
  await writeFile(
    join(folder, 'starts.mjs'),
    `import { closeSync, openSync } from 'node:fs'
import { mock } from 'node:test'
import { startCompanion } from ${JSON.stringify(companion)}
mock.timers.enable({ apis: ['setTimeout'] })
const stay = setInterval(() => {}, 1000)
const begun = Promise.withResolvers()
const open = []
try {
  for (;;) open.push(openSync('/dev/null'))
} catch (error) {
  if (error.code !== 'EMFILE') throw error
}
const script = ${JSON.stringify(join(folder, 'says.mjs'))}
const started = startCompanion({ script, task: () => ({ is: 'said' }), onMessage: ({ is }) => begun.resolve(is) })
for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
for (const one of open) closeSync(one)
process.stdout.write('serving ')
mock.timers.tick(10_000)
process.stdout.write(await begun.promise)
mock.timers.reset()
await started.close()
clearInterval(stay)
`,
  )
  const run = `ulimit -n 100 && exec ${JSON.stringify(process.execPath)} starts.mjs`
  const { status, stdout, stderr } = spawnSync('sh', ['-c', run], { cwd: folder, encoding: 'utf8' })
  assert.deepEqual([status, stdout], [0, 'serving said'], stderr)
})
