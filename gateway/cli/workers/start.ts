/**
 * Several processes that serve as one: what startGateway does in one of them is done by the workers, what must be done
 * once is done here. Each worker has a log of its own; this one's says what the gateway as a whole was started with.
 */
import type { Config, ListenAddress, SystemSettings } from '../../config/config.ts'
import { renewed } from '../../config/renewed.ts'
import { workersMetrics } from '../../console/metrics.ts'
import type { Readiness } from '../../console/standing-api.ts'
import type { Fault } from '../../policy/fault.ts'
import type { Policy } from '../../policy/policy.ts'
import type { RecordLog } from '../../records/log/log.ts'
import { openRecordLog } from '../../records/log/open.ts'
import type { AskDraft } from '../../records/sealing/sealer.ts'
import { AccountsFault } from '../accounts/file.ts'
import { openControl } from '../admin/control.ts'
import { openAdmin } from '../admin/open.ts'
import { loadAlerts } from '../alerts/file.ts'
import type { Language } from '../command.ts'
import { HeldFault, loadChecked, watchGated } from '../in-force/policy-folder.ts'
import type { TakenUp } from '../in-force/two-person-gate.ts'
import { openInstalledKeys } from '../keys/installed.ts'
import { proofsOf, type StartOptions } from '../serve/gateway-parts.ts'
import { Opened } from '../serve/opened.ts'
import {
  alertBy,
  begin,
  expiryOf,
  openGate,
  recordCertificates,
  reportHealth,
  rulesInForce,
} from '../serve/whole-gateway.ts'
import { Workers } from './workers.ts'

/** What `serve` needs of a gateway, however many processes it is. */
export type Serving = {
  readonly address: ListenAddress
  readonly admin: ListenAddress | null
  readonly policy: Policy
  /** Of the only process, or the primary. */
  readonly records: RecordLog
  readonly gateway: { cut(): void }
  renew(config: Config): Promise<void>
  close(): Promise<void>
}

/** The primary's; `gw1-0`, `gw1-1` and so on are the workers'. */
const logName = 'gw1'
const words = {
  ended: { zh: '工作进程意外结束，正在重新启动', en: 'a worker ended unexpectedly and is started again' },
}

/** Starts `count` workers and resolves when all serve. Returns faults, and throws, as `startGateway` does; or a WorkerFault. */
export async function startWorkers(
  options: StartOptions & { readonly lang: Language; readonly askDraft: AskDraft },
  count: number,
): Promise<Serving | { readonly faults: readonly Fault[] }> {
  const { config, log, lang, askDraft } = options
  const keys = await openInstalledKeys(config, [logName])
  const load = () => loadChecked(options, keys)
  const loaded = load()
  if (!('policy' in loaded)) return { faults: loaded.faults }
  // made here, so that no two workers make one
  await proofsOf(config, keys)
  const alerts = loadAlerts(config.policies, options.policiesShownAs)
  if ('faults' in alerts) return alerts
  const records = await openRecordLog({
    directory: config.records,
    log: logName,
    holds: 'folder',
    fileBytes: config.limits.recordsFile,
    fileTime: config.limits.recordsFileTime,
  })
  const opened = new Opened()
  opened.add(records)
  const begun = { options, keys, records, opened }
  try {
    const rules = await rulesInForce(begun, alerts)
    const gate = openGate(begun, loaded.policy)
    const policy = gate?.inForce ?? loaded.policy
    await begin(begun, policy)
    opened.add(reportHealth(records, log))
    const onEnded = () => log.warn(words.ended)
    let inForce = policy
    let current = config
    const control = opened.add(await openControl({ ...options, keys, policy: () => inForce }))
    const grants = control?.grants ?? null
    const reviews = control?.reviews ?? null
    const restraints = control?.lockdowns.inForce() ?? []
    const workers = new Workers(logName, sharesOf({ ...config, policies: gate?.folder ?? config.policies }, count), {
      ...{ count, lang, digest: policy.digest, onEnded, grants, reviews, restraints, askDraft },
    })
    opened.add(workers)
    control?.spreadBy(restraints => workers.lock(restraints))
    const address = await workers.serving()
    const use = async (changed: Policy, told: TakenUp = {}): Promise<void> => {
      const loading = { previous: workers.digest, outcome: 'loaded', faults: 0 } as const
      await records.append([{ kind: 'policy', digest: changed.digest, ...loading, ...told }])
      inForce = changed
      await workers.take(changed.digest)
    }
    const metrics = { policyLoaded: () => workers.tellOne({ to: 'count_refused_policy' }) }
    if (config.policies !== null)
      opened.add(await watchGated(config.policies, loaded.policy, load, use, gate, { records, metrics, log }))
    const expiry = expiryOf(
      begun,
      () => current,
      () => inForce,
      control,
    )
    const readiness = (): Readiness => ({
      records: records.usable && workers.recordsUsable ? 'usable' : 'unusable',
      cause: records.health.cause ?? workers.recordsCause,
      policy: workers.digest,
      listening: true,
      stopping: workers.stopping,
    })
    const metered = expiry.beside(options.lag?.beside(workersMetrics()) ?? workersMetrics())
    const admin = opened.add(await openAdmin(config, keys, metered, control, readiness, { log, policy: () => inForce }))
    await alertBy(rules, begun, policy, control)
    const renew = async (by: Config): Promise<void> => {
      await recordCertificates(records, config.digest, 0)
      current = renewed(current, by)
      workers.renew(current)
      admin?.renew(current)
      await expiry.look().catch(() => {})
    }
    const close = () => opened.close()
    return { address, admin: admin?.address ?? null, policy, records, gateway: workers, renew, close }
  } catch (error) {
    await opened.close().catch(() => {})
    if (error instanceof HeldFault || error instanceof AccountsFault) return { faults: error.faults }
    throw error
  }
}

/** What holds for the whole gateway is divided among its workers; rates are counted by the primary. */
function sharesOf(config: Config, count: number): Config {
  const share = (whole: number) => Math.max(1, Math.ceil(whole / count))
  const { limits } = config
  const systems = [...config.systems].map(([name, system]): [string, SystemSettings] => {
    const pool = { ...system.upstream.pool, connections: share(system.upstream.pool.connections) }
    return [name, { ...system, upstream: { ...system.upstream, pool } }]
  })
  return {
    ...config,
    systems: new Map(systems),
    limits: {
      ...limits,
      inFlight: share(limits.inFlight),
      connections: share(limits.connections),
      requestBodies: share(limits.requestBodies),
    },
  }
}
