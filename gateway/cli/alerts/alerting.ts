/** Has the records watched while the gateway serves: an alarm goes on record, then to the operational log and whoever is to know; and stops who is to be stopped. */
import { extname, join } from 'node:path'
import { type Alarm, type Rule, watches } from '../../access/alerts/rules.ts'
import { createTelling, type Telling } from '../../access/alerts/telling.ts'
import type { LockdownDesk } from '../../access/lockdown/desk.ts'
import { randomId } from '../../access/random-id.ts'
import type { Config } from '../../config/config.ts'
import type { Bilingual, Notice, Notify, Plugins } from '../../contracts.ts'
import { type Effect, effects } from '../../lockdown-event.ts'
import type { OperationalLog } from '../../log.ts'
import { normalized } from '../../masking/normalized.ts'
import type { Policy } from '../../policy/policy.ts'
import type { RecordLog } from '../../records/log/log.ts'
import { startCompanion } from '../companions/companion.ts'
import type { Alerts } from './file.ts'
import type { FromAlertFollower, ToAlertFollower } from './follower.ts'

const script = join(import.meta.dirname, `follower${extname(import.meta.filename)}`)

const words = {
  alarm: { zh: '告警：请查看访问记录', en: 'alert: look at the access records' },
  block: {
    zh: '告警已封锁相关方，须两人解除：veilgate lockdown list',
    en: 'an alert has locked down whoever it is about, until two people lift it: veilgate lockdown list',
  },
  slow_down: {
    zh: '告警已对相关方限速，到期结束或由两人解除：veilgate lockdown list',
    en: 'an alert has slowed down whoever it is about, for a time or until two people lift it: veilgate lockdown list',
  },
  mask_harder: {
    zh: '告警已对相关方加强脱敏，到期结束或由两人解除：veilgate lockdown list',
    en: 'an alert has whoever it is about shown less, for a time or until two people lift it: veilgate lockdown list',
  },
  unrestrained: {
    zh: '告警要求采取措施，但未能执行（须有 approvers，且知道操作人或调用方）',
    en: 'an alert asks for something to be done, and it could not be (that takes `approvers`, and a known operator or consumer)',
  },
  fault: { zh: '访问记录暂时无法监看；稍后再试', en: 'the records cannot be watched now; trying again' },
  untold: { zh: '告警通知未能送达', en: 'an alert could not be delivered' },
  unrecorded: { zh: '告警未能写入记录', en: 'an alert could not be put on record' },
}

/** As notices say it. */
const did: Readonly<Record<Effect, Bilingual>> = {
  block: { zh: '已封锁', en: 'locked down' },
  slow_down: { zh: '已限速', en: 'slowed down' },
  mask_harder: { zh: '已加强脱敏', en: 'masked harder' },
}

export type AlertingParts = {
  readonly config: Config
  readonly alerts: Alerts
  readonly policy: Policy
  readonly records: Pick<RecordLog, 'append' | 'lastTime'>
  readonly log: OperationalLog
  /** null: nobody could lift a lockdown, so that none is ordered. */
  readonly lockdowns: Pick<LockdownDesk, 'lockUnasked'> | null
  readonly plugins: Pick<Plugins, 'notifiers'>
}

/** An alarm to be recorded and told. */
export type Raising = AlertingParts & { readonly telling: Pick<Telling, 'tell'> }

export type Alerting = Pick<Telling, 'tell'> & {
  /** Other rules are in force: they learn from the past anew. What was to be told still is. */
  use(alerts: Alerts): void
  close(): Promise<void>
}

