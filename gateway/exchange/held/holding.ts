/** Answers that wait for review: which do, how one begins to wait, and how it is fetched. access/reviews/README.md has the rules. */
import { randomId } from '../../access/random-id.ts'
import type { Reviewing } from '../../access/reviews/desk.ts'
import type { Fetching } from '../../access/reviews/ledger.ts'
import { type HeldAnswer, type HeldStore, isReviewId } from '../../access/reviews/store.ts'
import type { ReviewLimits } from '../../config/config.ts'
import { Refusal } from '../../errors.ts'
import type { Plan } from '../../policy/plan.ts'
import type { AccessDraft } from '../../records/entry.ts'
import type { ReviewTerms } from '../../review-event.ts'
import type { AnswerHeaders } from '../response/headers.ts'
import { fill, type MaskedBody } from '../response/masked-body.ts'

/** Where answers wait, and who decides about them. */
export type Reviews = {
  readonly desk: Reviewing
  readonly store: HeldStore
  readonly limits: Pick<ReviewLimits, 'expire' | 'answer'>
  /** The end of the month a time is in, in milliseconds since 1970: until then the records name people by one key. */
  readonly monthEnd: (now: number) => number
}

/**
 * Masks the rest of an answer that may have to wait: of one that is not whole nobody knows what comes. null: it need not wait.
 * `most`: bytes, masked. Throws REVIEW_TOO_LARGE.
 */
export function whyItWaits(plan: Plan, body: MaskedBody, most: number): Promise<ReviewTerms['reason'] | null> | null {
  // every answer is asked: one that nobody reviews waits for no promise
  return plan.review === undefined && plan.unlisted !== 'hold' ? null : whyItMayWait(plan, body, most)
}

async function whyItMayWait(plan: Plan, body: MaskedBody, most: number): Promise<ReviewTerms['reason'] | null> {
  // a stream goes on for as long as somebody listens
  if (body.masker?.format === 'event_stream') throw new Refusal('REVIEW_TOO_LARGE')
  if (!body.ended) await fill(body, most)
  if (!body.ended || body.size > most) throw new Refusal('REVIEW_TOO_LARGE')
  if (plan.review !== undefined) return 'route'
  return (body.masker?.unlisted().length ?? 0) > 0 ? 'unlisted' : null
}

export type ToHold = {
  readonly reason: ReviewTerms['reason']
  readonly audience: string
  /** The record of its exchange, as it will be written: it says who asked, and what is in the answer. */
  readonly draft: AccessDraft
  readonly status: number
  readonly headers: AnswerHeaders
  readonly unlisted: readonly string[]
  readonly body: Buffer
}

/** Keeps an answer and has it wait, both durable. Throws REVIEW_UNAVAILABLE, REVIEW_FULL; nothing is kept then. */
export async function holdAnswer(reviews: Reviews | undefined, held: ToHold): Promise<ReviewTerms> {
  if (reviews === undefined) throw new Refusal('REVIEW_UNAVAILABLE')
  const { desk, store } = reviews
  const terms = termsOf(held, reviews, Date.now())
  const { fields, subjects, upstreamStatus } = held.draft
  // a session of the system is not to be put back to what it was by then
  const { 'set-cookie': _, ...headers } = held.headers
  const answer = { headers, fields, subjects, upstreamStatus, unlisted: held.unlisted, body: held.body }
  const sealed = await store.keep(terms, answer as HeldAnswer).catch(error => {
    throw new Refusal('REVIEW_UNAVAILABLE', {}, { cause: error })
  })
  const told = await desk.hold({ ...terms, sealed }).catch(async error => {
    await store.erase(terms.id).catch(() => {})
    throw error
  })
  if ('held' in told) return { ...terms, sealed }
  await store.erase(terms.id).catch(() => {})
  throw new Refusal('REVIEW_FULL', { retryAfter: 600 })
}

function termsOf(
  { reason, audience, draft, status, unlisted, body }: ToHold,
  { limits, monthEnd }: Reviews,
  now: number,
): Omit<ReviewTerms, 'sealed'> {
  const { consumer, operator, address, purpose, basis, grant, system, route, method, format, rows, policy } = draft
  if (consumer === null || address === null || system === null || route === null || method === null || policy === null)
    throw new TypeError('an answer to nobody')
  const time = (at: number) => new Date(at).toISOString()
  return {
    ...{ id: randomId(), reason, consumer, audience, operator, address, purpose },
    basis: basis && { kind: basis.kind, ref: basis.ref },
    ...{ grant, system, route, method, status, format, bytes: body.length, rows, unlisted: unlisted.length, policy },
    ...{ made: time(now), until: time(Math.min(now + limits.expire, monthEnd(now))) },
  }
}

/**
 * The answer somebody asks for, once it is released: theirs from here on, and nobody's any more. Or how far it is.
 * `known`: told of one that is there and is for them, before anything comes of it; may throw. Throws REVIEW_UNKNOWN,
 * REVIEW_REFUSED, REVIEW_OVER, REVIEW_OVERTAKEN.
 */
export async function fetchHeld(
  reviews: Reviews | undefined,
  asked: Fetching,
  known: (terms: ReviewTerms) => void,
): Promise<{ terms: ReviewTerms; steps: number } | { terms: ReviewTerms; answer: HeldAnswer }> {
  if (reviews === undefined || !isReviewId(asked.id)) throw new Refusal('REVIEW_UNKNOWN')
  const { desk, store } = reviews
  const standing = await desk.look(asked)
  if ('why' in standing) throw new Refusal('REVIEW_UNKNOWN')
  const terms = 'waits' in standing ? standing.waits : 'released' in standing ? standing.released : standing.terms
  known(terms)
  if ('waits' in standing) return { terms, steps: standing.steps }
  if ('ended' in standing) throw ended(standing.ended)
  // read first: with the use of it the file is gone
  const answer = await store.open(terms)
  const fetched = await desk.fetch(asked)
  if ('ended' in fetched) throw ended(fetched.ended)
  if (!('released' in fetched) || answer === null) throw new Refusal('REVIEW_OVER')
  return { terms, answer }
}

function ended(how: string): Refusal {
  if (how === 'refused') return new Refusal('REVIEW_REFUSED')
  return new Refusal(how === 'overtaken' ? 'REVIEW_OVERTAKEN' : 'REVIEW_OVER')
}
