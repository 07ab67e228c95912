/** The elements around the reader, by name, and where each stands in the plan of fields. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { safeName } from './text.ts'

export type OpenElement = {
  /** As written, to be matched by the end tag. */
  readonly name: string
  /** Another name, where the element's own is personal. */
  readonly shownName: string | null
  /** Of what stands in it. */
  place: Place
  readonly declared: readonly string[]
  /** Inside something removed: not offered, not counted. */
  readonly gone: boolean
  /** How often each name has stood in it. */
  names: Map<string, number> | null
  /** How many names in it were personal. */
  personal: number
}

/** Names remembered at one time over all open elements: a body of ever new names must not stay in memory. */
const maxNames = 65_536
const maxKnown = 4096

export class Elements {
  readonly stack: OpenElement[] = []
  readonly #fields: FieldCursor
  readonly #root: Place
  readonly #bytes = new Map<string, Buffer>()
  #held = 0
  #personalOutside = 0

  constructor(fields: FieldCursor) {
    this.#fields = fields
    this.#root = fields.root
  }

  get top(): OpenElement | undefined {
    return this.stack.at(-1)
  }

  /** Opens an element; `gone` says that it stands inside something removed. */
  open(name: string, local: string, declared: readonly string[], gone: boolean): OpenElement {
    if (this.stack.length >= this.#fields.limits.depth) throw fault('too_deep')
    const around = this.top
    let place = this.#root
    let shownName = null
    if (!gone) {
      place = this.member(around?.place ?? this.#root, local)
      shownName = this.shownName(local, around)
      place = this.#fields.repeated(place, this.#ordinal(around, local))
      this.#fields.beginSibling(local)
    }
    const element: OpenElement = { name, shownName, place, declared, gone, names: null, personal: 0 }
    this.stack.push(element)
    return element
  }

  close(): OpenElement {
    const element = this.stack.pop()!
    this.#held -= element.names?.size ?? 0
    if (!element.gone) this.#fields.endSibling()
    return element
  }

  member(parent: Place, local: string): Place {
    let bytes = this.#bytes.get(local)
    if (bytes === undefined) {
      bytes = Buffer.from(local)
      if (this.#bytes.size < maxKnown) this.#bytes.set(local, bytes)
    }
    return this.#fields.member(parent, bytes, 0, bytes.length)
  }

  /** What stands for the name last asked for, where it is personal; null: it stays. */
  shownName(local: string, around: OpenElement | undefined): string | null {
    if (!this.#fields.keyIsPersonal) return null
    const ordinal = (around?.personal ?? this.#personalOutside) + 1
    const outcome = this.#fields.key(local, ordinal)
    if (outcome === 'keep') return null
    if (around === undefined) this.#personalOutside = ordinal
    else around.personal = ordinal
    return safeName(outcome === 'text' ? this.#fields.replacement : `${ordinal}`)
  }

  #ordinal(around: OpenElement | undefined, local: string): number {
    if (around === undefined) return 0
    around.names ??= new Map()
    const before = around.names.get(local)
    if (before === undefined && ++this.#held > maxNames) throw fault('too_large')
    around.names.set(local, (before ?? 0) + 1)
    return before ?? 0
  }
}
