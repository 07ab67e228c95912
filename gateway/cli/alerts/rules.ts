/**
 * Which alert rules are in force: read at the start, and again when the file changes. A broken file leaves the old ones in
 * force, on record; one that notices less is held until an approver has signed it, where gateway.yaml names approvers.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import type { KeyRing } from '../../contracts.ts'
import type { OperationalLog } from '../../log.ts'
import { errorsOf, type Fault } from '../../policy/fault.ts'
import { watchPolicies } from '../../policy/watch.ts'
import type { RecordLog } from '../../records/log/log.ts'
import { parseVerifier, type Verifier } from '../../records/proof/note.ts'
import { approversOf } from '../in-force/policy-approval.ts'
import { GateFault } from '../in-force/policy-gate.ts'
import { openTwoPersonGate, type TakenUp, type TwoPersonGate } from '../in-force/two-person-gate.ts'
import { type Alerts, alertsFileName, alertsOf, type LoadedAlerts, loadAlerts } from './file.ts'
import { weakerThan } from './rules-diff.ts'
import { alertsSince, keepAlerts, readKeptAlerts } from './snapshot.ts'

const words = {
  taken: { zh: '已启用新的告警规则', en: 'changed alert rules are in force' },
  refused: {
    zh: '告警规则有误，未启用；原规则继续有效。请运行 veilgate check 查看',
    en: 'changed alert rules are broken and not taken up; the old ones stay in force. Run veilgate check to see why',
  },
  held: {
    zh: '新的告警规则会少发现一些情况，已暂缓启用；原规则继续有效。请第二人查看并签名：veilgate policies approve',
    en: 'changed alert rules notice less and are held; the old ones stay in force. Have a second person look at them and sign: veilgate policies approve',
  },
  weaker: { zh: '新的告警规则会少发现一些情况', en: 'the changed alert rules notice less' },
  unrecorded: { zh: '告警规则的变更未能写入记录', en: 'a change of alert rules could not be put on record' },
  broken: {
    zh: '此前生效的告警规则副本（keys/alerts.in-force）已损坏或被改动。请核查后再启动',
    en: 'the kept copy of the alert rules that were in force (keys/alerts.in-force) is damaged or was changed. Look into it, then start again',
  },
}

/** Milliseconds until taking rules up is tried again where they could not be recorded or kept. */
const retryAfter = 1000

export type AlertRulesParts = {
  readonly config: Pick<Config, 'approvers' | 'keys' | 'policies'>
  readonly ring: KeyRing
  readonly records: Pick<RecordLog, 'append'>
  readonly log: OperationalLog
  /** What the file says now. */
  readonly offered: Alerts
  /** How the policy folder is named in faults. */
  readonly shownAs?: string | undefined
}

export type AlertRules = {
  /** Those in force at the start. */
  readonly inForce: Alerts
  /** From here on: called with those that are taken up. */
  follow(use: (alerts: Alerts) => void): Promise<void>
  close(): Promise<void>
}

