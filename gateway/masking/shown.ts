/** What is shown of values, and of spans in texts, by the forms of their types; each is counted, with whom it stands for. */
import type { Edit, Form, Outcome, ScalarKind, Scope } from '../contracts.ts'
import type { TypeRule } from '../policy/plan.ts'
import type { Found } from './detect.ts'
import type { CursorOptions } from './plan-tables.ts'
import { Someone } from './someone.ts'
import { isWhole } from './spans.ts'
import type { Counter } from './tally.ts'

export class Shown {
  /** The plan's types as they are at the place of the value under way. */
  types: readonly TypeRule[]
  /** What the last value or text of which something is shown became. */
  replacement = ''
  /** The spans of the last text that were replaced; null: it was replaced as a whole. */
  edits: readonly Edit[] | null = null
  readonly counter: Counter
  readonly #options: CursorOptions
  readonly #scopes: (Scope | undefined)[] = []

  constructor(types: readonly TypeRule[], counter: Counter, options: CursorOptions) {
    this.types = types
    this.counter = counter
    this.#options = options
  }

  /** Makes the type's form and counts it. `value`: as it came, where what it holds of other types is masked in `text` already. */
  value(type: number, text: string, kind: ScalarKind, value: string): Form {
    const form = this.make(type, text, kind)
    this.counter.count(type, form)
    this.#meet(this.types[type]!, value, form)
    return form
  }

  /** Seals a token that its caller may bring back, and counts it as one of the gateway's; false: it is masked as any value. */
  handOut(type: number, token: string): boolean {
    const { handsOut, states } = this.#options
    const sealed = handsOut === true ? (states?.sealHandedOut(token) ?? null) : null
    if (sealed === null) return false
    this.replacement = sealed
    this.counter.count(type, 'token')
    return true
  }

  /**
   * A text of which spans are personal. Where one span is all of it, the detector names the field, and the type's form
   * counts as for a field; else each span is masked where it stands.
   */
  text(text: string, found: readonly Found[], canonical = text): Outcome {
    if (found.length === 0) return 'keep'
    const [only] = found
    if (found.length === 1 && isWhole(only!, canonical)) return this.#whole(only!.type, text, canonical)
    const spliced = this.splice(canonical, found)
    if (spliced === canonical) return 'keep'
    this.replacement = spliced
    return 'text'
  }

  #whole(type: number, text: string, canonical: string): Outcome {
    const form = this.value(type, canonical, 'string', canonical)
    if (form === 'clear') return 'keep'
    if (form === 'redact' || form === 'remove') return form
    return this.replacement === text ? 'redact' : 'text'
  }

  /** The text with each span masked where it stands; leaves what was done in `edits`. */
  splice(text: string, found: readonly Found[]): string {
    let masked = ''
    let done = 0
    const edits: Edit[] = []
    for (const { start, end, type } of found) {
      const value = text.slice(start, end)
      // In running text nothing can be taken away without trace: what would be removed is redacted.
      const form = this.make(type, value, 'string')
      const shownForm = form === 'remove' ? 'redact' : form
      this.counter.count(type, shownForm)
      this.#meet(this.types[type]!, value, shownForm)
      const shown = form === 'clear' ? value : shownForm === 'redact' ? '***' : this.replacement
      masked += text.slice(done, start) + shown
      edits.push({ start, end, text: shown })
      done = end
    }
    this.edits = edits
    return masked + text.slice(done)
  }

  /** Makes the type's form of a value, or the next stricter one that hides enough; leaves its text in `replacement`. */
  make(type: number, text: string, kind: ScalarKind): Form {
    const { forms } = this.types[type]!
    for (const { form, mask } of forms) {
      if (form === 'redact' || form === 'remove') return form
      if (form === 'clear') {
        this.replacement = text
        return form
      }
      if (kind === 'boolean') continue
      const masked = mask === null ? null : mask.mask(text, this.#scope(type))
      if (masked === null) continue
      this.replacement = masked
      return form
    }
    return 'redact'
  }

  /** Counts whom a value stands for, where its type says who a person is and the row has none by a stronger type. */
  #meet(rule: TypeRule, text: string, form: Form): void {
    if (this.counter.asksFor(rule)) this.counter.person(new Someone(rule, text, form))
  }

  #scope(type: number): Scope {
    const { consumer, purpose } = this.#options
    return (this.#scopes[type] ??= { consumer, purpose, dataType: this.types[type]!.name })
  }
}
