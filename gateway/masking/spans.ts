/** How what detectors find in a text stands to the whole of it, and to what was changed in it. */
import type { Edit, Span } from '../contracts.ts'
import type { TypeRule } from '../policy/plan.ts'

/** Whether the type's own detector claims the whole text. */
export function covers(rule: TypeRule, text: string): boolean {
  const spans = rule.detector?.find(text)
  return spans?.length === 1 && isWhole(spans[0]!, text)
}

/** Whether the type's own detector says that a value may be one, as a name counts that often means something else. */
export function agrees(rule: TypeRule, text: string): boolean {
  return covers(rule, text) || rule.detector?.mayBe?.(text) === true
}

/** Those spans that touch no edit, or no other span; both come in order. */
export function apartFrom<One extends Span>(edits: readonly Span[], found: readonly One[]): readonly One[] {
  let next = 0
  return found.filter(({ start, end }) => {
    while (next < edits.length && edits[next]!.end <= start) next++
    return next === edits.length || edits[next]!.start >= end
  })
}

/** Whether a span is all of a text but blanks. */
export function isWhole({ start, end }: { start: number; end: number }, text: string): boolean {
  if (start === 0 && end === text.length) return true
  return text.slice(0, start).trim() === '' && text.slice(end).trim() === ''
}

/** The one edit that makes a text another: of all but what both begin and end with. */
export function difference(before: string, after: string): Edit {
  const least = Math.min(before.length, after.length)
  let start = 0
  while (start < least && before[start] === after[start]) start++
  let behind = 0
  while (behind < least - start && before.at(-1 - behind) === after.at(-1 - behind)) behind++
  // Not within a character of two units.
  if (isHigh(before.charCodeAt(start - 1))) start--
  if (isLow(before.charCodeAt(before.length - behind))) behind--
  return { start, end: before.length - behind, text: after.slice(start, after.length - behind) }
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000
}
