/** Names of elements, and what is remembered of each. */
import type { Place, Role } from '../../../gateway/contracts.ts'
import type { StartTag } from './tag.ts'

/** More are not remembered: a body of ever new names must not stay in memory. */
const mostNames = 1024

/** Where an element of a name stands in the plan of fields. */
export type Step = {
  readonly parent: Place
  readonly place: Place
  readonly roles: Role
  /** Whether no path counts elements of this name. */
  readonly isUncounted: boolean
  /** Whether labels behind it may say what it is. */
  readonly mayBeLabelled: boolean
}

export class ElementName {
  /** With its prefix, to be matched by the end tag. */
  readonly written: string
  readonly local: string
  /** The same for all names with this local part; -1: too many are known. */
  readonly number: number
  readonly localBytes: Buffer
  readonly endTag: Buffer
  /** Where it stood last, in which place: rows repeat their elements. */
  step: Step | null = null

  constructor(written: string, local: string, number: number) {
    this.written = written
    this.local = local
    this.number = number
    this.localBytes = Buffer.from(local)
    this.endTag = Buffer.from(`</${written}>`)
  }
}

export class ElementNames {
  readonly #known = new Map<string, ElementName>()
  readonly #numbers = new Map<string, number>()

  of({ name, local }: StartTag): ElementName {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const number = this.#numberOf(local)
    const named = new ElementName(name, local, number)
    if (number >= 0 && this.#known.size < mostNames) this.#known.set(name, named)
    return named
  }

  #numberOf(local: string): number {
    const known = this.#numbers.get(local)
    if (known !== undefined) return known
    const number = this.#numbers.size < mostNames ? this.#numbers.size : -1
    if (number >= 0) this.#numbers.set(local, number)
    return number
  }
}
