/** Server-sent events (WHATWG HTML, 9.2): each event is held until its blank line, and is a row. */
import type { FieldCursor, Place, Reader } from '../../../gateway/contracts.ts'
import { checkText, fault } from '../faults.ts'
import { SpanEditor } from '../spans.ts'
import { LabelledText, shown } from '../text/labels.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
/** One event, unless the limits say otherwise: a page that shows data as it comes has no larger ones. */
const eventLimit = 256 * 1024

type Line = { readonly from: number; readonly to: number; readonly field: string; readonly value: string }

export class EventStreamReader implements Reader {
  readonly #fields: FieldCursor
  /** Taken at the beginning: inside another body a reader stands where that body has it. */
  readonly #root: Place
  readonly #editor = new SpanEditor()
  readonly #most: number
  readonly #labels: LabelledText
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
  }

  write(chunk: Uint8Array): Uint8Array[] {
    this.#editor.take(chunk)
    return this.#read(false)
  }

  end(): Uint8Array[] {
    return this.#read(true)
  }

  #read(last: boolean): Uint8Array[] {
    const editor = this.#editor
    let from = 0
    let at = this.#scanned
    for (; at < editor.length; at++) {
      const byte = editor.bytes[at]!
      if (byte !== lineFeed && byte !== carriageReturn) continue
      if (byte === carriageReturn && at + 1 === editor.length && !last) break
      const blank = at === this.#lineFrom
      if (!blank) this.#lines.push(this.#lineFrom, at)
      if (byte === carriageReturn && at + 1 < editor.length && editor.bytes[at + 1] === lineFeed) at++
      this.#lineFrom = at + 1
      if (!blank) continue
      this.#readEvent(from)
      from = at + 1
    }
    if (last) {
      if (this.#lineFrom < editor.length) this.#lines.push(this.#lineFrom, editor.length)
      this.#readEvent(from)
      from = editor.length
      this.#lineFrom = from
    }
    if (editor.length - from > this.#most) throw fault('scalar_too_large')
    this.#scanned = at - from
    this.#lineFrom -= from
    this.#lines = this.#lines.map(offset => offset - from)
    return editor.give(from)
  }

  #readEvent(from: number): void {
    const offsets = this.#lines
    this.#lines = []
    if (offsets.length === 0) return
    if (offsets.at(-1)! - from > this.#most) throw fault('scalar_too_large')
    const lines: Line[] = []
    for (let at = 0; at < offsets.length; at += 2) lines.push(this.#line(offsets[at]!, offsets[at + 1]!))
    const data = lines.filter(({ field }) => field === 'data')
    const text = data.map(({ value }) => value).join('\n')
    const json = parsed(text)
    // An event is a row, unless it holds rows of its own.
    const isRow = json === undefined || !holdsRows(json)
    if (isRow) this.#fields.beginElement()
    const masked =
      data.length === 0 ? text : json === undefined ? this.#labels.mask(this.#root, text) : this.#json(text)
    this.#write(lines, masked === text ? null : masked)
    if (isRow) this.#fields.endElement()
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

  #json(text: string): string {
    const bytes = Buffer.from(text, 'utf8')
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

/** The object, array or string that a text is in JSON; undefined for any other text. */
function parsed(text: string): object | string | undefined {
  if (!/^\s*[[{"]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether an array of objects or arrays is somewhere in a value. */
function holdsRows(json: object | string): boolean {
  const left: object[] = typeof json === 'string' ? [] : [json]
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    const inner = Object.values(at).filter(value => typeof value === 'object' && value !== null)
    if (Array.isArray(at) && inner.length > 0) return true
    left.push(...inner)
  }
  return false
}
