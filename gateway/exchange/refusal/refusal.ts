import { normalizeAddress } from '../../address.ts'
import { type ProblemCode, problems, Refusal } from '../../errors.ts'
import type { LogFields } from '../../log.ts'
import type { Draft, Outcome, RecordId } from '../../records/entry.ts'
import type { Exchange } from '../exchange.ts'
import type { Answer } from '../response/answer.ts'
import { accessDraft, type Known, nothing, refusedDraft } from '../response/record-of.ts'
import { problemAnswer } from './problem.ts'
import { wantsText } from './wants-text.ts'

export type Refused = {
  /** null: the caller has left. */
  readonly answer: Answer | null
  readonly outcome: Exclude<Outcome, 'released'>
  readonly code: ProblemCode | null
  readonly status: number
  readonly bytes: readonly [number, number]
  /** For the operational log. */
  readonly names: LogFields
}

/** Status in the record of an exchange whose caller left before there was an answer; no answer has it. */
const callerLeft = 499

/**
 * Records that an exchange ended without its answer, and makes the problem answer that says so. Where even that cannot be
 * recorded, the answer is 503. Refusals of callers that are nobody yet or call from elsewhere or at another time than they
 * may (these by name), and those over a limit, are counted by address and minute, and have no record of their own; of anonymous callers the first sixty of a minute have.
 */
export async function recordRefusal(exchange: Exchange, refusal: Refusal, left: boolean): Promise<Refused> {
  const { config } = exchange.shared
  const bytes: [number, number] = [exchange.body?.taken ?? 0, 0]
  const known = { ...exchange.known(), address: addressOf(exchange) }
  const names: LogFields = {
    ...(known.system !== null && { system: known.system }),
    ...(known.route !== null && { route: known.route }),
  }
  let { code, details } = refusal
  let record: RecordId | null = null
  const status = statusOf(exchange, code)
  const held =
    code === 'RATE_LIMITED' || code === 'SLOWED_DOWN' ? (known.consumer?.name ?? null) : (details.consumer ?? null)
  if (isCounted(exchange, known, code)) exchange.shared.counter.count(known.address, code, held)
  else if (code !== 'RECORDS_UNUSABLE') {
    try {
      record = await exchange.record(draftOf(exchange, known, code, left ? callerLeft : status, left, bytes))
    } catch (fault) {
      const unrecorded = fault instanceof Refusal ? fault : new Refusal('GATEWAY_FAULT', {}, { cause: fault })
      code = unrecorded.code
      details = unrecorded.details
    }
  }
  const outcome = left ? 'aborted' : exchange.call === null ? 'refused' : 'withheld'
  const described = record === null ? names : { ...names, record }
  if (left) return { answer: null, outcome, code: null, status: callerLeft, bytes, names: described }
  const problem = problemAnswer({
    code,
    details,
    status: statusOf(exchange, code),
    record,
    contact: config.contact,
    languages: exchange.head.headers['accept-language']?.[0],
    asText: wantsText(exchange.head),
  })
  const { headers } = problem
  // what is left of a request nobody will read must not be taken for the next one, nor what another would read as its end
  if (!exchange.raw.complete || code === 'HEADER_MALFORMED') headers['connection'] = 'close'
  const answer: Answer = { status: problem.status, headers, body: Buffer.from(problem.body) }
  return { answer, outcome, code, status: problem.status, bytes, names: described }
}

/** A flood of refusals must not fill the disk, so what costs a caller nothing to cause is counted. */
function isCounted(exchange: Exchange, { consumer, address }: Known, code: ProblemCode): boolean {
  const { config, counter } = exchange.shared
  if (consumer === null || code === 'RATE_LIMITED' || code === 'SLOWED_DOWN' || code === 'OVERLOADED') return true
  return consumer === config.anonymous && exchange.call === null && !counter.mayRecord(address)
}

/** A system's own error keeps its status; only its words are replaced. */
function statusOf(exchange: Exchange, code: ProblemCode): number {
  return code === 'UPSTREAM_ERROR' ? (exchange.upstreamStatus ?? 502) : problems[code].status
}

function draftOf(
  exchange: Exchange,
  known: ReturnType<Exchange['known']>,
  code: ProblemCode,
  status: number,
  left: boolean,
  bytes: [number, number],
): Draft {
  const { index } = exchange.shared
  if (exchange.call === null && !left) return refusedDraft(known, status, code, index)
  const result = {
    status,
    upstreamStatus: exchange.upstreamStatus,
    format: exchange.body?.masker?.format ?? null,
    bytes,
  }
  const ending = left ? ({ outcome: 'aborted', code: null } as const) : ({ outcome: 'withheld', code } as const)
  return accessDraft(known, result, nothing, ending, index)
}

function addressOf(exchange: Exchange): string {
  const { address } = exchange.known()
  return address === '::' ? (normalizeAddress(exchange.raw.socket.remoteAddress ?? '') ?? address) : address
}
