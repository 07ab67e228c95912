/** Answers that wait for review, over the admin listener. As for grants, calls are signed, and so is what counts. */
import type { FastifyInstance } from 'fastify'
import type { Signatory } from '../access/grants/desk.ts'
import type { ReviewDesk, ReviewRefused } from '../access/reviews/desk.ts'
import type { Review, StepDone } from '../access/reviews/ledger.ts'
import { reviewText } from '../access/reviews/terms.ts'
import { type ReviewStep, reviewSteps } from '../config/config.ts'
import { type ReviewTerms, type ReviewVerdict, reviewVerdicts } from '../review-event.ts'
import { ApiFault, addSignedApi, bodyLimit, readStrings } from './signed-api.ts'

export type ReviewsApi = {
  readonly desk: ReviewDesk
  readonly people: ReadonlyMap<string, Signatory>
  readonly now: () => number
}

/** An answer that waits, as reviewers get it. */
export type ReviewView = {
  readonly id: string
  readonly status: Review['status']
  readonly terms: ReviewTerms
  /** What a reviewer signs the hash of. */
  readonly text: string
  readonly steps: readonly Pick<StepDone, 'step' | 'person' | 'group'>[]
  /** The step that comes next; null: none does. */
  readonly next: ReviewStep | null
}

/** The same with what is in it, for reviewers: counts, and paths that no policy lists. null: for others, or it is not there any more. */
export type ReviewOutline = ReviewView & {
  readonly fields: Readonly<Record<string, Readonly<Record<string, number>>>> | null
  readonly people: number | null
  readonly unlisted: readonly string[] | null
}

/** The answer as it will be given, in base64. */
export type ReviewBody = { readonly content_type: string | null; readonly body: string }

function viewOf({ terms, status, steps: done }: Review): ReviewView {
  const steps = done.map(({ step, person, group }) => ({ step, person, group }))
  const next = status === 'waiting' ? reviewSteps[steps.length]! : null
  return { id: terms.id, status, terms, text: reviewText(terms), steps, next }
}

/** Adds `/api/reviews` to the admin listener. */
export function addReviewsApi(app: FastifyInstance, { desk, people, now }: ReviewsApi): void {
  addSignedApi(app, { people, now }, (api, caller) => {
    api.get('/api/reviews', request => {
      if (caller(request).group === null) throw new ApiFault(403, 'no_reviewer')
      return { reviews: desk.list().map(viewOf) }
    })

    api.get<{ Params: { id: string } }>('/api/reviews/:id', async request => {
      const person = caller(request)
      if (person.group === null) throw new ApiFault(403, 'no_reviewer')
      const review = desk.get(request.params.id)
      if (review === undefined) throw new ApiFault(404, 'unknown')
      const outline = desk.isReviewer(person) ? await desk.outline(review.terms.id) : null
      const { fields = null, subjects, unlisted = null } = outline ?? {}
      return { ...viewOf(review), fields, people: subjects?.count ?? null, unlisted } satisfies ReviewOutline
    })

    api.post<{ Params: { id: string } }>('/api/reviews/:id/verdicts', { bodyLimit }, async request => {
      const person = caller(request)
      const { verdict, signed, signature } = readStrings(request.body, ['verdict', 'signed', 'signature'])
      if (!isVerdict(verdict)) throw new ApiFault(400, 'malformed')
      const judged = await desk.judge(verdict, request.params.id, person.name, { signed, signature })
      if ('review' in judged) return viewOf(judged.review)
      throw refused(judged)
    })

    api.post<{ Params: { id: string } }>('/api/reviews/:id/body', { bodyLimit }, async request => {
      const person = caller(request)
      const sign = readStrings(request.body, ['signed', 'signature'])
      const read = await desk.read(request.params.id, person.name, sign)
      if (!('answer' in read)) throw refused(read)
      const type = read.answer.headers['content-type']
      const content_type = typeof type === 'string' ? type : null
      return { content_type, body: read.answer.body.toString('base64') } satisfies ReviewBody
    })
  })
}

function isVerdict(text: string): text is Exclude<ReviewVerdict, 'read'> {
  return text !== 'read' && (reviewVerdicts as readonly string[]).includes(text)
}

function refused({ why }: ReviewRefused): ApiFault {
  return new ApiFault(why === 'unknown' ? 404 : why === 'no_reviewer' ? 403 : 409, why)
}
