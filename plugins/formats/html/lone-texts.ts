/** Texts that belong to nothing beside them, as those in cells of a table: what they hold can be told of each by itself. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { mayTextMatter } from '../screen.ts'
import type { LabelledText } from '../text/labels.ts'
import { isBox } from './boxes.ts'
import { isLine } from './broken-lines.ts'
import { isBlank } from './kin-text.ts'

/** What a text may hold; bits. */
const separator = 1
export const blank = 2
const blanks = /[ \t\n\r\f]+/

/** Bits of what a text holds. */
export function heldBy(text: string): number {
  let held = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code <= 0x20) held |= isBlank(code) ? blank : 0
    else if (code === 0x3a || code === 0x3d || code === 0xff1a || code === 0xff1d) held |= separator
  }
  return held
}

/** Whether a text is one thing to read: no name stands ahead of a value in it, and no number in lines or boxes. */
export function isOneThing(text: string, held: number, place: Place, labels: LabelledText): boolean {
  if ((held & separator) !== 0 && labels.find(place, text).length > 0) return false
  return (held & blank) === 0 || !holdsNumberInParts(text)
}

/** Whether nothing is found in such a text where what is in none of the plan's fields stands. */
export function isSilent(text: string, place: Place, fields: FieldCursor): boolean {
  const treatment = fields.treatment(place)
  if (treatment !== 'read') return treatment === 'copy'
  const said = text.trim()
  return said === '' || !mayTextMatter(fields, null, said)
}

/** The parser makes a text of each part, so that they may be lines of one number, or boxes. */
function holdsNumberInParts(text: string): boolean {
  const parts = text.split(blanks).map(part => part.trim())
  return parts.some((part, at) => isBox(part) || (at > 0 && isLine(part) && isLine(parts[at - 1]!)))
}
