/** The texts of a page as they come, one behind the other: all that reads them, alone or together. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import type { Repeats } from '../repeats.ts'
import type { LabelledText } from '../text/labels.ts'
import { Boxes } from './boxes.ts'
import { BrokenLines } from './broken-lines.ts'
import type { SourceEdits } from './edits.ts'
import { TextRun } from './text-run.ts'
import type { TextToken } from './tokens.ts'

/** What is told apart by itself alone. */
type One = object | number | null

export class Texts {
  readonly #run: TextRun
  readonly #boxes: Boxes
  readonly #lines: BrokenLines

  constructor(fields: FieldCursor, labels: LabelledText, edits: SourceEdits, repeats: Repeats) {
    this.#run = new TextRun(fields, labels, edits, repeats)
    this.#boxes = new Boxes(fields, edits)
    this.#lines = new BrokenLines(fields, edits)
  }

  /** A text that stands at a place, in a `field` and maybe in a `box`; `write` makes source of what it becomes. */
  add(place: Place, field: One, box: One, token: TextToken, write: (text: string) => string): void {
    const { text, from, to } = token
    // A null character is dropped by browsers, and parts texts to whoever reads the source.
    if (text === '') this.#run.mark()
    const shown = text.trim()
    if (shown !== '') {
      this.#boxes.add(box, shown, place, from, to)
      this.#lines.add(shown, place, from, to)
    }
    this.#run.add(place, field, token, write)
  }

  /** Something stands here that is no text, and ends none. */
  mark(): void {
    this.#run.mark()
  }

  /** Something stands here that ends running text. `partsLines`: and lines that are read together. */
  part(partsLines: boolean): void {
    this.#run.flush()
    if (partsLines) this.#lines.flush()
  }

  /** Whether a number may go on that stands in boxes. */
  get holdsBoxes(): boolean {
    return this.#boxes.any
  }

  /** There are no more. */
  end(): void {
    this.#run.flush()
    this.#boxes.flush()
    this.#lines.flush()
  }
}
