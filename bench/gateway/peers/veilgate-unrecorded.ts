/** Veilgate with a log that keeps nothing, to show what records cost: `node veilgate-unrecorded.ts CONFIG`. For measuring only. */

import { createAccess } from '../../../gateway/access/access.ts'
import { openKeys } from '../../../gateway/access/keys.ts'
import { createSeal } from '../../../gateway/access/seal.ts'
import { loadConfig } from '../../../gateway/config/load.ts'
import { createGateway } from '../../../gateway/exchange/server.ts'
import { createLog } from '../../../gateway/log.ts'
import { createMasking } from '../../../gateway/masking/engine.ts'
import { loadPolicies } from '../../../gateway/policy/load.ts'
import { blindIndex } from '../../../gateway/records/blind-index.ts'
import type { Receipt, RecordLog } from '../../../gateway/records/log.ts'
import { plugins } from '../../../plugins/index.ts'

const loaded = await loadConfig(process.argv[2]!, { identities: plugins.identities, now: Date.now() })
if ('faults' in loaded) throw new Error('the configuration has faults')
const { config } = loaded
const keys = await openKeys(config.keys)
const compiled = loadPolicies(config.policies, { plugins, keys: keys.ring, shippedSystems: [...config.systems.keys()] })
if (!('policy' in compiled)) throw new Error('the policy has faults')
const index = blindIndex(keys.ring, { timezone: config.timezone })

const receipt: Receipt = { log: 'none-0', seq: 0, id: 'none-0:0' }
const records = {
  log: 'none-0',
  usable: true,
  health: { usable: true, cause: null, lowSpace: false },
  counts: { entries: 0, batches: 0, bytes: 0, queued: 0 },
  append: async (drafts: readonly unknown[]): Promise<Receipt[]> => drafts.map(() => receipt),
  onChange: () => () => {},
  close: async () => {},
} as unknown as RecordLog

const gateway = await createGateway({
  config,
  policy: compiled.policy,
  records,
  log: createLog({ lang: 'en', write: line => void process.stderr.write(line), forPeople: false }),
  proofs: new Map(),
  access: createAccess({
    consumers: config.consumers,
    anonymous: config.anonymous,
    proxies: config.proxies,
    bases: config.bases,
    failedAuthentications: config.limits.failedAuthentications,
    identities: plugins.identities,
    keys: keys.ring,
    timezone: config.timezone,
    now: Date.now,
  }),
  masking: createMasking(plugins),
  index,
  seal: createSeal(keys.ring.readable('cookie seal')),
})
await gateway.listen()
process.once('SIGTERM', () => void gateway.close())
