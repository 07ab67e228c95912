import type { Detector, Form, MetValues } from '../contracts.ts'
import type { TypeRule } from '../policy/plan.ts'
import type { TypedRule } from './byte-rules.ts'
import { plainReading } from './plain-reading.ts'

/** Types that identify by this or less are shared by many, as names are: they count where there is nothing stronger. */
export const sharedFrom = 9

/** A value by which somebody is met, in one form. Most count for nothing, as their row has a stronger one: these cost little. */
export class Someone {
  readonly type: TypeRule
  readonly form: Form
  readonly #text: string
  #value: string | null = null

  constructor(type: TypeRule, text: string, form: Form) {
    this.type = type
    this.#text = text
    this.form = form
  }

  /** Normalised: one spelling for all. Never written anywhere. */
  get value(): string {
    return (this.#value ??= normalized(this.type.detector, this.#text))
  }
}

/** Of a value that a reader met. The same for all times it was met. */
export function someoneMet(values: MetValues, number: number): Someone {
  const known = values.kept[number]
  if (known !== undefined) return known as Someone
  const { of, form } = values.ruleOf(number) as TypedRule
  const one = new Someone(of, values.textOf(number), form)
  values.kept[number] = one
  return one
}

/** One spelling for all spellings of a value that says who somebody is: what blind indexes are made of. */
export function normalized(detector: Detector | null, text: string): string {
  if (detector !== null) return detector.normalize(plainReading(text)?.text ?? text)
  return text.normalize('NFKC').replace(/\s+/gu, '').toLowerCase()
}
