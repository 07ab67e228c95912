import type { ByteRule, Edit, FieldCursor, Outcome, Place } from '../../../gateway/contracts.ts'
import { mayTextMatter } from '../screen.ts'

const none: readonly Edit[] = []

/** What is put in place of all of a value that `fields` has just decided. */
export function shownOf(outcome: Outcome, fields: FieldCursor): string {
  return outcome === 'text' ? fields.replacement : outcome === 'redact' ? '***' : ''
}

/**
 * What becomes of a text that is not blank, at a place of the page. Most end here by their bytes, as nothing is found in them, or
 * they are typed and hold nothing else.
 */
export function offer(fields: FieldCursor, place: Place, text: string): Outcome {
  const treatment = fields.treatment(place)
  if (treatment === 'read' && !mayTextMatter(fields, null, text.trim())) return 'keep'
  const rule = treatment === 'mask' ? ruleFor(fields, place, text) : null
  const own = apart(text)
  return rule === null ? fields.scalar(place, own, 'string') : fields.carryOut(rule, own)
}

/** V8 copies slices of fewer characters; a longer one keeps the page it is cut from, as long as anybody knows the value. */
const shortestShared = 13

function apart(text: string): string {
  return text.length < shortestShared ? text : ` ${text}`.slice(1)
}

/** The rule that says what becomes of a text; null: it has to be offered. */
function ruleFor(fields: FieldCursor, place: Place, text: string): ByteRule | null {
  const rule = fields.byteRule(place)
  return rule !== null && rule.guard !== null && mayTextMatter(fields, rule, text) ? null : rule
}

/** The edits of a text, at a place of the page, that hide what `fields` decides of the part from `start` to `end`. */
export function editsOf(fields: FieldCursor, place: Place, text: string, start: number, end: number): readonly Edit[] {
  const value = text.slice(start, end)
  if (value.trim() === '') return none
  const outcome = offer(fields, place, value)
  if (outcome === 'keep') return none
  if (outcome !== 'text' || fields.edits === null) return [{ start, end, text: shownOf(outcome, fields) }]
  return fields.edits.map(edit => ({ start: edit.start + start, end: edit.end + start, text: edit.text }))
}

const beforeValue = /^[\s:：]+/

/** Where the value begins in a text that stands where one does: behind blanks, and a colon that its label left there. */
export function startOfValue(text: string): number {
  return beforeValue.exec(text)?.[0].length ?? 0
}
