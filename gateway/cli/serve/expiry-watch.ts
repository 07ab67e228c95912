/** Says in good time what will count no more: on record, in the operational log and by metrics; and when it does not. */
import { Gauge, Registry } from 'prom-client'
import type { Grant } from '../../access/grants/ledger.ts'
import type { Config } from '../../config/config.ts'
import type { Metrics } from '../../console/metrics.ts'
import type { OperationalLog } from '../../log.ts'
import type { Policy } from '../../policy/policy.ts'
import type { RecordLog } from '../../records/log/log.ts'
import { type Expiring, expirables, expiringOf } from './expiring.ts'

const day = 86_400_000
/** Milliseconds between two looks; a minute where something could not be recorded. */
const [pace, again] = [3_600_000, 60_000]

const words = {
  soon: { zh: '即将到期', en: 'this counts for some days more only' },
  over: { zh: '已到期', en: 'this counts no more: its time is over' },
  failed: { zh: '暂时无法查明哪些即将到期；稍后再试', en: 'what ends soon cannot be told now; trying again' },
}

export type ExpiryParts = {
  readonly config: () => Config
  readonly policy: () => Policy
  readonly grants: () => readonly Grant[]
  readonly records: Pick<RecordLog, 'append'>
  readonly log: OperationalLog
  readonly now?: () => number
}

export type ExpiryWatch = {
  /** The same metrics, and how many of what end soon. */
  beside(metrics: Pick<Metrics, 'render' | 'contentType'>): Pick<Metrics, 'render' | 'contentType'>
  /** Looks now, and says what was not said. */
  look(): Promise<void>
  close(): Promise<void>
}

/** Looks at once and each hour. Everything is said once as long as the gateway runs, and again when it is over. */
export function watchExpiry(parts: ExpiryParts): ExpiryWatch {
  const { config, policy, grants, records, log, now = Date.now } = parts
  const said = new Set<string>()
  let found: readonly Expiring[] = []
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> = Promise.resolve()
  let isClosed = false

  const say = async (expiring: Expiring): Promise<void> => {
    const { what, name, route, until } = expiring
    const state = until <= now() ? 'over' : 'soon'
    const key = JSON.stringify([what, name, route, until, state])
    if (said.has(key)) return
    await records.append([{ kind: 'expiry', what, name, route, until: new Date(until).toISOString(), state }])
    said.add(key)
    const about = { ...(route !== null && { route }), ...(what === 'consumer' ? { consumer: name } : { system: name }) }
    log.warn(words[state], { code: what.toUpperCase(), seconds: Math.round((until - now()) / 1000), ...about })
  }
  const look = async (): Promise<void> => {
    found = await expiringOf({
      config: config(),
      policy: policy(),
      grants: grants(),
      now: now(),
      ahead: config().expiryNoticeDays * day,
    })
    for (const one of found) await say(one)
  }
  const next = (): void => {
    if (isClosed) return
    looking = look()
      .then(
        () => pace,
        error => {
          log.warn(words.failed, { error })
          return again
        },
      )
      .then(wait => {
        if (!isClosed) timer = setTimeout(next, wait).unref()
      })
  }
  next()
  return {
    beside(metrics) {
      const registry = new Registry()
      new Gauge({
        name: 'veilgate_expiring',
        help: 'What ends within expiry_notice_days, or has ended and is still there.',
        labelNames: ['what'] as const,
        registers: [registry],
        collect() {
          for (const what of expirables) this.set({ what }, found.filter(one => one.what === what).length)
        },
      })
      const render = async () => (await metrics.render()) + (await registry.metrics())
      return { contentType: metrics.contentType, render }
    },
    look,
    async close() {
      isClosed = true
      clearTimeout(timer)
      await looking
    },
  }
}
