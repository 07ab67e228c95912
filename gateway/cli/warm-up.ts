import type { Masking } from '../masking/engine.ts'
import type { Policy } from '../policy/policy.ts'

const body = Buffer.from('{"name":"x"}')
const limits = { scalar: 4096, depth: 8, page: 4096 }

/**
 * Masks a small body before there are any to answer with: what detectors look for is compiled at first use, which takes
 * 150 to 200 ms. All plans of a policy have the same detectors, so one is enough. Never throws.
 */
export function warmUp(masking: Masking, { systems, audiences, plan }: Policy): void {
  const [system] = systems.values()
  const [audience] = audiences.keys()
  const route = system?.routes[0]
  const format = masking.chooseFormat('application/json', body)
  if (system === undefined || route === undefined || audience === undefined || format === null) return
  try {
    const masker = masking.start(
      plan(system, route, audience, new Set()),
      format,
      { consumer: '', purpose: '' },
      limits,
    )
    masker.write(body)
    masker.end()
  } catch {
    // a plugin that faults has its answers withheld, with a record and a line in the log; it does not keep others from being served
  }
}
