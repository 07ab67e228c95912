/** `node test/campaigns/kill.ts [TIMES]`: kills a gateway under load, 200 times or as often as asked, and checks its records. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assertSeenIsRecorded, killUnderLoad, type Seen, startKillUpstream } from '../support/kill-gateway.ts'
import { removeFolder } from '../support/remove-folder.ts'

const times = Number(process.argv[2] ?? 200)
const directory = await mkdtemp(join(tmpdir(), 'veilgate-kill-'))
const upstream = await startKillUpstream()
const seen: Seen = new Map()
for (let run = 0; run < times; run++) {
  await killUnderLoad(directory, upstream.url, run, 1000, seen)
  if (run % 10 === 9 || run === times - 1) {
    await assertSeenIsRecorded(directory, seen)
    console.log(`killed ${run + 1} times: ${seen.size} answers seen, all on record`)
  }
}
await upstream.close()
await removeFolder(directory)
