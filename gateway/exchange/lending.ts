/**
 * Buffers of one size that are used again and again. One made for each use counts for V8 as memory outside of its heap, of which
 * 64 MB have it mark all of the heap; and one that lives through two collections is old, and freed tens of megabytes later.
 */

/** `isLent`: only such a buffer can be given back, and only once. */
type Lendable = { readonly bytes: Buffer; readonly of: Lending; isLent: boolean }

/** By which a view of a buffer leads to it. */
const lendable = Symbol('lendable')
type Memory = ArrayBufferLike & { [lendable]?: Lendable }

export class Lending {
  readonly #bytes: number
  readonly #mostFree: number
  readonly #free: Lendable[] = []

  /** `bytes` of a buffer; `mostFree`: how many are kept while nobody uses them. */
  constructor(bytes: number, mostFree: number) {
    this.#bytes = bytes
    this.#mostFree = mostFree
  }

  /** Filled with whatever was in it before. One that is never given back is garbage like any other. */
  lend(): Buffer {
    const one = this.#free.pop() ?? this.#make()
    one.isLent = true
    return one.bytes
  }

  /** Whether it is a view of a buffer that is lent here. */
  lent({ buffer }: Uint8Array): boolean {
    const one = (buffer as Memory)[lendable]
    return one?.of === this && one.isLent
  }

  /** Nobody will read this view, or any other of its buffer, again. What is not lent here is left alone. */
  giveBack(view: Uint8Array): void {
    if (!this.lent(view)) return
    const one = (view.buffer as Memory)[lendable]!
    one.isLent = false
    if (this.#free.length < this.#mostFree) this.#free.push(one)
  }

  #make(): Lendable {
    const bytes = Buffer.allocUnsafeSlow(this.#bytes)
    const one = { bytes, of: this, isLent: false }
    ;(bytes.buffer as Memory)[lendable] = one
    return one
  }
}