/** Starts watching, where there are rules, and telling, where somebody is to know. */
export function startAlerting(parts: AlertingParts): Alerting {
  const { log } = parts
  let { alerts } = parts
  /** Those that still have something to say, after others took their place. */
  const former = new Set<Telling>()
  let telling = tellingOf(parts)
  const follow = () => {
    if (alerts.rules.length === 0) return null
    const followed = alerts
    return startCompanion<FromAlertFollower>({
      script,
      task: () => taskOf({ ...parts, alerts: followed }),
      onMessage(message) {
        if (message.is === 'fault') log.warn(words.fault, { code: message.code })
        else void raise(message.alarm, { ...parts, alerts, telling })
      },
    })
  }
  let companion = follow()
  let changing: Promise<void> = Promise.resolve()
  let isClosing = false
  const change = async (): Promise<void> => {
    await companion?.close()
    if (!isClosing) companion = follow()
  }
  return {
    tell: notice => telling.tell(notice),
    use(changed) {
      if (isClosing) return
      const isSame = JSON.stringify([...alerts.notifiers]) === JSON.stringify([...changed.notifiers])
      alerts = changed
      if (!isSame) {
        const before = telling
        former.add(before)
        void before.idle().then(() => former.delete(before))
        telling = tellingOf({ ...parts, alerts })
      }
      changing = changing.then(change)
    },
    async close() {
      isClosing = true
      await changing
      await companion?.close()
      for (const one of [telling, ...former]) await one.close()
    },
  }
}

function tellingOf(parts: AlertingParts): Telling {
  return createTelling({
    notifiers: notifiersOf(parts),
    onGivenUp: (notifier, { record }) => parts.log.warn(words.untold, { consumer: notifier, record }),
  })
}

function taskOf({ config, alerts, policy, records }: AlertingParts): ToAlertFollower {
  const canaries = alerts.canaries.map(({ dataType, value }) => {
    return { dataType, value: normalized(policy.catalogue.get(dataType)?.detector?.detector ?? null, value) }
  })
  const { keys, timezone } = config
  return { directory: config.records, rules: alerts.rules, canaries, keys, timezone, lastTime: records.lastTime }
}

/** On record first; but what cannot be recorded is still said. Never rejects. */
async function raise(alarm: Alarm, { alerts, records, log, lockdowns, telling }: Raising): Promise<void> {
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
  await restrain(alarm, rule, lockdowns, log)
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
  const done = effects.filter(one => actions.includes(one))
  const [zhDone, enDone] = [done.map(one => `，${did[one].zh}`).join(''), done.map(one => `, ${did[one].en}`).join('')]
  return {
    ...{ rule, consumer, operator, address, amount, limit, record: of },
    id: `${rule}-${of}`.replace(/[^\w.-]/g, '.'),
    time: new Date(time).toISOString(),
    words: {
      zh: `告警 ${rule}（${watches[watch].zh}）：${who}，${amount}，上限 ${limit}${zhDone}`,
      en: `alert ${rule} (${watches[watch].en}): ${who}, ${amount}, at most ${limit}${enDone}`,
    },
  }
}

/** To the operator; else to the consumer. What is known by its address alone is not stopped by that. */
async function restrain(
  { operator, consumer }: Alarm,
  { actions, lasts, slowTo }: Rule,
  lockdowns: AlertingParts['lockdowns'],
  log: OperationalLog,
): Promise<void> {
  const scope = { operator, consumer: operator === null ? consumer : null, system: null, route: null }
  for (const effect of effects.filter(one => actions.includes(one))) {
    const now = Date.now()
    const until = effect === 'block' ? null : new Date(now + lasts).toISOString()
    const does = { effect, rate: effect === 'slow_down' ? slowTo : null }
    const order = { id: randomId(), scope, ...does, drill: false, until, made: new Date(now).toISOString() }
    try {
      const isNobody = lockdowns === null || (operator === null && consumer === null)
      const done = isNobody ? null : await lockdowns.lockUnasked(order)
      if (done === null || 'why' in done) log.warn(words.unrestrained, { code: effect.toUpperCase() })
      else log.warn(words[effect])
    } catch (error) {
      log.error(words.unrestrained, { code: effect.toUpperCase(), error })
    }
  }
}
