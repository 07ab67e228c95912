import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { followIndex } from '../../gateway/cli/index-follower.ts'
import { LagBoard } from '../../gateway/console/lag.ts'
import { silentLog } from '../../gateway/log.ts'
import { isAlive } from '../support/is-alive.ts'
import { until } from '../support/until.ts'
import { accessDraft } from './drafts.ts'
import { atEnd, folderFor, logIn } from './folder.ts'

/** Records in the index, once there are so many. */
function indexed(directory: string, wanted: number): Promise<number> {
  return until(`${wanted} records in the index`, () => {
    try {
      const database = new DatabaseSync(join(directory, 'index.sqlite'), { readOnly: true })
      const { n } = database.prepare('SELECT count(*) AS n FROM record').get() as { n: number }
      database.close()
      return n >= wanted ? n : null
    } catch {
      return null // not made yet
    }
  })
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.trim().split(/\s+/).filter(Boolean).map(Number)
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

test('When the gateway is killed, its indexing ends too', {
  skip: process.platform === 'linux' ? false : 'processes are looked up in /proc',
}, async t => {
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
  const [indexing] = await childrenOf(gateway.pid!)
  assert.ok(indexing !== undefined)
  gateway.kill('SIGKILL')
  await until('the end of its indexing', () => !isAlive(indexing))
})
