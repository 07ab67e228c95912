/**
 * A process that writes, signs and seals a log, and ends: `signed-writer-process.ts DIR BATCHES`. Prints `ready`, then the
 * id of each acknowledged record.
 */
import { mkdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { openRecordLog } from '../../gateway/records/log/open.ts'
import { startNotary } from '../../gateway/records/notary/notary.ts'
import { accessDraft } from './drafts.ts'
import { signer } from './proofs.ts'

const [directory = '', batches = '6'] = process.argv.slice(2)
const witness = join(directory, '../witness')
mkdirSync(witness, { recursive: true })
const log = await openRecordLog({ directory, log: 'gw1-0', holds: 'folder', fileBytes: 6000 })
const stay = setInterval(() => {}, 1000)
const notary = await startNotary(log, { directory, signer, witnesses: [{ name: 'usb', folder: witness }] })
writeSync(1, 'ready\n')
for (let nth = 0; nth < Number(batches); nth++) {
  try {
    const receipts = await log.append([accessDraft(), accessDraft(), accessDraft()])
    writeSync(1, receipts.map(({ id }) => `${id}\n`).join(''))
  } catch {
    // Not acknowledged: nobody was answered. The next try may find the log usable again.
    await new Promise(resolve => setTimeout(resolve, 300))
  }
  await notary.settle()
}
await notary.close()
await log.close()
clearInterval(stay)
