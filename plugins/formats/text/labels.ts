/**
 * Values that a name stands before in running text: `姓名：张三`, `tel=13800138000`, `"idCard": "…"`. A name counts
 * only where the plan of fields knows it; everything else is read as free text.
 */
import type { FieldCursor, Outcome, Place } from '../../../gateway/contracts.ts'
import { type StatedValue, Statements } from './statements.ts'
import { type Mark, marksIn, startOfWord, typedValueIn, unit, unitAt, valueAt } from './words.ts'

/** A name with its separator, and the value behind it, as offsets into the text. */
export type Labelled = {
  readonly place: Place
  readonly from: number
  readonly valueFrom: number
  readonly valueTo: number
}

/** A name of a member, and where it leads from. */
export type Named = { readonly parent: Place; readonly name: string }

/** Chinese runs words together: names are looked for at the end of a run, down to two characters. */
const maxHanLabel = 12
const maxRemembered = 4096

/** The name of a field that a word ends with, by its length, and the place of the field. */
type Label = { readonly place: Place; readonly length: number }

const none: readonly Labelled[] = []
/** Behind a separator: `xm:`, `["xm"]=>`. */
const nothingMore = /^>?\s*$/

export class LabelledText {
  readonly #fields: FieldCursor
  readonly #known = new Remembered<Place>()
  readonly #labels = new Remembered<Label>()
  readonly #unnamed = new Map<Place, Place>()
  readonly #named = new Map<Place, Named>()
  /** The place of a name with nothing behind it at the end of the text last read; null: there was none. */
  open: Place | null = null

  constructor(fields: FieldCursor) {
    this.#fields = fields
  }

  /** The text with what is personal in it masked, as free text that stands at `place`; itself where nothing is. */
  mask(place: Place, text: string): string {
    return this.maskAround(place, text, this.find(place, text))
  }

  /** The same of a text in which these have been found. */
  maskAround(place: Place, text: string, labelled: readonly Labelled[]): string {
    let masked = ''
    let done = 0
    for (const { place: named, from, valueFrom, valueTo } of labelled) {
      masked += this.#free(place, text.slice(done, from)) + text.slice(from, valueFrom)
      masked += this.#shown(text.slice(valueFrom, valueTo), named)
      done = valueTo
    }
    return masked + this.#free(place, text.slice(done))
  }

  /**
   * Names that the plan knows with their values, in order and apart; of rows that SQL puts into a table what their columns name. `statements`
   * knows what stood ahead of the text.
   */
  find(place: Place, text: string, statements = new Statements()): readonly Labelled[] {
    this.open = null
    const stated = statements.find(text)
    if (stated.length > 0) return this.#stated(place, stated)
    const marks = marksIn(text)
    if (marks.length === 0) return none
    const found: Labelled[] = []
    let from = 0
    for (const [index, mark] of marks.entries()) {
      if (mark.at < from) continue
      const label = this.#label(place, text, from, mark)
      if (label === null) continue
      const { valueFrom, valueTo } = valueAt(text, mark.at + 1, marks[index + 1]?.wordFrom ?? text.length)
      if (valueTo > valueFrom) found.push({ place: label.place, from: label.from, valueFrom, valueTo })
      else if (nothingMore.test(text.slice(mark.at + 1))) this.open = label.place
      from = Math.max(valueTo, mark.at + 1)
    }
    return found
  }

