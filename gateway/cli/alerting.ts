/** Has the records watched while the gateway serves: an alarm goes on record, then to the operational log and whoever is to know; and stops who is to be stopped. */
import { extname, join } from 'node:path'
import type { Alarm } from '../access/alerts/rules.ts'
import type { LockdownDesk } from '../access/lockdown/desk.ts'
import { randomId } from '../access/random-id.ts'
import type { Config } from '../config/config.ts'
import type { OperationalLog } from '../log.ts'
import type { Policy } from '../policy/policy.ts'
import type { RecordLog } from '../records/log.ts'
import type { FromAlertFollower, ToAlertFollower } from './alert-follower.ts'
import type { Alerts } from './alerts-file.ts'
import { startCompanion } from './companion.ts'

const script = join(import.meta.dirname, `alert-follower${extname(import.meta.filename)}`)

const words = {
  alarm: { zh: '告警：请查看访问记录', en: 'alert: look at the access records' },
  blocked: {
    zh: '告警已封锁相关方，须两人解除：veilgate lockdown list',
    en: 'an alert has locked down whoever it is about, until two people lift it: veilgate lockdown list',
  },
  unblocked: { zh: '告警要求封锁，但未能封锁', en: 'an alert asks for a lockdown, and it could not be ordered' },
  fault: { zh: '访问记录暂时无法监看；稍后再试', en: 'the records cannot be watched now; trying again' },
  unrecorded: { zh: '告警未能写入记录', en: 'an alert could not be put on record' },
}

export type AlertingParts = {
  readonly config: Config
  readonly alerts: Alerts
  readonly policy: Policy
  readonly records: Pick<RecordLog, 'append'>
  readonly log: OperationalLog
  /** null: nobody could lift a lockdown, so that none is ordered. */
  readonly lockdowns: Pick<LockdownDesk, 'lockUnasked'> | null
  /** Whoever is to know. Never rejects. */
  readonly notify?: (alarm: Alarm) => void
}

/** null: there is nothing to watch for. */
export function startAlerting(parts: AlertingParts): { close(): Promise<void> } | null {
  const { config, alerts, policy, log } = parts
  if (alerts.rules.length === 0) return null
  const canaries = alerts.canaries.map(({ dataType, value }) => {
    const detector = policy.catalogue.get(dataType)?.detector?.detector
    return { dataType, value: detector?.normalize(value) ?? value }
  })
  const task = {
    directory: config.records,
    rules: alerts.rules,
    canaries,
    keys: config.keys,
    timezone: config.timezone,
  }
  return startCompanion<FromAlertFollower>({
    script,
    task: task satisfies ToAlertFollower,
    onMessage(message) {
      if (message.is === 'fault') log.warn(words.fault, { code: message.code })
      else void raise(message.alarm, parts)
    },
  })
}

/** On record first; but what cannot be recorded is still said. Never rejects. */
export async function raise(alarm: Alarm, { alerts, records, log, lockdowns, notify }: AlertingParts): Promise<void> {
  const rule = alerts.rules.find(({ name }) => name === alarm.rule)
  if (rule === undefined) return
  const { time: _, ...named } = alarm
  try {
    await records.append([{ kind: 'alert', ...named, actions: rule.actions }])
  } catch (error) {
    log.error(words.unrecorded, { error })
  }
  const fields = { record: alarm.of, count: alarm.amount, code: alarm.rule.toUpperCase() }
  log.warn(words.alarm, { ...fields, ...(alarm.consumer !== null && { consumer: alarm.consumer }) })
  notify?.(alarm)
  if (rule.actions.includes('block')) await block(alarm, lockdowns, log)
}

/** The operator; else the consumer. What is known by its address alone is not stopped by that. */
async function block(
  { operator, consumer }: Alarm,
  lockdowns: AlertingParts['lockdowns'],
  log: OperationalLog,
): Promise<void> {
  const scope = { operator, consumer: operator === null ? consumer : null, system: null, route: null }
  try {
    if (lockdowns === null || (operator === null && consumer === null)) log.warn(words.unblocked)
    else {
      await lockdowns.lockUnasked({ id: randomId(), scope, drill: false, made: new Date().toISOString() })
      log.warn(words.blocked)
    }
  } catch (error) {
    log.error(words.unblocked, { error })
  }
}
