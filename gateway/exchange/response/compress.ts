import { constants, createBrotliCompress, createGzip } from 'node:zlib'
import { giveBack } from './blocks.ts'

/**
 * Answers compressed again, where a system's `compress` allows it and the caller asks. Off by default: how well a
 * text compresses tells of secrets in it to those who can put words of their own beside them (BREACH).
 */
export type Coding = 'gzip' | 'br'

/** Below this many bytes there is little to save, and the length of the answer tells more. */
export const smallest = 1024

/**
 * The coding that a caller's accept-encoding prefers (RFC 9110 12.5.3), br before gzip where it does not say; null: none
 * of them, or identity more. A header that breaks the grammar asks for nothing.
 */
export function codingFor(values: readonly string[]): Coding | null {
  const weights = new Map<string, number>()
  for (const part of values.join(',').split(',')) {
    if (part.trim() === '') continue
    const match = /^\s*([\w.*+-]{1,40})\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?$/i.exec(part)
    if (match === null) return null
    weights.set(match[1]!.toLowerCase().replace(/^x-gzip$/, 'gzip'), Math.min(1, Number(match[2] ?? 1)))
  }
  const rest = weights.get('*') ?? 0
  const [br, gzip] = [weights.get('br') ?? rest, weights.get('gzip') ?? rest]
  const best = Math.max(br, gzip)
  if (best === 0 || best < (weights.get('identity') ?? 0)) return null
  return br === best ? 'br' : 'gzip'
}

/** One body being compressed, window by window: what goes in comes out whole, so that a window can be read when it arrives. */
export class Compressor {
  readonly coding: Coding
  readonly #stream
  #out: Uint8Array[] = []

  constructor(coding: Coding) {
    this.coding = coding
    // of brotli's eleven steps the fourth is as fast as gzip's sixth and smaller
    const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }
    this.#stream = coding === 'br' ? createBrotliCompress(brotli) : createGzip()
    this.#stream.on('data', (chunk: Uint8Array) => void this.#out.push(chunk))
    this.#stream.on('error', () => {})
  }

  /** The compressed bytes of these pieces, complete; the pieces are given back. `ended`: they are the last. */
  async add(pieces: readonly Uint8Array[], ended: boolean): Promise<Uint8Array[]> {
    for (const piece of pieces) {
      await this.#settled(done => this.#stream.write(piece, done))
      giveBack(piece)
    }
    if (ended) {
      const closed = new Promise<void>((resolve, reject) => {
        this.#stream.once('end', resolve)
        this.#stream.once('error', reject)
      })
      this.#stream.end()
      await closed
    } else if (pieces.length > 0) {
      const kind = this.coding === 'br' ? constants.BROTLI_OPERATION_FLUSH : constants.Z_SYNC_FLUSH
      await this.#settled(done => this.#stream.flush(kind, () => done(null)))
    }
    const out = this.#out
    this.#out = []
    return out
  }

  /** Gives its memory back, where the end was not reached. */
  destroy(): void {
    this.#stream.destroy()
  }

  #settled(run: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => run(error => (error ? reject(error) : resolve())))
  }
}
