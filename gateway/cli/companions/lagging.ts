/** What a process beside the gateway tells of how far it is behind, and what is said where that is far. */
import type { Lag } from '../../console/lag.ts'
import type { Bilingual } from '../../contracts.ts'
import type { OperationalLog } from '../../log.ts'

/** Told every so many milliseconds; who is silent for twice as long falls behind by the time. */
const lagPace = 5_000
/** Seconds. */
const [far, near] = [900, 60]

export type Lagging = { hear(lag: Lag): void; lag(): Lag; close(): void }

/** `words`: what is far behind, and that it is not any more. `clock`: milliseconds. */
export function lagging(
  words: { readonly far: Bilingual; readonly near: Bilingual },
  log: Pick<OperationalLog, 'error' | 'info'>,
  clock: () => number = Date.now,
): Lagging {
  let heard: Lag = { records: null, seconds: 0 }
  let at = clock()
  let isFar = false
  const lag = (): Lag => {
    const silent = clock() - at
    return silent < lagPace * 2 ? heard : { ...heard, seconds: heard.seconds + Math.round(silent / 1000) }
  }
  const look = (): void => {
    const { seconds, records } = lag()
    if (!isFar && seconds >= far) log.error(words.far, { seconds, ...(records !== null && { count: records }) })
    if (isFar && seconds <= near) log.info(words.near)
    isFar = isFar ? seconds > near : seconds >= far
  }
  const timer = setInterval(look, lagPace).unref()
  return {
    hear(told) {
      heard = told
      at = clock()
      look()
    },
    lag,
    close: () => clearInterval(timer),
  }
}
