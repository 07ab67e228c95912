/**
 * What is done once for a gateway, however many processes it is: by its only one, or by the primary of several. A worker
 * has neither alert rules nor a gate: what is in force is told it.
 */
import type { KeyFolder } from '../../access/keys.ts'
import type { Config } from '../../config/config.ts'
import type { OperationalLog } from '../../log.ts'
import { hasErrors } from '../../policy/fault.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Health, RecordLog } from '../../records/log/log.ts'
import type { Notary } from '../../records/notary/notary.ts'
import { keepZone } from '../../records/zone.ts'
import type { Control } from '../admin/control.ts'
import { startAlerting } from '../alerts/alerting.ts'
import type { Alerts } from '../alerts/file.ts'
import { type AlertRules, openAlertRules } from '../alerts/rules.ts'
import { gateOf, HeldFault } from '../in-force/policy-folder.ts'
import type { PolicyGate } from '../in-force/policy-gate.ts'
import { keysMade } from '../keys/made.ts'
import { watchExpiry } from './expiry-watch.ts'
import type { StartOptions } from './gateway-parts.ts'
import { notarize } from './notarize.ts'
import type { Opened } from './opened.ts'

const words = {
  unrecorded: {
    zh: '访问记录无法写入，所有请求将被拒绝（503），恢复后自动继续',
    en: 'access records cannot be written: every request is refused (503) until they can',
  },
  damaged: {
    zh: '启动时发现已有的访问记录损坏，或已签署的末尾被截去：原样保留，从新文件继续记录。请运行 veilgate records verify 查看缺哪些，并与副本对照',
    en: 'the access records that were there at the start are damaged, or their signed end was cut off: they are left as they are, and a new file goes on. Run veilgate records verify to see which are missing, and compare the folder with a copy',
  },
  recorded: { zh: '访问记录已恢复写入', en: 'access records can be written again' },
  clock: {
    zh: '本机时钟倒退，早于最后一条记录：在追上之前，记录的时间停在那一刻，gap 记录写明倒退了多少；请用 NTP 校准时钟',
    en: 'The clock of this machine went back behind the last record: until it has caught up records keep the time of that one, and a gap record says by how much it went back. Have NTP set the clock',
  },
  caughtUp: {
    zh: '本机时钟已追上记录的时间',
    en: 'The clock has caught up with the records: their times are right again',
  },
  space: { zh: '记录所在磁盘空间不足', en: 'little room is left on the disk of the records' },
}

/** Of the gateway, or of one of its workers. */
export type Begun = {
  readonly options: StartOptions
  readonly keys: KeyFolder
  readonly records: RecordLog
  readonly opened: Opened
}

/** Which alert rules are in force, where some are offered: those, or the ones before, while nobody has approved that they notice less. */
export async function rulesInForce({ options, keys, records, opened }: Begun, offered: Alerts): Promise<AlertRules> {
  const { config, log, policiesShownAs } = options
  return opened.add(await openAlertRules({ config, ring: keys.ring, records, log, offered, shownAs: policiesShownAs }))
}

/** Who decides which policy is in force, and has decided so of what the folder holds; null: nobody has to. */
export function openGate({ options, keys, records, opened }: Begun, offered: Policy): PolicyGate | null {
  return opened.add(gateOf(options, keys, { records, log: options.log, offered }))
}

/** Puts on record what the gateway starts with, and has its log signed from then on, by whom it returns. Throws HeldFault where the policy does not fit. */
export async function begin({ options, keys, records, opened }: Begun, policy: Policy): Promise<Notary> {
  const { config, log, askDraft } = options
  const misfits = options.against?.(policy) ?? []
  if (hasErrors(misfits)) throw new HeldFault(misfits)
  await recordStart(records, config, policy, keys)
  return opened.add(await notarize({ config, keys, records, log, askDraft }))
}

async function recordStart(records: RecordLog, config: Config, policy: Policy, keys: KeyFolder): Promise<void> {
  keepZone(config.records, config.timezone)
  const loaded = { previous: null, outcome: 'loaded', faults: 0 } as const
  await records.append([
    ...keysMade(keys),
    { kind: 'config', digest: config.digest, ...loaded },
    { kind: 'policy', digest: policy.digest, ...loaded },
  ])
}

/** Puts on record that certificates and keys which gateway.yaml names are taken up, or refused for what is wrong in them. */
export async function recordCertificates(records: RecordLog, digest: string, faults: number): Promise<void> {
  const outcome = faults === 0 ? 'loaded' : 'refused'
  await records.append([{ kind: 'config', digest, previous: digest, outcome, faults }])
}

/** Has what ends soon put on record in time. */
export function expiryOf(
  { options, records, opened }: Begun,
  config: () => Config,
  policy: () => Policy,
  control: Control | null,
) {
  const { log } = options
  const grants = () => control?.grants.list() ?? []
  return opened.add(watchExpiry({ config, policy, grants, records, log }))
}

/** Has the records watched for what the alert rules say. */
export async function alertBy(
  rules: AlertRules,
  { options, records, opened }: Begun,
  policy: Policy,
  control: Control | null,
): Promise<void> {
  const { config, log, plugins } = options
  const lockdowns = control?.lockdowns ?? null
  const alerting = opened.add(
    startAlerting({ config, alerts: rules.inForce, policy, records, log, lockdowns, plugins }),
  )
  control?.tellBy(alerting.tell)
  await rules.follow(alerting.use)
}

/** Tells the operational log when records cannot be written, and when they can again; so when the clock goes back, as it has by the start, perhaps. */
export function reportHealth(records: RecordLog, log: OperationalLog): { close(): Promise<void> } {
  let { usable } = records
  let isBehind = false
  const lookAtClock = ({ clockBehind }: Health): void => {
    if (clockBehind > 0 === isBehind) return
    isBehind = clockBehind > 0
    if (isBehind) log.error(words.clock, { seconds: clockBehind })
    else log.info(words.caughtUp)
  }
  lookAtClock(records.health)
  if (records.beganDamaged) log.error(words.damaged)
  if (records.health.lowSpace) log.warn(words.space)
  const stop = records.onChange(health => {
    if (health.cause === 'closed') return
    lookAtClock(health)
    if (health.lowSpace) log.warn(words.space)
    if (health.usable && !usable) log.info(words.recorded)
    if (!health.usable && usable)
      log.error(words.unrecorded, health.cause === null ? {} : { cause: health.cause.toUpperCase() })
    usable = health.usable
  })
  return { close: async () => stop() }
}
