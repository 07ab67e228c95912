/** Server-sent events (WHATWG HTML, 9.2): each event is held until its blank line, and is a row. */
import type { FieldCursor, Place, Reader } from '../../../gateway/contracts.ts'
import { nextOf } from '../bytes.ts'
import { checkText, fault } from '../faults.ts'
import { notJson, rows, tellJson } from '../json/is-json.ts'
import { SpanEditor } from '../spans.ts'
import { LabelledText, shown } from '../text/labels.ts'
import { JsonEvents } from './json-events.ts'
import { QuietLines, valueFrom } from './quiet-lines.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
const colon = 0x3a
/** One event, unless the limits say otherwise: a page that shows data as it comes has no larger ones. */
const nothing = Buffer.alloc(0)
const eventLimit = 256 * 1024

type Line = { readonly from: number; readonly to: number; readonly field: string; readonly value: string }

export class EventStreamReader implements Reader {
  readonly #fields: FieldCursor
  /** Taken at the beginning: inside another body a reader stands where that body has it. */
  readonly #root: Place
  readonly #editor = new SpanEditor()
  readonly #most: number
  readonly #labels: LabelledText
  readonly #quiet: QuietLines
  /** null: each event is read by itself. */
  readonly #events: JsonEvents | null
  #bytes: Buffer = nothing
  #scanned = 0
  /** Where the lines of the event under way are, without their breaks. */
  #lines: number[] = []
  #lineFrom = 0
  #started = false

  constructor(fields: FieldCursor) {
    this.#fields = fields
    this.#root = fields.root
    this.#most = Math.min(fields.limits.event ?? eventLimit, fields.limits.scalar)
    this.#labels = new LabelledText(fields)
    this.#quiet = new QuietLines(fields, this.#root)
    this.#events = JsonEvents.of(fields, this.#root, this.#editor)
  }

  write(chunk: Uint8Array): Uint8Array[] {
    this.#editor.take(chunk)
    return this.#read(false)
  }

  end(): Uint8Array[] {
    const out = this.#read(true)
    this.#events?.end()
    return out
  }

  forget(): void {
    this.#events?.pause()
  }

  #read(last: boolean): Uint8Array[] {
    const editor = this.#editor
    this.#bytes = editor.bytes.subarray(0, editor.length)
    let from = 0
    try {
      from = this.#readEvents(last)
    } finally {
      // Also ahead of a fault: what is wrong with the events before it comes first.
      this.#events?.flush()
    }
    if (editor.length - from > this.#most) throw fault('scalar_too_large')
    this.#scanned -= from
    this.#lineFrom -= from
    this.#lines = this.#lines.map(offset => offset - from)
    return editor.give(from)
  }