  #stated(place: Place, values: readonly StatedValue[]): Labelled[] {
    const found: Labelled[] = []
    for (const { column, from, to } of values) {
      const named = this.placeOf(place, column)
      if (named !== null) found.push({ place: named, from, valueFrom: from, valueTo: to })
    }
    return found
  }

  /** The place of a member so named; null where the plan knows nothing of it. */
  placeOf(parent: Place, name: string): Place | null {
    if (!this.#fields.namesField(name)) return null
    const known = this.#known.get(parent, name)
    if (known !== undefined) return known
    let unnamed = this.#unnamed.get(parent)
    if (unnamed === undefined) this.#unnamed.set(parent, (unnamed = this.#fields.memberNamed(parent, '')))
    const place = this.#fields.memberNamed(parent, name)
    const result = place === unnamed ? null : place
    this.#known.set(parent, name, result)
    if (result !== null) this.#named.set(result, { parent, name })
    return result
  }

  /** What a place was found by; null where it was found by nothing. */
  nameOf(place: Place): Named | null {
    return this.#named.get(place) ?? null
  }

  /** The longest run of words before the separator that is a name. */
  #label(
    parent: Place,
    text: string,
    least: number,
    { wordFrom, wordTo }: Mark,
  ): { place: Place; from: number } | null {
    if (wordFrom >= least) {
      for (const from of startsBefore(text, wordFrom, least)) {
        const place = this.placeOf(parent, text.slice(from, wordTo))
        if (place !== null) return { place, from }
      }
    }
    const word = text.slice(wordFrom, wordTo)
    const label = wordFrom >= least ? this.#nameOf(parent, word) : this.#endOf(parent, word, least - wordFrom)
    return label === null ? null : { place: label.place, from: wordTo - label.length }
  }

  /** The name that a word is or ends with; the same words of Chinese come again and again. */
  #nameOf(parent: Place, word: string): Label | null {
    if (!mayEndInName(word)) {
      const place = this.placeOf(parent, word)
      return place === null ? null : { place, length: word.length }
    }
    const known = this.#labels.get(parent, word)
    if (known !== undefined) return known
    const place = this.placeOf(parent, word)
    const label = place !== null ? { place, length: word.length } : this.#endOf(parent, word, 0)
    this.#labels.set(parent, word, label)
    return label
  }

  /** The name at the end of a word that is more than it; `least` is where it may begin. */
  #endOf(parent: Place, word: string, least: number): Label | null {
    // `Student(xm=…`, `user.xm=…`: what a name is in stands before it without a blank.
    const inner = Math.max(word.lastIndexOf('('), word.lastIndexOf('（'), word.lastIndexOf('.')) + 1
    const place = inner > 0 && inner >= least ? this.placeOf(parent, word.slice(inner)) : null
    if (place !== null) return { place, length: word.length - inner }
    for (let from = Math.max(1, word.length - maxHanLabel, least); from <= word.length - 2; from++) {
      if ((unitAt(word, from) & unit.han) === 0) continue
      const place = this.placeOf(parent, word.slice(from))
      if (place !== null) return { place, length: word.length - from }
    }
    return null
  }

  /** A text that is the value of a name that stood before it, unless it begins with a name itself. */
  maskValue(named: Place, place: Place, text: string): string {
    const from = text.length - text.trimStart().length
    const to = text.trimEnd().length
    if (marksIn(text.slice(0, to))[0]?.wordFrom === from) return this.mask(place, text)
    this.open = null
    const typed = typedValueIn(text)
    if (typed !== null) return this.maskAround(place, text, [{ place: named, from: typed.valueFrom, ...typed }])
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

/** Whether a word may be more than a name and end with it: times and numbers, of which most are met once, are not. */
function mayEndInName(word: string): boolean {
  for (let at = 0; at < word.length; at++) if ((unitAt(word, at) & unit.han) !== 0) return true
  return word.includes('(') || word.includes('（') || word.includes('.')
}

/** Where names of more than one word may begin that end with the word that begins at `wordFrom`, the longest first; four words at most. */
function startsBefore(text: string, wordFrom: number, least: number): number[] {
  const starts: number[] = []
  for (let at = wordFrom; starts.length < 3; ) {
    if (at - 2 < least || (unitAt(text, at - 1) & unit.blank) === 0) break
    const before = startOfWord(text, at - 1)
    if (before === at - 1 || before < least) break
    starts.unshift(before)
    at = before
  }
  return starts
}

/** What is known of words by the place they stand at; of so many only as they are at most, so that a body cannot fill memory. */
class Remembered<Value> {
  readonly #byPlace = new Map<Place, Map<string, Value | null>>()
  #size = 0

  /** undefined: nothing is known; null: there is nothing. */
  get(place: Place, word: string): Value | null | undefined {
    return this.#byPlace.get(place)?.get(word)
  }

  set(place: Place, word: string, value: Value | null): void {
    if (++this.#size > maxRemembered) {
      this.#byPlace.clear()
      this.#size = 1
    }
    const words = this.#byPlace.get(place) ?? new Map()
    this.#byPlace.set(place, words.set(word, value))
  }
}

/**
 * Whether a text inside a value has names of the plan in Latin letters before what stands in it, as programs write them; or labels of which
 * no detector would know what stands behind them: `诊断：冠心病`. Of others it is for the detector to say, as people write those in
 * sentences and messages too.
 */
export function namesValues(text: string, fields: FieldCursor): boolean {
  const labels = new LabelledText(fields)
  const found = labels.find(fields.root, text).some(one => {
    if (/[A-Za-z_]/.test(text[one.from]!)) return true
    return fields.isToldByName(one.place) && isLabel(text, one, fields)
  })
  return found || endsInLabel(text, labels, fields)
}

/** Whether a line ends with such a label, and its value is the next. */
function endsInLabel(text: string, labels: LabelledText, fields: FieldCursor): boolean {
  const lines = text.includes('\n') ? text.trimEnd().split(/\r?\n/) : []
  return lines.slice(0, -1).some(line => {
    labels.find(fields.root, line)
    return labels.open !== null && fields.isToldByName(labels.open)
  })
}

/** What forms say of a field, and nobody of a person. */
const saysOfField =
  /^(?:不[能可得]为?空|不[能可得]超过|不正确|不合法|不存在|已存在|未填|必填|必须|请?(?:输入|选择|填写|上传|核对)|格式|长度|无效|有误|错误|为空)/

/**
 * Whether a name stands as a label, and not at the end of a word, as `工资` does in `各地最低工资：`. What goes as a whole counts there
 * as well: `出院诊断：`.
 */
function isLabel(text: string, { place, from, valueFrom, valueTo }: Labelled, fields: FieldCursor): boolean {
  const isWord = from === 0 || (unitAt(text, from - 1) & unit.han) === 0
  return (isWord || fields.treatment(place) === 'remove') && !saysOfField.test(text.slice(valueFrom, valueTo))
}

/** What stands for a text after the cursor has decided. */
export function shown(outcome: Outcome, text: string, fields: FieldCursor): string {
  if (outcome === 'keep') return text
  if (outcome === 'text') return fields.replacement
  return outcome === 'redact' ? '***' : ''
}
