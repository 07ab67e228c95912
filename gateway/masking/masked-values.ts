import type { ScalarKind } from '../contracts.ts'
import type { TypeRule } from '../policy/plan.ts'

/** What redaction leaves of a text, and more stars in a row than any value has. */
const stars = /\*{3}/

/**
 * Whether a value sent for a field of this type is what the gateway showed in place of the real one: writing it back
 * would destroy what it stands for. Where the type is removed for the audience nothing was shown. Where it is shown
 * clear, it may have been covered before the caller said why it asks, so covered values count there too. Pseudonyms and
 * made-up names look like values and cannot be told.
 */
export function isMaskedValue({ kind, forms }: TypeRule, text: string, scalar: ScalarKind): boolean {
  const first = forms[0]!.form
  if (kind !== 'typed' || first === 'remove' || scalar === 'boolean') return false
  // the blank that stands for a redacted number
  if (scalar === 'null') return first === 'redact'
  if (stars.test(text)) return true
  return forms.some(({ form, mask }) => (first !== 'clear' || form === 'partial') && mask?.isMasked?.(text) === true)
}
