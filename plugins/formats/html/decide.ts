import type { Edit, FieldCursor, Outcome, Place } from '../../../gateway/contracts.ts'

/** What is put in place of all of a value that `fields` has just decided. */
export function shownOf(outcome: Outcome, fields: FieldCursor): string {
  return outcome === 'text' ? fields.replacement : outcome === 'redact' ? '***' : ''
}

/** The edits of a text, at a place of the page, that hide what `fields` decides of the part from `start` to `end`. */
export function editsOf(fields: FieldCursor, place: Place, text: string, start: number, end: number): Edit[] {
  const value = text.slice(start, end)
  if (value.trim() === '') return []
  const outcome = fields.scalar(place, value, 'string')
  if (outcome === 'keep') return []
  if (outcome !== 'text' || fields.edits === null) return [{ start, end, text: shownOf(outcome, fields) }]
  return fields.edits.map(edit => ({ start: edit.start + start, end: edit.end + start, text: edit.text }))
}
