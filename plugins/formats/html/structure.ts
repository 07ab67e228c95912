/** Words that a page is built of, such as tags, classes and addresses: what detectors find in them. */
import type { FieldCursor, Outcome } from '../../../gateway/contracts.ts'

/** A page repeats a few of these all over. */
const longestKept = 64
const mostKept = 2048

export class StructureWords {
  readonly #fields: FieldCursor
  /** In which nothing was found. */
  readonly #plain = new Set<string>()

  constructor(fields: FieldCursor) {
    this.#fields = fields
  }

  /** Whether a text has to go, or to change; it counts as found. */
  isPersonal(text: string): boolean {
    return this.#outcome(text) !== 'keep'
  }

  /** Whether nothing is found in a text. */
  isPlain(text: string): boolean {
    if (text === '' || this.#plain.has(text)) return true
    this.#fields.memberNamed(this.#fields.root, text)
    if (this.#fields.keyIsPersonal) return false
    if (text.length > longestKept) return true
    if (this.#plain.size === mostKept) this.#plain.clear()
    this.#plain.add(text)
    return true
  }

  /** A text as it may leave; nothing where it has to go. */
  shown(text: string): string {
    const outcome = this.#outcome(text)
    if (outcome === 'keep') return text
    return outcome === 'text' ? this.#fields.replacement : ''
  }

  #outcome(text: string): Outcome {
    return this.isPlain(text) ? 'keep' : this.#fields.key(text, 1)
  }
}
