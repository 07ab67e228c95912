/**
 * Numbers that are broken over lines, as narrow columns have them: `110105194<br>91231002X`. Lines of digits alone are read
 * together with blanks between, which detectors take for one number in groups where it can be one. Each has been read by itself before,
 * and where something was found in all of them, as in numbers under one another, they are not read, and counted, again.
 */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { editsOf } from './decide.ts'
import { type SourceEdits, spread } from './edits.ts'
import { escapeText } from './escape.ts'

type Line = { readonly text: string; readonly place: Place; readonly from: number; readonly to: number }

const longest = 31
const digits = /^[\dXx０-９][\dXx０-９ -]*$/
/** More lines than this are a list, of which each is read by itself. */
const mostLines = 6

export class BrokenLines {
  readonly #fields: FieldCursor
  readonly #edits: SourceEdits
  #lines: Line[] = []

  constructor(fields: FieldCursor, edits: SourceEdits) {
    this.#fields = fields
    this.#edits = edits
  }

  /** A text of the page, from `from` to `to` in its source, without blanks around it. */
  add(text: string, place: Place, from: number, to: number): void {
    const isDigits = isLine(text)
    if (this.#lines.length > 0 && (!isDigits || place !== this.#lines[0]!.place)) this.flush()
    if (isDigits) this.#lines.push({ text, place, from, to })
  }

  /** Something stands here that parts more than lines: decides those before it, and puts what changes into the source. */
  flush(): void {
    const lines = this.#lines
    if (lines.length === 0) return
    this.#lines = []
    const [{ place }] = lines as [Line]
    if (lines.length === 1 || lines.length > mostLines || this.#fields.standing(place) !== 'read') return
    if (lines.every(({ from, to }) => this.#edits.has(from, to))) return
    let text = ''
    const pieces = lines.map(line => {
      const from = text.length === 0 ? 0 : text.length + 1
      text += text.length === 0 ? line.text : ` ${line.text}`
      return { from, text: line.text }
    })
    const edits = editsOf(this.#fields, place, text, 0, text.length)
    if (edits.length === 0) return
    for (const [at, shown] of spread(pieces, edits).entries()) {
      const { text, from, to } = lines[at]!
      if (shown !== text) this.#edits.put(from, to, escapeText(shown))
    }
  }
}

/** Whether a text may be a line of a number. */
export function isLine(text: string): boolean {
  return text.length <= longest && digits.test(text)
}
