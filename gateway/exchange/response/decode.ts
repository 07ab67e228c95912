import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib'
import { Refusal } from '../../errors.ts'
import { type Body, BodyQueue } from '../upstream/body.ts'

/**
 * What the gateway asks systems for. Plain is wished for: on the way to a system next door, compressing and decompressing
 * costs more than it saves. The others are named because some servers compress whatever they are asked.
 */
export const acceptEncoding = 'identity, gzip;q=0.5, deflate;q=0.4, br;q=0.3, zstd;q=0.2'

/** What node:zlib makes: `bytesWritten` counts the encoded bytes it has used up. */
type Decoder = Transform & { readonly bytesWritten: number }

/** Made once the first two bytes are there: `deflate` is zlib's format (RFC 9110), and what some servers send without it. */
const decoders: ReadonlyMap<string, (head: Uint8Array) => Decoder> = new Map<string, (head: Uint8Array) => Decoder>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  ['deflate', head => (isZlib(head) ? createInflate() : createInflateRaw())],
  ['br', () => createBrotliDecompress()],
  ['zstd', () => createZstdDecompress()],
])

/** RFC 1950 2.2: method 8, a window of at most 32 KiB, and a check. Browsers tell the two apart in the same way. */
function isZlib([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && first >> 4 <= 7 && ((first << 8) | second) % 31 === 0
}

/** More on top of one another nobody has a reason to send. */
const mostCodings = 2

/** Below this many decoded bytes the ratio says nothing: a short text of blanks compresses as well as a bomb. */
const expansionFloor = 64 * 1024

export type DecodeLimits = {
  /** Decoded bytes for each encoded byte. */
  readonly expansion: number
  /** Decoded bytes of the whole body. */
  readonly answerBody: number
}

/**
 * The body without its content encodings (RFC 9110 8.4), at most two, bounded: the limits are those of the outcome, whatever
 * the layers. Throws ENCODING_UNKNOWN for any encoding the gateway cannot undo, and for more. The body then fails with
 * ENCODING_MALFORMED where the data is broken, cut short or followed by anything, and with ANSWER_TOO_LARGE over a
 * limit. Several members of gzip and frames of zstd are one body (RFC 1952 2.2): all of it is masked.
 */
export function decodeBody(body: Body, encoding: string | null, limits: DecodeLimits): Body {
  if (encoding === null) return new Bounded(body, limits.answerBody)
  const names = encoding.split(',').map(name => name.trim().toLowerCase())
  // `none` is what streams of events say to keep proxies from compressing them
  const applied = names.filter(name => name !== '' && name !== 'identity' && name !== 'none')
  if (applied.length === 0) return new Bounded(body, limits.answerBody)
  const creators = applied.map(name => decoders.get(name)).filter(create => create !== undefined)
  if (creators.length < applied.length || applied.length > mostCodings) throw new Refusal('ENCODING_UNKNOWN')
  let decoded = body
  let wire: (() => number) | null = null
  for (const create of creators.reverse()) {
    const layer = decompress(decoded, create, limits, wire)
    wire ??= layer.used
    decoded = layer.body
  }
  return decoded
}

/** A plain body that fails with ANSWER_TOO_LARGE over the limit. */
class Bounded implements Body {
  readonly #body: Body
  readonly #limit: number
  #total = 0

  constructor(body: Body, limit: number) {
    this.#body = body
    this.#limit = limit
  }

  take(): Uint8Array | null | undefined {
    const chunk = this.#body.take()
    if (chunk) this.#total += chunk.length
    if (this.#total > this.#limit) throw new Refusal('ANSWER_TOO_LARGE')
    return chunk
  }

  ready(least?: number): Promise<void> | null {
    return this.#body.ready(least)
  }

  cancel(): void {
    this.#body.cancel()
  }
}

/** `wire` tells the encoded bytes of the outermost layer that are used up; null: this is that layer. */
function decompress(
  body: Body,
  create: (head: Uint8Array) => Decoder,
  limits: DecodeLimits,
  wire: (() => number) | null,
): { readonly body: Body; readonly used: () => number } {
  let encoded = 0
  let decoded = 0
  let decoder: Decoder | null = null
  const used = () => decoder?.bytesWritten ?? 0
  const spent = wire ?? used
  const queue = new BodyQueue({
    pause: () => void decoder?.pause(),
    resume: () => void decoder?.resume(),
    cancel: () => {
      decoder?.destroy()
      body.cancel()
    },
  })
  const fail = (fault: Refusal) => {
    queue.fail(fault)
    decoder?.destroy()
    body.cancel()
  }
  const begin = (head: Uint8Array): Decoder => {
    const made = create(head)
    decoder = made
    made.on('data', (chunk: Uint8Array) => {
      decoded += chunk.length
      // by what is used up so far, so that a bomb shows before much of it has gone on
      const tooMuch = decoded > expansionFloor && decoded > spent() * limits.expansion
      if (tooMuch || decoded > limits.answerBody) fail(new Refusal('ANSWER_TOO_LARGE'))
      else queue.push(chunk)
    })
    made.on('error', () => fail(new Refusal('ENCODING_MALFORMED')))
    made.on('end', () => {
      // brotli and deflate ignore what follows their end; the bytes they took tell
      if (made.bytesWritten === encoded && encoded > 0) queue.end()
      else fail(new Refusal('ENCODING_MALFORMED'))
    })
    return made
  }
  const count = (size: number) => {
    encoded += size
  }
  feed(body, begin, count).catch(fault => fail(fault instanceof Refusal ? fault : new Refusal('GATEWAY_FAULT')))
  return { body: queue, used }
}

/** Writes the encoded chunks, waiting while the decoder is full. */
async function feed(body: Body, begin: (head: Uint8Array) => Decoder, count: (size: number) => void): Promise<void> {
  let head: Uint8Array = new Uint8Array(0)
  let decoder: Decoder | null = null
  for (;;) {
    const chunk = body.take()
    if (chunk === undefined) {
      await body.ready()
      continue
    }
    if (decoder?.destroyed) return
    if (chunk !== null) count(chunk.length)
    if (decoder === null) {
      head = chunk === null ? head : Buffer.concat([head, chunk])
      if (head.length < 2 && chunk !== null) continue
      decoder = begin(head)
      if (head.length > 0 && !decoder.write(head)) await drained(decoder)
    } else if (chunk !== null && !decoder.write(chunk)) await drained(decoder)
    if (chunk !== null) continue
    decoder.end()
    return
  }
}

function drained(decoder: Transform): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      decoder.off('drain', done)
      decoder.off('close', done)
      resolve()
    }
    decoder.on('drain', done)
    decoder.on('close', done)
  })
}
