import { Readable } from 'node:stream'
import type { Limits } from '../config/config.ts'
import { type ProblemCode, Refusal } from '../errors.ts'
import type { Tally } from '../masking/tally.ts'
import type { Draft, EndDraft, WindowDraft } from '../records/entry.ts'
import { fill, type MaskedBody } from './answer.ts'
import type { Compressor } from './compress.ts'

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

/** An upstream that has nothing for so many milliseconds pauses: what is masked by then goes out. */
const pause = 25

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
  let [taken, sent, rows] = [0, 0, 0]
  try {
    for (let tally = first; ; tally = body.masker!.takeTally()) {
      if (tally !== first) windowing.check(tally)
      rows += tally.rows
      const masked = body.pieces
      body.pieces = []
      body.size = 0
      const pieces = windowing.compressor === null ? masked : await windowing.compressor.add(masked, body.ended)
      const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
      const entries: Draft[] = [windowing.window([body.taken - taken, size], tally)]
      taken = body.taken
      if (body.ended) entries.push(windowing.end('close', { bytes: [taken, sent + size], rows }, null))
      await append(entries)
      await stream.release(pieces)
      sent += size
      if (body.ended) {
        stream.push(null)
        return { bytes: [taken, sent], code: null, whole: true }
      }
      await fill(body, 0)
      const deadline = performance.now() + limits.answerWindowTime
      await fill(body, limits.answerWindow - 1, { deadline, pause })
    }
  } catch (fault) {
    body.source.cancel()
    windowing.compressor?.destroy()
    const code = stream.left || windowing.left() ? null : fault instanceof Refusal ? fault.code : 'GATEWAY_FAULT'
    if (code === 'GATEWAY_FAULT') windowing.onFault(fault)
    stream.destroy(new Refusal(code ?? 'UPSTREAM_BROKEN'))
    await append([windowing.end('aborted', { bytes: [taken, sent], rows }, code)]).catch(windowing.onFault)
    return { bytes: [taken, sent], code, whole: false }
  }
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
