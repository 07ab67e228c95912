/** The folder of policies while the gateway runs: what it holds now, which of it is in force, and what comes after. */
import type { KeyFolder } from '../../access/keys.ts'
import type { Config } from '../../config/config.ts'
import type { Metrics } from '../../console/metrics.ts'
import type { KeyRing, Plugins } from '../../contracts.ts'
import type { OperationalLog } from '../../log.ts'
import { errorsOf, type Fault, hasErrors } from '../../policy/fault.ts'
import { loadPolicies } from '../../policy/load.ts'
import type { Policy } from '../../policy/policy.ts'
import { type Watch, watchPolicies } from '../../policy/watch.ts'
import type { RecordLog } from '../../records/log/log.ts'
import { type GateParts, openPolicyGate, type PolicyGate } from './policy-gate.ts'
import type { TakenUp } from './two-person-gate.ts'

export type PolicyOptions = {
  readonly config: Config
  readonly plugins: Plugins
  /** What is wrong between the configuration and a policy. */
  readonly against?: (policy: Policy) => readonly Fault[]
  /** How the policy folder is named in faults. */
  readonly policiesShownAs?: string
}

const words = {
  refused: {
    zh: '策略有误，未启用；原策略继续有效。请运行 veilgate check 查看',
    en: 'a changed policy is broken and not taken up; the old one stays in force. Run veilgate check to see why',
  },
  unrecorded: {
    zh: '访问记录无法写入，所有请求将被拒绝（503），恢复后自动继续',
    en: 'access records cannot be written: every request is refused (503) until they can',
  },
}

/** Milliseconds until taking a policy up is tried again where it could not be recorded. */
const retryAfter = 1000

/** Reads the folder, and holds what is there against the configuration. */
export function loadChecked(
  { config, plugins, against, policiesShownAs }: PolicyOptions,
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
  return hasErrors(misfits) ? { faults: misfits } : { ...compiled, faults: [...compiled.faults, ...misfits] }
}

function shippedSystems({ systems }: Config): string[] {
  return [...systems.values()].filter(system => system.shippedPolicy).map(({ name }) => name)
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
  { config, plugins }: PolicyOptions,
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

/** Takes a changed policy up once that is on record; while records cannot be written nothing is served anyway. */
function watch(
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
      const errors = errorsOf(faults)
      const [first] = errors
      metrics.policyLoaded('refused')
      log.error(words.refused, {
        count: errors.length,
        ...(first && { code: first.code, file: first.file, line: first.line }),
      })
      const previous = newest?.digest ?? digest
      records
        .append([{ kind: 'policy', digest: null, previous, outcome: 'refused', faults: errors.length }])
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
