import { Refusal } from '../../errors.ts'

/**
 * A body being read, pulled by one reader. `take` gives what is there without waiting, so that an answer that came in one
 * piece is worked off without a stream or a timer: a chunk, `null` at the end, `undefined` while nothing is there yet.
 * `ready` resolves once `take` will give so many bytes (one, if left out; `queueLimit` at most) or the end, and rejects with a
 * Refusal where there will be neither; null: it will at once. Where chunks are made of others it may resolve with fewer.
 * `cancel` may be called at any time, also twice; nothing is read afterwards.
 */
export type Body = {
  take(): Uint8Array | null | undefined
  ready(least?: number): Promise<void> | null
  cancel(): void
}

/**
 * A body with a chunk of it that was looked at put back in front. A class, as every answer has two: a closure for each method
 * would be made anew each time.
 */
export class Ahead implements Body {
  readonly #body: Body
  #chunk: Uint8Array | null

  constructor(body: Body, chunk: Uint8Array) {
    this.#body = body
    this.#chunk = chunk
  }

  take(): Uint8Array | null | undefined {
    const chunk = this.#chunk
    if (chunk === null) return this.#body.take()
    this.#chunk = null
    return chunk
  }

  ready(least = 1): Promise<void> | null {
    const more = least - (this.#chunk?.length ?? 0)
    return more <= 0 ? null : this.#body.ready(more)
  }

  cancel(): void {
    this.#body.cancel()
  }
}

/** Bytes that wait in a queue before its source is told to pause. */
export const queueLimit = 256 * 1024

/** Where a queue's chunks come from. */
export type BodySource = { pause(): void; resume(): void; cancel(): void }

/** The writing end of a `Body`: what arrives is queued, and the source pauses while the reader is behind. */
export class BodyQueue implements Body {
  /** Those that were taken make room at once: a body that is always ahead of its reader would keep all of itself. */
  #chunks: (Uint8Array | undefined)[] = []
  #at = 0
  #size = 0
  #ended = false
  #fault: Refusal | null = null
  #wake: { resolve: () => void; reject: (fault: Refusal) => void } | null = null
  /** How many bytes whoever waits is waiting for. */
  #least = 1
  readonly #source: BodySource
  #paused = false

  constructor(source: BodySource) {
    this.#source = source
  }

  push(chunk: Uint8Array): void {
    if (this.#ended || this.#fault !== null) return
    this.#chunks.push(chunk)
    this.#size += chunk.length
    if (this.#size >= queueLimit && !this.#paused) {
      this.#paused = true
      this.#source.pause()
    }
    if (this.#size >= this.#least) this.#wakeUp()
  }

  end(): void {
    this.#ended = true
    this.#wakeUp()
  }

  /** What is still queued is dropped: after a fault nothing more may be released. */
  fail(fault: Refusal): void {
    if (this.#fault !== null) return
    this.#fault = fault
    this.#chunks = []
    this.#wakeUp()
  }

  take(): Uint8Array | null | undefined {
    if (this.#fault !== null) throw this.#fault
    const chunk = this.#chunks[this.#at]
    if (chunk === undefined) return this.#ended ? null : undefined
    this.#chunks[this.#at++] = undefined
    this.#size -= chunk.length
    if (this.#at === this.#chunks.length) {
      this.#chunks = []
      this.#at = 0
    }
    if (this.#paused && this.#size < queueLimit / 2) this.#goOn()
    return chunk
  }

  ready(least = 1): Promise<void> | null {
    if (this.#fault !== null) return Promise.reject(this.#fault)
    if (this.#ended || this.#size >= least) return null
    this.#least = least
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#wake = { resolve, reject }
    // else each would wait for the other; what it hands on at once finds somebody waiting
    if (this.#paused) this.#goOn()
    return promise
  }

  cancel(): void {
    if (this.#ended || this.#fault !== null) return
    this.fail(new Refusal('UPSTREAM_BROKEN'))
    this.#source.cancel()
  }

  #goOn(): void {
    this.#paused = false
    this.#source.resume()
  }

  #wakeUp(): void {
    const wake = this.#wake
    this.#wake = null
    if (wake === null) return
    if (this.#fault !== null) wake.reject(this.#fault)
    else wake.resolve()
  }
}
