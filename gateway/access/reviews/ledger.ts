/**
 * The life of answers that wait: how each stands, and what may be done next. A pure state machine over events; the same
 * events in the same order give the same state, so it is made again from the records at each start.
 */
import { type ReviewSettings, type ReviewStep, reviewSteps } from '../../config/config.ts'
import {
  doneBy,
  type ReviewAction,
  type ReviewEvent,
  type ReviewTerms,
  type ReviewVerdict,
} from '../../review-event.ts'

export type ReviewStatus = 'waiting' | 'released' | 'fetched' | 'refused' | 'expired' | 'overtaken' | 'voided'

export type StepDone = {
  readonly step: ReviewStep
  readonly person: string
  readonly group: string
  readonly signed: string | null
  readonly signature: string | null
}

export type Review = {
  readonly terms: ReviewTerms
  readonly status: ReviewStatus
  /** Those that are done, in order. */
  readonly steps: readonly StepDone[]
  /** When it came to its end, and nothing is left of the answer; null: it is there. */
  readonly ended: number | null
}

export type ReviewWhy = 'unknown' | 'over' | 'requester' | 'no_reviewer' | 'again' | 'not_next' | 'review_full'
export type ReviewDecided = { readonly event: ReviewEvent } | { readonly why: ReviewWhy }

/** Somebody with a key; `group`: null for those who may only ask. */
export type Reviewer = { readonly name: string; readonly group: string | null }

/** Who asks for an answer that waits. */
export type Fetching = {
  readonly id: string
  readonly consumer: string
  readonly audience: string
  readonly operator: string | null
  readonly address: string
  readonly system: string
  /** Whether the caller is somebody only by where they are: without credentials. */
  readonly anonymous: boolean
}

export type ReviewRules = Pick<ReviewSettings, 'groups' | 'limits'> & {
  /** Whether this person has asked for the answer, or for the grant it was given by. */
  readonly hasAsked: (person: string, terms: ReviewTerms) => boolean
}

/** Ended ones are remembered for so long; the records have them for as long as records are kept. */
const remembered = 31 * 86_400_000

export class ReviewLedger {
  readonly #rules: ReviewRules
  readonly #reviews = new Map<string, Review>()
  /** Open ones from before something was lost. */
  readonly #doubtful = new Set<string>()

  constructor(rules: ReviewRules) {
    this.#rules = rules
  }

  get(id: string): Review | undefined {
    return this.#reviews.get(id)
  }

