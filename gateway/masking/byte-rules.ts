/** What of a type's treatment can be done to the bytes of a string, with the same result as by its text. */
import type { ByteRule, Form, MaskedValue } from '../contracts.ts'
import type { TypeRule } from '../policy/plan.ts'
import type { ValueKind } from '../subject.ts'
import type { Detection } from './detect.ts'

/** A byte rule and what it counts as. */
export type TypedRule = ByteRule & ValueKind & { readonly type: number }

/** A value masked by such a rule; a stricter form may have been needed. */
export type TypedValue = MaskedValue & { readonly type: number; readonly form: Form }

/** Of a type without a detector: `normalized` of normalized.ts changes none of these. */
const plainlyNormal = /^[!-@[-`{-~]+$/

/**
 * The rule for strings in fields of a type; null where each has to be offered. `checked` are the detectors that may overrule
 * what a field is called.
 */
export function byteRuleOf(type: number, rule: TypeRule, checked: Detection): TypedRule | null {
  if (rule.kind !== 'typed') return null
  const { form, mask } = rule.forms[0]!
  const person = rule.identifies
  const normal = rule.detector === null ? plainlyNormal : rule.detector.normal
  const known = { type, dataType: rule.name, form, person, ...(person !== null && normal !== undefined && { normal }) }
  if (form === 'redact' || form === 'remove') return { ...known, action: form, guard: null }
  if (form === 'token' || form === 'digest') return { ...known, action: 'mask', guard: null }
  // What the type's own detector finds stays the type's.
  const guard = checked.idle ? null : checked.without(type).prefilter
  const action = form === 'clear' ? 'keep' : (mask?.ends ?? 'mask')
  return { ...known, action, guard, ...(action === 'mask' && mask?.head !== undefined && { head: mask.head }) }
}
