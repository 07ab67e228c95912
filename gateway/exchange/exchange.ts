/**
 * The order of steps for one request, numbered as in DESIGN section 6; the only place that knows it, but for those within 2 and 3,
 * which admission.ts has. A step throws the Refusal that ends the exchange; `refuse` makes a problem answer of it, on record.
 */
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Refusal } from '../errors.ts'
import type { Draft, RecordId } from '../records/entry.ts'
import { Admission } from './admission.ts'
import { fetchReviewed } from './held/waiting.ts'
import { faultWords, type ServedSystem, type Shared, type Summary } from './parts.ts'
import { recordRefusal } from './refusal/refusal.ts'
import { headOf, type ReadHead } from './request/framing.ts'
import type { Mount } from './request/mounts.ts'
import { MaskedQuestion } from './request/searched.ts'
import { type Answer, type MaskedBody, type MaskingParts, maskAnswer } from './response/answer.ts'
import type { AnswerHeaders } from './response/headers.ts'
import { intentDraft, type Known } from './response/record-of.ts'
import { release } from './response/release.ts'
import { answerHeaders, forward, type Passage } from './upstream/forward.ts'
import type { UpstreamAnswer, UpstreamCall } from './upstream/upstream.ts'

export class Exchange {
  readonly raw: IncomingMessage
  readonly head: ReadHead
  readonly shared: Shared
  /** Who asks, for what, and whether: as far as that is known. */
  readonly admission: Admission
  /** The first byte of an answer may have left: from here a fault can only cut the connection. */
  released = false
  call: UpstreamCall | null = null
  upstreamStatus: number | null = null
  body: MaskedBody | null = null
  /** Whether the caller's connection is gone. */
  left = false

  readonly #began = performance.now()
  #intent: RecordId | null = null
  #upstreamSeconds: number | null = null
  #over = false

  /** 1: what is asked for. Does not throw. */
  constructor(raw: IncomingMessage, shared: Shared, mounts: readonly Mount<ServedSystem>[]) {
    this.raw = raw
    this.shared = shared
    this.head = headOf(raw)
    shared.inFlight++
    shared.meter.exchangeBegan()
    this.admission = new Admission(raw, this.head, shared, mounts)
  }

  /**
   * 2 to 4: who asks, for what, and whether; then the intent. Throws, or rejects with, the Refusal that ends it. A promise only
   * where something is waited for.
   */
  admit(): Promise<void> | undefined {
    const waits = this.admission.admit()
    return waits === undefined ? this.#intend() : waits.then(() => this.#intend())
  }

  /** 4 */
  #intend(): Promise<void> | undefined {
    if (!this.admission.needsIntent) return undefined
    return this.recordThen([intentDraft(this.known(), this.shared.index)], id => {
      this.#intent = id
    })
  }

  /** Throws where nothing may leave any more: the caller has gone, or something has been ordered about it meanwhile. */
  check(): void {
    if (this.left) throw new Refusal('UPSTREAM_BROKEN')
    this.admission.check()
  }

  /** 5 to 9: the upstream's answer, masked and on record. null: the caller has left, and there is nobody to answer. */
  async run(body: Readable | null): Promise<Answer | null> {
    try {
      if (this.left) throw new Refusal('UPSTREAM_BROKEN')
      const { fetched } = this.admission
      if (fetched !== null) return await fetchReviewed(this, fetched)
      const sending = this.admission.toSend(body)
      const sent = sending instanceof Promise ? await sending : sending
      if (this.left) throw new Refusal('UPSTREAM_BROKEN')
      const passage = this.admission.passage()
      // 5
      this.call = forward(passage, sent, this.shared.config.limits.requestBody)
      const called = performance.now()
      const upstream = await this.call.answer
      this.#upstreamSeconds = (performance.now() - called) / 1000
      this.upstreamStatus = upstream.status
      // 7, 8; awaited also where it is there, so that all answers of a turn are masked before the first goes on: README.md
      this.body = await maskAnswer(upstream, this.head.method, this.#maskingOf(passage))
      // 6, 9
      return await release(this, this.#headersOf(upstream, passage), this.body, upstream.status)
    } catch (fault) {
      return this.refuse(fault)
    }
  }

  #maskingOf(passage: Passage): MaskingParts {
    return {
      masking: this.shared.masking,
      limits: this.shared.config.limits,
      plan: passage.plan,
      links: passage.system.links,
      pathBase: passage.system.pathBase ?? undefined,
      scope: this.admission.scope(passage.tokens),
    }
  }

  #headersOf({ status, headers: given }: UpstreamAnswer, passage: Passage): AnswerHeaders {
    const headers = answerHeaders(given, this.body!.contentType, passage)
    const ours = this.admission.signIn?.answered(status, given)
    if (ours !== undefined && ours.length > 0)
      headers['set-cookie'] = [...[headers['set-cookie'] ?? []].flat(), ...ours]
    return headers
  }

  /** 10: whatever was thrown becomes a problem answer, on record. null: the caller has left. Never rejects. */
  async refuse(fault: unknown): Promise<Answer | null> {
    const refusal = fault instanceof Refusal ? fault : new Refusal('GATEWAY_FAULT', {}, { cause: fault })
    this.call?.cancel()
    if (refusal instanceof MaskedQuestion) this.admission.searched = refusal.searched
    const refused = await recordRefusal(this, refusal, this.left)
    if (refused.code === 'GATEWAY_FAULT') this.shared.log.error(faultWords, { ...refused.names, error: fault })
    if (refused.outcome === 'withheld') this.shared.faults.tell(refusal, refused.names)
    this.end({ outcome: refused.outcome, code: refused.code, status: refused.status, bytes: refused.bytes })
    return refused.answer
  }

  /** The caller's connection is gone: nothing is read any more on its behalf. */
  leave(): void {
    if (this.left) return
    this.left = true
    this.call?.cancel()
  }

  /** Resolves to the last entry's id once all are durable. */
  record(...drafts: Draft[]): Promise<RecordId> {
    return this.recordThen(drafts, id => id)
  }

  /** What `then` makes of the last entry's id once all are durable: a promise less than to wait for `record`, in what all answers do. */
  recordThen<T>(drafts: readonly Draft[], then: (id: RecordId) => T): Promise<T> {
    const { records, meter } = this.shared
    const began = performance.now()
    return records.append(drafts).then(receipts => {
      meter.recorded((performance.now() - began) / 1000)
      return then(receipts.at(-1)!.id)
    })
  }

  known(): Known {
    return this.admission.known(this.#intent)
  }

  /** Its answer is decided, and on record. Counts once. */
  end(result: Pick<Summary, 'outcome' | 'code' | 'status' | 'bytes'>): void {
    this.released = true
    if (this.#over) return
    this.#over = true
    this.shared.inFlight--
    const { system, caller } = this.admission
    // spread and added to, each of these would be an object of a new shape to V8: 30 000 instructions
    this.shared.meter.exchangeEnded({
      outcome: result.outcome,
      code: result.code,
      status: result.status,
      bytes: result.bytes,
      system: system?.settings.name ?? null,
      audience: caller?.consumer.audience ?? null,
      seconds: (performance.now() - this.#began) / 1000,
      upstreamSeconds: this.#upstreamSeconds,
    })
  }
}
