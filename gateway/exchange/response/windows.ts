import { Readable } from 'node:stream'
import type { Limits } from '../../config/config.ts'
import { type ProblemCode, Refusal } from '../../errors.ts'
import type { Tally } from '../../masking/tally.ts'
import { afterRelease, boundHeap, collectWhatGrew } from '../../memory.ts'
import type { Draft, EndDraft, WindowDraft } from '../../records/entry.ts'
import type { Compressor } from './compress.ts'
import { fill, type MaskedBody, patienceFor } from './masked-body.ts'

/** What releasing a long answer needs of the rest of the gateway. */
export type Windowing = {
  readonly limits: Pick<Limits, 'answerWindow' | 'answerWindowTime'>
  /** null: windows leave as they were masked. */
  readonly compressor: Compressor | null
  /** Resolves when the entries are durable. */
  readonly append: (drafts: readonly Draft[]) => Promise<unknown>
  readonly window: (bytes: [number, number], tally: Tally) => WindowDraft
  readonly end: (
    kind: 'close' | 'aborted',
    total: Pick<EndDraft, 'bytes' | 'rows'>,
    code: ProblemCode | null,
  ) => EndDraft
  /** Throws where a window, after those before it, holds more than may leave. The first was checked. */
  readonly check: (tally: Tally) => void
  /** Whether the caller's connection is gone. */
  readonly left: () => boolean
  /** Something was thrown that is no Refusal, or the last entry could not be written. */
  readonly onFault: (error: unknown) => void
}

export type Ending = {
  readonly bytes: readonly [number, number]
  readonly code: ProblemCode | null
  readonly whole: boolean
}

/** From so many bytes on an answer has all of the heap collected where it has grown. */
const veryLong = 8 * 1024 * 1024

/**
 * A long answer, released window by window: each is masked, then on record, then handed on, then taken by the caller,
 * before the next is begun. So memory holds one window and what the upstream's queue holds, a slow caller holds up its
 * own upstream and nobody else, and no byte is ahead of its record. The stream is destroyed on a fault, which cuts
 * the connection. `ended` resolves when the last entry is written, and never rejects.
 */
export function releaseInWindows(
  body: MaskedBody,
  first: Tally,
  windowing: Windowing,
): { stream: Readable; ended: Promise<Ending> } {
  const stream = new ReleasedBytes(() => body.source.cancel())
  return { stream, ended: pump(body, first, windowing, stream) }
}

async function pump(body: MaskedBody, first: Tally, windowing: Windowing, stream: ReleasedBytes): Promise<Ending> {
  const { append, limits } = windowing
  const sum = { taken: 0, sent: 0, rows: 0 }
  const unbound = boundHeap()
  try {
    await releaseWindow(body, first, sum, windowing, stream)
    while (!body.ended) {
      await fill(body, 0)
      // until it is full, its time is over, the upstream pauses or the body ends
      await fill(body, limits.answerWindow - 1, patienceFor(limits))
      const before = sum.sent
      await releaseWindow(body, null, sum, windowing, stream)
      afterRelease(sum.sent - before)
      if (sum.sent > veryLong) collectWhatGrew()
    }
    stream.push(null)
    return { bytes: [sum.taken, sum.sent], code: null, whole: true }
  } catch (fault) {
    body.source.cancel()
    windowing.compressor?.destroy()
    const code = stream.left || windowing.left() ? null : fault instanceof Refusal ? fault.code : 'GATEWAY_FAULT'
    if (code === 'GATEWAY_FAULT') windowing.onFault(fault)
    stream.destroy(new Refusal(code ?? 'UPSTREAM_BROKEN'))
    const bytes: [number, number] = [sum.taken, sum.sent]
    await append([windowing.end('aborted', { bytes, rows: sum.rows }, code)]).catch(windowing.onFault)
    return { bytes, code, whole: false }
  } finally {
    unbound()
  }
}

/** On record first, then handed on. `first`: what was counted of the first window, and checked; null: of a later one. */
async function releaseWindow(
  body: MaskedBody,
  first: Tally | null,
  sum: { taken: number; sent: number; rows: number },
  { compressor, append, check, window, end }: Windowing,
  stream: ReleasedBytes,
): Promise<void> {
  const tally = first ?? body.masker!.takeTally()
  if (first === null) check(tally)
  sum.rows += tally.rows
  const masked = body.blocks.take()
  body.size = 0
  const pieces = compressor === null ? masked : await compressor.add(masked, body.ended)
  const size = pieces.reduce((total, piece) => total + piece.length, 0)
  const entries: Draft[] = [window([body.taken - sum.taken, size], tally)]
  sum.taken = body.taken
  if (body.ended) entries.push(end('close', { bytes: [sum.taken, sum.sent + size], rows: sum.rows }, null))
  await append(entries)
  await stream.release(pieces)
  sum.sent += size
}

/** Hands on what is on record, and says when it was taken. */
class ReleasedBytes extends Readable {
  /** The caller went away; as opposed to a fault on our side. */
  left = false
  readonly #onLeft: () => void
  #taken: (() => void) | null = null
  #faulty = false

  constructor(onLeft: () => void) {
    super({ highWaterMark: 64 * 1024 })
    this.#onLeft = onLeft
  }

  /** Resolves when there is room for more. Rejects once the caller has left. */
  async release(pieces: readonly Uint8Array[]): Promise<void> {
    let room = true
    for (const piece of pieces) room = this.push(piece)
    if (!room && !this.destroyed)
      await new Promise<void>(resolve => {
        this.#taken = resolve
      })
    if (this.destroyed) throw new Refusal('UPSTREAM_BROKEN')
  }

  override _read(): void {
    this.#wake()
  }

  override destroy(error?: Error): this {
    if (error instanceof Refusal) this.#faulty = true
    return super.destroy(error)
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#faulty && !this.readableEnded) {
      this.left = true
      this.#onLeft()
    }
    this.#wake()
    callback(error)
  }

  #wake(): void {
    const taken = this.#taken
    this.#taken = null
    taken?.()
  }
}
