/** What one process serves with, made of the configuration and the keys. */
import { createAccess } from '../../access/access.ts'
import { endedSessionsOf } from '../../access/ended-sessions.ts'
import type { GrantUses } from '../../access/grants/desk.ts'
import type { KeyFolder } from '../../access/keys.ts'
import type { Barrier } from '../../access/lockdown/barrier.ts'
import type { MakeLimiter } from '../../access/rate-limits.ts'
import type { Reviewing } from '../../access/reviews/desk.ts'
import { createSeal } from '../../access/seal.ts'
import type { Config } from '../../config/config.ts'
import type { LagBoard } from '../../console/lag.ts'
import type { Metrics } from '../../console/metrics.ts'
import type { OperationalLog } from '../../log.ts'
import type { Canaries } from '../../masking/canaries.ts'
import { createMasking } from '../../masking/engine.ts'
import type { Policy } from '../../policy/policy.ts'
import { blindIndex } from '../../records/blind-index/blind-index.ts'
import type { RecordLog } from '../../records/log/log.ts'
import type { AskDraft } from '../../records/sealing/sealer.ts'
import type { PolicyOptions } from '../in-force/policy-folder.ts'

export type StartOptions = PolicyOptions & {
  readonly log: OperationalLog
  /** How far what follows the records is behind; shown among the metrics. */
  readonly lag?: LagBoard
  /** Who compresses full log files; left out: whoever seals them. */
  readonly askDraft?: AskDraft
  /** Left out: this process is the whole gateway. */
  readonly worker?: WorkerPart
  /** Called when all is loaded and warm, before anybody can ask. Left out: it is not made warm, for who starts many. */
  readonly loaded?: () => void
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

/** All but what is decided for several processes together. */
export async function partsOf(
  { config, plugins, log, worker }: StartOptions,
  keys: KeyFolder,
  policy: Policy,
  records: RecordLog,
  meter: Metrics,
  canaries: Canaries,
) {
  const proofs = await proofsOf(config, keys)
  const masking = createMasking(plugins, canaries)
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
      ended: endedSessionsOf(config.keys, keys.ring),
      now: Date.now,
      ...(worker !== undefined && { makeLimiter: worker.makeLimiter }),
    }),
    masking,
    // a record's people are under the key of the month that its time is in, also after the clock went back
    index: blindIndex(keys.ring, { clock: () => Math.max(Date.now(), records.lastTime), timezone: config.timezone }),
    seal: createSeal(keys.ring.readable('cookie seal')),
  }
}

/** By system: the header, and the secret in it by which the system knows the gateway. Made at first use. */
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
