/** Pages, and parts of one, as a body: read whole, up to a limit. */
import type { FieldCursor, Reader } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { atOnce, inTurns, type Pausing } from './turns.ts'

const byteOrderMark = '\ufeff'
/** Bytes of a page that is read faster than others would notice. */
const smallPage = 65_536

export class PageReader implements Reader {
  readonly #fields: FieldCursor
  readonly #masked: (page: string) => Pausing<string>
  #chunks: Buffer[] = []
  #size = 0

  /** `masked`: what a page becomes; itself where nothing is done. */
  constructor(fields: FieldCursor, masked: (page: string) => Pausing<string>) {
    this.#fields = fields
    this.#masked = masked
  }

  write(chunk: Uint8Array): Uint8Array[] {
    this.#size += chunk.length
    if (this.#size > this.#fields.limits.page) throw fault('too_large')
    this.#chunks.push(Buffer.from(chunk))
    return []
  }

  end(): Uint8Array[] {
    return atOnce(this.#mask())
  }

  /** The same; a large page in turns, so that others are served in between. */
  async finish(): Promise<Uint8Array[]> {
    return this.#size <= smallPage ? this.end() : inTurns(this.#mask())
  }

  *#mask(): Pausing<Uint8Array[]> {
    const bytes = Buffer.concat(this.#chunks)
    this.#chunks = []
    let source: string
    try {
      source = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {
      throw fault('not_utf8')
    }
    const marked = source.startsWith(byteOrderMark)
    const page = marked ? source.slice(1) : source
    const masked = yield* this.#masked(page)
    if (masked === page) return bytes.length === 0 ? [] : [bytes]
    return [Buffer.from(marked ? byteOrderMark + masked : masked, 'utf8')]
  }
}
