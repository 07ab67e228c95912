import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { entriesIn, folderFor } from './folder.ts'
import { assertAllRecorded, runAndKill } from './kills.ts'

const writer = fileURLToPath(new URL('./writer-process.ts', import.meta.url))

test('kill -9 under load loses no acknowledged record, doubles no number, and leaves a log that verifies', async t => {
  const directory = await folderFor(t)
  const acknowledged: string[] = []
  let kills = 0
  // on a machine that is starved a process acknowledges little before it is killed
  for (; kills < 15 || (acknowledged.length <= 100 && kills < 60); kills++)
    acknowledged.push(...(await runAndKill([writer, directory, '32'], kills < 15 ? 60 : 2000)))
  assert.ok(acknowledged.length > 100)
  await assertAllRecorded(directory, acknowledged)
  const starts = (await entriesIn(directory)).filter(entry => entry.kind === 'resume')
  assert.equal(starts.length, kills)
})
