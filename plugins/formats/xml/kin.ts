/** Finds rows that stand beside each other in the element at hand, and has them read together (rows.ts). */
import type { FieldCursor } from '../../../gateway/contracts.ts'
import { canBeJson } from '../rows-as-json.ts'
import type { SpanEditor } from '../spans.ts'
import { pastBlanks } from './characters.ts'
import type { Elements, OpenElement } from './elements.ts'
import type { NamedTag } from './known-tags.ts'
import type { Namespaces } from './namespaces.ts'
import { RowShape } from './row-shape.ts'
import { odd, unfinished } from './row-values.ts'
import { JsonRows } from './rows.ts'

/** Bytes behind the first row, or rows before it, with which there is enough to be read together. */
const worthwhile = 6 << 10
const many = 16
/** So often it is tried in a body to no avail: without kin ahead that is known, and with. */
const mostTries = 256
const mostBlindTries = 48
const [lessThan, slash, exclamation, question] = [0x3c, 0x2f, 0x21, 0x3f]

/** Rows of one name in one element. */
type Group = { readonly depth: number; readonly local: string; readonly shape: RowShape; readonly rows: JsonRows }

/** What was found: rows that end at `to`; `waiting`: what comes next may be one, and more of it has to come; null: none. */
export type Found = 'passed' | 'waiting' | null

export class Kin {
  readonly #fields: FieldCursor
  readonly #editor: SpanEditor
  readonly #namespaces: Namespaces
  readonly #elements: Elements
  readonly #isAllowed: boolean
  #group: Group | null = null
  #view: DataView = new DataView(new ArrayBuffer(0))
  #tries = mostTries
  /** How much has to be there before the row that is not whole is looked at again. */
  #lookAgain = 0
  /** Where the rows end that were found. */
  to = 0

  constructor(fields: FieldCursor, editor: SpanEditor, namespaces: Namespaces, elements: Elements, isInside: boolean) {
    this.#fields = fields
    this.#editor = editor
    this.#namespaces = namespaces
    this.#elements = elements
    this.#isAllowed = !isInside && !fields.waits
  }

  /** To be called when there are other bytes. */
  begin(bytes: Buffer): void {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  /** Rows that begin at a position, or behind the blanks there, in the element whose rows were found before. */
  more(bytes: Buffer, from: number, last: boolean): Found {
    const group = this.#group
    if (group === null || group.depth !== this.#elements.depth || this.#elements.hasHeader) return null
    const at = pastBlanks(bytes, from)
    if (at === bytes.length) return last ? null : 'waiting'
    const begins = group.shape.begins(bytes, at)
    if (begins === null && !last) return 'waiting'
    if (begins !== true || this.#tries <= 0) return null
    return this.#take(group, bytes, at, last)
  }

  /** The same of the first, whose tag was found there. */
  first(tag: NamedTag, bytes: Buffer, from: number, to: number, last: boolean): Found {
    const { top, depth } = this.#elements
    if (top === undefined || !this.#isAllowed || this.#group !== null) return null
    // Where little comes it is read sooner than this could begin.
    if (bytes.length - to < worthwhile && top.columns < many) return null
    if (!this.#mayBegin(tag, top, bytes, to)) return null
    const isSecond = top.columns > 0 && top.cellName === tag.local
    if (this.#tries <= (isSecond ? 0 : mostTries - mostBlindTries)) return null
    if (bytes.length - from < this.#lookAgain && !last) return 'waiting'
    const place = this.#elements.placeOfRows(tag.named)
    if (place === null || !canBeJson(this.#fields, place)) return null
    this.#tries--
    const shape = new RowShape(this.#fields, this.#namespaces, tag, top.place, place)
    const rows = new JsonRows(this.#fields, place, shape, this.#editor, this.#namespaces)
    const end = rows.take(bytes, this.#view, from)
    const hasKin = end === unfinished ? null : end !== odd && (isSecond || shape.begins(bytes, pastBlanks(bytes, end)))
    if (hasKin === null && !last) return this.#wait(bytes.length - from)
    if (hasKin !== true || !this.#elements.beginRows(tag.local)) return null
    this.#group = { depth, local: tag.local, shape, rows }
    this.#pass(this.#group, end)
    return 'passed'
  }

  #mayBegin(tag: NamedTag, around: OpenElement, bytes: Buffer, to: number): boolean {
    if (!tag.isSimple || this.#fields.nesting > 0) return false
    const at = pastBlanks(bytes, to)
    const holdsElements = bytes[at] === lessThan && !isOther(bytes[at + 1])
    if (tag.attributes.length === 0 && (tag.selfClosing || !holdsElements)) return false
    if (this.#fields.treatment(around.place) === 'remove') return false
    return !this.#namespaces.isInclusion(tag.prefix) && !this.#namespaces.isDescribing(tag.prefix)
  }

  #take(group: Group, bytes: Buffer, from: number, last: boolean): Found {
    if (bytes.length - from < this.#lookAgain && !last) return 'waiting'
    const end = group.rows.take(bytes, this.#view, from)
    if (end === unfinished && !last) return this.#wait(bytes.length - from)
    if (end < 0) {
      this.#tries--
      this.#lookAgain = 0
      return null
    }
    this.#pass(group, end)
    return 'passed'
  }

  #pass({ local }: Group, end: number): void {
    this.#elements.passRow(local)
    this.#lookAgain = 0
    this.#tries = Math.min(this.#tries + 1, mostTries)
    this.to = end
  }

  /** A row that comes in small pieces is looked at anew when an eighth more of it is there. */
  #wait(there: number): Found {
    this.#lookAgain = there + (there >> 3) + 1
    return 'waiting'
  }

  /** What stands ahead of the rows has been dealt with. */
  settle(): void {
    if (this.#group!.rows.isFull) this.#group!.rows.flush()
  }

  /** To be called when no more comes for now, */
  flush(): void {
    this.#group?.rows.flush()
  }

  /** before anything else is read, */
  pause(): void {
    this.#group?.rows.pause()
  }

  /** and when an element has ended with so many around it. */
  leave(depth: number): void {
    if (this.#group === null || depth >= this.#group.depth) return
    this.#group.rows.end()
    this.#group = null
  }
}

function isOther(byte: number | undefined): boolean {
  return byte === slash || byte === exclamation || byte === question
}
