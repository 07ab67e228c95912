/** Keeps masking told of the canaries of alerts.yaml, in each process that masks: those of the file, and of what is in force. */
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import type { KeyRing } from '../../contracts.ts'
import type { Canaries } from '../../masking/canaries.ts'
import { type Watch, watchPolicies } from '../../policy/watch.ts'
import { type Alerts, alertsFileName, alertsOf, type LoadedAlerts, loadAlerts } from './file.ts'
import { readKeptAlerts } from './snapshot.ts'

/**
 * Reads them now, and again whenever the folder changes. A file that is broken, or held until somebody approves, takes
 * none away; what is wrong with it is for `rules.ts` to say. null: there is no folder of policies.
 */
export function watchCanaries(
  { policies, keys }: Pick<Config, 'policies' | 'keys'>,
  ring: KeyRing,
  canaries: Canaries,
): Watch | null {
  if (policies === null) return null
  const load = () => loadAlerts(policies)
  const offered = load()
  for (const one of [offered, keptBefore(keys, ring, join(policies, alertsFileName))])
    if ('canaries' in one) canaries.add(one.canaries)
  return watchPolicies<Alerts>({
    directory: policies,
    digest: 'digest' in offered ? offered.digest : '',
    load: () => {
      const loaded = load()
      return 'faults' in loaded ? loaded : { policy: loaded }
    },
    onPolicy: alerts => canaries.add(alerts.canaries),
    onFaults: () => {},
  })
}

function keptBefore(keys: string, ring: KeyRing, path: string): LoadedAlerts {
  try {
    const bytes = readKeptAlerts(keys, ring)
    return bytes === null ? { faults: [] } : alertsOf(bytes, path, path)
  } catch {
    // changed: whoever starts alerting refuses to
    return { faults: [] }
  }
}
