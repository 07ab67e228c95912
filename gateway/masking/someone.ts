import type { Detector, Form } from '../contracts.ts'
import type { TypeRule } from '../policy/plan.ts'
import { plainReading } from './plain-reading.ts'
import type { Subject } from './row-people.ts'

/** Types that identify by this or less are shared by many, as names are: they count where there is nothing stronger. */
export const sharedFrom = 9

/** A value by which somebody is met, in one form. Most count for nothing, as their row has a stronger one: these cost little. */
export class Someone {
  readonly type: TypeRule
  /** How surely it says who they are: `identifies` of its type, of which 1 is the strongest. */
  readonly rank: number
  readonly form: Form
  /** Whom it was settled to be, among the people of which window. */
  settledAs: Subject | null = null
  settledIn: object | null = null
  readonly #text: string
  #value: string | null = null

  constructor(type: TypeRule, text: string, form: Form) {
    this.type = type
    this.rank = type.identifies!
    this.#text = text
    this.form = form
  }

  /** Normalised: one spelling for all. Never written anywhere. */
  get value(): string {
    return (this.#value ??= normalized(this.type.detector, this.#text))
  }
}

/** One spelling for all spellings of a value that says who somebody is: what blind indexes are made of. */
export function normalized(detector: Detector | null, text: string): string {
  if (detector !== null) return detector.normalize(plainReading(text)?.text ?? text)
  return text.normalize('NFKC').replace(/\s+/gu, '').toLowerCase()
}
