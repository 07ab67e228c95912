/** From a configuration to a gateway that serves: opens keys, policies and records, and puts the rooms together. */
import { Barrier } from '../../access/lockdown/barrier.ts'
import type { Config, ListenAddress } from '../../config/config.ts'
import { renewed } from '../../config/renewed.ts'
import { createMetrics, type Metrics } from '../../console/metrics.ts'
import type { Readiness } from '../../console/standing-api.ts'
import { createGateway, type Gateway } from '../../exchange/server.ts'
import { Canaries } from '../../masking/canaries.ts'
import type { Fault } from '../../policy/fault.ts'
import type { Policy } from '../../policy/policy.ts'
import type { RecordLog } from '../../records/log/log.ts'
import { openRecordLog } from '../../records/log/open.ts'
import { AccountsFault } from '../accounts/file.ts'
import { grantQueryKey, openControl } from '../admin/control.ts'
import { openAdmin } from '../admin/open.ts'
import { reviewsWith } from '../admin/reviewing.ts'
import { watchCanaries } from '../alerts/canary-watch.ts'
import { loadAlerts } from '../alerts/file.ts'
import { HeldFault, loadChecked, watchGated } from '../in-force/policy-folder.ts'
import type { TakenUp } from '../in-force/two-person-gate.ts'
import { openInstalledKeys } from '../keys/installed.ts'
import { partsOf, type StartOptions } from './gateway-parts.ts'
import { logName } from './notarize.ts'
import { Opened } from './opened.ts'
import { warmUp } from './warm-up.ts'
import { alertBy, begin, expiryOf, openGate, recordCertificates, reportHealth, rulesInForce } from './whole-gateway.ts'

export type Running = {
  /** Where callers reach it: the port that was free, where 0 was asked for. */
  readonly address: ListenAddress
  readonly admin: ListenAddress | null
  readonly policy: Policy
  readonly records: RecordLog
  readonly gateway: Gateway
  readonly metrics: Metrics
  /**
   * Takes up the policy of this digest from the folder, once that is on record. false: the folder has another one, or
   * it could not be recorded; the old one stays in force.
   */
  take(digest: string): Promise<boolean>
  /** Connections that are made from now on are under the certificates and keys of this configuration. Rejects where that could not be recorded. */
  renew(config: Config): Promise<void>
  /** Ends answers in flight, then writes what is left, then gives the folder back. Safe to call again. */
  close(): Promise<void>
}

const words = {
  taken: { zh: '已启用新策略', en: 'a changed policy is in force' },
}

/**
 * Starts to serve. Returns faults where the policies are wrong or do not fit the configuration. Throws KeyFault,
 * RecordsFault, or what listening throws; nothing is left open then.
 */
export async function startGateway(options: StartOptions): Promise<Running | { readonly faults: readonly Fault[] }> {
  const { config, log, worker } = options
  const keys = await openInstalledKeys(config, [worker?.log ?? logName])
  const load = () => loadChecked(options, keys)
  const loaded = load()
  if ('faults' in loaded && !('policy' in loaded)) return { faults: loaded.faults }
  const alerts = worker === undefined ? loadAlerts(config.policies, options.policiesShownAs) : null
  if (alerts !== null && 'faults' in alerts) return alerts
  const own =
    worker === undefined ? ({ log: logName, holds: 'folder' } as const) : ({ log: worker.log, holds: 'log' } as const)
  const records = await openRecordLog({
    directory: config.records,
    ...own,
    fileBytes: config.limits.recordsFile,
    fileTime: config.limits.recordsFileTime,
  })
  const opened = new Opened()
  opened.add(records)
  const begun = { options, keys, records, opened }
  try {
    const rules = alerts && (await rulesInForce(begun, alerts))
    const gate = worker === undefined ? openGate(begun, loaded.policy) : null
    const policy = gate?.inForce ?? loaded.policy
    const notary = await begin(begun, policy)
    let inForce = policy
    let current = config
    let listening = false
    const audiences = () => inForce.audiences
    const systems = new Set(config.systems.keys())
    const metrics = createMetrics({ systems, audiences, records, notary, forPrimary: worker !== undefined })
    const control = opened.add(
      worker === undefined ? await openControl({ ...options, keys, policy: () => inForce }) : null,
    )
    const grants = worker?.grants ?? control?.grants
    const reviews = worker?.reviews ?? control?.reviews ?? null
    const barrier = worker?.barrier ?? new Barrier(control?.lockdowns.inForce())
    control?.spreadBy(async restraints => {
      barrier.set(restraints)
      return [0]
    })
    const canaries = new Canaries()
    opened.add(watchCanaries(config, keys.ring, canaries))
    const parts = await partsOf(options, keys, policy, records, metrics, canaries)
    const gateway = await createGateway({
      ...parts,
      barrier,
      ...(config.reviews !== null &&
        reviews !== null && { reviews: reviewsWith(reviews, config.reviews, keys, config.timezone) }),
      ...(grants !== undefined && { grants: { uses: grants, queryKey: grantQueryKey(keys) } }),
    })
    opened.add(gateway)
    const use = async (changed: Policy, told: TakenUp = {}): Promise<void> => {
      await gateway.usePolicy(changed, told)
      inForce = changed
      metrics.policyLoaded('loaded')
      log.info(words.taken, { digest: changed.digest })
    }
    if (config.policies !== null && worker === undefined)
      opened.add(await watchGated(config.policies, loaded.policy, load, use, gate, { records, metrics, log }))
    opened.add(reportHealth(records, log))
    const expiry =
      worker === undefined
        ? expiryOf(
            begun,
            () => current,
            () => inForce,
            control,
          )
        : null
    const readiness = (): Readiness => ({
      records: records.usable ? 'usable' : 'unusable',
      cause: records.health.cause,
      policy: inForce.digest,
      listening,
      stopping: gateway.stopping,
    })
    const openTo = worker === undefined ? config : { ...config, admin: null }
    const known = options.lag?.beside(metrics) ?? metrics
    const metered = expiry?.beside(known) ?? known
    const admin = opened.add(await openAdmin(openTo, keys, metered, control, readiness, { log, policy: () => inForce }))
    if (options.loaded !== undefined) {
      await warmUp(parts, keys.ring)
      options.loaded()
    }
    const address = await gateway.listen()
    listening = true
    if (rules !== null) await alertBy(rules, begun, policy, control)
    const take = async (digest: string): Promise<boolean> => {
      if (digest === inForce.digest) return true
      const changed = load()
      if (!('policy' in changed) || changed.policy.digest !== digest) return false
      return use(changed.policy).then(
        () => true,
        () => false,
      )
    }
    const renew = async (by: Config): Promise<void> => {
      if (worker === undefined) await recordCertificates(records, config.digest, 0)
      current = renewed(current, by)
      gateway.useCertificates(current)
      admin?.renew(current)
      await expiry?.look().catch(() => {})
    }
    const close = () => opened.close()
    return { address, admin: admin?.address ?? null, policy, records, gateway, metrics, take, renew, close }
  } catch (error) {
    await opened.close().catch(() => {})
    if (error instanceof HeldFault || error instanceof AccountsFault) return { faults: error.faults }
    throw error
  }
}
