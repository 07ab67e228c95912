import type { Output } from './output.ts'

/**
 * The member or element under way: from its comma, or its name, its bytes are held until it is known whether it stays, and
 * under which name.
 */
export class MemberUnderWay {
  /** It goes because of its name. */
  gone = false
  readonly #output: Output
  /** From where it would be cut. -1: none is under way. */
  #from = -1
  #commaAt = -1
  /** Where a new name is to be written, once its value is known to stay; -1: nowhere. */
  #nameFrom = -1
  #nameTo = -1
  #name = ''

  constructor(output: Output) {
    this.#output = output
  }

  /** From where bytes must be held, where `unread` is the first that were not read. */
  heldFrom(unread: number): number {
    const from = this.#commaAt >= 0 ? this.#commaAt : this.#from
    return from >= 0 && from < unread ? from : unread
  }

  /** All positions count from `keep` on. */
  rebase(keep: number): void {
    if (this.#from >= 0) this.#from -= keep
    if (this.#commaAt >= 0) this.#commaAt -= keep
    if (this.#nameFrom < 0) return
    this.#nameFrom -= keep
    this.#nameTo -= keep
  }

  comma(at: number): void {
    this.#commaAt = at
  }

  /** One begins at `at`; where none was kept before it, the comma before it goes. */
  begin(at: number, hasKept: boolean): void {
    const commaAt = this.#commaAt
    if (commaAt >= 0 && !hasKept) this.#output.cut(commaAt, at)
    this.#from = commaAt >= 0 && hasKept ? commaAt : at
    this.#commaAt = -1
  }

  /** A text of its own begins at `at`. */
  beginText(at: number): void {
    this.#from = at
  }

  rename(from: number, to: number, name: string): void {
    this.#nameFrom = from
    this.#nameTo = to
    this.#name = name
  }

  keep(): void {
    if (this.#nameFrom >= 0) {
      this.#output.string(this.#nameFrom, this.#nameTo, this.#name)
      this.#nameFrom = -1
    }
    this.#from = -1
  }

  /** Its value from `from` to `to` goes: with its name and comma, or as null. */
  drop(from: number, to: number, asNull: boolean): void {
    if (asNull) this.#output.null(from, to)
    else this.#output.cut(this.#from, to)
    this.#forget()
  }

  /** Its value, a container that begins at `at`, is to be cut. */
  beginCut(at: number, asNull: boolean): void {
    const from = asNull ? at : this.#from
    if (asNull) this.#output.null(at, at)
    this.#forget()
    this.#from = from
  }

  /** What has come of such a container up to `to` can leave as nothing. */
  cutUpTo(to: number): void {
    this.#output.cut(this.#from, to)
    this.#from = to
  }

  endCut(to: number): void {
    this.#output.cut(this.#from, to)
    this.#from = -1
  }

  #forget(): void {
    this.#from = -1
    this.#nameFrom = -1
    this.gone = false
  }
}
