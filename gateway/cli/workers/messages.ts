/** What a primary and its workers say to each other, over the channel that node:cluster opens between them. */
import type { Attempt } from '../../access/grants/attempt.ts'
import type { GrantUses } from '../../access/grants/desk.ts'
import type { Restraint } from '../../access/lockdown/scope.ts'
import type { Reviewing } from '../../access/reviews/desk.ts'
import type { Config, ListenAddress } from '../../config/config.ts'
import type { DraftAnswer, DraftRequest } from '../../records/sealing/sealer.ts'
import type { Language } from '../command.ts'

export type GrantFailed = { readonly failed: 'GRANTS_UNUSABLE' | 'RECORDS_UNUSABLE' }

/** What a worker asks of answers that wait; and what it is told. */
export type ReviewQuestion = {
  [Act in keyof Reviewing]: { readonly act: Act; readonly with: Parameters<Reviewing[Act]>[0] }
}[keyof Reviewing]
export type ReviewAnswer = Awaited<ReturnType<Reviewing[keyof Reviewing]>>

export type ToWorker =
  /** `config` is the one the primary was started with, whatever the file says by now. */
  | {
      readonly to: 'start'
      readonly config: Config
      readonly log: string
      readonly lang: Language
      readonly restraints: readonly Restraint[]
    }
  /** Take up the policy of this digest. */
  | { readonly to: 'take'; readonly digest: string }
  /** Take up the certificates and keys of this configuration. */
  | { readonly to: 'renew'; readonly config: Config }
  | { readonly to: 'stop' }
  | { readonly to: 'cut' }
  /** What is locked down, slowed down or masked harder from here on. */
  | { readonly to: 'lock'; readonly nth: number; readonly restraints: readonly Restraint[] }
  /** To the `nth` question of this worker. `failed`: it could not be decided. */
  | { readonly to: 'grant'; readonly nth: number; readonly answer: Awaited<ReturnType<GrantUses['use']>> | GrantFailed }
  /** Likewise. */
  | { readonly to: 'review'; readonly nth: number; readonly answer: ReviewAnswer | null }
  /** To what it asked for by `draft`, whenever that is done. */
  | { readonly to: 'drafted'; readonly answer: DraftAnswer }
  /** For the metrics: a changed policy was refused. */
  | { readonly to: 'count_refused_policy' }

export type FromWorker =
  | { readonly from: 'ready' }
  | { readonly from: 'serving'; readonly address: ListenAddress; readonly policy: string }
  /** Why it could not start: constant words in both languages, or null where it is a fault of ours. */
  | { readonly from: 'unable'; readonly zh: string; readonly en: string }
  | { readonly from: 'took'; readonly digest: string; readonly done: boolean }
  /** It has taken up the `nth` word on what is locked down. */
  | { readonly from: 'locked'; readonly nth: number }
  /** Whether a request may use a grant; `use`: and uses it up. */
  | { readonly from: 'grant'; readonly nth: number; readonly use: boolean; readonly attempt: Attempt }
  | { readonly from: 'review'; readonly nth: number; readonly question: ReviewQuestion }
  /** Has a full file of its log compressed, to be sealed. */
  | { readonly from: 'draft'; readonly request: DraftRequest }
  | { readonly from: 'health'; readonly usable: boolean; readonly cause: string | null }

/** Secrets are in files of their own: what is given to a worker is what gateway.yaml and the files it names hold. */
export function isToWorker(message: unknown): message is ToWorker {
  return typeof message === 'object' && message !== null && 'to' in message
}

export function isFromWorker(message: unknown): message is FromWorker {
  return typeof message === 'object' && message !== null && 'from' in message
}
