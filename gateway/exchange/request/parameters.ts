import type { Span } from '../../contracts.ts'
import { parameterTypes, weakTypes } from '../../policy/parameters.ts'
import type { Plan, TypeRule } from '../../policy/plan.ts'
import { comparedIn, membersEncodedIn, membersIn, namesIn } from './named-in-value.ts'
import { MaskedQuestion, type Searched, searchedBy } from './searched.ts'
import { spellingsOf } from './spellings.ts'
import { nameLimit, type Target, textsOf } from './target.ts'
import { decodings, encodedIn } from './texts-in-value.ts'

/** Parameters by which everything is searched at once, whatever field it stands in. */
const searchesAll =
  /^(?:q|s|wd|kw|kwd|key|term|text|find|lookup|query|(?:full_?|quick_?)?search\w*|key_?words?|关键[字词]|搜索)$/i

/**
 * The type of a value that is asked by under a name which does not say so: in all fields, where a detector that checks says that it is all of it, or
 * under a weak name of a type whose detector does. Whether somebody with that number is there is no less told. `spellings`: of the name.
 * null: none, or the audience sees it clear.
 */
export function typeSought(
  plan: Plan,
  name: string,
  value: string | null,
  spellings: readonly string[],
): TypeRule | null {
  if (value === null || value === '' || value.length > nameLimit) return null
  const weak = new Set(spellings.flatMap(spelling => weakTypes(plan, spelling)))
  const everywhere = searchesAll.test(name)
  if (!everywhere && weak.size === 0) return null
  const readings = [value, ...decodings(value)].map(reading => /[^\s*%"'](?:.*[^\s*%"'])?/s.exec(reading)?.[0] ?? '')
  for (const { type, detector } of plan.detectors) {
    const rule = plan.types[type]!
    const isMeant = weak.has(rule) || (everywhere && detector.checked)
    if (!isMeant || rule.forms[0]!.form === 'clear') continue
    if (readings.some(reading => isAll(detector.find(reading), reading))) return rule
  }
  return null
}

function isAll(found: readonly Span[], text: string): boolean {
  return found.length === 1 && found[0]!.start === 0 && found[0]!.end === text.length
}

/** What was asked by under the first of these names that is a field's. */
export function named(plan: Plan, names: readonly string[], value: string | null): Searched[] {
  const by = names.map(name => searchedBy(parameterTypes(plan, name), value)).find(one => one !== null)
  return by === undefined ? [] : [by!]
}

/** Whether a target may be shown to the audience: it asks by no masked field, and no detector finds anything in it. */
export function mayShowTarget(target: Target, plan: Plan): boolean {
  const masked = target.parameters.some(
    ({ name, value }) =>
      spellingsOf(name).some(spelling => isMasked(plan, spelling)) ||
      (value !== null && namesIn(name, value).some(found => isMasked(plan, found))),
  )
  const texts = textsOf(target)
  const named = texts.flatMap(text => [...membersIn(text), ...membersEncodedIn(text)])
  return !masked && !named.some(name => isMasked(plan, name)) && texts.every(text => mayShowText(text, plan))
}

/** Whether no detector finds anything in a text, or in what is encoded in it, that the audience may not see clear. */
export function mayShowText(text: string, plan: Plan): boolean {
  const encoded = encodedIn(text)
  if (encoded === null) return false
  const readings = [text, ...decodings(text), ...encoded]
  return plan.detectors.every(
    ({ type, detector }) =>
      plan.types[type]!.forms[0]!.form === 'clear' || readings.every(reading => detector.find(reading).length === 0),
  )
}

/**
 * Throws PARAMETER_MASKED where a segment of a path asks by a masked field, as OData has it (`/Students(tel='139')`): what is no more than a
 * value or a name is for the route to say.
 */
export function checkSegment(segment: string, plan: Plan): void {
  if (!/[=<>([{]/.test(segment)) return
  const names = [...membersIn(segment), ...comparedIn(segment)]
  const masked = names.flatMap(spellingsOf).find(name => isMasked(plan, name))
  if (masked !== undefined) throw new MaskedQuestion(named(plan, [masked], null))
}

/** Whether a name names a field that the audience does not see clear. */
export function isMasked(plan: Plan, name: string): boolean {
  const type = parameterTypes(plan, name)
  return type !== null && type.kind === 'typed' && type.forms[0]!.form !== 'clear'
}
