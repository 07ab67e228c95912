/**
 * Values that a name stands before in running text: `姓名：张三`, `tel=13800138000`, `"idCard": "…"`. A name counts
 * only where the plan of fields knows it; everything else is read as free text.
 */
import type { FieldCursor, Outcome, Place } from '../../../gateway/contracts.ts'

/** A name with its separator, and the value behind it, as offsets into the text. */
export type Labelled = {
  readonly place: Place
  readonly from: number
  readonly valueFrom: number
  readonly valueTo: number
}

/** Longer runs of letters are no name. */
const maxLabel = 48
/** Chinese runs words together: names are looked for at the end of a run, down to two characters. */
const maxHanLabel = 12
const maxRemembered = 4096

const labelCharacter = /[\p{L}\p{N}_\-.·*#/（）()]/u
const startsLabel = /\p{L}|_/u
const blank = /[ \t\u00a0\u3000]/
const han = /\p{Script=Han}/u
const separators = /[:：=＝]/g
/** What certainly ends a value: the end of a sentence or a column. Blanks do not: `张  三` is one name. */
const valueEnd = /[;；|\t\r\n。]/

export class LabelledText {
  readonly #fields: FieldCursor
  readonly #known = new Map<string, Place | null>()
  readonly #unnamed = new Map<Place, Place>()
  /** The place of a name with nothing behind it at the end of the text last read; null: there was none. */
  open: Place | null = null

  constructor(fields: FieldCursor) {
    this.#fields = fields
  }

  /** The text with what is personal in it masked, as free text that stands at `place`; itself where nothing is. */
  mask(place: Place, text: string): string {
    let masked = ''
    let done = 0
    for (const { place: named, from, valueFrom, valueTo } of this.find(place, text)) {
      masked += this.#free(place, text.slice(done, from)) + text.slice(from, valueFrom)
      masked += this.#shown(text.slice(valueFrom, valueTo), named)
      done = valueTo
    }
    return masked + this.#free(place, text.slice(done))
  }

  /** Names that the plan knows with their values, in order and apart. */
  find(place: Place, text: string): Labelled[] {
    const found: Labelled[] = []
    let from = 0
    this.open = null
    const marks = labelMarks(text)
    for (const [index, mark] of marks.entries()) {
      if (mark.at < from) continue
      const label = this.#label(place, text, from, mark)
      if (label === null) continue
      const { valueFrom, valueTo } = valueAt(text, mark.at + 1, marks[index + 1]?.wordFrom ?? text.length)
      if (valueTo > valueFrom) found.push({ place: label.place, from: label.from, valueFrom, valueTo })
      else if (text.slice(mark.at + 1).trim() === '') this.open = label.place
      from = Math.max(valueTo, mark.at + 1)
    }
    return found
  }

  /** The place of a member so named; null where the plan knows nothing of it. */
  placeOf(parent: Place, name: string): Place | null {
    if (!this.#fields.namesField(name)) return null
    const key = `${parent} ${name}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    let unnamed = this.#unnamed.get(parent)
    if (unnamed === undefined) this.#unnamed.set(parent, (unnamed = this.#fields.memberNamed(parent, '')))
    const place = this.#fields.memberNamed(parent, name)
    const result = place === unnamed ? null : place
    if (this.#known.size < maxRemembered) this.#known.set(key, result)
    return result
  }

  /** The longest run of words before the separator that is a name. */
  #label(
    parent: Place,
    text: string,
    least: number,
    { wordFrom, wordTo }: Mark,
  ): { place: Place; from: number } | null {
    const starts = [wordFrom]
    for (let at = wordFrom; starts.length < 4; ) {
      if (!blank.test(text[at - 1] ?? '') || at - 2 < least) break
      const before = wordStart(text, at - 1)
      if (before === at - 1 || before < least) break
      starts.unshift(before)
      at = before
    }
    for (const from of starts.filter(from => from >= least)) {
      const place = this.placeOf(parent, text.slice(from, wordTo))
      if (place !== null) return { place, from }
    }
    // `Student(xm=…`, `user.xm=…`: what a name is in stands before it without a blank.
    const inner = wordFrom + text.slice(wordFrom, wordTo).search(/[^(（.]*$/)
    const place = inner > wordFrom && inner >= least ? this.placeOf(parent, text.slice(inner, wordTo)) : null
    if (place !== null) return { place, from: inner }
    for (let from = Math.max(wordFrom + 1, wordTo - maxHanLabel, least); from <= wordTo - 2; from++) {
      if (!han.test(text[from]!)) continue
      const place = this.placeOf(parent, text.slice(from, wordTo))
      if (place !== null) return { place, from }
    }
    return null
  }

  /** A text that is the value of a name that stood before it, unless it begins with a name itself. */
  maskValue(named: Place, place: Place, text: string): string {
    const from = text.length - text.trimStart().length
    const to = text.trimEnd().length
    if (labelMarks(text.slice(0, to))[0]?.wordFrom === from) return this.mask(place, text)
    this.open = null
    return to <= from ? text : text.slice(0, from) + this.#shown(text.slice(from, to), named) + text.slice(to)
  }

  #free(place: Place, text: string): string {
    if (text.trim() === '' || this.#fields.treatment(place) === 'copy') return text
    return this.#shown(text, place)
  }

  #shown(text: string, place: Place): string {
    return shown(this.#fields.scalar(place, text, 'string'), text, this.#fields)
  }
}

/** Whether a text inside a value has names of the plan in Latin letters before what stands in it, as programs write them. */
export function namesValues(text: string, fields: FieldCursor): boolean {
  return new LabelledText(fields).find(fields.root, text).some(({ from }) => /[A-Za-z_]/.test(text[from]!))
}

/** What stands for a text after the cursor has decided. */
export function shown(outcome: Outcome, text: string, fields: FieldCursor): string {
  if (outcome === 'keep') return text
  if (outcome === 'text') return fields.replacement
  return outcome === 'redact' ? '***' : ''
}

/** A separator with a word before it that could be a name. */
type Mark = { readonly at: number; readonly wordFrom: number; readonly wordTo: number }

function labelMarks(text: string): Mark[] {
  const marks: Mark[] = []
  for (const { index } of text.matchAll(separators)) {
    let to = index
    while (to > 0 && index - to < 8 && /[ \t\u00a0\u3000"'\\”’*\]]/.test(text[to - 1]!)) to--
    const from = wordStart(text, to)
    if (from < to && startsLabel.test(text.slice(from, to))) marks.push({ at: index, wordFrom: from, wordTo: to })
  }
  return marks
}

function wordStart(text: string, to: number): number {
  let from = to
  while (from > 0 && to - from < maxLabel && labelCharacter.test(text[from - 1]!)) from--
  return from
}

/** The value behind a separator: what is quoted, or all up to what ends it or the next name. */
function valueAt(text: string, from: number, next: number): { valueFrom: number; valueTo: number } {
  let at = from
  if (text[at] === '>') at++
  while (at < text.length && blank.test(text[at]!)) at++
  const quote = /\\*["'“‘「『]/y
  quote.lastIndex = at
  const opened = quote.exec(text)?.[0]
  if (opened !== undefined) {
    const inner = at + opened.length
    return { valueFrom: inner, valueTo: quoteEnd(text, inner, opened) }
  }
  const end = text.slice(at, next).search(valueEnd)
  let to = end < 0 ? next : at + end
  while (to > at && /[\s,，、&"'“‘（([{}\\]/.test(text[to - 1]!)) to--
  // What is closed behind it was opened before its name: `Student(xm=…)`.
  if (/^[^(（]+[)）]$/.test(text.slice(at, to))) to--
  return { valueFrom: at, valueTo: Math.max(at, to) }
}

const closers: Readonly<Record<string, string>> = { '“': '”', '‘': '’', '「': '」', '『': '』' }

function quoteEnd(text: string, from: number, opened: string): number {
  const quote = opened.at(-1)!
  const closer = opened.slice(0, -1) + (closers[quote] ?? quote)
  for (let at = text.indexOf(closer, from); at >= 0; at = text.indexOf(closer, at + 1)) {
    const escaped = opened.length === 1 && text[at - 1] === '\\' && at > from
    if (!escaped) return at
  }
  return text.length
}
