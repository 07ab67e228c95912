/**
 * Rows of elements that stand beside each other, as an array of objects in JSON, which the compiled reader of JSON masks several times as fast
 * as values can be offered one by one; what it makes of them is put back into their places, as csv/rows.ts does it for cells. To the
 * cursor both are the same: a row is an element of an array, and what stands in it a member.
 */
import { isUtf8 } from 'node:buffer'
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { areAlike, Bytes, behind, lost } from '../bytes.ts'
import { fault } from '../faults.ts'
import { texts } from '../json/fast/layout.ts'
import { canReadFast, FastReader } from '../json/fast/reader.ts'
import type { SpanEditor } from '../spans.ts'
import { isBlank } from './characters.ts'
import type { Namespaces } from './namespaces.ts'
import { inAttribute, inText, type RowShape, type Value } from './row-shape.ts'
import { hasValue, odd, unfinished, ValueText } from './row-values.ts'
import { asCdata, escapeAttribute, escapeText, resolve } from './text.ts'
import { cdataEnd, cdataStart } from './tokens.ts'

/** So much of JSON is read at once, as it stays in the processor's cache. */
const batch = 60 << 10
/** Longer rows are few, and read value by value. */
const longestRow = 16 << 10
const mostChildren = 256

// Of each value that waits for what becomes of it: the step ahead of it and whether a row begins with it, in one; where it stands, and
// where it does in JSON.
const ints = 5
const [stepShift, beginsRow] = [1, 1]

const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]
const [comma, quote, backslash] = [0x2c, 0x22, 0x5c]

/** Bytes of a masked text in JSON with which it is no text of XML yet. */
const writtenOtherwise = new Uint8Array(256)
for (const byte of Buffer.from('&<>\\')) writtenOtherwise[byte] = 1
writtenOtherwise[0xef] = 1

export class JsonRows {
  readonly #editor: SpanEditor
  readonly #namespaces: Namespaces
  readonly #shape: RowShape
  readonly #reader: FastReader
  readonly #longest: number
  readonly #json = new ValueText()
  readonly #masked = new Bytes()
  #values = new Int32Array(512)
  /** Of the values that wait, as ints; and between where their rows stand. */
  #waiting = 0
  #from = 0
  #to = 0
  /** The same ahead of the row last taken. */
  #before = { waiting: 0, length: 0, to: 0, begun: false }
  #begun = false
  #rests = true
  #row = 0

  /** Rows of a shape that stand at a place. */
  constructor(fields: FieldCursor, place: Place, shape: RowShape, editor: SpanEditor, namespaces: Namespaces) {
    this.#editor = editor
    this.#namespaces = namespaces
    this.#shape = shape
    this.#reader = new FastReader(fields, texts.one, undefined, place)
    this.#longest = Math.min(longestRow, fields.limits.scalar >> 3)
  }

  /** Whether rows can be read so at a place, here and now. */
  static canBeAt(fields: FieldCursor, place: Place): boolean {
    return canReadFast(fields) && fields.looksThrough(place) && fields.treatment(place) !== 'remove'
  }

  /** Takes the row that begins there; returns where it ends, or why it cannot be taken. */
  take(bytes: Buffer, view: DataView, from: number): number {
    const before = this.#before
    before.waiting = this.#waiting
    before.length = this.#json.length
    before.to = this.#to
    before.begun = this.#begun
    const to = this.#put(bytes, view, from)
    if (to < 0 || to - from > this.#longest) {
      this.#untake()
      return to === unfinished && bytes.length - from < this.#longest ? unfinished : odd
    }
    if (this.#from === this.#to) this.#from = from
    this.#to = to
    return to
  }

  /** The row last taken is not taken. */
  #untake(): void {
    const { waiting, length, to, begun } = this.#before
    this.#waiting = waiting
    this.#json.length = length
    this.#to = to
    this.#begun = begun
  }

  /** Whether enough rows wait to be masked together. */
  get isFull(): boolean {
    return this.#json.length > batch
  }

