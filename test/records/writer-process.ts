/** A process that writes a log until it is killed: `writer-process.ts DIR IN_FLIGHT`. Prints each acknowledged record's id. */
import { writeSync } from 'node:fs'
import { openRecordLog } from '../../gateway/records/log/open.ts'
import { accessDraft } from './drafts.ts'

const [directory = '', inFlight = '1'] = process.argv.slice(2)
const log = await openRecordLog({ directory, log: 'gw1-0', holds: 'folder', fileBytes: 1024 * 1024 })
writeSync(1, 'ready\n')
const people = Array.from({ length: 270 }, (_, nth) => `${String(nth).padStart(22, '0')}:redact`)

async function caller(nth: number): Promise<never> {
  for (;;) {
    const subjects = nth % 4 === 0 ? { count: people.length, index: people } : { count: 0, index: [] }
    const [receipt] = await log.append([accessDraft({ subjects })])
    writeSync(1, `${receipt!.id}\n`)
  }
}

await Promise.all(Array.from({ length: Number(inFlight) }, (_, nth) => caller(nth)))
