import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { followIndex } from '../../gateway/cli/index-follower.ts'
import { LagBoard } from '../../gateway/console/lag.ts'
import { silentLog } from '../../gateway/log.ts'
import { accessDraft } from './drafts.ts'
import { atEnd, folderFor, logIn } from './folder.ts'

/** Records in the index, once there are so many. */
async function indexed(directory: string, wanted: number): Promise<number> {
  for (;;) {
    await setTimeout(50)
    try {
      const database = new DatabaseSync(join(directory, 'index.sqlite'), { readOnly: true })
      const { n } = database.prepare('SELECT count(*) AS n FROM record').get() as { n: number }
      database.close()
      if (n >= wanted) return n
    } catch {
      // not made yet
    }
  }
}

test('A process of its own keeps the index up to date, and ends with what started it', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  const follower = followIndex(directory, silentLog, new LagBoard())
  atEnd(t, () => follower.close())
  await log.append([accessDraft()])
  assert.equal(await indexed(directory, 2), 2)
  await log.append([accessDraft(), accessDraft()])
  assert.equal(await indexed(directory, 4), 4)
  await follower.close()
  await follower.close()
})

test('When the gateway is killed, its indexing ends too', async t => {
  const directory = await folderFor(t)
  const starter = fileURLToPath(new URL('../../gateway/cli/index-follower.ts', import.meta.url))
  const script = join(directory, 'gateway.mjs')
  const silent = '{ warn() {}, info() {} }'
  await writeFile(
    script,
    `const { followIndex } = await import(${JSON.stringify(starter)})
    followIndex(${JSON.stringify(directory)}, ${silent}, { put() {} })
    setInterval(() => {}, 1000)`,
  )
  const log = await logIn(t, directory)
  await log.append([accessDraft()])
  const gateway = fork(script, { stdio: 'ignore' })
  await indexed(directory, 2)
  gateway.kill('SIGKILL')
  await setTimeout(300)
  await log.append([accessDraft()])
  await setTimeout(1500)
  const database = new DatabaseSync(join(directory, 'index.sqlite'), { readOnly: true })
  assert.deepEqual({ ...database.prepare('SELECT count(*) AS n FROM record').get() }, { n: 2 })
  database.close()
})
