import type { ScalarKind } from '../contracts.ts'
import type { Plan, TypeRule } from '../policy/plan.ts'

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

/** No number or address that detectors take for one without a label is shorter, and hardly one is longer. */
const [shortest, longest] = [7, 128]
/** A name of people, covered: where nothing of its field says so, one cover alone is as often something else (`优*`). */
const coveredName = /^\p{Script=Han}{1,2}(\*{1,6})$/u

/**
 * Whether a value, sent where no field says for sure what it is, is what the gateway showed in place of one that a detector had
 * taken for its own: covered as a mask of this plan covers, to the character. What only has stars in it (`***bold***`, the `******` of
 * a password) is not, and what masks make without covers cannot be told. `weak`: the types that its name may mean.
 */
export function isMaskedByDetector(
  { types, detectors }: Pick<Plan, 'types' | 'detectors'>,
  weak: readonly TypeRule[],
  text: string,
): boolean {
  const covers = coveredName.exec(text)?.[1]
  if (covers !== undefined) {
    const ofPeople = detectors.filter(({ detector }) => detector.mayBe !== undefined).map(({ type }) => types[type]!)
    return (covers.length > 1 ? ofPeople : weak).some(rule => couldMake(rule, text))
  }
  if (text.length < shortest || text.length > longest || /\s/.test(text) || !isCovered(text)) return false
  return detectors.some(({ type }) => couldMake(types[type]!, text))
}

function couldMake({ kind, forms }: TypeRule, text: string): boolean {
  return kind === 'typed' && forms.some(({ mask }) => mask?.couldMake?.(text) === true)
}

/** Whether a character stands three times in a row, and another somewhere. */
function isCovered(text: string): boolean {
  let [run, most] = [1, 1]
  for (let at = 1; at < text.length; at++) {
    run = text[at] === text[at - 1] ? run + 1 : 1
    most = Math.max(most, run)
  }
  return most >= 3 && most < text.length
}