  #put(bytes: Buffer, view: DataView, from: number): number {
    const row = ++this.#row
    const json = this.#json
    let at = from
    let value: Value = this.#shape.start
    let isFirst = true
    let children = 0
    let labels: string[] | null = null
    json.reserve(2)
    json.putByte(this.#begun ? comma : openBracket)
    for (;;) {
      const step = this.#shape.after(value, bytes, view, at)
      if (step === null) return odd
      if (step === 'cut') return unfinished
      at += step.written.length
      children += step.children
      for (const member of step.members) {
        if (member.row === row) return odd
        member.row = row
      }
      if (step.value === null) break
      value = step.value
      const { name } = value.member!
      json.reserve(name.length + 8)
      const { length } = json
      json.putByte(isFirst ? openBrace : comma)
      json.put(name)
      const valueFrom = json.length
      const state = json.putValue(bytes, at, value)
      if (state < 0) return state
      if (value.writing === inAttribute && value.member!.isLabel) (labels ??= []).push(labelIn(bytes, at, json.end))
      if (state === hasValue) {
        this.#wait((step.number << stepShift) | (isFirst ? beginsRow : 0), valueFrom)
        isFirst = false
      } else json.length = length
      at = json.end
    }
    // The only text in a row of one could name a column, were the rows cells.
    if (children === 1 || children > mostChildren || (labels !== null && !this.#shape.isSaidBy(labels))) return odd
    if (isFirst) json.length--
    else {
      json.putByte(closeBrace)
      this.#begun = true
    }
    return at
  }

  #wait(what: number, valueFrom: number): void {
    const at = this.#waiting
    if (at + ints > this.#values.length) {
      const more = new Int32Array(this.#values.length * 2)
      more.set(this.#values)
      this.#values = more
    }
    const values = this.#values
    values[at] = what
    values[at + 1] = this.#json.from
    values[at + 2] = this.#json.to
    values[at + 3] = valueFrom
    values[at + 4] = this.#json.length
    this.#waiting = at + ints
  }

  /** Masks the rows that wait. */
  flush(): void {
    if (this.#to > this.#from && !isUtf8(this.#editor.bytes.subarray(this.#from, this.#to))) throw fault('not_utf8')
    this.#from = this.#to
    if (this.#waiting === 0) return
    this.#rests = false
    const json = this.#json
    this.#masked.take(this.#reader.write(json.bytes.subarray(0, json.length)))
    this.#putBack()
    json.length = 0
    this.#waiting = 0
  }

  /** To be called before the cursor is asked for anything but rows, and when what was known of their values may go. */
  pause(): void {
    this.flush()
    if (this.#rests) return
    this.#reader.forget()
    this.#rests = true
  }

  end(): void {
    this.flush()
    if (!this.#begun) return
    this.#reader.write(Buffer.of(closeBracket))
    this.#reader.end()
  }

  /** Puts what became of the values in their places. All of what was written is found again in what was masked, or it fails. */
  #putBack(): void {
    const { bytes: masked, view, length } = this.#masked
    const values = this.#values
    const { steps } = this.#shape
    let at = 0
    for (let nth = 0; nth < this.#waiting; nth += ints) {
      const what = values[nth]!
      if ((what & beginsRow) !== 0) {
        if (nth > 0) at = behind(masked, at, closeBrace)
        if (masked[at] === comma || masked[at] === openBracket) at++
        at = behind(masked, at, openBrace)
      } else if (masked[at] === comma) at++
      const { name } = steps[what >> stepShift]!.value!.member!
      if (areAlike(view, at, name.view, 0, name.length)) at = this.#putValueBack(nth, at + name.length)
      else this.#remove(nth)
    }
    if (behind(masked, at, closeBrace) !== length) throw lost()
  }

  /** Puts back the value that stands at `at`, and says where it ends. */
  #putValueBack(nth: number, at: number): number {
    const values = this.#values
    const { bytes: masked, view } = this.#masked
    const valueFrom = values[nth + 3]!
    const size = values[nth + 4]! - valueFrom
    if (areAlike(view, at, this.#json.view, valueFrom, size)) return at + size
    if (masked[at] !== quote) {
      if (masked.toString('latin1', at, at + 4) !== 'null') throw lost()
      this.#editor.replace(values[nth + 1]!, values[nth + 2]!, '***')
      return at + 4
    }
    let isPlain = true
    let end = at + 1
    for (; masked[end] !== quote; end++) {
      if (end >= masked.length) throw lost()
      if (writtenOtherwise[masked[end]!] === 0) continue
      isPlain = false
      if (masked[end] === backslash) end++
    }
    if (isPlain) this.#editor.replaceBytes(values[nth + 1]!, values[nth + 2]!, masked, at + 1, end)
    else this.#replace(nth, JSON.parse(masked.toString('utf8', at, end + 1)))
    return end + 1
  }

  #replace(nth: number, shown: string): void {
    const [from, to] = [this.#values[nth + 1]!, this.#values[nth + 2]!]
    const { writing } = this.#shape.steps[this.#values[nth]! >> stepShift]!.value!
    if (writing === inAttribute) this.#editor.replace(from, to, escapeAttribute(shown))
    else if (writing === inText) this.#editor.replace(from, to, escapeText(shown))
    else this.#replaceInSection(from, to, shown)
  }

  /** A text that can stand in no section takes the place of all of it. */
  #replaceInSection(from: number, to: number, shown: string): void {
    const cdata = asCdata(shown)
    if (cdata !== null) {
      this.#editor.replace(from, to, cdata)
      return
    }
    const { bytes } = this.#editor
    const begin = this.#beginning(from)
    const end = bytes.indexOf(cdataEnd, to)
    const [before, after] = [bytes.toString('latin1', begin, from), bytes.toString('latin1', to, end)]
    this.#editor.replace(begin - cdataStart.length, end + cdataEnd.length, before + escapeText(shown) + after)
  }

  /** An attribute goes with its name; an element is emptied, and nil where it can be. */
  #remove(nth: number): void {
    const [from, to] = [this.#values[nth + 1]!, this.#values[nth + 2]!]
    const { value, back } = this.#shape.steps[this.#values[nth]! >> stepShift]!
    if (value!.writing === inAttribute) {
      this.#editor.replace(from - back, to + 1, '')
      return
    }
    const nameTo = this.#beginning(from) - back
    const prefix = this.#namespaces.nilPrefix
    if (prefix !== null) this.#editor.replace(nameTo, nameTo, ` ${prefix}:nil="true"`)
    this.#editor.replace(from, to, '')
  }

  /** Where the value of an element begins with the blanks ahead of it: behind its tag, or the mark of a section. */
  #beginning(from: number): number {
    let at = from
    while (isBlank(this.#editor.bytes[at - 1]!)) at--
    return at
  }
}

/** An attribute's value as a label (XML 1.0, section 3.3.3). */
function labelIn(bytes: Buffer, from: number, to: number): string {
  return resolve(bytes.toString('utf8', from, to).replace(/[\t\n]/g, ' '))
}
