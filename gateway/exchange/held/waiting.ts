/** Exchanges about answers that wait for review: one that begins to wait, and one that asks for it. Each is on record. */
import type { ReviewTerms } from '../../review-event.ts'
import type { Exchange } from '../exchange.ts'
import type { Answer } from '../response/answer.ts'
import { ownCopy, wholeOf } from '../response/blocks.ts'
import type { Leaving } from '../response/leaving.ts'
import { accessDraft, nothing, operatorOf, type Result } from '../response/record-of.ts'
import { fetchHeld, holdAnswer } from './holding.ts'
import { heldNotice } from './notice.ts'

/** Kept until people have reviewed it; the caller is told so. Throws as `holdAnswer` does. */
export async function holdForReview(
  { exchange, result, headers, body, tally }: Leaving,
  reason: ReviewTerms['reason'],
): Promise<Answer> {
  const { index, reviews } = exchange.shared
  const bytes: [number, number] = [body.taken, 0]
  const ending = { outcome: 'held', code: null } as const
  const draft = accessDraft(exchange.known(), { ...result, bytes }, tally, ending, index)
  const terms = await holdAnswer(reviews, {
    ...{ reason, draft, headers, status: result.status },
    audience: exchange.admission.caller!.consumer.audience,
    unlisted: body.masker?.unlisted() ?? [],
    body: ownCopy(wholeOf(body.blocks.take())),
  })
  // who is in it stands in the record of its release: until then nobody has seen them
  return await tellHeld(exchange, terms, 0, { ...result, status: 202, bytes })
}

/** An answer that waited: on record, then handed on as it was masked. Throws as `fetchHeld` does. */
export async function fetchReviewed(exchange: Exchange, id: string): Promise<Answer> {
  const { config, index, reviews } = exchange.shared
  const { consumer } = exchange.admission.caller!
  const { address, statement, system } = exchange.known()
  const who = { consumer: consumer.name, audience: consumer.audience, anonymous: consumer === config.anonymous }
  const asked = { id, ...who, address, system: system!, operator: operatorOf(statement, index) }
  const found = await fetchHeld(reviews, asked, terms => {
    exchange.admission.concerns(terms)
    exchange.check()
  })
  const { terms } = found
  const { status, format, rows } = terms
  if ('steps' in found)
    return await tellHeld(exchange, terms, found.steps, { status: 202, upstreamStatus: null, format, bytes: [0, 0] })
  const { headers, fields, subjects, upstreamStatus, body } = found.answer
  const bytes: [number, number] = [terms.bytes, body.length]
  const ending = { outcome: 'released', code: null } as const
  const draft = accessDraft(exchange.known(), { status, upstreamStatus, format, bytes }, nothing, ending, index)
  await exchange.record({ ...draft, rows, fields, subjects, review: id })
  exchange.end({ ...ending, status, bytes })
  return { status, headers: { ...headers } as Answer['headers'], body: body.length === 0 ? undefined : body }
}

async function tellHeld(exchange: Exchange, terms: ReviewTerms, steps: number, result: Result): Promise<Answer> {
  const { index, config } = exchange.shared
  const ending = { outcome: 'held', code: null } as const
  const draft = accessDraft(exchange.known(), result, nothing, ending, index)
  const record = await exchange.record({ ...draft, review: terms.id })
  exchange.end({ ...ending, status: result.status, bytes: result.bytes })
  const prefix = exchange.admission.system!.settings.prefix ?? ''
  return heldNotice({ terms, steps, prefix, record, contact: config.contact }, exchange.head)
}
