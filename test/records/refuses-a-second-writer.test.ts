import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { RecordsFault } from '../../gateway/records/log/records-fault.ts'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'
import { accessDraft } from './drafts.ts'
import { folderFor, logIn, until } from './folder.ts'

const writer = fileURLToPath(new URL('./writer-process.ts', import.meta.url))
const locked = (error: unknown) => error instanceof RecordsFault && error.code === 'locked'

test('a second gateway on the same folder is refused, whatever its log is called', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  await assert.rejects(logIn(t, directory), locked)
  await assert.rejects(logIn(t, directory, { log: 'gw2-0' }), locked)
  assert.deepEqual((await readdir(directory)).sort(), ['gw1-0.000001.jsonl', 'gw1-0.lock', 'lock'])
  await log.append([accessDraft()])
  await log.close()
  const next = await logIn(t, directory)
  assert.equal((await next.append([accessDraft()]))[0]!.seq, 3)
})

test('a command has a log of its own beside a running gateway, and two do not share one', async t => {
  const directory = await folderFor(t)
  await logIn(t, directory)
  const command = await logIn(t, directory, { log: 'cli-0', holds: 'log' })
  await assert.rejects(logIn(t, directory, { log: 'cli-0', holds: 'log' }), locked)
  assert.equal((await command.append([accessDraft()]))[0]!.id, 'cli-0:0')
})

test('a lock that was deleted keeps nobody out: who had it stops, and goes on only if it can be taken again', async t => {
  const directory = await folderFor(t)
  const log = await logIn(t, directory)
  await rm(join(directory, 'lock'))
  await rm(join(directory, 'gw1-0.lock'))
  const other = await logIn(t, directory, { log: 'gw2-0' })
  await until(log, health => !health.usable)
  await assert.rejects(log.append([accessDraft()]), { code: 'RECORDS_UNUSABLE' })
  await other.close()
  await until(log, health => health.usable)
  await log.append([accessDraft()])
  for (const report of await verifyFolder(directory)) assert.deepEqual(report.problems, [])
})

test('the lock of another process is respected, and ends with it even by kill -9', async t => {
  const directory = await folderFor(t)
  const child = spawn(process.execPath, [writer, directory, '1'], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  await assert.rejects(logIn(t, directory), locked)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const log = await logIn(t, directory)
  assert.equal(log.usable, true)
})
