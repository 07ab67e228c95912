/**
 * Has a process beside the gateway do what may wait: index the records while they are written, and compress full log files
 * for whoever seals them.
 */
import { extname, join } from 'node:path'
import type { LagBoard } from '../../console/lag.ts'
import type { Bilingual } from '../../contracts.ts'
import type { OperationalLog } from '../../log.ts'
import type { FromHousekeeper, ToHousekeeper } from '../../records/sealing/housekeeper.ts'
import { startCompanion } from './companion.ts'
import type { DraftRequests } from './draft-requests.ts'
import { lagging } from './lagging.ts'

/** It reads much and keeps little, at leisure: its garbage may not take more room than a gateway. */
const smallHeap = ['--max-semi-space-size=2', '--heap-growing-percent=30']
const { filename } = import.meta
const script = join(import.meta.dirname, `../../records/sealing/housekeeper${extname(filename)}`)

const words = {
  fault: {
    zh: '访问记录的索引暂时无法更新；查询时会再试，服务不受影响',
    en: 'the index of the access records cannot be brought up to date now; queries try again, and serving goes on',
  },
  far: {
    zh: '访问记录的索引远远落后；查询会先补齐，可能很慢。服务不受影响',
    en: 'the index of the access records is far behind: queries bring it up to date first, which may take long. Serving goes on',
  },
  near: { zh: '访问记录的索引已跟上', en: 'the index of the access records has caught up' },
  well: { zh: '访问记录的索引已恢复更新', en: 'the index of the access records is up to date again' },
} satisfies Record<string, Bilingual>

/** Nothing of the gateway waits for it, or fails with it. */
export function startHousekeeping(
  directory: string,
  requests: DraftRequests,
  log: OperationalLog,
  board: LagBoard,
): { close(): Promise<void> } {
  const behind = lagging(words, log)
  board.put('index', behind.lag)
  let wasFaulty = false
  const companion = startCompanion<FromHousekeeper>({
    script,
    task: () => ({ is: 'begin', directory, requests: requests.waiting }) satisfies ToHousekeeper,
    execArgv: smallHeap,
    // what it has not indexed or compressed is taken up after the next start
    endsByKill: true,
    onMessage(message) {
      if (message.is === 'drafted') requests.answered(message.answer)
      else if (message.is === 'lag') behind.hear({ records: null, seconds: message.seconds })
      else {
        if (message.is === 'fault') log.warn(words.fault, { code: message.code })
        else if (wasFaulty) log.info(words.well)
        wasFaulty = message.is === 'fault'
      }
    },
  })
  requests.tellBy(request => companion.tell({ is: 'draft', request } satisfies ToHousekeeper))
  return {
    close() {
      behind.close()
      return companion.close()
    },
  }
}
