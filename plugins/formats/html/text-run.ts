/**
 * Running text: all that a reader of the page sees in one go, whatever elements part it. A run at a typed place is one
 * value; any other is read for names with values, then text by text, then as a whole, so that neither markup within a
 * number nor a number beside another hides it.
 */
import type { Edit, FieldCursor, Place } from '../../../gateway/contracts.ts'
import type { LabelledText } from '../text/labels.ts'
import { editsOf, shownOf } from './decide.ts'
import { type Piece, type SourceEdits, spread } from './edits.ts'

/** A piece of source, and what it says; `apart` tells that a tag stands before it. */
type SourcePiece = Piece & { readonly sourceFrom: number; readonly sourceTo: number; readonly apart: boolean }

export class TextRun {
  readonly #fields: FieldCursor
  readonly #labels: LabelledText
  readonly #edits: SourceEdits
  #pieces: SourcePiece[] = []
  #text = ''
  #place: Place = -1
  #field: object | null = null
  #write: (text: string) => string = text => text
  #tagBefore = false
  #tagsDone = 0

  constructor(fields: FieldCursor, labels: LabelledText, edits: SourceEdits) {
    this.#fields = fields
    this.#labels = labels
    this.#edits = edits
  }

  /** Adds a piece of source; `write` makes source of a text. A run stands at one place, in one `field` of the page. */
  add(
    place: Place,
    field: object | null,
    text: string,
    from: number,
    to: number,
    write: (text: string) => string,
  ): void {
    if (place !== this.#place || field !== this.#field || write !== this.#write) this.flush()
    this.#field = field
    this.#place = place
    this.#write = write
    this.#pieces.push({ from: this.#text.length, text, sourceFrom: from, sourceTo: to, apart: this.#tagBefore })
    this.#tagBefore = false
    this.#text += text
  }

  /** A tag stands here that does not end the run. */
  mark(): void {
    this.#tagBefore = true
  }

  /** Ends the run: decides it, and puts what changes into the source. */
  flush(): void {
    const pieces = this.#pieces
    const text = this.#text
    this.#pieces = []
    this.#text = ''
    this.#tagBefore = false
    if (text.trim() === '') return
    const treatment = this.#fields.treatment(this.#place)
    const edits = treatment === 'mask' || treatment === 'remove' ? this.#typed(text) : this.#read(text, pieces)
    if (edits.length === 0) return
    for (const [at, shown] of spread(pieces, edits).entries()) {
      const { text: before, sourceFrom, sourceTo } = pieces[at]!
      if (shown !== before) this.#edits.put(sourceFrom, sourceTo, this.#write(shown))
    }
  }

  #typed(text: string): Edit[] {
    const start = text.search(/[^\s:：]/)
    if (start < 0) return []
    return editsOf(this.#fields, this.#place, text, start, text.trimEnd().length)
  }

  #read(text: string, pieces: readonly SourcePiece[]): Edit[] {
    const edits: Edit[] = []
    const tags = pieces.filter(({ apart }) => apart).map(({ from }) => from)
    let done = 0
    this.#tagsDone = 0
    for (const { place, valueFrom, valueTo } of this.#labels.find(this.#place, text)) {
      edits.push(...this.#free(text, done, valueFrom, tags), ...editsOf(this.#fields, place, text, valueFrom, valueTo))
      done = valueTo
    }
    edits.push(...this.#free(text, done, text.length, tags))
    return edits
  }

  /**
   * Text that no name stands before: each text of it, then all together. `tags` is where tags stand in the run; it is gone
   * through once.
   */
  #free(text: string, from: number, to: number, tags: number[]): Edit[] {
    if (this.#fields.treatment(this.#place) === 'copy' || text.slice(from, to).trim() === '') return []
    const bounds = [from]
    for (; tags[this.#tagsDone]! < to; this.#tagsDone++)
      if (tags[this.#tagsDone]! > from) bounds.push(tags[this.#tagsDone]!)
    bounds.push(to)
    const edits: Edit[] = []
    for (let at = 0; at + 1 < bounds.length; at++)
      edits.push(...editsOf(this.#fields, this.#place, text, bounds[at]!, bounds[at + 1]!))
    if (bounds.length === 2) return edits
    if (edits.length === 0) return editsOf(this.#fields, this.#place, text, from, to)
    const masked = apply(text, from, to, edits)
    const outcome = this.#fields.scalar(this.#place, masked, 'string')
    if (outcome === 'keep') return edits
    return [{ start: from, end: to, text: shownOf(outcome, this.#fields) }]
  }
}

function apply(text: string, from: number, to: number, edits: readonly Edit[]): string {
  let shown = ''
  let done = from
  for (const edit of edits) {
    shown += text.slice(done, edit.start) + edit.text
    done = edit.end
  }
  return shown + text.slice(done, to)
}
