/** What a caller is told of an answer that waits: that it does, its number, for whom and until when. Nothing of the answer. */
import type { ReviewStep } from '../../config/config.ts'
import { reviewSteps } from '../../config/config.ts'
import type { RequestHead } from '../../contracts.ts'
import type { ReviewTerms } from '../../review-event.ts'
import { wantsText } from '../refusal/wants-text.ts'
import type { Answer } from '../response/answer.ts'
import { always } from '../response/headers.ts'

/** Seconds after which it is worth asking again: people are at work on it. */
const askAgain = 60

/** Under a system: answers of this system that wait (RFC 8615). The system itself is never asked for such a path. */
const heldPrefix = '/.well-known/veilgate/held/'

/** The number that a path under a system asks for; null: it is one of the system's own. */
export function numberAskedFor(path: string): string | null {
  return path.startsWith(heldPrefix) ? path.slice(heldPrefix.length) : null
}

export type Notice = {
  readonly terms: Omit<ReviewTerms, 'sealed'>
  /** How many of the steps are done. */
  readonly steps: number
  /** Where callers reach the system: its prefix, or nothing. */
  readonly prefix: string
  readonly record: string
  readonly contact: string | null
}

const stepWords: Readonly<Record<ReviewStep, { readonly zh: string; readonly en: string }>> = {
  pass: { zh: '初审', en: 'first review' },
  check: { zh: '复核', en: 'check' },
  release: { zh: '签发', en: 'release' },
}

/** 202 with `location` and `retry-after`: JSON, or plain text for callers that ask for text and not for JSON; in both languages. */
export function heldNotice({ terms, steps, prefix, record, contact }: Notice, head: RequestHead): Answer {
  const location = `${prefix}${heldPrefix}${terms.id}`
  const step = reviewSteps[Math.min(steps, reviewSteps.length - 1)]!
  const whom = terms.operator === null ? terms.consumer : `${terms.operator} (${terms.consumer})`
  const title = {
    zh: `应答须经审核，正在等待${stepWords[step].zh}`,
    en: `The answer waits for review: ${stepWords[step].en} is next`,
  }
  const body = {
    status: 202,
    title,
    review: terms.id,
    for: { consumer: terms.consumer, operator: terms.operator },
    next: step,
    location,
    until: terms.until,
    record,
    ...(contact !== null && { contact }),
    retry_after: askAgain,
  }
  const lines = [
    `${title.zh}。编号 ${terms.id}，给 ${whom}，${terms.until} 前有效。放行后从 ${location} 领取一次。`,
    `${title.en}. Number ${terms.id}, for ${whom}, until ${terms.until}. Once released, fetch it at ${location}, once.`,
    ...(contact === null ? [] : [contact]),
  ]
  const isText = wantsText(head)
  return {
    status: 202,
    headers: {
      ...always,
      'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
      location,
      'retry-after': String(askAgain),
    },
    body:
      head.method === 'HEAD' ? undefined : Buffer.from(isText ? `${lines.join('\n')}\n` : `${JSON.stringify(body)}\n`),
  }
}
