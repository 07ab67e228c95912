/** One exchange: what is known of it so far, what of it goes on record, and its end. Which step comes when is for steps.ts. */
import type { IncomingMessage } from 'node:http'
import { Refusal } from '../errors.ts'
import type { Draft, RecordId } from '../records/entry.ts'
import { Admission } from './admission.ts'
import type { ServedSystem, Shared, Summary } from './parts.ts'
import { headOf, type ReadHead } from './request/framing.ts'
import type { Mount } from './request/mounts.ts'
import type { MaskedBody } from './response/masked-body.ts'
import type { Known } from './response/record-of.ts'
import type { UpstreamCall } from './upstream/upstream.ts'

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
  /** The record of the intent; null: there is none yet, or none was needed. */
  intent: RecordId | null = null
  /** From the request to the upstream until its answer began. */
  upstreamSeconds: number | null = null

  readonly #began = performance.now()
  #over = false

  /** Step 1: what is asked for. Does not throw. */
  constructor(raw: IncomingMessage, shared: Shared, mounts: readonly Mount<ServedSystem>[]) {
    this.raw = raw
    this.shared = shared
    this.head = headOf(raw)
    shared.inFlight++
    shared.meter.exchangeBegan()
    this.admission = new Admission(raw, this.head, shared, mounts)
  }

  /** Throws where nothing may leave any more: the caller has gone, or something has been ordered about it meanwhile. */
  check(): void {
    if (this.left) throw new Refusal('UPSTREAM_BROKEN')
    this.admission.check()
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
    return this.admission.known(this.intent)
  }

  /** Its answer is decided, and on record. Counts once. */
  end(result: Pick<Summary, 'outcome' | 'code' | 'status' | 'bytes'>): void {
    this.released = true
    if (this.#over) return
    this.#over = true
    this.shared.inFlight--
    this.admission.release()
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
      upstreamSeconds: this.upstreamSeconds,
    })
  }
}
