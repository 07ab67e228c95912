import type { Masker } from '../../masking/engine.ts'
import type { LinkRewriter, Links } from '../response/links.ts'
import type { CharsetCodec } from './codec.ts'

/** A masker around which charset and links are dealt with: UTF-8 goes in, and what comes out is in the body's own charset. */
export function transcoding(masker: Masker, codec: CharsetCodec | null, links: Links | null): Masker {
  return codec === null && links === null ? masker : new Transcoder(masker, codec, links)
}

/** A class, as nearly every answer has one: a closure for each method would be made anew each time. */
class Transcoder implements Masker {
  readonly format: string
  readonly #masker: Masker
  readonly #codec: CharsetCodec | null
  readonly #before: LinkRewriter | null
  readonly #after: LinkRewriter | null

  constructor(masker: Masker, codec: CharsetCodec | null, links: Links | null) {
    this.format = masker.format
    this.#masker = masker
    this.#codec = codec
    this.#before = links === null ? null : links.before
    this.#after = links === null ? null : links.after
  }

  write(chunk: Uint8Array): Uint8Array[] {
    const read = this.#codec === null ? chunk : this.#codec.read(chunk)
    return this.#out(this.#masker.write(this.#before === null ? read : this.#before.write(read)), [])
  }

  end(): Uint8Array[] {
    const ahead = this.#takeLast()
    return this.#last(this.#masker.end(), ahead)
  }

  finish(): Uint8Array[] | Promise<Uint8Array[]> {
    const ahead = this.#takeLast()
    const rest = this.#masker.finish()
    return rest instanceof Promise ? rest.then(pieces => this.#last(pieces, ahead)) : this.#last(rest, ahead)
  }

  takeTally(): ReturnType<Masker['takeTally']> {
    return this.#masker.takeTally()
  }

  unlisted(): ReturnType<Masker['unlisted']> {
    return this.#masker.unlisted()
  }

  #out(pieces: readonly Uint8Array[], done: Uint8Array[]): Uint8Array[] {
    for (const piece of pieces) {
      const linked = this.#after === null ? piece : this.#after.write(piece)
      done.push(this.#codec === null ? linked : this.#codec.write(linked))
    }
    return done
  }

  /** What was still to be masked. */
  #takeLast(): Uint8Array[] {
    this.#codec?.endRead()
    return this.#before === null ? [] : this.#out(this.#masker.write(this.#before.end()), [])
  }

  #last(pieces: readonly Uint8Array[], ahead: Uint8Array[]): Uint8Array[] {
    const done = this.#out(pieces, ahead)
    if (this.#after !== null) {
      const linked = this.#after.end()
      done.push(this.#codec === null ? linked : this.#codec.write(linked))
    }
    this.#codec?.endWrite()
    return done
  }
}
