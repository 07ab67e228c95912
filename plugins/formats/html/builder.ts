/**
 * A program that builds pieces of a page, in a value of an answer that a page runs: `this.addRow("<td title=\\"张三\\">…")`. Read as a
 * page, the quotation marks that are escaped in its strings would come out bare, and end them.
 */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { LabelledText } from '../text/labels.ts'
import { Names } from './names.ts'
import { maskScript } from './script.ts'
import { scriptTokens } from './script-tokens.ts'
import type { Pausing } from './turns.ts'

/** Whether a text is such a program: whole, with an element in a string and an attribute in escaped quotation marks. */
export function buildsPage(text: string): boolean {
  if (!/^[^<]*\(/.test(text) || !/=\\["']/.test(text)) return false
  try {
    return scriptTokens(text).some(({ kind, text }) => kind === 'string' && text.includes('</'))
  } catch {
    return false
  }
}

/** The program with its values masked. */
// biome-ignore lint/correctness/useYield: read as pages are, and never so large
export function* maskBuilder(program: string, place: Place, fields: FieldCursor): Pausing<string> {
  return maskScript(program, place, fields, new Names(fields, new LabelledText(fields)))
}
