/** Offers what stands as it is: most of it ends here with its bytes, as nothing is found in it, or it is typed and holds nothing else. */
import type { ByteRule, FieldCursor, Outcome, Place, Treatment } from '../../../gateway/contracts.ts'
import { mayMatter } from '../screen.ts'
import { holds } from './characters.ts'

/** Whether what holds this is the text that it stands for, and may be told by its bytes. */
export function standsPlainly(held: number): boolean {
  return (held & (holds.reference | holds.unlikeJson)) === 0
}

/** What becomes of a text that stands plainly and is not empty, at a place of this treatment. */
export function offerPlain(
  fields: FieldCursor,
  place: Place,
  treatment: Treatment,
  bytes: Buffer,
  from: number,
  to: number,
): Outcome {
  if (treatment === 'copy' || (treatment === 'read' && !mayMatter(fields, null, bytes, from, to))) return 'keep'
  const rule = treatment === 'mask' ? ruleFor(fields, place, bytes, from, to) : null
  const text = bytes.toString('utf8', from, to)
  return rule === null ? fields.scalar(place, text, 'string') : fields.carryOut(rule, text)
}

/** The rule that says what becomes of a text; null: it has to be offered. */
function ruleFor(fields: FieldCursor, place: Place, bytes: Buffer, from: number, to: number): ByteRule | null {
  const rule = fields.byteRule(place)
  return rule !== null && rule.guard !== null && mayMatter(fields, rule, bytes, from, to) ? null : rule
}
