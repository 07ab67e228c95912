/**
 * The order of steps for one request, numbered as in DESIGN section 6; the only place that knows it, but for those within 2 and 3,
 * which admission.ts has. Step 1 is what begins an exchange. A step throws the Refusal that ends the exchange; `refuse` makes a problem answer of it, on record.
 */
import type { Readable } from 'node:stream'
import { Refusal } from '../errors.ts'
import type { Exchange } from './exchange.ts'
import { fetchReviewed } from './held/waiting.ts'
import { faultWords } from './parts.ts'
import { recordRefusal } from './refusal/refusal.ts'
import { MaskedQuestion } from './request/searched.ts'
import { type Answer, maskAnswer } from './response/answer.ts'
import type { AnswerHeaders } from './response/headers.ts'
import type { MaskingParts } from './response/opening.ts'
import { intentDraft, viewerOf } from './response/record-of.ts'
import { release } from './response/release.ts'
import { asksForPage } from './response/watermark.ts'
import { answerHeaders, forward, type Passage } from './upstream/forward.ts'
import type { UpstreamAnswer } from './upstream/upstream.ts'

/**
 * 2 to 4: who asks, for what, and whether; then the intent. Throws, or rejects with, the Refusal that ends it. A promise
 * only where something is waited for.
 */
export function admit(exchange: Exchange): Promise<void> | undefined {
  const waits = exchange.admission.admit()
  return waits === undefined ? intend(exchange) : waits.then(() => intend(exchange))
}

/** 4 */
function intend(exchange: Exchange): Promise<void> | undefined {
  if (!exchange.admission.needsIntent) return undefined
  return exchange.recordThen([intentDraft(exchange.known(), exchange.shared.index)], id => {
    exchange.intent = id
  })
}

/** 5 to 9: the upstream's answer, masked and on record. null: the caller has left, and there is nobody to answer. */
export async function run(exchange: Exchange, body: Readable | null): Promise<Answer | null> {
  const { admission, shared } = exchange
  try {
    if (exchange.left) throw new Refusal('UPSTREAM_BROKEN')
    const { fetched } = admission
    if (fetched !== null) return await fetchReviewed(exchange, fetched)
    const sending = admission.toSend(body)
    const sent = sending instanceof Promise ? await sending : sending
    if (exchange.left) throw new Refusal('UPSTREAM_BROKEN')
    const passage = admission.passage()
    // 5
    exchange.call = forward(passage, sent, shared.config.limits.requestBody)
    const called = performance.now()
    const upstream = await exchange.call.answer
    exchange.upstreamSeconds = (performance.now() - called) / 1000
    exchange.upstreamStatus = upstream.status
    // 7, 8; awaited also where it is there, so that all answers of a turn are masked before the first goes on: README.md
    exchange.body = await maskAnswer(upstream, exchange.head.method, maskingOf(exchange, passage))
    // 6, 9
    const headers = headersOf(exchange, upstream, exchange.body.contentType, passage)
    return await release(exchange, headers, exchange.body, upstream.status)
  } catch (fault) {
    return refuse(exchange, fault)
  }
}

function maskingOf(exchange: Exchange, passage: Passage): MaskingParts {
  const { admission, shared } = exchange
  return {
    masking: shared.masking,
    limits: shared.config.limits,
    plan: passage.plan,
    links: passage.system.links,
    pathBase: passage.system.pathBase ?? undefined,
    mark: markOf(exchange, passage),
    scope: admission.scope.with(passage.tokens),
  }
}

/** Who looks at an answer that is a page of its own, as its record will have it. */
function markOf(exchange: Exchange, { system: { watermark } }: Passage): (() => Buffer) | undefined {
  if (watermark === null || !asksForPage(exchange.head)) return undefined
  return () => watermark({ ...viewerOf(exchange.known(), exchange.shared.index), time: Date.now() })
}

function headersOf(
  { admission }: Exchange,
  { status, headers: given }: UpstreamAnswer,
  contentType: string | null,
  passage: Passage,
): AnswerHeaders {
  const headers = answerHeaders(given, contentType, passage)
  const ours = admission.signIn?.answered(status, given)
  if (ours !== undefined && ours.length > 0) headers['set-cookie'] = [...[headers['set-cookie'] ?? []].flat(), ...ours]
  return headers
}

/** 10: whatever was thrown becomes a problem answer, on record. null: the caller has left. Never rejects. */
export async function refuse(exchange: Exchange, fault: unknown): Promise<Answer | null> {
  const { admission, shared } = exchange
  const refusal = fault instanceof Refusal ? fault : new Refusal('GATEWAY_FAULT', {}, { cause: fault })
  exchange.call?.cancel()
  if (refusal instanceof MaskedQuestion) admission.searched = refusal.searched
  const refused = await recordRefusal(exchange, refusal, exchange.left)
  if (refused.code === 'GATEWAY_FAULT') shared.log.error(faultWords, { ...refused.names, error: fault })
  if (refused.outcome === 'withheld') shared.faults.tell(refusal, refused.names)
  exchange.end({ outcome: refused.outcome, code: refused.code, status: refused.status, bytes: refused.bytes })
  return refused.answer
}
