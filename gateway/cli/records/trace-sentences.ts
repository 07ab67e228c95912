/** Whom running text speaks of, as that of a chat or a screenshot: values that stand between other words. Pure. */
import { normalized } from '../../masking/normalized.ts'
import type { DataType } from '../../policy/policy.ts'

type Met = { readonly type: string; readonly value: string; readonly start: number; readonly end: number }

/**
 * The people of a text, by what detectors find in it; `types` come strongest first. Two values of the strongest kind are two people,
 * and then nobody can tell whose the others are: they are left out.
 */
export function peopleIn(
  text: string,
  types: readonly DataType[],
): { readonly type: string; readonly value: string }[][] {
  const met: Met[] = []
  for (const { name, detector } of types)
    for (const { start, end } of detector?.detector.find(text) ?? []) {
      if (met.some(other => start < other.end && other.start < end)) continue
      const value = normalized(detector!.detector, text.slice(start, end))
      if (value !== '') met.push({ type: name, value, start, end })
    }
  const [strongest] = met
  if (strongest === undefined) return []
  const same = met.filter(({ type }) => type === strongest.type)
  const people = same.length === 1 ? [met] : same.map(one => [one])
  return people.map(person => person.map(({ type, value }) => ({ type, value })))
}
