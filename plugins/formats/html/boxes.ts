/**
 * Numbers with a box for each digit, as forms on paper have them: cells, list items or blocks side by side with one character
 * in each. Read together with blanks between, which detectors take for a number where it cannot be answers on a scale.
 */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { editsOf } from './decide.ts'
import { type SourceEdits, spread } from './edits.ts'
import { escapeText } from './escape.ts'
import { type Element, type Parent, parentOf, type TextNode } from './tree.ts'
import { trait } from './words.ts'

/** What stands in one is told from what stands in another. */
type Around = object | number | null
type Box = { readonly text: string; readonly place: Place; readonly from: number; readonly to: number }

/** The shortest number that is looked for, a mobile number. */
const fewest = 11
/** So many boxes, of which the first is a field's, are that field's together; fewer are nothing. */
export const fewestBoxes = 8
const digit = /^[\dXx０-９]$/

export class Boxes {
  readonly #fields: FieldCursor
  readonly #edits: SourceEdits
  #boxes: Box[] = []
  #around: Around = null

  constructor(fields: FieldCursor, edits: SourceEdits) {
    this.#fields = fields
    this.#edits = edits
  }

  /**
   * A text of the page, from `from` to `to` in its source, without blanks around it; one in no box parts those around it. `box`: what
   * such a box stands in; null: it is in none.
   */
  add(box: Around, text: string, place: Place, from: number, to: number): void {
    const around = isBox(text) ? box : null
    if (around === null || around !== this.#around) this.flush()
    if (around === null) return
    this.#around = around
    this.#boxes.push({ text, place, from, to })
  }

  /** Whether a row of boxes is under way. */
  get any(): boolean {
    return this.#boxes.length > 0
  }

  /** Ends the row of boxes: decides it, and puts what changes into the source. */
  flush(): void {
    const boxes = this.#boxes
    if (boxes.length === 0) return
    this.#boxes = []
    this.#around = null
    const [{ place }] = boxes as [Box]
    const standing = this.#fields.standing(place)
    if (standing === 'mask' || standing === 'remove') {
      // the first is decided as the field's value, where it stands
      if (boxes.length >= fewestBoxes) for (const { from, to } of boxes.slice(1)) this.#edits.put(from, to, '')
    } else if (boxes.length >= fewest && this.#fields.treatment(place) !== 'copy') this.#read(boxes, place)
  }

  #read(boxes: readonly Box[], place: Place): void {
    const text = boxes.map(({ text }) => text).join(' ')
    const edits = editsOf(this.#fields, place, text, 0, text.length)
    if (edits.length === 0) return
    const pieces = boxes.map(({ text }, at) => ({ from: at * 2, text }))
    for (const [at, shown] of spread(pieces, edits).entries()) {
      const { text, from, to } = boxes[at]!
      if (shown !== text) this.#edits.put(from, to, escapeText(shown))
    }
  }
}

/** Whether this is all that may stand in a box. */
export function isBox(text: string): boolean {
  return text.length === 1 && digit.test(text)
}

/** What boxes stand in, of which this is all that is in one; null: it is no box. */
export function aroundBox(node: TextNode | null): Parent | null {
  const box = node === null ? null : parentOf(node)
  if (box === null || !('tagName' in box) || box.childNodes.length !== 1) return null
  return aroundIfBox(box)
}

/** What an element stands in that holds one text and no more, if that makes it a box. */
export function aroundIfBox(element: Element): Parent | null {
  return (element.traits & trait.inline) !== 0 ? null : parentOf(element)
}