/** Throws GateFault where the copy of those in force before was changed. */
export async function openAlertRules(parts: AlertRulesParts): Promise<AlertRules> {
  const { config, records, log, offered, shownAs } = parts
  const directory = config.policies
  const gate = directory === null ? null : gateOf(parts, directory)
  let inForce = gate?.inForce ?? offered
  if (inForce.rules.length > 0)
    await records.append([
      { kind: 'alert_rules', digest: inForce.digest, previous: null, outcome: 'loaded', faults: 0 },
    ])
  const closing: { close(): Promise<void> }[] = gate === null ? [] : [gate]
  let newest = offered
  return {
    inForce,
    async follow(use) {
      if (directory === null) return
      const take = async (alerts: Alerts, told: TakenUp): Promise<void> => {
        const { digest } = alerts
        const more = told.wider !== undefined && told.wider.length > 0 ? told : {}
        const loaded = { previous: inForce.digest, outcome: 'loaded', faults: 0, ...more } as const
        await records.append([{ kind: 'alert_rules', digest, ...loaded }])
        inForce = alerts
        log[told.wider?.length ? 'warn' : 'info'](told.wider?.length ? words.weaker : words.taken, { digest })
        use(alerts)
      }
      const offer = (alerts: Alerts): Promise<void> =>
        gate === null ? take(alerts, { wider: short(weakerThan(inForce, alerts)) }) : gate.offer(alerts, take)
      const attempt = (alerts: Alerts): void => {
        if (alerts !== newest) return
        offer(alerts).catch(() => setTimeout(attempt, retryAfter, alerts).unref())
      }
      if (offered.digest !== inForce.digest) attempt(offered)
      const watching = watchPolicies<Alerts>({
        directory,
        digest: offered.digest,
        load: () => wrapped(loadAlerts(directory, shownAs)),
        onPolicy(alerts) {
          newest = alerts
          attempt(alerts)
        },
        onFaults: faults => refuse(faults, inForce.digest, parts),
      })
      closing.push(watching)
    },
    async close() {
      newest = inForce
      for (const one of closing) await one.close()
    },
  }
}

function gateOf(parts: AlertRulesParts, directory: string): TwoPersonGate<Alerts> | null {
  const { config, ring, records, log, offered } = parts
  if (config.approvers.length === 0) return null
  const people = config.approvers.map(({ key }) => parseVerifier(key)).filter((one): one is Verifier => one !== null)
  const keep = ({ digest }: Alerts): void => {
    const path = join(directory, alertsFileName)
    const bytes = existsSync(path) ? readFileSync(path) : new Uint8Array()
    const same = alertsOf(bytes, path, path)
    if ('faults' in same || same.digest !== digest) throw new Error('the file has changed meanwhile')
    keepAlerts(config.keys, ring, bytes)
  }
  const inForce = keptBefore(parts, directory) ?? offered
  if (inForce === offered) keep(offered)
  return openTwoPersonGate<Alerts>({
    inForce,
    keep,
    more(before, after) {
      const weaker = weakerThan(before, after)
      return { count: weaker.length, words: short(weaker) }
    },
    approvers: (digest, previous, since) =>
      approversOf(directory, { of: 'alert rules', digest, previous }, people, { since, now: Date.now() }),
    since: () => alertsSince(config.keys),
    recordHeld: (digest, previous, wider) =>
      records.append([{ kind: 'alert_rules', digest, previous, outcome: 'held', faults: 0, wider }]),
    onHeld: (digest, count) => log.warn(words.held, { digest, count }),
  })
}

/** Those that were in force before this start; null: none were kept, or they are what the file says. */
function keptBefore({ config, ring, offered, shownAs = '' }: AlertRulesParts, directory: string): Alerts | null {
  try {
    const bytes = readKeptAlerts(config.keys, ring)
    if (bytes === null) return null
    const kept = alertsOf(bytes, join(shownAs, alertsFileName), join(directory, alertsFileName))
    if ('faults' in kept) throw new Error('the kept alert rules cannot be read')
    return kept.digest === offered.digest ? null : kept
  } catch {
    throw new GateFault(words.broken)
  }
}

function wrapped(loaded: LoadedAlerts): { policy: Alerts } | { faults: readonly Fault[] } {
  return 'faults' in loaded ? loaded : { policy: loaded }
}

function refuse(faults: readonly Fault[], previous: string, { records, log }: AlertRulesParts): void {
  const errors = errorsOf(faults)
  const [first] = errors
  const place = first && { code: first.code, file: first.file, line: first.line }
  log.error(words.refused, { count: errors.length, ...place })
  records
    .append([{ kind: 'alert_rules', digest: null, previous, outcome: 'refused', faults: errors.length }])
    .catch(error => log.error(words.unrecorded, { error }))
}

/** As records hold it. */
function short(weaker: readonly string[]): string[] {
  return weaker.slice(0, 64).map(one => one.slice(0, 128))
}
