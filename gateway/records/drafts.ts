/**
 * What callers hand in to be recorded, and what the writer adds of its own: one type for each kind of record. There is
 * no place for free text; entry.ts refuses what does not fit.
 */
import type { AccountEvent } from '../account-event.ts'
import type { BasisKind } from '../config/config.ts'
import type { Form } from '../contracts.ts'
import type { ProblemCode } from '../errors.ts'
import type { GrantEvent } from '../grant-event.ts'
import type { LockdownEvent } from '../lockdown-event.ts'
import type { ReviewEvent } from '../review-event.ts'

/** `log:seq`, e.g. `gw1-0:1042`. */
export type RecordId = string

/** By what authorisation. `verified`: somebody other than the caller has confirmed it. */
export type Basis = { readonly kind: BasisKind; readonly ref: string | null; readonly verified: boolean }

/** How an exchange ended: masked and sent; kept back; never forwarded; cut off after the first byte; waiting for review. */
export type Outcome = 'released' | 'withheld' | 'refused' | 'aborted' | 'held'

/** Counts by `type@cell`, then by form. */
export type FieldCounts = Readonly<Record<string, Readonly<Partial<Record<Form, number>>>>>

/**
 * The people in an answer: how many, and each one's blind indexes with what was shown of them, as `personText`
 * makes it. Any number of them: more than 64 are written to lines of their own.
 */
export type Subjects = { readonly count: number; readonly index: readonly string[] }

/** Who asked for what, and why. */
export type Asked = {
  readonly consumer: string | null
  /** A login; or, where that is itself personal, `index:` and its blind index. */
  readonly operator: string | null
  /** The identity that names the operator; left out where the consumer does, or there is none. */
  readonly operatorSource?: string | null
  /** IP address, after the trusted hops; null where the connection was gone before it could be read. */
  readonly address: string | null
  readonly system: string | null
  /** The template in the policy, never the path that was asked for. */
  readonly route: string | null
  readonly method: string | null
  readonly purpose: string | null
  readonly basis: Basis | null
  readonly grant: string | null
}

/** What came of it. */
export type Answered = {
  readonly status: number
  readonly upstreamStatus: number | null
  readonly format: string | null
  /** Of the body: from the upstream, to the consumer. */
  readonly bytes: readonly [number, number]
  readonly rows: number
  readonly fields: FieldCounts
  /** Data types the request asked by, e.g. `student_number@A3`. */
  readonly searched: readonly string[]
  readonly subjects: Subjects
  /** `sha256:…` of the policy in force. */
  readonly policy: string | null
}

/** A whole exchange in one record. `of` links to its intent, where there is one. */
export type AccessDraft = Asked &
  Answered & {
    readonly kind: 'access'
    readonly outcome: Outcome
    readonly code?: ProblemCode | null
    readonly of?: RecordId | null
    /** The number of the answer, where it waits for review or has waited. */
    readonly review?: string | null
  }

/** A long answer begins; what it holds follows in windows. */
export type OpenDraft = Asked &
  Omit<Answered, 'bytes' | 'rows' | 'fields' | 'subjects'> & { readonly kind: 'open'; readonly of?: RecordId | null }

/** What the next piece of a long answer holds. */
export type WindowDraft = Pick<Answered, 'bytes' | 'rows' | 'fields' | 'subjects'> & {
  readonly kind: 'window'
  /** The open record. */
  readonly of: RecordId
}

/** A long answer ended, whole (`close`) or cut off (`aborted`). Bytes and rows are of all its windows. */
export type EndDraft = Pick<Answered, 'bytes' | 'rows'> & {
  readonly kind: 'close' | 'aborted'
  readonly of: RecordId
  readonly code?: ProblemCode | null
}

/** About to call the upstream for what will be shown clear, or exported. */
export type IntentDraft = Asked & Pick<Answered, 'searched' | 'policy'> & { readonly kind: 'intent' }

/** An exchange that was not forwarded. With `count`: that many within a minute, from one address, without credentials. */
export type RefusedDraft = { readonly kind: 'refused'; readonly address: string | null } & Partial<
  Omit<Asked, 'address'>
> & {
    readonly searched?: readonly string[]
    readonly status: number
    readonly code: ProblemCode
    readonly policy?: string | null
    readonly count?: number
  }

