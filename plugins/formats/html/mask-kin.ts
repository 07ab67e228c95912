/** Masks elements that are like one of the page (kin.ts): together as rows where they are such (kin-rows.ts), or step by step. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { OddRows } from '../odd-rows.ts'
import type { Repeats } from '../repeats.ts'
import type { LabelledText } from '../text/labels.ts'
import type { SourceEdits } from './edits.ts'
import { escapeText } from './escape.ts'
import { type Cells, cellsOf } from './kin-cells.ts'
import { KinRows } from './kin-rows.ts'
import { type At, type Step, type Steps, stepsOf, type TagStep, type TextStep, type Whose } from './kin-steps.ts'
import { endOfPart, saidIn } from './kin-text.ts'
import type { Places } from './places.ts'
import type { Texts } from './texts.ts'
import type { Alike, KinToken, TagToken, TextToken } from './tokens.ts'
import type { Pausing } from './turns.ts'

const elementsBetweenPauses = 4
/** To mask fewer together takes longer than to mask each by itself. */
const fewestGaps = 32

/** What the page around them is masked with. */
export type Around = {
  readonly source: string
  readonly fields: FieldCursor
  readonly labels: LabelledText
  readonly edits: SourceEdits
  readonly repeats: Repeats
  readonly places: Places
  readonly texts: Texts
  /** Begins a row, if none such is begun; what stands next is in it. */
  readonly enterRow: (row: Whose) => void
  /** Whether a tag is known to stay as it is, wherever it stands. */
  readonly isPlain: (name: string, from: number, to: number) => boolean
  /** Whether it does. */
  readonly stays: (tag: TagToken) => boolean
  readonly readAttributes: (tag: TagToken) => void
}

/** How elements like one are masked. */
type Shape = {
  readonly steps: Steps
  /** null: only step by step; undefined: nobody asked. */
  cells: Cells | null | undefined
  readonly oddRows: OddRows
}

export class KinMasker {
  readonly #around: Around
  readonly #shapes = new Map<Alike, Shape>()
  /** By where the names of their cells lead from. */
  readonly #rows = new Map<Place, KinRows>()
  /** What is the element's own is told from that of others by numbers from here on. */
  #own = 0

  constructor(around: Around) {
    this.#around = around
  }

  *mask({ model, count, bounds }: KinToken): Pausing<void> {
    const shape = this.#shapeOf(model)
    const { steps, oddRows } = shape
    const width = model.gaps.length * 2
    const cells = count * model.gaps.length < fewestGaps ? null : this.#cellsOf(shape)
    const rows = cells === null ? null : this.#rowsAt(cells.parent)
    for (let nth = 0; nth < count; nth++) {
      if (nth % elementsBetweenPauses === 0) yield
      if (rows === null || oddRows.areMany || !this.#takeRow(rows, cells!, oddRows, bounds, nth * width)) {
        rows?.pause()
        for (const step of steps.list) this.#take(step, bounds, nth * width)
      }
      this.#own += steps.own
    }
    rows?.pause()
  }

  /** There are no more. */
  end(): void {
    for (const rows of this.#rows.values()) rows.end()
  }

  #shapeOf(model: Alike): Shape {
    const known = this.#shapes.get(model)
    if (known !== undefined) return known
    const { places, stays } = this.#around
    const shape: Shape = { steps: stepsOf(model, places, stays), cells: undefined, oddRows: new OddRows() }
    this.#shapes.set(model, shape)
    return shape
  }

  #cellsOf(shape: Shape): Cells | null {
    const { fields, labels } = this.#around
    if (shape.cells === undefined) shape.cells = cellsOf(shape.steps, fields, labels)
    return shape.cells
  }

  #rowsAt(parent: Place): KinRows {
    const known = this.#rows.get(parent)
    if (known !== undefined) return known
    const rows = new KinRows(this.#around.source, parent, this.#around)
    this.#rows.set(parent, rows)
    return rows
  }

  /** Takes an element together with others; false where it has to be masked step by step. */
  #takeRow(rows: KinRows, cells: Cells, oddRows: OddRows, bounds: Int32Array, first: number): boolean {
    const { texts, enterRow } = this.#around
    texts.part(true)
    // Boxes ahead of it are counted as what it begins with.
    if (texts.holdsBoxes) return false
    enterRow(null)
    const stays = (step: TagStep) => this.#changing(step, bounds, first) === null
    const isTaken = cells.tags.every(stays) && rows.take(cells, bounds, first)
    oddRows.count(isTaken)
    return isTaken
  }

  #take(step: Step, bounds: Int32Array, first: number): void {
    const { texts, enterRow, readAttributes } = this.#around
    if (step.kind === 'text') {
      enterRow(this.#whose(step.row))
      this.#text(step, bounds, first)
      return
    }
    if (step.partsText) texts.part(step.partsLines)
    if (step.marks) texts.mark()
    if (step.row !== undefined) enterRow(this.#whose(step.row))
    const tag = this.#changing(step, bounds, first)
    if (tag !== null) readAttributes(tag)
  }

  /** The tag of a step as it stands in an element; null: it stays as it is. */
  #changing(step: TagStep, bounds: Int32Array, first: number): TagToken | null {
    const { isPlain, stays } = this.#around
    const { tag: like, mayStay, at, to } = step
    if (like === null || (mayStay && isPlain(like.name, standsAt(at, bounds, first), standsAt(to, bounds, first))))
      return null
    const tag = this.#tag(like, step, bounds, first)
    return mayStay && stays(tag) ? null : tag
  }

  /** A tag where it stands, with the values that it has there. */
  #tag(like: TagToken, { at, to, values }: TagStep, bounds: Int32Array, first: number): TagToken {
    const attributes = like.attributes.map(one => {
      const value = values.find(({ name }) => name === one.name)
      if (value === undefined) return one
      const [from, end] = [bounds[first + value.gap * 2]!, bounds[first + value.gap * 2 + 1]!]
      return { name: one.name, value: saidIn(this.#around.source, from, end) }
    })
    return { ...like, from: standsAt(at, bounds, first), to: standsAt(to, bounds, first), attributes }
  }

  #text(step: TextStep, bounds: Int32Array, first: number): void {
    const from = standsAt(step.at, bounds, first)
    const { token } = step
    if (token !== null) this.#add(step, { ...token, from, to: from + token.to - token.from })
    else {
      const { source } = this.#around
      const to = bounds[first + step.at.bound + 1]!
      for (let at = from; at < to; ) {
        const end = endOfPart(source, at, to)
        this.#add(step, { kind: 'text', from: at, to: end, text: saidIn(source, at, end), node: null })
        at = end
      }
    }
  }

  #add({ place, field, box }: TextStep, token: TextToken): void {
    this.#around.texts.add(place, this.#whose(field), this.#whose(box), token, escapeText)
  }

  #whose(one: Whose): Whose {
    return typeof one === 'number' ? this.#own + one : one
  }
}

function standsAt({ bound, shift }: At, bounds: Int32Array, first: number): number {
  return bounds[first + bound]! + shift
}
