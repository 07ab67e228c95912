/** From a configuration to a gateway that serves: opens keys, policies and records, and puts the rooms together. */
import { createAccess } from '../access/access.ts'
import type { GrantUses } from '../access/grants/desk.ts'
import { type KeyFolder, openKeys } from '../access/keys.ts'
import { Barrier } from '../access/lockdown/barrier.ts'
import type { MakeLimiter } from '../access/rate-limits.ts'
import type { Reviewing } from '../access/reviews/desk.ts'
import { createSeal } from '../access/seal.ts'
import type { Config, ListenAddress } from '../config/config.ts'
import { createAdmin, type Readiness } from '../console/admin.ts'
import type { LagBoard } from '../console/lag.ts'
import { createMetrics, type Metrics } from '../console/metrics.ts'
import type { KeyRing, Plugins } from '../contracts.ts'
import { createGateway, type Gateway } from '../exchange/server.ts'
import type { OperationalLog } from '../log.ts'
import { createMasking } from '../masking/engine.ts'
import { type Fault, hasErrors } from '../policy/fault.ts'
import { loadPolicies } from '../policy/load.ts'
import type { Policy } from '../policy/policy.ts'
import { type Watch, watchPolicies } from '../policy/watch.ts'
import { blindIndex } from '../records/blind-index.ts'
import { openRecordLog, type RecordLog } from '../records/log.ts'
import { keepZone } from '../records/zone.ts'
import { AccountsFault } from './accounts-file.ts'
import { openPeople } from './admin-people.ts'
import { openAlertRules } from './alert-rules.ts'
import { startAlerting } from './alerting.ts'
import { loadAlerts } from './alerts-file.ts'
import { type Control, grantQueryKey, openControl } from './control.ts'
import { watchExpiry } from './expiry-watch.ts'
import { keysMade } from './keys-made.ts'
import { logName, notarize } from './notarize.ts'
import { type GateParts, openPolicyGate, type PolicyGate } from './policy-gate.ts'
import { reviewMetrics, reviewsWith } from './reviewing.ts'
import type { TakenUp } from './two-person-gate.ts'
import { warmUp } from './warm-up.ts'

export type StartOptions = {
  readonly config: Config
  readonly plugins: Plugins
  readonly log: OperationalLog
  /** What is wrong between the configuration and a policy. */
  readonly against?: (policy: Policy) => readonly Fault[]
  /** How the policy folder is named in faults. */
  readonly policiesShownAs?: string
  /** How far what follows the records is behind; shown among the metrics. */
  readonly lag?: LagBoard
  /** Left out: this process is the whole gateway. */
  readonly worker?: WorkerPart
}

/** One of several processes that serve as one: what the primary does for all of them is left to it. */
export type WorkerPart = {
  /** Of its own records. */
  readonly log: string
  /** Limits that hold for all workers together. */
  readonly makeLimiter: MakeLimiter
  readonly grants: GrantUses
  readonly reviews: Reviewing
  readonly barrier: Barrier
}

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
  /** Ends answers in flight, then writes what is left, then gives the folder back. Safe to call again. */
  close(): Promise<void>
}

const words = {
  taken: { zh: '已启用新策略', en: 'a changed policy is in force' },
  refused: {
    zh: '策略有误，未启用；原策略继续有效。请运行 veilgate check 查看',
    en: 'a changed policy is broken and not taken up; the old one stays in force. Run veilgate check to see why',
  },
  unrecorded: {
    zh: '访问记录无法写入，所有请求将被拒绝（503），恢复后自动继续',
    en: 'access records cannot be written: every request is refused (503) until they can',
  },
  recorded: { zh: '访问记录已恢复写入', en: 'access records can be written again' },
  space: { zh: '记录所在磁盘空间不足', en: 'little room is left on the disk of the records' },
}

/** Milliseconds until taking a policy up is tried again where it could not be recorded. */
const retryAfter = 1000

