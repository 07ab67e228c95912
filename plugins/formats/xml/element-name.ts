/** The name of an element, and what is remembered of it under one plan of fields. */
import type { Place, Role } from '../../../gateway/contracts.ts'
import type { StartTag } from './tag.ts'

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
  readonly localBytes: Buffer
  readonly endTag: Buffer
  /** Where it stood last, in which place: rows repeat their elements. null: nowhere yet, or it is personal. */
  step: Step | null = null

  constructor({ name, local }: StartTag) {
    this.written = name
    this.local = local
    this.localBytes = Buffer.from(local)
    this.endTag = Buffer.from(`</${name}>`)
  }
}
