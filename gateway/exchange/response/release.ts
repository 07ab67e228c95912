/** How a masked answer leaves: on record, then whole, window by window, or to wait for review. */
import type { Readable } from 'node:stream'
import { type ProblemCode, Refusal } from '../../errors.ts'
import type { RecordId } from '../../records/entry.ts'
import type { ReviewTerms } from '../../review-event.ts'
import type { Exchange } from '../exchange.ts'
import { whyItWaits } from '../held/holding.ts'
import { holdForReview } from '../held/waiting.ts'
import { faultWords } from '../parts.ts'
import { BulkCount } from '../request/bulk.ts'
import { checkFormat } from '../request/granted.ts'
import type { Answer } from './answer.ts'
import { isLent, wholeOf } from './blocks.ts'
import { Compressor, codingFor, smallest } from './compress.ts'
import type { Leaving } from './leaving.ts'
import type { MaskedBody } from './masked-body.ts'
import { accessDraft, endDraft, nothing, openDraft, windowDraft } from './record-of.ts'
import { releaseInWindows } from './windows.ts'

/** Throws, or rejects with, the Refusal that withholds it: then nothing has left. */
export function release(
  exchange: Exchange,
  headers: Answer['headers'],
  body: MaskedBody,
  status: number,
): Promise<Answer> {
  const { config, reviews } = exchange.shared
  const waits = whyItWaits(exchange.admission.plan!, body, reviews?.limits.answer ?? config.limits.answerWhole)
  if (waits === null) return go(exchange, headers, body, status, null)
  return waits.then(reason => go(exchange, headers, body, status, reason))
}

/** `reason`: why it waits for review; null: it leaves. */
function go(
  exchange: Exchange,
  headers: Answer['headers'],
  body: MaskedBody,
  status: number,
  reason: ReviewTerms['reason'] | null,
): Promise<Answer> {
  const tally = body.masker?.takeTally() ?? nothing
  const count = new BulkCount(exchange.admission.plan!)
  count.add(tally)
  exchange.check()
  const result = { status, upstreamStatus: status, format: body.masker?.format ?? null }
  if (exchange.admission.granted !== null) checkFormat(exchange.admission.granted, result.format)
  const leaving = { exchange, headers, body, result, tally }
  if (reason !== null) return holdForReview(leaving, reason)
  const compressor = compressorOf(exchange, body)
  if (compressor !== null) {
    headers['content-encoding'] = compressor.coding
    headers['vary'] = 'accept-encoding'
  }
  return body.ended && body.size <= exchange.shared.config.limits.answerWhole
    ? goWhole(leaving, compressor)
    : goInWindows(leaving, count, compressor)
}

/** Most answers: no async function, which would keep room for all that is in it while it waits. */
function goWhole(
  { exchange, headers, body, result: { status, upstreamStatus, format }, tally }: Leaving,
  compressor: Compressor | null,
): Promise<Answer> {
  const leave = (pieces: readonly Uint8Array[]): Promise<Answer> => {
    const whole = wholeOf(pieces)
    const bytes: [number, number] = [body.taken, whole.length]
    const result = { status, upstreamStatus, format, bytes }
    const draft = accessDraft(exchange.known(), result, tally, released, exchange.shared.index)
    return exchange.recordThen([draft], () => {
      // what stands in a block was copied there; anything else may be a part of what came
      if (isLent(whole)) exchange.call?.forget()
      exchange.end({ outcome: 'released', code: null, status, bytes })
      return { status, headers, body: whole.length === 0 ? undefined : whole }
    })
  }
  const masked = body.blocks.take()
  return compressor === null ? leave(masked) : compressor.add(masked, true).then(leave)
}

const released = { outcome: 'released', code: null } as const

async function goInWindows(leaving: Leaving, count: BulkCount, compressor: Compressor | null): Promise<Answer> {
  const { exchange, headers, result } = leaving
  const opened = await exchange.record(openDraft(exchange.known(), result, exchange.shared.index))
  exchange.released = true
  return { status: result.status, headers, body: inWindows(leaving, opened, count, compressor) }
}

/** null: the answer leaves as it is. */
function compressorOf({ admission, head }: Exchange, body: MaskedBody): Compressor | null {
  if (!admission.system!.settings.compress || !body.compressible || body.size < smallest) return null
  const coding = codingFor(head.headers['accept-encoding'] ?? [])
  return coding === null ? null : new Compressor(coding)
}

/** `of`: the record that opened it. */
function inWindows(
  { exchange, body, result: { status }, tally: first }: Leaving,
  of: RecordId,
  count: BulkCount,
  compressor: Compressor | null,
): Readable {
  const { index, config, log } = exchange.shared
  const { stream, ended } = releaseInWindows(body, first, {
    limits: config.limits,
    compressor,
    append: drafts => exchange.record(...drafts),
    left: () => exchange.left,
    window: (bytes, tally) => windowDraft(of, bytes, tally, index),
    end: (kind, total, code) => endDraft(kind, of, total, code),
    check: tally => {
      count.add(tally)
      exchange.check()
    },
    onFault: error => log.error(faultWords, { record: of, error }),
  })
  void ended.then(({ bytes, code, whole }) => {
    if (code !== null) tellOfCut(exchange, code, of)
    exchange.end({ outcome: whole ? 'released' : 'aborted', code, status, bytes })
  })
  return stream
}

/** A long answer that was cut after its first bytes: its caller is told no code, so that this is where it is seen. */
function tellOfCut(exchange: Exchange, code: ProblemCode, record: RecordId): void {
  const { system, route } = exchange.known()
  exchange.shared.faults.tell(new Refusal(code), { ...(system && { system }), ...(route && { route }), record })
}