/**
 * Starts to serve. Returns faults where the policies are wrong or do not fit the configuration. Throws KeyFault,
 * RecordsFault, or what listening throws; nothing is left open then.
 */
export async function startGateway(options: StartOptions): Promise<Running | { readonly faults: readonly Fault[] }> {
  const { config, log } = options
  const keys = await openKeys(config.keys, Date.now, config.keyOverlapDays)
  const load = () => loadChecked(options, keys)
  const loaded = load()
  if ('faults' in loaded && !('policy' in loaded)) return { faults: loaded.faults }
  const { worker } = options
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
  const opened: { close(): Promise<unknown> }[] = [records]
  const closeAll = async () => {
    for (const part of opened.splice(0).reverse()) await part.close()
  }
  try {
    const rules =
      alerts &&
      (await openAlertRules({
        ...{ config, ring: keys.ring, records, log, offered: alerts, shownAs: options.policiesShownAs },
      }))
    if (rules !== null) opened.push(rules)
    const gate = worker === undefined ? gateOf(options, keys, { records, log, offered: loaded.policy }) : null
    if (gate !== null) opened.push(gate)
    const policy = gate?.inForce ?? loaded.policy
    const misfits = options.against?.(policy) ?? []
    if (hasErrors(misfits)) throw new HeldFault(misfits)
    await recordStart(records, config, policy, keys)
    opened.push(await notarize(config, keys, records, log))
    let inForce = policy
    const audiences = () => inForce.audiences
    const systems = new Set(config.systems.keys())
    const metrics = createMetrics({ systems, audiences, records, forPrimary: worker !== undefined })
    const control = worker === undefined ? await openControl({ ...options, keys, policy: () => inForce }) : null
    if (control !== null) opened.push(control)
    const grants = worker?.grants ?? control?.grants
    const reviews = worker?.reviews ?? control?.reviews ?? null
    const barrier = worker?.barrier ?? new Barrier(control?.lockdowns.inForce())
    control?.spreadBy(async restraints => {
      barrier.set(restraints)
      return [0]
    })
    const gateway = await createGateway({
      ...(await partsOf(options, keys, policy, records, metrics)),
      barrier,
      ...(config.reviews !== null &&
        reviews !== null && { reviews: reviewsWith(reviews, config.reviews, keys, config.timezone) }),
      ...(grants !== undefined && { grants: { uses: grants, queryKey: grantQueryKey(keys) } }),
    })
    opened.push(gateway)
    const use = async (changed: Policy, told: TakenUp = {}): Promise<void> => {
      await gateway.usePolicy(changed, told)
      inForce = changed
      metrics.policyLoaded('loaded')
      log.info(words.taken, { digest: changed.digest })
    }
    if (config.policies !== null && worker === undefined)
      opened.push(await watchGated(config.policies, loaded.policy, load, use, gate, { records, metrics, log }))
    opened.push(reportHealth(records, log))
    const expiry =
      worker === undefined
        ? watchExpiry({ config, policy: () => inForce, grants: () => control?.grants.list() ?? [], records, log })
        : null
    if (expiry !== null) opened.push(expiry)
    const readiness = (): Readiness => ({
      records: records.usable ? 'usable' : 'unusable',
      cause: records.health.cause,
      policy: inForce.digest,
      stopping: gateway.stopping,
    })
    const openTo = worker === undefined ? config : { ...config, admin: null }
    const known = options.lag?.beside(metrics) ?? metrics
    const metered = expiry?.beside(known) ?? known
    const admin = await openAdmin(openTo, keys, metered, control, readiness, { log, policy: () => inForce })
    if (admin !== null) opened.push(admin)
    const address = await gateway.listen()
    const lockdowns = control?.lockdowns ?? null
    if (rules !== null) {
      const followed = { config, alerts: rules.inForce, policy, records, log, lockdowns, plugins: options.plugins }
      const alerting = startAlerting(followed)
      opened.push(alerting)
      control?.tellBy(alerting.tell)
      await rules.follow(alerting.use)
    }
    const take = async (digest: string): Promise<boolean> => {
      if (digest === inForce.digest) return true
      const changed = load()
      if (!('policy' in changed) || changed.policy.digest !== digest) return false
      return use(changed.policy).then(
        () => true,
        () => false,
      )
    }
    let closing: Promise<void> | null = null
    const close = () => (closing ??= closeAll())
    return { address, admin: admin?.address ?? null, policy, records, gateway, metrics, take, close }
  } catch (error) {
    await closeAll().catch(() => {})
    if (error instanceof HeldFault || error instanceof AccountsFault) return { faults: error.faults }
    throw error
  }
}

