/**
 * Where answers wait, are reviewed and fetched: one in the whole gateway. What it decides is on record, durably, before it
 * counts; one decision at a time, so that of many who fetch one answer one gets it.
 */
import type { ReviewEvent, ReviewTerms, ReviewVerdict } from '../../review-event.ts'
import { type Signatory, signatureAge } from '../grants/desk.ts'
import { createTurns } from '../in-turn.ts'
import {
  type Fetching,
  type Review,
  type ReviewDecided,
  ReviewLedger,
  type ReviewRules,
  type ReviewStatus,
  type ReviewWhy,
} from './ledger.ts'
import type { HeldAnswer, HeldStore } from './store.ts'
import { reviewVerdictText } from './terms.ts'

export type ReviewDeskParts = ReviewRules & {
  /** Resolves when the event is durable. */
  readonly append: (event: ReviewEvent) => Promise<unknown>
  readonly store: HeldStore
  readonly people: ReadonlyMap<string, Signatory>
  /** Whether the policy in force shows less than the one an answer was masked by, or nobody can know. */
  readonly isOvertaken: (terms: ReviewTerms) => boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Told of each answer that has waited for longer than `limits.remind`, once. */
  readonly onLate?: (review: Review) => void
}

export type ReviewRefused = { readonly why: ReviewWhy | 'signature' | 'stale' }
export type PastReview = { readonly event: ReviewEvent; readonly time: number } | 'lost'

/** How an answer stands for whoever asks for it: its steps done where it waits, its terms once it is released. */
export type Standing =
  | { readonly why: 'unknown' }
  | { readonly waits: ReviewTerms; readonly steps: number }
  | { readonly released: ReviewTerms }
  | { readonly ended: Exclude<ReviewStatus, 'waiting' | 'released'>; readonly terms: ReviewTerms }

/** For the exchange, in whatever process it is. */
export type Reviewing = {
  /** An answer that is kept already begins to wait: durable when it resolves. */
  hold(terms: ReviewTerms): Promise<{ readonly held: true } | { readonly why: 'review_full' }>
  look(asked: Fetching): Promise<Standing>
  /** It is fetched, once: durable when it resolves to `released`. */
  fetch(asked: Fetching): Promise<Standing>
}

export type ReviewDesk = Reviewing & {
  list(): readonly Review[]
  get(id: string): Review | undefined
  isReviewer(person: Signatory): boolean
  /** `by` does this to an answer, signed as `reviewVerdictText` has it with the time `signed`. */
  judge(
    verdict: Exclude<ReviewVerdict, 'read'>,
    id: string,
    by: string,
    sign: { readonly signed: string; readonly signature: string },
  ): Promise<{ readonly review: Review } | ReviewRefused>
  /** `by` reads it, on record before they do. */
  read(
    id: string,
    by: string,
    sign: { readonly signed: string; readonly signature: string },
  ): Promise<{ readonly answer: HeldAnswer } | ReviewRefused>
  /** What reviewers see without reading it: counts, and paths that nothing lists. null: it is not there. */
  outline(id: string): Promise<Pick<HeldAnswer, 'fields' | 'subjects' | 'unlisted'> | null>
  /** Puts the ends of those on record that nobody fetched in time, and tells of those that wait long. */
  sweep(): Promise<void>
}

/** A file may be written so many milliseconds before its answer begins to wait. */
const writing = 600_000

/**
 * Opens the desk over what is on record, oldest first; `lost` stands where something cannot be read any more. What is void is
 * on record, and its file erased, before it resolves. Rejects with what `append` rejects with.
 */
export async function openReviewDesk(parts: ReviewDeskParts, past: AsyncIterable<PastReview>): Promise<ReviewDesk> {
  const ledger = new ReviewLedger(parts)
  for await (const one of past) {
    if (one === 'lost') ledger.lost()
    else ledger.apply(one.event, one.time)
  }
  const desk = new Desk(ledger, parts)
  const there = new Set<string>()
  for (const { terms, ended } of ledger.all())
    if (ended === null && (await parts.store.has(terms.id))) there.add(terms.id)
  const groups = new Map([...parts.people].map(([name, { group }]) => [name, group]))
  for (const event of ledger.void(groups, id => there.has(id))) await desk.take({ event })
  await desk.sweep()
  await parts.store.sweep(openIn(ledger), Number.POSITIVE_INFINITY)
  return desk
}

function openIn(ledger: ReviewLedger): Set<string> {
  return new Set(ledger.all().flatMap(({ terms, ended }) => (ended === null ? [terms.id] : [])))
}

class Desk implements ReviewDesk {
  readonly #ledger: ReviewLedger
  readonly #parts: ReviewDeskParts
  readonly #inTurn = createTurns()
  readonly #late = new Set<string>()

  constructor(ledger: ReviewLedger, parts: ReviewDeskParts) {
    this.#ledger = ledger
    this.#parts = parts
  }

