import type { Readable } from 'node:stream'
import type { Limits } from '../config/config.ts'
import { type ProblemCode, Refusal } from '../errors.ts'
import type { Masker, Masking, MaskingScope } from '../masking/engine.ts'
import type { Plan } from '../policy/plan.ts'
import type { Body } from './body.ts'
import type { LinkRewriter } from './links.ts'
import { ahead, chunkOf, openBody } from './opening.ts'
import type { AnswerHeaders } from './response-headers.ts'
import type { UpstreamAnswer } from './upstream.ts'

/** What goes to the caller. Everything in it is masked and on record. */
export type Answer = {
  readonly status: number
  readonly headers: AnswerHeaders
  /** undefined: no body, and no length of one. */
  readonly body: Buffer | Readable | undefined
}

/** An upstream body on its way through masking: what has come out so far, and what is still to come. */
export type MaskedBody = {
  readonly masker: Masker | null
  readonly contentType: string | null
  /** Whether it is text, which grows smaller by compression. */
  readonly compressible: boolean
  /** Masked pieces that may leave once they are on record. */
  pieces: Uint8Array[]
  /** Bytes of `pieces`. */
  size: number
  /** Bytes given to masking. */
  taken: number
  ended: boolean
  readonly source: Body
}

export type MaskingParts = {
  readonly masking: Masking
  readonly limits: Limits
  readonly plan: Plan
  readonly scope: MaskingScope
  /** Left out: links to the system stay as they are. */
  readonly links?: () => LinkRewriter
}

const bodyless: ReadonlySet<number> = new Set([204, 205, 304])

/**
 * Decodes, recognises and begins to mask an answer's body; returns once more than `limits.answerWhole` bytes are masked, or
 * all of it. An empty body passes, whatever its label. Throws the Refusal that withholds the answer: nothing of it may
 * leave then. What cannot be read of an error answer becomes UPSTREAM_ERROR.
 */
export async function maskAnswer(answer: UpstreamAnswer, method: string, parts: MaskingParts): Promise<MaskedBody> {
  const { status, headers, body } = answer
  if (status === 206 || headers['content-range'] !== undefined) throw new Refusal('ANSWER_PARTIAL')
  const first = method === 'HEAD' || bodyless.has(status) ? await skip(body) : await chunkOf(body)
  if (first === null) return empty(body)
  try {
    const opened = await openBody(headers, ahead(body, [first]), parts, status >= 400)
    if (opened === null) return empty(body)
    await fill(opened, parts.limits.answerWhole)
    return opened
  } catch (fault) {
    throw status >= 400 && unreadable(fault) ? new Refusal('UPSTREAM_ERROR', {}, { cause: fault }) : fault
  }
}

/** When a window closes although it is not full: at `deadline` (performance.now), or when nothing came for `pause`. */
export type Patience = { readonly deadline: number; readonly pause: number }

/** Masks on until more than `size` bytes are out, the body ends, or patience does. */
export async function fill(body: MaskedBody, size: number, patience?: Patience): Promise<void> {
  while (!body.ended && body.size <= size) {
    const chunk = body.source.take()
    if (chunk === undefined) {
      if (patience === undefined) await body.source.ready()
      else if (!(await readyWithin(body.source, patience))) return
      continue
    }
    if (chunk === null) body.ended = true
    else body.taken += chunk.length
    const pieces = chunk === null ? await body.masker!.finish() : body.masker!.write(chunk)
    for (const piece of pieces) {
      body.pieces.push(piece)
      body.size += piece.length
    }
    if (patience !== undefined && performance.now() >= patience.deadline) return
  }
}

async function readyWithin(body: Body, { deadline, pause }: Patience): Promise<boolean> {
  const wait = Math.max(0, Math.min(pause, deadline - performance.now()))
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>(resolve => {
    timer = setTimeout(resolve, wait, false)
  })
  try {
    return await Promise.race([body.ready().then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}

const unreadableCodes: ReadonlySet<ProblemCode> = new Set([
  'FORMAT_UNKNOWN',
  'FORMAT_MALFORMED',
  'CHARSET_UNKNOWN',
  'CHARSET_MALFORMED',
  'ENCODING_UNKNOWN',
  'ENCODING_MALFORMED',
  'ANSWER_TOO_LARGE',
])

function unreadable(fault: unknown): boolean {
  return fault instanceof Refusal && unreadableCodes.has(fault.code)
}

/** Waits for the end of a body that must not have one. */
async function skip(body: Body): Promise<null> {
  if ((await chunkOf(body)) !== null) throw new Refusal('UPSTREAM_BROKEN')
  return null
}

function empty(source: Body): MaskedBody {
  return { masker: null, contentType: null, compressible: false, pieces: [], size: 0, taken: 0, ended: true, source }
}