/** The policy that stays in force, because what the folder holds now has to be approved first, does not fit the configuration. */
export class HeldFault extends Error {
  readonly faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    super('the policy in force does not fit the configuration')
    this.faults = faults
  }
}

/** Who decides whether a changed policy may be in force; null: nobody is named who could approve it, or there is no folder. */
export function gateOf(
  { config, plugins }: StartOptions,
  keys: KeyFolder,
  parts: Pick<GateParts, 'records' | 'log' | 'offered'>,
): PolicyGate | null {
  const { policies } = config
  if (policies === null) return null
  const load = (folder: string): Policy | null => {
    const loaded = loadPolicies(folder, { plugins, keys: keys.ring, shippedSystems: shippedSystems(config) })
    return 'policy' in loaded ? loaded.policy : null
  }
  return openPolicyGate({ config, policies, ring: keys.ring, load, ...parts })
}

/** Watches the folder; what it holds now is offered first, as it may be held. */
export async function watchGated(
  directory: string,
  offered: Policy,
  load: () => ReturnType<typeof loadChecked>,
  use: (policy: Policy, told?: TakenUp) => Promise<void>,
  gate: PolicyGate | null,
  parts: Parameters<typeof watch>[4],
): Promise<Watch> {
  if (gate !== null && gate.inForce !== offered) await gate.offer(offered, use)
  return watch(directory, offered, load, gate === null ? use : policy => gate.offer(policy, use), parts)
}

function shippedSystems({ systems }: Config): string[] {
  return [...systems.values()].filter(system => system.shippedPolicy).map(({ name }) => name)
}

export function loadChecked(
  { config, plugins, against, policiesShownAs }: Omit<StartOptions, 'log'>,
  keys: { readonly ring: KeyRing },
) {
  const shown = policiesShownAs === undefined ? {} : { shown: policiesShownAs }
  const compiled = loadPolicies(config.policies, {
    plugins,
    keys: keys.ring,
    shippedSystems: shippedSystems(config),
    ...shown,
  })
  if (!('policy' in compiled)) return { faults: compiled.faults }
  const misfits = against?.(compiled.policy) ?? []
  return hasErrors(misfits) ? { faults: misfits } : compiled
}

export async function recordStart(records: RecordLog, config: Config, policy: Policy, keys: KeyFolder): Promise<void> {
  keepZone(config.records, config.timezone)
  const loaded = { previous: null, outcome: 'loaded', faults: 0 } as const
  await records.append([
    ...keysMade(keys),
    { kind: 'config', digest: config.digest, ...loaded },
    { kind: 'policy', digest: policy.digest, ...loaded },
  ])
}

async function partsOf(
  { config, plugins, log, worker }: StartOptions,
  keys: KeyFolder,
  policy: Policy,
  records: RecordLog,
  meter: Metrics,
) {
  const proofs = await proofsOf(config, keys)
  const masking = createMasking(plugins)
  warmUp(masking, policy)
  return {
    config,
    policy,
    records,
    log,
    meter,
    proofs,
    access: createAccess({
      consumers: config.consumers,
      anonymous: config.anonymous,
      proxies: config.proxies,
      bases: config.bases,
      timezone: config.timezone,
      failedAuthentications: config.limits.failedAuthentications,
      identities: plugins.identities,
      keys: keys.ring,
      now: Date.now,
      ...(worker !== undefined && { makeLimiter: worker.makeLimiter }),
    }),
    masking,
    index: blindIndex(keys.ring, { timezone: config.timezone }),
    seal: createSeal(keys.ring.readable('cookie seal')),
  }
}

