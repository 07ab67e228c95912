/** Rows of elements that stand beside each other as JSON (../rows-as-json.ts). */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import type { Word } from '../bytes.ts'
import { lost } from '../faults.ts'
import {
  backslash,
  beginsRow,
  closeBrace,
  comma,
  ints,
  openBrace,
  openBracket,
  quote,
  whatShift,
} from '../rows-as-json.ts'
import { RowsInPlace } from '../rows-in-place.ts'
import type { SpanEditor } from '../spans.ts'
import { isBlank } from './characters.ts'
import type { Namespaces } from './namespaces.ts'
import { inAttribute, inText, type RowShape, type Value } from './row-shape.ts'
import { hasValue, odd, unfinished, ValueText } from './row-values.ts'
import { asCdata, escapeAttribute, escapeText, resolve } from './text.ts'
import { cdataEnd, cdataStart } from './tokens.ts'

const mostChildren = 256

/** Bytes of a masked text in JSON with which it is no text of XML yet. */
const writtenOtherwise = new Uint8Array(256)
for (const byte of Buffer.from('&<>\\')) writtenOtherwise[byte] = 1
writtenOtherwise[0xef] = 1

export class JsonRows extends RowsInPlace<ValueText> {
  readonly #namespaces: Namespaces
  readonly #shape: RowShape
  #row = 0

  /** Rows of a shape that stand at a place. */
  constructor(fields: FieldCursor, place: Place, shape: RowShape, editor: SpanEditor, namespaces: Namespaces) {
    super(fields, place, editor, new ValueText())
    this.#namespaces = namespaces
    this.#shape = shape
  }

  /** Takes the row that begins there; returns where it ends, or why it cannot be taken. */
  take(bytes: Buffer, view: DataView, from: number): number {
    this.beginRow()
    const to = this.#put(bytes, view, from)
    if (to < 0 || to - from > this.longest) {
      this.dropRow()
      return to === unfinished && bytes.length - from < this.longest ? unfinished : odd
    }
    this.passRow(from, to)
    return to
  }

  #put(bytes: Buffer, view: DataView, from: number): number {
    const row = ++this.#row
    const { json } = this
    let at = from
    let value: Value = this.#shape.start
    let isFirst = true
    let children = 0
    let labels: string[] | null = null
    json.reserve(2)
    json.putByte(this.begun ? comma : openBracket)
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
        this.#wait((step.number << whatShift) | (isFirst ? beginsRow : 0), valueFrom)
        isFirst = false
      } else json.length = length
      at = json.end
    }
    // The only text in a row of one could name a column, were the rows cells.
    if (children === 1 || children > mostChildren || (labels !== null && !this.#shape.isSaidBy(labels))) return odd
    if (isFirst) json.length--
    else {
      json.putByte(closeBrace)
      this.begun = true
    }
    return at
  }

  #wait(what: number, valueFrom: number): void {
    this.reserveValues(ints)
    const { values, json, waiting: at } = this
    values[at] = what
    values[at + 1] = json.from
    values[at + 2] = json.to
    values[at + 3] = valueFrom
    values[at + 4] = json.length
    this.waiting = at + ints
  }

  protected override nameOf(step: number): Word {
    return this.#shape.steps[step]!.value!.member!.name
  }

  protected override putText(nth: number, at: number): number {
    const { values } = this
    const { bytes: masked } = this.masked
    let isPlain = true
    let end = at + 1
    for (; masked[end] !== quote; end++) {
      if (end >= masked.length) throw lost()
      if (writtenOtherwise[masked[end]!] === 0) continue
      isPlain = false
      if (masked[end] === backslash) end++
    }
    if (isPlain) this.editor.replaceBytes(values[nth + 1]!, values[nth + 2]!, masked, at + 1, end)
    else this.replace(nth, JSON.parse(masked.toString('utf8', at, end + 1)))
    return end + 1
  }

  protected override replace(nth: number, shown: string): void {
    const [from, to] = [this.values[nth + 1]!, this.values[nth + 2]!]
    const { writing } = this.#shape.steps[this.whatOf(nth)]!.value!
    if (writing === inAttribute) this.editor.replace(from, to, escapeAttribute(shown))
    else if (writing === inText) this.editor.replace(from, to, escapeText(shown))
    else this.#replaceInSection(from, to, shown)
  }

  /** A text that can stand in no section takes the place of all of it. */
  #replaceInSection(from: number, to: number, shown: string): void {
    const cdata = asCdata(shown)
    if (cdata !== null) {
      this.editor.replace(from, to, cdata)
      return
    }
    const { bytes } = this.editor
    const begin = this.#beginning(from)
    const end = bytes.indexOf(cdataEnd, to)
    const [before, after] = [bytes.toString('latin1', begin, from), bytes.toString('latin1', to, end)]
    this.editor.replace(begin - cdataStart.length, end + cdataEnd.length, before + escapeText(shown) + after)
  }

  /** An attribute goes with its name; an element is emptied, and nil where it can be. */
  protected override remove(nth: number): void {
    const [from, to] = [this.values[nth + 1]!, this.values[nth + 2]!]
    const { value, back } = this.#shape.steps[this.whatOf(nth)]!
    if (value!.writing === inAttribute) {
      this.editor.replace(from - back, to + 1, '')
      return
    }
    const nameTo = this.#beginning(from) - back
    const prefix = this.#namespaces.nilPrefix
    if (prefix !== null) this.editor.replace(nameTo, nameTo, ` ${prefix}:nil="true"`)
    this.editor.replace(from, to, '')
  }

  /** Where the value of an element begins with the blanks ahead of it: behind its tag, or the mark of a section. */
  #beginning(from: number): number {
    let at = from
    while (isBlank(this.editor.bytes[at - 1]!)) at--
    return at
  }
}

/** An attribute's value as a label (XML 1.0, section 3.3.3). */
function labelIn(bytes: Buffer, from: number, to: number): string {
  return resolve(bytes.toString('utf8', from, to).replace(/[\t\n]/g, ' '))
}
