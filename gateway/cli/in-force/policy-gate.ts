/**
 * One person with an editor must not be able to open what two people guard: a changed policy that shows more is held until
 * an approver has signed it; one that is as strict or stricter is in force at once. Both go on record, with what changes.
 */
import type { Config } from '../../config/config.ts'
import type { Bilingual, KeyRing } from '../../contracts.ts'
import type { OperationalLog } from '../../log.ts'
import type { Policy } from '../../policy/policy.ts'
import type { RecordLog } from '../../records/log/log.ts'
import { parseVerifier, type Verifier } from '../../records/proof/note.ts'
import { widerThan } from '../policies/diff-policies.ts'
import { widerWords } from '../policies/diff-text.ts'
import { approversOf } from './policy-approval.ts'
import { folderInForce, inForceSince, keepSnapshot, readSnapshot } from './policy-snapshot.ts'
import { openTwoPersonGate, type TwoPersonGate } from './two-person-gate.ts'

export type PolicyGate = TwoPersonGate<Policy> & {
  /** Where workers load it from. */
  readonly folder: string
}

export type GateParts = {
  readonly config: Pick<Config, 'approvers' | 'keys'>
  /** The policy folder. */
  readonly policies: string
  readonly ring: KeyRing
  readonly records: Pick<RecordLog, 'append'>
  readonly log: OperationalLog
  /** What the folder holds now. */
  readonly offered: Policy
  /** Loads a folder as the gateway would; null: it is broken. */
  readonly load: (folder: string) => Policy | null
}

const words = {
  held: {
    zh: '新策略会显示更多，已暂缓启用；原策略继续有效。请第二人查看并签名：veilgate policies approve',
    en: 'a changed policy shows more and is held; the old one stays in force. Have a second person look at it and sign: veilgate policies approve',
  },
  unkept: {
    zh: '无法在 keys/policies 中保存生效策略的副本。请检查该文件夹的权限与磁盘空间',
    en: 'a copy of the policy in force cannot be kept in keys/policies. Check the permissions of that folder and the disk space',
  },
  broken: {
    zh: '此前生效的策略副本已损坏或被改动，无法确认新策略是否显示更多。请核查 keys/policies 后再启动',
    en: 'the kept copy of the policy that was in force is damaged or was changed, so nobody can tell what the new one shows more of. Look into keys/policies, then start again',
  },
}

/** The policy in force cannot be kept, or is not what it was; the words say which. */
export class GateFault extends Error {
  readonly words: Bilingual

  constructor(said: Bilingual) {
    super(said.en)
    this.name = 'GateFault'
    this.words = said
  }
}

/** null where nobody is named who could approve: then every whole policy is taken up at once. Throws GateFault. */
export function openPolicyGate(parts: GateParts): PolicyGate | null {
  const { config, policies, ring, records, log, offered } = parts
  if (config.approvers.length === 0) return null
  const people = config.approvers.map(({ key }) => parseVerifier(key)).filter((one): one is Verifier => one !== null)
  const inForce = lastInForce(parts)
  const keep = (policy: Policy) => {
    const isSame = (folder: string) => parts.load(folder)?.digest === policy.digest
    keepSnapshot(config.keys, ring, { digest: policy.digest, from: policies, isSame })
  }
  if (inForce === offered) {
    try {
      keep(offered)
    } catch {
      throw new GateFault(words.unkept)
    }
  }
  const gate = openTwoPersonGate<Policy>({
    inForce,
    keep,
    more(before, after) {
      const wider = widerThan(before, after)
      return { count: wider.length, words: widerWords(wider) }
    },
    approvers: (digest, previous, since) =>
      approversOf(policies, { of: 'policy', digest, previous }, people, { since, now: Date.now() }),
    since: () => inForceSince(folderInForce(config.keys)),
    recordHeld: (digest, previous, wider) =>
      records.append([{ kind: 'policy', digest, previous, outcome: 'held', faults: 0, wider }]),
    onHeld: (digest, count) => log.warn(words.held, { digest, count }),
  })
  return Object.assign(gate, { folder: folderInForce(config.keys) })
}

/** The policy that was in force before this start; what is offered, where it was that, or none was. */
function lastInForce({ config, ring, offered, load }: GateParts): Policy {
  let kept: ReturnType<typeof readSnapshot>
  try {
    kept = readSnapshot(config.keys, ring)
  } catch {
    throw new GateFault(words.broken)
  }
  if (kept === null || kept.digest === offered.digest) return offered
  const policy = load(kept.folder)
  if (policy === null) throw new GateFault(words.broken)
  return policy
}
