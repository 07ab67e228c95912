/** Records of what people allow and stop, and of what is noticed: grants, reviews, lockdowns, alerts. */
import { type GrantEvent, grantActions } from '../../grant-event.ts'
import { type LockdownEvent, lockdownActions } from '../../lockdown-event.ts'
import { type ReviewEvent, reviewActions } from '../../review-event.ts'
import * as is from '../shapes.ts'
import { basisParts, type Column, column, optional, word } from './column.ts'
import type { RecordId } from './exchange.ts'

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

/** What is appended of leave. */
export type LeaveDraft = GrantDraft | ReviewEvent | LockdownDraft | AlertDraft

const signedBy = [
  column('person', word),
  column('group', word),
  column('signed', is.orNull(is.time)),
  column('signature', is.orNull(is.signature)),
]
/** Where it stands among what several gateways decide. */
const order = optional(
  'order',
  is.orNull(is.objectOf({ epoch: is.randomName, nth: is.count, gateway: is.name, time: is.time, mac: is.batchHash })),
)
const termShapes = (method: Record<string, is.Shape>): Record<string, is.Shape> => ({
  id: is.name,
  requester: is.name,
  operator: is.name,
  consumer: is.name,
  audience: is.name,
  purpose: word,
  basis: is.objectOf(basisParts),
  system: is.name,
  route: is.route,
  ...method,
  query: is.batchHash,
  sees: is.listOf(is.sight, 256),
  rows: is.count,
  format: word,
  terminals: is.listOf(is.terminal, 64),
  from: is.time,
  until: is.time,
  emergency: is.flag,
  made: is.time,
})
const [grantByGet, grantByPost] = [is.objectOf(termShapes({})), is.objectOf(termShapes({ method: is.oneOf(['POST']) }))]
const grantTerms: is.Shape = value => grantByGet(value) ?? grantByPost(value)

const reviewTerms = is.objectOf({
  id: is.name,
  reason: is.oneOf(['route', 'unlisted']),
  consumer: is.name,
  audience: is.name,
  operator: word,
  address: is.address,
  purpose: word,
  basis: is.orNull(is.objectOf(basisParts)),
  grant: word,
  system: is.name,
  route: is.route,
  method: is.method,
  status: is.status,
  format: word,
  bytes: is.count,
  rows: is.count,
  unlisted: is.count,
  policy: is.digest,
  sealed: is.digest,
  made: is.time,
  until: is.time,
})

export const leaveColumns: Readonly<Record<LeaveDraft['kind'], readonly Column[]>> = {
  grant: [
    column('action', is.oneOf(grantActions)),
    column('grant', is.name),
    ...signedBy,
    optional('terms', grantTerms),
    optional('address', is.orNull(is.address)),
    order,
  ],
  review: [
    column('action', is.oneOf(reviewActions)),
    column('review', is.name),
    ...signedBy,
    optional('terms', reviewTerms),
    optional('address', is.orNull(is.address)),
  ],
  lockdown: [
    column('action', is.oneOf(lockdownActions)),
    column('lockdown', is.name),
    column('scope', is.objectOf({ consumer: word, operator: word, system: word, route: is.orNull(is.route) })),
    column('drill', is.flag),
    optional('effect', is.oneOf(['slow_down', 'mask_harder'])),
    optional('rate', is.count),
    optional('until', is.time),
    ...signedBy,
    order,
  ],
  alert: [
    column('rule', is.name),
    column('watch', is.name),
    column('consumer', word),
    column('operator', word),
    column('address', is.orNull(is.address)),
    column('amount', is.count),
    column('limit', is.count),
    column('of', is.recordId),
    column('actions', is.listOf(is.oneOf(['notify', 'block', 'slow_down', 'mask_harder']), 4)),
  ],
}
