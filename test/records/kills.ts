/** Kill -9 at random moments, and what must hold afterwards. Used by the tests of records and of the gateway as a whole. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readRecords } from '../../gateway/records/files/read.ts'
import { verifyFolder } from '../../gateway/records/verify/folder.ts'

/**
 * Starts a process that prints `ready` and then the id of each acknowledged record on a line, lets it run for up to
 * `most` milliseconds, kills it, and returns the ids.
 */
export async function runAndKill(args: readonly string[], most: number): Promise<string[]> {
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  let out = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      out += text
      if (out.startsWith('ready\n')) resolve()
    })
    child.once('exit', status => reject(new Error(`the process ended by itself with ${status}`)))
  })
  await new Promise(resolve => setTimeout(resolve, Math.random() * most))
  child.kill('SIGKILL')
  await ended
  const lines = out.split('\n').slice(1)
  lines.pop()
  return lines
}

/**
 * Every acknowledged record is there, once, under its number; nothing in the folder is wrong. `acknowledged` may hold
 * the ids of several runs.
 */
export async function assertAllRecorded(directory: string, acknowledged: readonly string[]): Promise<void> {
  for (const report of await verifyFolder(directory))
    assert.deepEqual(report.problems, [], `log ${report.log} is whole`)
  const times = new Map<string, number>()
  for await (const { log, seq } of readRecords(directory)) {
    const id = `${log}:${seq}`
    times.set(id, (times.get(id) ?? 0) + 1)
  }
  assert.deepEqual(
    [...times].filter(([, many]) => many > 1),
    [],
    'no number is used twice',
  )
  assert.deepEqual(
    acknowledged.filter(id => !times.has(id)),
    [],
    'every acknowledged record is there',
  )
  assert.equal(new Set(acknowledged).size, acknowledged.length, 'no id is given twice')
}