  /** Oldest first. */
  all(): Review[] {
    return [...this.#reviews.values()]
  }

  /** Takes an event in. One that the state does not allow changes nothing: what is on record cannot make up a release. */
  apply(event: ReviewEvent, time: number): void {
    const { terms } = event
    const known = this.#reviews.get(event.review)
    if (event.action === 'held') {
      if (known !== undefined || terms == null || terms.id !== event.review) return
      this.#reviews.set(terms.id, { terms, status: 'waiting', steps: [], ended: null })
    } else if (known !== undefined) {
      const next = after(known, event, time)
      if (next !== null) this.#reviews.set(event.review, next)
    }
  }

  /** Some of what happened is not to be read any more: it may have been the end of any that is open. */
  lost(): void {
    for (const { terms, ended } of this.all()) if (ended === null) this.#doubtful.add(terms.id)
  }

  /** Whether there is room for one more. */
  hold(terms: ReviewTerms): ReviewDecided {
    const { answers, bytes, answer } = this.#rules.limits
    const open = this.all().filter(({ ended }) => ended === null)
    const sum = open.reduce((total, one) => total + one.terms.bytes, terms.bytes)
    if (this.#reviews.has(terms.id)) return { why: 'unknown' }
    if (open.length >= answers || sum > bytes || terms.bytes > answer) return { why: 'review_full' }
    return { event: { ...said('held', terms.id, null), signed: null, terms } }
  }

  /** Whether this person may do this to it. */
  judge(
    verdict: ReviewVerdict,
    id: string,
    by: Reviewer,
    sign: { signed: string; signature: string },
    now: number,
  ): ReviewDecided {
    const review = this.#reviews.get(id)
    if (review === undefined) return { why: 'unknown' }
    const { terms, steps, ended } = review
    if (!this.isReviewer(by)) return { why: 'no_reviewer' }
    if (this.#rules.hasAsked(by.name, terms)) return { why: 'requester' }
    if (ended !== null || now >= Date.parse(terms.until)) return { why: 'over' }
    if (verdict === 'refuse' || verdict === 'read')
      return { event: { ...said(verdict === 'read' ? 'read' : 'refused', id, by), ...sign } }
    if (reviewSteps[steps.length] !== verdict) return { why: 'not_next' }
    if (!this.#may(verdict, by)) return { why: 'no_reviewer' }
    if (steps.some(({ person }) => person === by.name)) return { why: 'again' }
    return { event: { ...said(doneBy[verdict], id, by), ...sign } }
  }

  /** Whether this person may do any step at all. */
  isReviewer(by: Reviewer): boolean {
    return reviewSteps.some(step => this.#may(step, by))
  }

  /** How it stands for whoever asks for it; to somebody it is not for, it is not there. */
  look(asked: Fetching, now: number): Review | { readonly why: 'unknown' } {
    const review = this.#reviews.get(asked.id)
    if (review === undefined || !isFor(review.terms, asked)) return { why: 'unknown' }
    const isLate = review.ended === null && now >= Date.parse(review.terms.until)
    return isLate ? { ...review, status: 'expired', ended: now } : review
  }

  /** Whether it may be fetched now. It counts once its event was taken in, and never again. */
  fetch(asked: Fetching, now: number): ReviewDecided {
    const review = this.look(asked, now)
    if ('why' in review) return review
    if (review.ended !== null || review.status !== 'released') return { why: 'over' }
    return { event: { ...said('fetched', asked.id, null), address: asked.address } }
  }

  /** Ends one that the gateway cannot release any more; null: it has ended already. */
  end(id: string, action: 'overtaken' | 'voided'): ReviewEvent | null {
    return this.#reviews.get(id)?.ended === null ? said(action, id, null) : null
  }

  /** What the gateway itself is to put on record now: ends of those that nobody fetched in time. Forgets what is long over. */
  sweep(now: number): ReviewEvent[] {
    const events: ReviewEvent[] = []
    for (const [id, { terms, ended }] of this.#reviews) {
      if (ended === null && now >= Date.parse(terms.until)) events.push(said('expired', id, null))
      else if (ended !== null && now - ended > remembered) this.#reviews.delete(id)
    }
    return events
  }

  /**
   * Open ones that are void: roles have changed since a step was done, nobody can know how they stand, or the answer is
   * not there any more.
   */
  void(groups: ReadonlyMap<string, string | null>, isThere: (id: string) => boolean): ReviewEvent[] {
    return this.all()
      .filter(({ ended }) => ended === null)
      .filter(
        ({ terms, steps }) =>
          this.#doubtful.has(terms.id) ||
          !isThere(terms.id) ||
          steps.some(
            ({ step, person, group }) =>
              groups.get(person) !== group ||
              !this.#may(step, { name: person, group }) ||
              this.#rules.hasAsked(person, terms),
          ),
      )
      .map(({ terms }) => said('voided', terms.id, null))
  }

  #may(step: ReviewStep, { group }: Reviewer): boolean {
    return group !== null && this.#rules.groups[step].includes(group)
  }
}

/** Callers without credentials, and those with a grant, which is bound to a terminal, are told apart by their address. */
function isFor(terms: ReviewTerms, { consumer, audience, operator, address, system, anonymous }: Fetching): boolean {
  const same = terms.consumer === consumer && terms.audience === audience && terms.operator === operator
  const isBound = anonymous || terms.grant !== null
  return same && terms.system === system && (!isBound || terms.address === address)
}

function said(action: ReviewAction, review: string, by: Reviewer | null): ReviewEvent {
  const who = { person: by?.name ?? null, group: by?.group ?? null }
  return { kind: 'review', action, review, ...who, signed: null, signature: null }
}

/** The review after an event; null: the event does not count. */
function after(review: Review, { action, person, group, signed, signature }: ReviewEvent, time: number): Review | null {
  if (review.ended !== null || action === 'held' || action === 'read') return null
  const step = reviewSteps[review.steps.length]
  if (action === 'passed' || action === 'checked' || action === 'released') {
    if (step === undefined || doneBy[step] !== action || person === null || group === null) return null
    if (review.steps.some(one => one.person === person)) return null
    const steps = [...review.steps, { step, person, group, signed, signature }]
    return { ...review, steps, status: steps.length === reviewSteps.length ? 'released' : 'waiting' }
  }
  if (action === 'fetched' && review.status !== 'released') return null
  return { ...review, status: action, ended: time }
}