/** Made at first use. */
export async function proofsOf(
  config: Config,
  keys: KeyFolder,
): Promise<Map<string, { readonly header: string; readonly secret: string }>> {
  const proofs = new Map<string, { header: string; secret: string }>()
  for (const { name, proofHeader } of config.systems.values()) {
    if (proofHeader !== null) proofs.set(name, { header: proofHeader, secret: await keys.shared(`proof-${name}`) })
  }
  return proofs
}

/** Takes a changed policy up once that is on record; while records cannot be written nothing is served anyway. */
export function watch(
  directory: string,
  { digest }: Policy,
  load: () => ReturnType<typeof loadChecked>,
  use: (policy: Policy) => Promise<void>,
  { records, metrics, log }: { records: RecordLog; metrics: Pick<Metrics, 'policyLoaded'>; log: OperationalLog },
): Watch {
  let newest: Policy | null = null
  let closed = false
  const take = (policy: Policy): void => {
    if (closed || policy !== newest) return
    use(policy).catch(() => setTimeout(take, retryAfter, policy).unref())
  }
  const watching = watchPolicies<Policy>({
    directory,
    digest,
    load: load as Parameters<typeof watchPolicies<Policy>>[0]['load'],
    onPolicy(policy) {
      newest = policy
      take(policy)
    },
    onFaults(faults) {
      const [first] = faults
      metrics.policyLoaded('refused')
      log.error(words.refused, {
        count: faults.length,
        ...(first && { code: first.code, file: first.file, line: first.line }),
      })
      const previous = newest?.digest ?? digest
      records
        .append([{ kind: 'policy', digest: null, previous, outcome: 'refused', faults: faults.length }])
        .catch(error => log.error(words.unrecorded, { error }))
    },
  })
  return {
    close() {
      closed = true
      return watching.close()
    },
  }
}

export function reportHealth(records: RecordLog, log: OperationalLog): { close(): Promise<void> } {
  let usable = records.usable
  const stop = records.onChange(health => {
    if (health.cause === 'closed') return
    if (health.lowSpace) log.warn(words.space)
    if (health.usable && !usable) log.info(words.recorded)
    if (!health.usable && usable)
      log.error(words.unrecorded, health.cause === null ? {} : { cause: health.cause.toUpperCase() })
    usable = health.usable
  })
  return { close: async () => stop() }
}

export async function openAdmin(
  config: Config,
  keys: KeyFolder,
  metrics: Parameters<typeof createAdmin>[0]['metrics'],
  control: Control | null,
  readiness: Parameters<typeof createAdmin>[0]['readiness'],
  parts: Parameters<typeof openPeople>[2],
): Promise<{ close(): Promise<void>; address: ListenAddress } | null> {
  if (config.admin === null) return null
  const people = await openPeople(config, keys, parts)
  try {
    const { tls, publicUrl } = config.signIn
    const token = await keys.shared('admin')
    const apis = control === null ? [] : [control.api]
    const admin = createAdmin(
      { readiness, metrics: withReviews(metrics, control), token, apis, tls, publicUrl, people },
      config.admin,
    )
    const address = await admin.listen()
    return {
      address,
      async close() {
        await admin.close()
        await people.close()
      },
    }
  } catch (error) {
    await people.close()
    throw error
  }
}

function withReviews<Told extends Parameters<typeof createAdmin>[0]['metrics']>(
  metrics: Told,
  control: Control | null,
) {
  const desk = control?.reviews ?? null
  if (desk === null) return metrics
  const render = async () => `${await metrics.render()}${reviewMetrics(desk, Date.now())}`
  return { contentType: metrics.contentType, render }
}
