/** Has the records watched while the gateway serves: an alarm goes on record, then to the operational log and whoever is to know; and stops who is to be stopped. */
import { extname, join } from 'node:path'
import { type Alarm, type Rule, watches } from '../access/alerts/rules.ts'
import { createTelling, type Telling } from '../access/alerts/telling.ts'
import type { LockdownDesk } from '../access/lockdown/desk.ts'
import { randomId } from '../access/random-id.ts'
import type { Config } from '../config/config.ts'
import type { Notice, Notify, Plugins } from '../contracts.ts'
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
  untold: { zh: '告警通知未能送达', en: 'an alert could not be delivered' },
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
  readonly plugins: Pick<Plugins, 'notifiers'>
}

/** An alarm to be recorded and told. */
export type Raising = AlertingParts & { readonly telling: Pick<Telling, 'tell'> }

export type Alerting = Pick<Telling, 'tell'> & { close(): Promise<void> }

/** Starts watching, where there are rules, and telling, where somebody is to know. */
export function startAlerting(parts: AlertingParts): Alerting {
  const { alerts, log } = parts
  const telling = createTelling({
    notifiers: notifiersOf(parts),
    onGivenUp: (notifier, { record }) => log.warn(words.untold, { consumer: notifier, record }),
  })
  const companion =
    alerts.rules.length === 0
      ? null
      : startCompanion<FromAlertFollower>({
          script,
          task: taskOf(parts),
          onMessage(message) {
            if (message.is === 'fault') log.warn(words.fault, { code: message.code })
            else void raise(message.alarm, { ...parts, telling })
          },
        })
  return {
    tell: notice => telling.tell(notice),
    async close() {
      await companion?.close()
      await telling.close()
    },
  }
}

function taskOf({ config, alerts, policy }: AlertingParts): ToAlertFollower {
  const canaries = alerts.canaries.map(({ dataType, value }) => {
    const detector = policy.catalogue.get(dataType)?.detector?.detector
    return { dataType, value: detector?.normalize(value) ?? value }
  })
  return { directory: config.records, rules: alerts.rules, canaries, keys: config.keys, timezone: config.timezone }
}

/** On record first; but what cannot be recorded is still said. Never rejects. */
export async function raise(alarm: Alarm, { alerts, records, log, lockdowns, telling }: Raising): Promise<void> {
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
  telling.tell(noticeOf(alarm, rule))
  if (rule.actions.includes('block')) await block(alarm, lockdowns, log)
}

function notifiersOf({ alerts, plugins }: AlertingParts): Map<string, Notify> {
  return new Map(
    [...alerts.notifiers].map(([name, { plugin, options }]) => {
      const found = plugins.notifiers.find(one => one.name === plugin)
      if (found === undefined) throw new TypeError('the schema knows this notifier, and the list does not')
      return [name, found.create(options)]
    }),
  )
}

/** Names and numbers of the record of an alert, and a sentence made of them. */
function noticeOf({ time, of, watch, ...alarm }: Alarm, { actions }: Rule): Notice {
  const { rule, operator, consumer, address, amount, limit } = alarm
  const who = operator ?? consumer ?? address ?? '-'
  const zhBlocked = actions.includes('block') ? '，已封锁' : ''
  const enBlocked = actions.includes('block') ? ', locked down' : ''
  return {
    ...{ rule, consumer, operator, address, amount, limit, record: of },
    id: `${rule}-${of}`.replace(/[^\w.-]/g, '.'),
    time: new Date(time).toISOString(),
    words: {
      zh: `告警 ${rule}（${watches[watch].zh}）：${who}，${amount}，上限 ${limit}${zhBlocked}`,
      en: `alert ${rule} (${watches[watch].en}): ${who}, ${amount}, at most ${limit}${enBlocked}`,
    },
  }
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
