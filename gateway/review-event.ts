/** What happens to answers that wait for review, as it is on record. */
import type { BasisKind, ReviewStep } from './config/config.ts'

/** What of an answer that waits is put on record, and signed for by those who review it: names, numbers and digests. */
export type ReviewTerms = {
  /** 22 characters, random (access/random-id.ts): nobody can ask for it who was not told it. */
  readonly id: string
  /** Why it waits: `route`, every answer of the route does; `unlisted`, it has fields that the policy does not list. */
  readonly reason: 'route' | 'unlisted'
  /** For whom. Nobody else gets it. */
  readonly consumer: string
  readonly audience: string
  /** As in other records. */
  readonly operator: string | null
  readonly address: string
  readonly purpose: string | null
  readonly basis: { readonly kind: BasisKind; readonly ref: string | null } | null
  readonly grant: string | null
  readonly system: string
  /** The policy's template. */
  readonly route: string
  readonly method: string
  /** Of the answer, masked: as it will be given. */
  readonly status: number
  readonly format: string | null
  readonly bytes: number
  readonly rows: number
  /** How many fields nothing lists. What they are called is with the answer: a name in a body can be one of a person. */
  readonly unlisted: number
  /** `sha256:…` of the policy it was masked by, and of the file in which it waits. */
  readonly policy: string
  readonly sealed: string
  /** UTC, as in records. `until` is excluded. */
  readonly made: string
  readonly until: string
}

/** What people do to an answer that waits: the three steps, in their order; and what any of them may do in between. */
export const reviewVerdicts = ['pass', 'check', 'release', 'refuse', 'read'] as const
export type ReviewVerdict = (typeof reviewVerdicts)[number]

/** What happened to it. */
export const reviewActions = [
  'held',
  'read',
  'passed',
  'checked',
  'released',
  'refused',
  'fetched',
  'expired',
  'overtaken',
  'voided',
] as const
export type ReviewAction = (typeof reviewActions)[number]

/** Signed by the person, but for what the gateway and the consumer do (`review` in gateway/records/README.md). */
export type ReviewEvent = {
  readonly kind: 'review'
  readonly action: ReviewAction
  readonly review: string
  /** Who did it, with the group that counted; null: the gateway, or the consumer that fetched it. */
  readonly person: string | null
  readonly group: string | null
  /** UTC: the time in the text that was signed; and the signature, in base64. */
  readonly signed: string | null
  readonly signature: string | null
  /** Of `held`. */
  readonly terms?: ReviewTerms | null
  /** Of `fetched`: to where it was given. */
  readonly address?: string | null
}

/** By step: the action that says it is done. */
export const doneBy = { pass: 'passed', check: 'checked', release: 'released' } as const satisfies Record<
  ReviewStep,
  ReviewAction
>
