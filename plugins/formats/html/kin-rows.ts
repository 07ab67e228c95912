/** Rows of a page that are alike (kin.ts) as JSON (../rows-as-json.ts): a cell is a member by the name of its field. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { Bytes, type Word } from '../bytes.ts'
import { longestString, writeString } from '../json/text.ts'
import type { Repeats } from '../repeats.ts'
import { ints, RowsAsJson } from '../rows-as-json.ts'
import type { LabelledText } from '../text/labels.ts'
import { fewestBoxes, isBox } from './boxes.ts'
import { startOfValue } from './decide.ts'
import type { SourceEdits } from './edits.ts'
import { escapeText } from './escape.ts'
import type { Cell, Cells } from './kin-cells.ts'
import { isBlank, saidIn } from './kin-text.ts'
import { blank, heldBy, isOneThing, isSilent } from './lone-texts.ts'

/** Longer texts are no digit alone, whatever stands around them. */
const longestBox = 4
const [parts, writtenOtherwise] = [/[ \t\n\r\f]/, /[&>\r\u00a0]/]

type Reading = {
  readonly fields: FieldCursor
  readonly labels: LabelledText
  readonly edits: SourceEdits
  readonly repeats: Repeats
}

export class KinRows extends RowsAsJson<Bytes> {
  readonly #source: string
  readonly #fields: FieldCursor
  readonly #labels: LabelledText
  readonly #edits: SourceEdits
  readonly #repeats: Repeats
  /** Of the rows that wait. */
  #cells: readonly Cell[] = []

  /** `parent`: where the names of cells lead from. What changes is put to `edits`, whose names they were to `repeats`. */
  constructor(source: string, parent: Place, { fields, labels, edits, repeats }: Reading) {
    super(fields, parent, new Bytes())
    this.#source = source
    this.#fields = fields
    this.#labels = labels
    this.#edits = edits
    this.#repeats = repeats
  }

  /** Takes the row whose gaps are at `bounds` from `first` on, to be masked by `flush` at the latest; false where it has to be read text by text. */
  take({ list }: Cells, bounds: Int32Array, first: number): boolean {
    if (list !== this.#cells) {
      this.flush()
      this.#cells = list
    }
    this.beginRow()
    if (!this.#put(list, bounds, first)) {
      this.dropRow()
      return false
    }
    if (this.isFull) this.flush()
    return true
  }

  #put(list: readonly Cell[], bounds: Int32Array, first: number): boolean {
    this.reserveValues(list.length * ints)
    let units = 0
    let boxes = 0
    for (let nth = 0; nth < list.length; nth++) {
      const cell = list[nth]!
      const from = bounds[first + cell.bound]!
      const to = bounds[first + cell.bound + 1]!
      if (from === to) continue
      const text = saidIn(this.#source, from, to)
      const held = heldBy(text)
      units += text.length
      if (units > this.mostUnits || !isOneThing(text, held, cell.place, this.#labels)) return false
      if (text.length <= longestBox && isBox(text.trim()) && ++boxes === fewestBoxes) return false
      if (cell.name === null) {
        if (!isSilent(text, cell.place, this.#fields)) return false
      } else if (!this.#putCell(nth, text, from, to, (held & blank) !== 0)) return false
    }
    this.endRow()
    return true
  }

  /** Writes a cell, if anything is in it; false where what becomes of it could not be put in its place. */
  #putCell(nth: number, text: string, from: number, to: number, holdsBlank: boolean): boolean {
    const { isTyped, name } = this.#cells[nth]!
    const [at, end] = isTyped && holdsBlank ? this.#withoutBlanks(from, to) : [from, to]
    if (holdsBlank && this.#mayBeSpread(at, end)) return false
    const value = isTyped ? text.slice(startOfValue(text), text.trimEnd().length) : text
    if (value.trim() === '') return true
    const { json } = this
    json.reserve(longestString(value) + name!.length + 3)
    const valueFrom = this.beginValue(name!)
    json.length = writeString(json.bytes, valueFrom, value)
    this.endValue(nth, at, end, valueFrom)
    return true
  }

  #withoutBlanks(from: number, to: number): [number, number] {
    const source = this.#source
    let [at, end] = [from, to]
    while (at < end && isBlank(source.charCodeAt(at))) at++
    while (end > at && isBlank(source.charCodeAt(end - 1))) end--
    return [at, end]
  }

  /**
   * Blanks part a text, and what becomes of it is spread over its parts, of which those that stay are not written anew. That is told from
   * one text that is written anew only where something is written in another way than it would be.
   */
  #mayBeSpread(from: number, to: number): boolean {
    const written = this.#source.slice(from, to)
    return writtenOtherwise.test(written) && parts.test(written)
  }

  protected override nameOf(cell: number): Word {
    return this.#cells[cell]!.name!
  }

  protected override remove(nth: number): void {
    this.replace(nth, '')
  }

  protected override replace(nth: number, shown: string): void {
    const { isTyped, place } = this.#cells[this.whatOf(nth)]!
    const [from, to] = [this.values[nth + 1]!, this.values[nth + 2]!]
    const text = saidIn(this.#source, from, to)
    const all = isTyped ? text.slice(0, startOfValue(text)) + shown + text.slice(text.trimEnd().length) : shown
    if (isTyped) this.#repeats.note(place, text.slice(startOfValue(text)).trim(), shown)
    if (all !== text) this.#edits.put(from, to, escapeText(all))
  }
}
