/**
 * Events whose data is JSON, put one behind the other: one reader of JSON masks them all as it does lines, where to make one for each
 * takes as long as to read some thousand bytes. What it makes of them is put back where they stood.
 */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { areAlike, Bytes } from '../bytes.ts'
import { lost } from '../faults.ts'
import { type Texts, texts } from '../json/fast/layout.ts'
import { canReadFast, FastReader } from '../json/fast/reader.ts'
import type { Told } from '../json/is-json.ts'
import { rows } from '../json/is-json.ts'
import type { SpanEditor } from '../spans.ts'

/** So much of JSON is read at once, as it stays in the processor's cache. */
const batch = 60 << 10
const newline = 0x0a
const written = 'data: '
// Of each event that waits: where its line stands, and the text in it.
const ints = 3

export class JsonEvents {
  readonly #fields: FieldCursor
  readonly #root: Place
  readonly #editor: SpanEditor
  #reader: FastReader | null = null
  #kind: Texts = texts.rows
  readonly #json = new Bytes()
  readonly #masked = new Bytes()
  #events: number[] = []
  /** Whether the reader has taken anything of which the cursor may not have been told. */
  #isAhead = false

  /** null where events cannot be read so, for what the plan says or for how they are read here and now. */
  static of(fields: FieldCursor, root: Place, editor: SpanEditor): JsonEvents | null {
    return fields.waits || !canReadFast(fields) ? null : new JsonEvents(fields, root, editor)
  }

  private constructor(fields: FieldCursor, root: Place, editor: SpanEditor) {
    this.#fields = fields
    this.#root = root
    this.#editor = editor
  }

  /** Takes an event of one line with JSON in it, to be masked by `flush` at the latest: where line and text stand, and what is told of it. */
  add(told: Told, lineFrom: number, textFrom: number, to: number): void {
    const kind = told === rows ? texts.apart : texts.rows
    if (this.#reader === null || kind !== this.#kind) this.#begin(kind)
    const json = this.#json
    json.reserve(to - textFrom + 1)
    this.#editor.bytes.copy(json.bytes, json.length, textFrom, to)
    json.length += to - textFrom
    json.putByte(newline)
    this.#events.push(lineFrom, textFrom, to)
    if (json.length > batch) this.flush()
  }

  #begin(kind: Texts): void {
    this.end()
    this.#kind = kind
    this.#reader = new FastReader(this.#fields, kind, undefined, this.#root)
  }

  /** Masks the events that wait. */
  flush(): void {
    const json = this.#json
    if (json.length === 0) return
    this.#isAhead = true
    const { length } = json
    // What waits is forgotten first: it is not to be read again after a fault.
    json.length = 0
    const events = this.#events
    this.#events = []
    this.#masked.take(this.#reader!.write(json.bytes.subarray(0, length)))
    this.#putBack(events)
  }

  /** To be called before the cursor is asked for anything but these events, and when what was known of their values may go. */
  pause(): void {
    this.flush()
    if (this.#isAhead) this.#reader!.forget()
    this.#isAhead = false
  }

  end(): void {
    this.flush()
    this.#reader?.end()
    this.#reader = null
    this.#isAhead = false
  }

  /** Puts what became of the texts in their places: each is a line, as JSON has no line breaks in it. */
  #putBack(events: readonly number[]): void {
    const { bytes: masked, view, length } = this.#masked
    let at = 0
    let from = 0
    for (let event = 0; event < events.length; event += ints) {
      const [lineFrom, textFrom, to] = [events[event]!, events[event + 1]!, events[event + 2]!]
      const size = to - textFrom + 1
      const stays = at + size <= length && areAlike(view, at, this.#json.view, from, size)
      const end = stays ? at + size - 1 : masked.indexOf(newline, at)
      if (end < 0 || end >= length) throw lost()
      if (!stays) this.#replace(lineFrom, textFrom, to, at, end)
      at = end + 1
      from += size
    }
    if (at !== length) throw lost()
  }

  #replace(lineFrom: number, textFrom: number, to: number, begin: number, end: number): void {
    const isWritten = textFrom - lineFrom === written.length
    if (!isWritten) this.#editor.replace(lineFrom, textFrom, written)
    this.#editor.replaceBytes(textFrom, to, this.#masked.bytes, begin, end)
  }
}