  /** On record, then in the state; what has ended is erased after that. */
  async take(decided: ReviewDecided): Promise<{ readonly review: Review } | { readonly why: ReviewWhy }> {
    if (!('event' in decided)) return decided
    const { event } = decided
    const { append, store, now } = this.#parts
    await append(event)
    this.#ledger.apply(event, now())
    const review = this.#ledger.get(event.review)!
    // one that cannot be erased now is at the next sweep
    if (review.ended !== null) await store.erase(event.review).catch(() => {})
    return { review }
  }

  list(): readonly Review[] {
    return this.#ledger.all()
  }

  get(id: string): Review | undefined {
    return this.#ledger.get(id)
  }

  isReviewer(person: Signatory): boolean {
    return this.#ledger.isReviewer(person)
  }

  hold(terms: ReviewTerms) {
    return this.#inTurn(async () => {
      const taken = await this.take(this.#ledger.hold(terms))
      return 'review' in taken ? ({ held: true } as const) : ({ why: 'review_full' } as const)
    })
  }

  look(asked: Fetching): Promise<Standing> {
    return this.#inTurn(() => this.#standing(asked))
  }

  fetch(asked: Fetching): Promise<Standing> {
    return this.#inTurn(async () => {
      const standing = await this.#standing(asked)
      if (!('released' in standing)) return standing
      const { store, now } = this.#parts
      // one that was changed on disk is nobody's any more
      if ((await store.open(standing.released)) === null) return this.#end(standing.released, 'voided')
      const taken = await this.take(this.#ledger.fetch(asked, now()))
      return 'review' in taken ? standing : { ended: 'fetched', terms: standing.released }
    })
  }

  async #standing(asked: Fetching): Promise<Standing> {
    const review = this.#ledger.look(asked, this.#parts.now())
    if ('why' in review) return review
    const { terms, status, steps } = review
    if (status === 'waiting') return { waits: terms, steps: steps.length }
    if (status !== 'released') return { ended: status, terms }
    if (!this.#isSigned(review)) return this.#end(terms, 'voided')
    return this.#parts.isOvertaken(terms) ? this.#end(terms, 'overtaken') : { released: terms }
  }

  /** The log's word is not taken for a signature. */
  #isSigned({ terms, steps }: Review): boolean {
    return steps.every(({ step, person, signed, signature }) => {
      const text = reviewVerdictText(step, terms, signed ?? '')
      return this.#parts.people.get(person)?.verifies(text, signature ?? '') === true
    })
  }

  async #end(terms: ReviewTerms, action: 'overtaken' | 'voided'): Promise<Standing> {
    const event = this.#ledger.end(terms.id, action)
    if (event !== null) await this.take({ event })
    return { ended: action, terms }
  }

  judge(...[verdict, id, by, sign]: Parameters<ReviewDesk['judge']>) {
    return this.#inTurn(() => this.#judge(verdict, id, by, sign))
  }

  read(id: string, by: string, sign: { readonly signed: string; readonly signature: string }) {
    return this.#inTurn(async () => {
      const terms = this.#ledger.get(id)?.terms
      const taken = await this.#judge('read', id, by, sign)
      if (!('review' in taken)) return taken
      const answer = await this.#parts.store.open(terms!)
      if (answer !== null) return { answer }
      await this.#end(terms!, 'voided')
      return { why: 'over' as const }
    })
  }

  async #judge(
    verdict: ReviewVerdict,
    id: string,
    by: string,
    sign: { readonly signed: string; readonly signature: string },
  ): Promise<{ readonly review: Review } | ReviewRefused> {
    const { people, now } = this.#parts
    const [person, review] = [people.get(by), this.#ledger.get(id)]
    if (review === undefined) return { why: 'unknown' }
    const text = reviewVerdictText(verdict, review.terms, sign.signed)
    if (person?.verifies(text, sign.signature) !== true) return { why: 'signature' }
    if (!(Math.abs(now() - Date.parse(sign.signed)) <= signatureAge)) return { why: 'stale' }
    return this.take(this.#ledger.judge(verdict, id, person, sign, now()))
  }

  async outline(id: string) {
    const review = this.#ledger.get(id)
    const answer = review === undefined || review.ended !== null ? null : await this.#parts.store.open(review.terms)
    if (answer === null) return null
    const { fields, subjects, unlisted } = answer
    return { fields, subjects, unlisted }
  }

  sweep(): Promise<void> {
    return this.#inTurn(async () => {
      const { now, store, limits, onLate } = this.#parts
      for (const event of this.#ledger.sweep(now())) await this.take({ event })
      await store.sweep(openIn(this.#ledger), now() - writing)
      for (const review of this.#ledger.all()) {
        const { id, made } = review.terms
        if (review.status !== 'waiting') this.#late.delete(id)
        else if (now() - Date.parse(made) > limits.remind && !this.#late.has(id)) {
          this.#late.add(id)
          onLate?.(review)
        }
      }
    })
  }
}
