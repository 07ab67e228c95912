/** The texts that people sign when they review an answer. Pure. */
import { createHash } from 'node:crypto'
import type { ReviewTerms, ReviewVerdict } from '../../review-event.ts'

/** A line for each term, in one order and one spelling, so that two texts are the same where two answers are. */
export function reviewText(terms: ReviewTerms): string {
  const { basis } = terms
  const lines = [
    'veilgate: an answer that waits for review',
    `id ${terms.id}`,
    `reason ${terms.reason}`,
    `consumer ${terms.consumer}`,
    `audience ${terms.audience}`,
    `operator ${terms.operator ?? '-'}`,
    `address ${terms.address}`,
    `purpose ${terms.purpose ?? '-'}`,
    `basis ${basis === null ? '-' : `${basis.kind}${basis.ref === null ? '' : ` ${basis.ref}`}`}`,
    `grant ${terms.grant ?? '-'}`,
    `system ${terms.system}`,
    `route ${terms.method} ${terms.route}`,
    `status ${terms.status}`,
    `format ${terms.format ?? '-'}`,
    `bytes ${terms.bytes}`,
    `rows ${terms.rows}`,
    `unlisted ${terms.unlisted}`,
    `policy ${terms.policy}`,
    `sealed ${terms.sealed}`,
    `made ${terms.made}`,
    `until ${terms.until}`,
  ]
  return `${lines.join('\n')}\n`
}

/**
 * The text of one step, which that person signs: it names the step, so that it counts for no other, the very answer, by
 * the digest of the file it waits in, and its time, so that it cannot be kept for later. `time`: UTC, as in records.
 */
export function reviewVerdictText(verdict: ReviewVerdict, terms: ReviewTerms, time: string): string {
  const hash = createHash('sha256').update(reviewText(terms)).digest('base64url')
  return `veilgate: ${verdict} an answer that waits for review\nid ${terms.id}\nanswer ${hash}\ntime ${time}\n`
}

/** What the file an answer waits in is bound to: it opens as no other answer. */
export function sealContext({
  id,
  consumer,
  system,
  route,
  policy,
}: ReviewTerms | Omit<ReviewTerms, 'sealed'>): string {
  return JSON.stringify(['held answer', id, consumer, system, route, policy])
}
