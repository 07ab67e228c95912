import type { Readable } from 'node:stream'
import { type ProblemCode, Refusal } from '../../errors.ts'
import { Ahead, type Body, queueLimit } from '../upstream/body.ts'
import type { UpstreamAnswer } from '../upstream/upstream.ts'
import { Blocks } from './blocks.ts'
import type { AnswerHeaders } from './headers.ts'
import { fill, type MaskedBody, maskThere, patienceFor } from './masked-body.ts'
import { type MaskingParts, Opening } from './opening.ts'

/** What goes to the caller. Everything in it is masked and on record. */
export type Answer = {
  readonly status: number
  readonly headers: AnswerHeaders
  /** undefined: no body, and no length of one. */
  readonly body: Buffer | Readable | undefined
}

const bodyless: ReadonlySet<number> = new Set([204, 205, 304])

/**
 * Decodes, recognises and begins to mask an answer's body, until more than `limits.answerWhole` bytes are masked, or all of
 * it, or of a stream of events what came before the system paused: a promise only where that is not there yet, and most
 * answers have come whole by now. An empty body passes, whatever its
 * label. Throws, or rejects with, the Refusal that withholds the answer: nothing of it may leave then. What cannot be
 * read of an error answer becomes UPSTREAM_ERROR; one that asks browsers to sign in, UPSTREAM_SIGN_IN.
 */
export function maskAnswer(
  answer: UpstreamAnswer,
  method: string,
  parts: MaskingParts,
): MaskedBody | Promise<MaskedBody> {
  const { status, headers } = answer
  if (status === 206 || headers['content-range'] !== undefined) throw new Refusal('ANSWER_PARTIAL')
  if (status === 401 && asksBrowser(headers)) throw new Refusal('UPSTREAM_SIGN_IN')
  const beginning = new Beginning(answer, method, parts)
  try {
    const more = beginning.goOn()
    return more === null ? beginning.masked! : wholeBeginning(beginning, more, status)
  } catch (fault) {
    throw withheldAs(fault, status)
  }
}

async function wholeBeginning(beginning: Beginning, first: Promise<unknown>, status: number): Promise<MaskedBody> {
  try {
    for (let more: Promise<unknown> | null = first; more !== null; more = beginning.goOn()) await more
    return beginning.masked!
  } catch (fault) {
    throw withheldAs(fault, status)
  }
}

function withheldAs(fault: unknown, status: number): unknown {
  return status >= 400 && unreadable(fault) ? new Refusal('UPSTREAM_ERROR', {}, { cause: fault }) : fault
}

/** What of an answer is masked before anything of it may leave. */
class Beginning {
  masked: MaskedBody | null = null
  #opening: Opening | null = null
  #flows = false
  readonly #answer: UpstreamAnswer
  readonly #method: string
  readonly #parts: MaskingParts

  constructor(answer: UpstreamAnswer, method: string, parts: MaskingParts) {
    this.#answer = answer
    this.#method = method
    this.#parts = parts
  }

  /** Works off what is there, and waits for nothing. null: it is `masked`; else what to wait for before the next call. */
  goOn(): Promise<unknown> | null {
    const size = this.#parts.limits.answerWhole
    if (this.masked === null) {
      const more = this.#open()
      if (more !== null) return more
      // nothing leaves before, and a body masked at one go is dead at the next collection: in parts, its people grow old
      const rest = this.masked!.ended ? null : this.#rest(this.masked!, size)
      if (rest !== null) return rest
    }
    return this.#flows ? null : maskThere(this.masked!, size)
  }

  #rest(masked: MaskedBody, size: number): Promise<unknown> | null {
    this.#flows = masked.masker?.format === 'event_stream'
    return this.#flows ? this.#firstEvents(masked, size) : masked.source.ready(Math.min(size, queueLimit))
  }

  /** Who listens to a stream wants each event as it comes; of one that ends at once all is whole. */
  async #firstEvents(masked: MaskedBody, size: number): Promise<void> {
    await fill(masked, 0)
    await fill(masked, size, patienceFor(this.#parts.limits))
  }

  /** Until it is known what it is. */
  #open(): Promise<unknown> | null {
    const { status, headers, body } = this.#answer
    if (this.#opening === null) {
      let first = body.take()
      while (first?.length === 0) first = body.take()
      if (first === undefined) return body.ready()
      if (first === null) {
        this.masked = empty(body)
        return null
      }
      if (this.#method === 'HEAD' || bodyless.has(status)) throw new Refusal('UPSTREAM_BROKEN')
      this.#opening = new Opening(headers, new Ahead(body, first), this.#parts, status >= 400)
    }
    if (!this.#opening.look()) return this.#opening.body.ready()
    this.masked = this.#opening.open()
    return null
  }
}

/**
 * Schemes by which a browser itself signs in (RFC 7617, 7616, 4559): what it would send is for the gateway, which keeps it. A
 * program's `Bearer` is none.
 */
const ofBrowsers = /(?:^|,)\s*(?:basic|digest|ntlm|negotiate)\b/i

function asksBrowser({ 'www-authenticate': challenge }: UpstreamAnswer['headers']): boolean {
  return [challenge ?? []].flat().some(one => ofBrowsers.test(one))
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

function empty(source: Body): MaskedBody {
  const nothing = { masker: null, contentType: null, compressible: false, blocks: new Blocks() }
  return { ...nothing, size: 0, taken: 0, ended: true, masking: null, source, mark: null }
}
