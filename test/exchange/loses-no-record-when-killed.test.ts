import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { assertSeenIsRecorded, killUnderLoad, type Seen, startKillUpstream } from '../support/kill-gateway.ts'
import { removeFolder } from '../support/remove-folder.ts'

/** In full, 200 times: test/campaigns/kill.ts. */
const kills = 6

test('what a client saw of an answer is on record, however the gateway dies', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'veilgate-kill-'))
  const upstream = await startKillUpstream()
  t.after(async () => {
    await upstream.close()
    await removeFolder(directory)
  })
  const seen: Seen = new Map()
  for (let run = 0; run < kills; run++) await killUnderLoad(directory, upstream.url, run, 600, seen)
  // on a machine that is starved the first answer takes longer than that
  for (let run = kills; run < 2 * kills && seen.size === 0; run++)
    await killUnderLoad(directory, upstream.url, run, 8000, seen)
  assert.ok(seen.size > 0)
  await assertSeenIsRecorded(directory, seen)
})
