/** Records of what the gateway works with: configurations, policies, alert rules, keys and accounts, and what of it ends. */
import { type AccountEvent, accountActions } from '../../account-event.ts'
import { duties } from '../../config/config.ts'
import * as is from '../shapes.ts'
import { type Column, column, optional, word } from './column.ts'

/** Held: it shows more, or notices less, than what is in force, and nobody has approved that yet. */
export const loadOutcomes = ['loaded', 'refused', 'held'] as const

/** A policy, a configuration or alert rules were taken up, or refused for `faults` faults. */
export type LoadDraft = {
  readonly kind: 'policy' | 'config' | 'alert_rules'
  readonly digest: string | null
  readonly previous: string | null
  readonly outcome: (typeof loadOutcomes)[number]
  readonly faults: number
  /** What it shows more of, as `audience:system:type:from:to`; of alert rules, what they notice less of, as `rule:over:300-500`; and who has approved it. */
  readonly wider?: readonly string[]
  readonly approvers?: readonly string[]
}

export type KeyDraft = {
  readonly kind: 'key'
  readonly action: 'made' | 'rotated' | 'retired' | 'destroyed' | 'exported' | 'imported' | 'sealed'
  /** What it is for: `blind_index`, `api_key`, ... */
  readonly purpose: string
  /** Whose or which: a consumer's name, a month. Never the key. */
  readonly name: string
  readonly operator: string | null
}

/** Something counts for some time more only, or not any more. */
export type ExpiryDraft = {
  readonly kind: 'expiry'
  readonly what: 'consumer' | 'system' | 'route' | 'key' | 'certificate' | 'revocations' | 'grant'
  /** As it is named in the configuration or the keys folder; of a route, its system. */
  readonly name: string
  readonly route: string | null
  /** UTC. */
  readonly until: string
  readonly state: 'soon' | 'over'
}

/** What is appended of it. */
export type SetupDraft = LoadDraft | KeyDraft | AccountEvent | ExpiryDraft

const loaded = [
  column('digest', is.orNull(is.digest)),
  column('previous', is.orNull(is.digest)),
  column('outcome', is.oneOf(loadOutcomes)),
  column('faults', is.count),
  optional('wider', is.listOf(is.name, 64)),
  optional('approvers', is.listOf(is.name, 8)),
]

export const setupColumns: Readonly<Record<SetupDraft['kind'], readonly Column[]>> = {
  policy: loaded,
  config: loaded,
  alert_rules: loaded,
  key: [
    column('action', is.oneOf(['made', 'rotated', 'retired', 'destroyed', 'exported', 'imported', 'sealed'])),
    column('purpose', is.name),
    column('name', is.name),
    column('operator', word),
  ],
  account: [
    column('action', is.oneOf(accountActions)),
    column('account', word),
    column('duty', is.orNull(is.oneOf(duties))),
    column('address', is.orNull(is.address)),
    column('operator', word),
    optional('step', is.count),
  ],
  expiry: [
    column('what', is.oneOf(['consumer', 'system', 'route', 'key', 'certificate', 'revocations', 'grant'])),
    column('name', is.name),
    column('route', is.orNull(is.route)),
    column('until', is.time),
    column('state', is.oneOf(['soon', 'over'])),
  ],
}