/** A policy, a configuration or alert rules were taken up, or refused for `faults` faults. */
export type LoadDraft = {
  readonly kind: 'policy' | 'config' | 'alert_rules'
  readonly digest: string | null
  readonly previous: string | null
  /** Held: it shows more, or notices less, than what is in force, and nobody has approved that yet. */
  readonly outcome: 'loaded' | 'refused' | 'held'
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

/** Someone read the records. */
export type QueryDraft = {
  readonly kind: 'query'
  readonly operator: string | null
  readonly command: 'query' | 'show' | 'prove' | 'trace' | 'export' | 'report' | 'reconcile'
  /** Names of the filters that were set, never what they were set to. */
  readonly filters: readonly string[]
  /** Records shown; null where they are being counted: then a second record says it, and is `of` the first. */
  readonly shown: number | null
  readonly of?: RecordId | null
}

/** The gateway lives: written each `every` seconds, so that silence shows. */
export type HeartbeatDraft = {
  readonly kind: 'heartbeat'
  readonly every: number
  /** Records under the last checkpoint, and under the last that a witness has seen; null where there is none. */
  readonly signed: number | null
  readonly witnessed: number | null
}

/** A file is complete: its bytes, and those of its compressed form, which then takes its place. */
export type SealDraft = {
  readonly kind: 'seal'
  readonly file: number
  readonly first: number
  readonly last: number
  readonly bytes: number
  /** `sha256:…` */
  readonly sha256: string
  readonly stored: number
  readonly storedSha256: string
}

/** The other logs in the folder, how many records each has, and the hash of its last batch. */
export type RosterDraft = {
  readonly kind: 'roster'
  readonly logs: readonly { readonly log: string; readonly next: number; readonly head: string }[]
}

/** Records that must not be pruned, or need not be kept for that any more. */
export type HoldDraft = {
  readonly kind: 'hold'
  readonly action: 'set' | 'lifted'
  readonly name: string
  /** UTC; null: without a bound. */
  readonly from: string | null
  readonly until: string | null
  readonly route: string | null
  /** Blind indexes of a person, of the months concerned. Empty: anybody. */
  readonly people: readonly string[]
  readonly operator: string | null
}

/** Somebody looked for the people of a list, by leave of two others. */
export type TraceDraft = {
  readonly kind: 'trace'
  /** The case it is for, as authorisations are referred to. */
  readonly caseNumber: string
  /** On the list; and how many of them were in the records. */
  readonly people: number
  readonly known: number
  /** UTC; null: without a bound. */
  readonly from: string | null
  readonly until: string | null
  /** `sha256:…` of the request that was approved. */
  readonly request: string
  readonly approvers: readonly string[]
  readonly operator: string | null
}

/** Records of a log before a number were removed, by these people's leave. */
export type PruneDraft = {
  readonly kind: 'prune'
  /** The log, and the first record that is left. */
  readonly target: string
  readonly before: number
  /** UTC: the last of the removed was written before. */
  readonly until: string
  readonly files: number
  /** `sha256:…` of the request that was approved. */
  readonly request: string
  readonly approvers: readonly string[]
  readonly operator: string | null
}

/**
 * Where a decision stands in the order of gateways that decide together: which of them took it, when (UTC), and the HMAC
 * by which it follows on the one before.
 */
export type OrderPlace = {
  readonly epoch: string
  readonly nth: number
  readonly gateway: string
  readonly time: string
  readonly mac: string
}
/** Left out: decided by this gateway alone. */
type Ordered = { readonly order?: OrderPlace | null }

export type GrantDraft = GrantEvent & Ordered

export type LockdownDraft = LockdownEvent & Ordered

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

/** A rule of policies/alerts.yaml was passed, by whom, at which record. */
export type AlertDraft = {
  readonly kind: 'alert'
  readonly rule: string
  readonly watch: string
  readonly consumer: string | null
  readonly operator: string | null
  readonly address: string | null
  readonly amount: number
  readonly limit: number
  readonly of: RecordId
  readonly actions: readonly ('notify' | 'block' | 'slow_down' | 'mask_harder')[]
}

/** The first record of a writer after its start. */
export type ResumeDraft = {
  readonly kind: 'resume'
  readonly file: number
  /** Records found, and so the number of the first new one. */
  readonly found: number
  /** Bytes after the last whole batch that were cut off; nobody had been answered for them. */
  readonly cut: number
}

export const gapCauses = [
  'disk_full',
  'io_error',
  'stalled',
  'file_gone',
  'file_replaced',
  'file_changed',
  'read_only',
  'damage',
  'clock',
] as const
export type GapCause = (typeof gapCauses)[number]

/** Records could not be written for a while; or, `clock`: the clock went back, and the time of records stood still. */
export type GapDraft = {
  readonly kind: 'gap'
  readonly cause: GapCause
  readonly seconds: number
  /** Records that were rejected unwritten when it began; their exchanges were answered with 503. */
  readonly dropped: number
  /** Files, by number, and how many bytes of each count; what follows was never acknowledged. */
  readonly void: readonly (readonly [number, number])[]
  /** First and last record of a file that was taken away from under the writer. */
  readonly lost: readonly [number, number] | null
}

export type SubjectsDraft = { readonly kind: 'subjects'; readonly of: number; readonly index: readonly string[] }

/** What callers may append. */
export type Draft =
  | AccessDraft
  | OpenDraft
  | WindowDraft
  | EndDraft
  | IntentDraft
  | RefusedDraft
  | LoadDraft
  | KeyDraft
  | QueryDraft
  | HeartbeatDraft
  | SealDraft
  | RosterDraft
  | HoldDraft
  | PruneDraft
  | TraceDraft
  | GrantDraft
  | LockdownDraft
  | ReviewEvent
  | AlertDraft
  | AccountEvent
  | ExpiryDraft
/** What only the writer itself appends. */
export type OwnDraft = ResumeDraft | GapDraft | SubjectsDraft
