/** What of a type's treatment can be done to the bytes of a string, with the same result as by its text. */
import type { ByteRule, Form } from '../contracts.ts'
import type { TypeRule } from '../policy/plan.ts'
import type { Detection } from './detect.ts'

/** A byte rule and what it counts as. */
export type TypedRule = ByteRule & { readonly type: number; readonly form: Form }

/**
 * The rule for strings in fields of a type; null where each has to be offered: it says who the person is, or its first form
 * is made by a mask that needs the text. `checked` are the detectors that may overrule what a field is called.
 */
export function byteRuleOf(type: number, rule: TypeRule, checked: Detection): TypedRule | null {
  if (rule.kind !== 'typed' || rule.identifies !== null) return null
  const { form, mask } = rule.forms[0]!
  if (form === 'redact') return { type, form, action: 'redact', guard: null }
  // What the type's own detector finds stays the type's.
  const guard = checked.idle ? null : checked.without(type).prefilter
  if (form === 'clear') return { type, form, action: 'keep', guard }
  if ((form !== 'partial' && form !== 'generalize') || mask?.ends === undefined) return null
  return { type, form, action: mask.ends, guard }
}
