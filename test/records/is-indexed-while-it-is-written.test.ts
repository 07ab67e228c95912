import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { DraftRequests } from '../../gateway/cli/companions/draft-requests.ts'
import { startHousekeeping } from '../../gateway/cli/companions/housekeeping.ts'
import { LagBoard } from '../../gateway/console/lag.ts'
import { createLog } from '../../gateway/log.ts'
import { bringUpToDate } from '../../gateway/records/index/indexing.ts'
import { takeLock } from '../../gateway/records/log/lock.ts'
import { isAlive } from '../support/is-alive.ts'
import { until } from '../support/until.ts'
import { accessDraft } from './drafts.ts'
import { atEnd, folderFor, logIn } from './folder.ts'

const silent = createLog({ lang: 'en', write() {}, forPeople: false })

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

test('a process of its own keeps the index up to date, and ends with what started it', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  const follower = startHousekeeping(directory, new DraftRequests(), silent, new LagBoard())
  atEnd(t, () => follower.close())
  await log.append([accessDraft()])
  assert.equal(await indexed(directory, 2), 2)
  await log.append([accessDraft(), accessDraft()])
  assert.equal(await indexed(directory, 4), 4)
  await follower.close()
  await follower.close()
})

test('who asks while another process is at the index is told, waits, and finds the newest', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  await log.append([accessDraft()])
  const lock = takeLock(join(directory, 'index.lock'))!
  let told = 0
  const entries = await bringUpToDate(directory, {
    onWait() {
      told++
      lock.release()
    },
  })
  assert.deepEqual([told, entries], [1, 2])
})

test('when the gateway is killed, its indexing ends too', {
  skip: process.platform === 'linux' ? false : 'processes are looked up in /proc',
}, async t => {
  const directory = await folderFor(t)
  const starter = fileURLToPath(new URL('../../gateway/cli/companions/housekeeping.ts', import.meta.url))
  const script = join(directory, 'gateway.mjs')
  const silent = '{ warn() {}, info() {} }'
  await writeFile(
    script,
    `const { startHousekeeping } = await import(${JSON.stringify(starter)})
    startHousekeeping(${JSON.stringify(directory)}, { waiting: [], tellBy() {} }, ${silent}, { put() {} })
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

test('indexing gives way to the gateway with all its threads', {
  skip: process.platform === 'linux' ? false : 'threads are looked up in /proc',
}, async t => {
  const directory = await folderFor(t)
  const before = new Set(await childrenOf(process.pid))
  const follower = startHousekeeping(directory, new DraftRequests(), silent, new LagBoard())
  atEnd(t, () => follower.close())
  const pid = (await childrenOf(process.pid)).find(one => !before.has(one))!
  // SCHED_IDLE is 5; of what has it the priority is not looked at
  const wanted = existsSync('/usr/bin/chrt') ? [19, 5] : [19]
  await until('all threads of it at the lowest priority', async () => {
    const threads = await Promise.all((await readdir(`/proc/${pid}/task`)).map(id => priorityOf(pid, id)))
    return threads.every(one => wanted.every((value, nth) => one[nth] === value)) ? threads : null
  })
  await follower.close()
})

/** Its priority, and the number of how it is scheduled: fields 19 and 41 of proc_pid_stat(5). */
async function priorityOf(pid: number, thread: string): Promise<readonly number[]> {
  const stat = await readFile(`/proc/${pid}/task/${thread}/stat`, 'latin1').catch(() => '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return [Number(fields[16]), Number(fields[38])]
}