  /** Reads all events that have ended; returns where the one under way begins. */
  #readEvents(last: boolean): number {
    const bytes = this.#bytes
    const { length } = bytes
    let from = 0
    let feed = nextOf(bytes, lineFeed, this.#scanned)
    let carriage = nextOf(bytes, carriageReturn, this.#scanned)
    this.#scanned = length
    for (let at = Math.min(feed, carriage); at < length; at = Math.min(feed, carriage)) {
      // What comes next may be the other half of this line break.
      if (at === carriage && at + 1 === length && !last) {
        this.#scanned = at
        return from
      }
      const blank = at === this.#lineFrom
      if (!blank) this.#lines.push(this.#lineFrom, at)
      const next = at === carriage && feed === at + 1 ? at + 2 : at + 1
      if (carriage < next) carriage = nextOf(bytes, carriageReturn, next)
      if (feed < next) feed = nextOf(bytes, lineFeed, next)
      this.#lineFrom = next
      if (!blank) continue
      this.#readEvent(from)
      from = next
    }
    if (!last) return from
    if (this.#lineFrom < length) this.#lines.push(this.#lineFrom, length)
    this.#readEvent(from)
    this.#lineFrom = length
    return length
  }

  #readEvent(from: number): void {
    const offsets = this.#lines
    this.#lines = []
    if (offsets.length === 0) return
    if (offsets.at(-1)! - from > this.#most) throw fault('scalar_too_large')
    if (this.#takes(offsets)) return
    this.#events?.pause()
    const lines: Line[] = []
    for (let at = 0; at < offsets.length; at += 2) lines.push(this.#line(offsets[at]!, offsets[at + 1]!))
    const data = lines.filter(({ field }) => field === 'data')
    const text = data.map(({ value }) => value).join('\n')
    const bytes = Buffer.from(text, 'utf8')
    const told = tellJson(bytes, 0, bytes.length)
    // An event is a row, unless it holds rows of its own.
    const isRow = told !== rows
    if (isRow) this.#fields.beginElement()
    const masked =
      data.length === 0 ? text : told === notJson ? this.#labels.mask(this.#root, text) : this.#json(text, bytes)
    this.#write(lines, masked === text ? null : masked)
    if (isRow) this.#fields.endElement()
  }

  /** Whether an event is one of JSON in one line that is masked with others, or stays as it is; its other lines ask for nothing. */
  #takes(offsets: readonly number[]): boolean {
    const bytes = this.#bytes
    if (this.#events === null || (!this.#started && bytes[offsets[0]!]! >= 0x80)) return false
    let data = -1
    for (let at = 0; at < offsets.length; at += 2) {
      const [from, to] = [offsets[at]!, offsets[at + 1]!]
      if (!isData(bytes, from, to)) {
        if (!this.#quiet.isQuiet(bytes, from, to)) return false
      } else if (data < 0) data = at
      else return false
    }
    if (data >= 0 && !this.#takesData(offsets[data]!, offsets[data + 1]!)) return false
    this.#started = true
    return true
  }

  #takesData(from: number, to: number): boolean {
    const bytes = this.#bytes
    const textFrom = valueFrom(bytes, from + dataName.length, to)
    const told = tellJson(bytes, textFrom, to)
    if (told === notJson) return this.#quiet.isQuietText(bytes, textFrom, to)
    this.#events!.add(told, from, textFrom, to)
    return true
  }

  #line(from: number, to: number): Line {
    const { bytes } = this.#editor
    checkText(bytes, from, to)
    let text = bytes.toString('utf8', from, to)
    if (!this.#started) {
      this.#started = true
      text = text.replace(/^\ufeff/, '')
    }
    const colon = text.indexOf(':')
    if (colon < 0) return { from, to, field: text, value: '' }
    return { from, to, field: text.slice(0, colon), value: text.slice(colon + 1).replace(/^ /, '') }
  }

  /** Lines of data are one text. Those that are changed stand where the first of them stood. */
  #write(lines: readonly Line[], masked: string | null): void {
    let written = false
    for (const line of lines) {
      if (line.field === 'data') {
        if (masked === null) continue
        this.#editor.replace(line.from, line.to, written ? ':' : dataLines(masked))
        written = true
      } else this.#other(line)
    }
  }

  #json(text: string, bytes: Buffer): string {
    const reader = this.#fields.part(this.#root, 'application/json', bytes)
    if (reader === null) return this.#whole(this.#root, text)
    return Buffer.concat([...reader.write(bytes), ...reader.end()]).toString('utf8')
  }

  /** `id`, `event`, comments, and what no browser knows: read like members of the event. */
  #other({ from, to, field, value }: Line): void {
    const root = this.#root
    const place = field === '' ? root : this.#fields.memberNamed(root, field)
    if (field !== '' && this.#fields.keyIsPersonal) {
      this.#editor.replace(from, to, ':')
      return
    }
    if (value === '') return
    const masked = place === root ? this.#labels.mask(root, value) : this.#whole(place, value)
    if (masked !== value) this.#editor.replace(from, to, `${field}: ${masked.replace(/[\r\n]+/g, ' ')}`)
  }

  #whole(place: Place, text: string): string {
    if (this.#fields.treatment(place) === 'copy') return text
    return shown(this.#fields.scalar(place, text, 'string'), text, this.#fields)
  }
}

function dataLines(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(line => `data: ${line}`)
    .join('\n')
}

const dataName = Buffer.from('data')

function isData(bytes: Buffer, from: number, to: number): boolean {
  for (let at = 0; at < dataName.length; at++) if (bytes[from + at] !== dataName[at]) return false
  const end = from + dataName.length
  return end === to || (end < to && bytes[end] === colon)
}
