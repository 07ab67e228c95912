/** Pages as a body: read whole, up to a limit, as browsers parse them. */
import type { FieldCursor, PathBase, Place, Reader } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { maskPage } from './mask-page.ts'
import { atOnce, inTurns, type Pausing } from './turns.ts'

const byteOrderMark = '\ufeff'
/** Bytes of a page that is read faster than others would notice. */
const smallPage = 65_536

export class HtmlReader implements Reader {
  readonly #fields: FieldCursor
  readonly #root: Place
  readonly #pathBase: PathBase | null
  #chunks: Buffer[] = []
  #size = 0

  constructor(fields: FieldCursor, pathBase: PathBase | null) {
    this.#fields = fields
    this.#pathBase = pathBase
    this.#root = fields.root
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
    const masked = yield* maskPage(page, this.#root, { fields: this.#fields, pathBase: this.#pathBase, depth: 0 })
    if (masked === page) return bytes.length === 0 ? [] : [bytes]
    return [Buffer.from(marked ? byteOrderMark + masked : masked, 'utf8')]
  }
}
