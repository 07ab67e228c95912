import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { Refusal } from '../errors.ts'
import { type Body, BodyQueue } from './body.ts'
import type { MediaType } from './media-type.ts'

/**
 * What the gateway asks systems for. Plain is wished for: on the way to a system next door, compressing and decompressing
 * costs more than it saves. The others are named because some servers compress whatever they are asked.
 */
export const acceptEncoding = 'identity, gzip;q=0.5, deflate;q=0.4, br;q=0.3, zstd;q=0.2'

/** What node:zlib makes: `bytesWritten` counts the encoded bytes it has used up. */
type Decoder = Transform & { readonly bytesWritten: number }

const decoders: ReadonlyMap<string, () => Decoder> = new Map<string, () => Decoder>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  ['deflate', () => createInflate()],
  ['br', () => createBrotliDecompress()],
  ['zstd', () => createZstdDecompress()],
])

/** Below this many decoded bytes the ratio says nothing: a short text of blanks compresses as well as a bomb. */
const expansionFloor = 64 * 1024

export type DecodeLimits = {
  /** Decoded bytes for each encoded byte. */
  readonly expansion: number
  /** Decoded bytes of the whole body. */
  readonly answerBody: number
}

/**
 * The body without its content encoding (RFC 9110 8.4), bounded. Throws ENCODING_UNKNOWN for any encoding the gateway did
 * not ask for, and for several on top of one another. The body then fails with ENCODING_MALFORMED where the data is
 * broken, cut short or followed by anything, and with ANSWER_TOO_LARGE over a limit.
 */
export function decodeBody(body: Body, encoding: string | null, limits: DecodeLimits): Body {
  const name = encoding?.trim().toLowerCase() ?? ''
  if (name === '' || name === 'identity') return bounded(body, limits.answerBody)
  const create = decoders.get(name)
  if (create === undefined) throw new Refusal('ENCODING_UNKNOWN')
  return decompress(body, create(), limits)
}

/** Throws CHARSET_UNKNOWN for a declared charset the formats cannot read. None declared: the format's own, UTF-8. */
export function checkCharset(type: MediaType): void {
  if (type.charset === null || readable.has(type.charset)) return
  throw new Refusal('CHARSET_UNKNOWN')
}

/** US-ASCII is UTF-8; bytes above 127 under that label are then read as UTF-8, strictly. */
const readable: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii'])

function bounded(body: Body, limit: number): Body {
  let total = 0
  return {
    take() {
      const chunk = body.take()
      if (chunk) total += chunk.length
      if (total > limit) throw new Refusal('ANSWER_TOO_LARGE')
      return chunk
    },
    ready: () => body.ready(),
    cancel: () => body.cancel(),
  }
}

function decompress(body: Body, decoder: Decoder, limits: DecodeLimits): Body {
  let encoded = 0
  let decoded = 0
  const queue = new BodyQueue({
    pause: () => void decoder.pause(),
    resume: () => void decoder.resume(),
    cancel: () => {
      decoder.destroy()
      body.cancel()
    },
  })
  const fail = (fault: Refusal) => {
    queue.fail(fault)
    decoder.destroy()
    body.cancel()
  }
  decoder.on('data', (chunk: Uint8Array) => {
    decoded += chunk.length
    // by what is used up so far, so that a bomb shows before much of it has gone on
    const tooMuch = decoded > expansionFloor && decoded > decoder.bytesWritten * limits.expansion
    if (tooMuch || decoded > limits.answerBody) fail(new Refusal('ANSWER_TOO_LARGE'))
    else queue.push(chunk)
  })
  decoder.on('error', () => fail(new Refusal('ENCODING_MALFORMED')))
  decoder.on('end', () => {
    // brotli and deflate ignore what follows their end; the bytes they took tell
    if (decoder.bytesWritten === encoded && encoded > 0) queue.end()
    else fail(new Refusal('ENCODING_MALFORMED'))
  })
  feed(body, decoder, size => {
    encoded += size
  }).catch(fault => fail(fault instanceof Refusal ? fault : new Refusal('GATEWAY_FAULT')))
  return queue
}

/** Writes the encoded chunks, waiting while the decoder is full. */
async function feed(body: Body, decoder: Transform, count: (size: number) => void): Promise<void> {
  for (;;) {
    const chunk = body.take()
    if (chunk === undefined) {
      await body.ready()
      continue
    }
    if (decoder.destroyed) return
    if (chunk === null) {
      decoder.end()
      return
    }
    count(chunk.length)
    if (!decoder.write(chunk)) await drained(decoder)
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
