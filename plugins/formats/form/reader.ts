/** Pairs of names and values as forms send them; a pair is a member, its name's parts lead to it. */
import type { FieldCursor, Place, Reader } from '../../../gateway/contracts.ts'
import { withoutWidget } from '../controls.ts'
import { checkText, fault } from '../faults.ts'
import { SpanEditor } from '../spans.ts'
import { decodeForm, encodeForm, keySteps, keyTexts } from './key.ts'

const ampersand = 0x26
const equals = 0x3d
/** What is remembered of one body. */
const [mostNames, longestName] = [256, 64]

export class FormReader implements Reader {
  readonly #fields: FieldCursor
  /** Taken at the beginning: inside another body a reader stands where that body has it. */
  readonly #root: Place
  readonly #editor = new SpanEditor()
  #scanned = 0
  #kept = false
  #first = true
  /** The list whose element is under way as a row, as `rows[0]`. */
  #row: string | null = null
  #personal = 0
  readonly #fieldNames = new Map<string, string>()

  constructor(fields: FieldCursor) {
    this.#fields = fields
    this.#root = fields.root
  }

  write(chunk: Uint8Array): Uint8Array[] {
    this.#editor.take(chunk)
    return this.#read(false)
  }

  end(): Uint8Array[] {
    const out = this.#read(true)
    this.#enterRow(null)
    return out
  }

  #read(last: boolean): Uint8Array[] {
    const editor = this.#editor
    // From here on bytes are of a pair, with the ampersand before it.
    let from = 0
    const bytes = editor.bytes.subarray(0, editor.length)
    for (let at = bytes.indexOf(ampersand, this.#scanned); at >= 0; at = bytes.indexOf(ampersand, at + 1)) {
      this.#readPair(from, at)
      from = at
      this.#first = false
    }
    if (last) {
      this.#readPair(from, editor.length)
      from = editor.length
    }
    if (editor.length - from > this.#fields.limits.scalar) throw fault('scalar_too_large')
    this.#scanned = editor.length - from
    return editor.give(from)
  }

  /** `from` is at the ampersand before the pair; the first has none. An empty pair stays as it is. */
  #readPair(from: number, to: number): void {
    const { bytes } = this.#editor
    checkText(bytes, from, to)
    const nameFrom = this.#first ? from : from + 1
    let nameTo = nameFrom
    while (nameTo < to && bytes[nameTo] !== equals) nameTo++
    const decided =
      nameFrom === to ? same : this.#decide(decoded(bytes, nameFrom, nameTo), decoded(bytes, nameTo + 1, to))
    if (decided === null) {
      this.#editor.replace(from, to, '')
      return
    }
    if (!this.#kept && nameFrom > from) this.#editor.replace(from, nameFrom, '')
    this.#kept = true
    if (decided.name !== null) this.#editor.replace(nameFrom, nameTo, encodeForm(decided.name))
    if (decided.value !== null) this.#editor.replace(nameTo + 1, to, encodeForm(decided.value))
  }

  /** What name and value become, null where they stay; null altogether where the pair goes. */
  #decide(name: string, value: string): Decided | null {
    const fields = this.#fields
    let texts: string[] | null = null
    let place: Place = this.#root
    let shownName: string | null = null
    let row: string | null = null
    for (const step of keySteps(name)) {
      if ('index' in step) {
        place = fields.element(place, step.index ?? 0)
        row ??= step.index === null ? null : `${step.index}`
        continue
      }
      place = fields.memberNamed(place, this.#fieldOf(step.name))
      if (!fields.keyIsPersonal) continue
      const outcome = fields.key(step.name, ++this.#personal)
      if (outcome === 'remove') return null
      if (outcome !== 'keep') {
        texts ??= keyTexts(name)
        texts[texts.indexOf(step.name)] = fields.replacement
        shownName = texts.join('')
      }
    }
    this.#enterRow(row)
    if (value === '' || fields.treatment(place) === 'copy') return { name: shownName, value: null }
    const outcome = fields.scalar(place, value, 'string')
    if (outcome === 'remove') return null
    const shownValue = outcome === 'keep' ? null : outcome === 'text' ? fields.replacement : '***'
    return { name: shownName, value: shownValue }
  }

  /** The name of a control's field. Names come again in each row. */
  #fieldOf(name: string): string {
    const known = this.#fieldNames.get(name)
    if (known !== undefined) return known
    const field = this.#fields.namesField(name) ? name : withoutWidget(name)
    if (this.#fieldNames.size < mostNames && name.length <= longestName) this.#fieldNames.set(name, field)
    return field
  }

  /** Elements of lists are rows, while pairs of one element stand together. */
  #enterRow(row: string | null): void {
    if (row === this.#row) return
    if (this.#row !== null) this.#fields.endElement()
    if (row !== null) this.#fields.beginElement()
    this.#row = row
  }
}

type Decided = { readonly name: string | null; readonly value: string | null }

const same: Decided = { name: null, value: null }

function decoded(bytes: Buffer, from: number, to: number): string {
  const text = from < to ? decodeForm(bytes.toString('utf8', from, to)) : ''
  if (text === null) throw fault('malformed')
  return text
}
