/** An upstream's body while it is masked: as much of it as is wanted, as it comes. */
import type { Limits } from '../../config/config.ts'
import type { Masker } from '../../masking/engine.ts'
import type { Body } from '../upstream/body.ts'
import type { Blocks } from './blocks.ts'

/** An upstream body on its way through masking: what has come out so far, and what is still to come. */
export type MaskedBody = {
  readonly masker: Masker | null
  readonly contentType: string | null
  /** Whether it is text, which grows smaller by compression. */
  readonly compressible: boolean
  /** What is masked, and may leave once it is on record. */
  readonly blocks: Blocks
  /** Bytes of it. */
  size: number
  /** Bytes given to masking. */
  taken: number
  ended: boolean
  /** What formats that are read whole are at once the body is there. */
  masking: Promise<void> | null
  readonly source: Body
  /** What is written behind its end; null: nothing. */
  readonly mark: Uint8Array | null
}

/** When a window closes although it is not full: at `deadline` (performance.now), or when nothing came for `pause`. */
export type Patience = { readonly deadline: number; readonly pause: number }

/** An upstream that has nothing for so many milliseconds pauses: what is masked by then goes out. */
const pause = 25

/** Of one window, from now on. */
export function patienceFor({ answerWindowTime }: Pick<Limits, 'answerWindowTime'>): Patience {
  return { deadline: performance.now() + answerWindowTime, pause }
}

/** Masks on until more than `size` bytes are out, the body ends, or patience does. */
export async function fill(body: MaskedBody, size: number, patience?: Patience): Promise<void> {
  for (let more = maskThere(body, size, patience); more !== null; more = maskThere(body, size, patience)) {
    if (more === body.masking || patience === undefined) await more
    else if (!(await within(more, patience))) return
    if (patience !== undefined && performance.now() >= patience.deadline) return
  }
}

/**
 * Masks what is there, and waits for nothing. null: more than `size` bytes are out, the body has ended, or the deadline is
 * over; else what to wait for before the next call.
 */
export function maskThere(body: MaskedBody, size: number, patience?: Patience): Promise<unknown> | null {
  while (!body.ended && body.size <= size) {
    const chunk = body.source.take()
    if (chunk === undefined) return body.source.ready()!
    if (chunk !== null) {
      body.taken += chunk.length
      give(body, body.masker!.write(chunk))
    } else {
      const rest = body.masker!.finish()
      if (rest instanceof Promise) return (body.masking = rest.then(pieces => finish(body, pieces)))
      finish(body, rest)
    }
    if (patience !== undefined && performance.now() >= patience.deadline) return null
  }
  return null
}

function finish(body: MaskedBody, pieces: readonly Uint8Array[]): void {
  give(body, pieces)
  if (body.mark !== null) give(body, [body.mark])
  body.ended = true
}

function give(body: MaskedBody, pieces: readonly Uint8Array[]): void {
  for (const piece of pieces) {
    if (piece.length === 0) continue
    body.blocks.add(piece)
    body.size += piece.length
  }
}

async function within(ready: Promise<unknown>, { deadline, pause }: Patience): Promise<boolean> {
  const wait = Math.max(0, Math.min(pause, deadline - performance.now()))
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>(resolve => {
    timer = setTimeout(resolve, wait, false)
  })
  try {
    return await Promise.race([ready.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
