/**
 * Has the blind-index keys of months sealed to the trace authority and forgotten while the gateway serves: the current
 * month's is sealed when it is made, which is before the month begins, and an hour after the month's end it goes. What month
 * it is the last record says, which a heartbeat keeps near: a clock that is ahead and set right again takes no key from the
 * records to come, as theirs goes back no more than they do.
 */
import { KeyFault, type KeyFolder } from '../../access/keys.ts'
import { type MonthStep, sealAndForget } from '../../access/sealed-months.ts'
import type { Config } from '../../config/config.ts'
import type { OperationalLog } from '../../log.ts'
import type { RecordLog } from '../../records/log/log.ts'
import { localTime } from '../../records/query/when.ts'
import { openReadingLog } from '../../records/reading.ts'
import { openInstalledKeys } from './installed.ts'

const hour = 3_600_000
/** Milliseconds between two looks. */
const pace = 60_000

const words = {
  unsealed: {
    zh: '月度盲索引密钥未能封存给溯源保管人；稍后再试',
    en: 'a month’s blind-index key could not be sealed to the trace authority; trying again',
  },
}

/** Seals and forgets once. `now`: milliseconds since 1970. Throws what reading, writing and recording throw. */
export async function turnMonths(
  { keys: folder, records, timezone, traceAuthority: authority }: Config,
  keys: KeyFolder,
  now: number,
): Promise<void> {
  if (authority === null) return
  const month = (at: number) => localTime(new Date(at).toISOString(), timezone).slice(0, 7)
  const [past, current, next] = [month(now - hour), month(now), month(now + hour)]
  for (const one of [current, next]) keys.ring.secret(`blind index ${one}`)
  let log: RecordLog | null = null
  const record = async ({ action, month }: MonthStep): Promise<void> => {
    log ??= await openReadingLog(records)
    await log?.append([{ kind: 'key', action, purpose: 'blind_index', name: month, operator: null }])
  }
  try {
    await sealAndForget({ keys: folder, records, authority }, new Set([past, current, next]), record)
  } finally {
    await (log as RecordLog | null)?.close()
  }
}

/** Does it now and as months turn in these records. What fails is tried again; nothing waits for it. */
export function keepMonths(
  config: Config,
  records: Pick<RecordLog, 'lastTime'>,
  log: OperationalLog,
): { close(): Promise<void> } {
  if (config.traceAuthority === null) return { close: async () => {} }
  let turning: Promise<void> = Promise.resolve()
  const turn = (): void => {
    turning = turning
      .then(async () => turnMonths(config, await openInstalledKeys(config), records.lastTime))
      .catch(error => log.error(error instanceof KeyFault ? error.words : words.unsealed, { error }))
  }
  turn()
  const timer = setInterval(turn, pace).unref()
  return {
    close() {
      clearInterval(timer)
      return turning
    },
  }
}
