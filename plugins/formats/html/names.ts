/** Which field a word of a page means: labels, names of inputs, ids. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { withoutWidget } from '../controls.ts'
import type { LabelledText } from '../text/labels.ts'

/** Longer texts are no label. */
export const maxLabel = 48

/** What between a label and its value says nothing. */
export const nothing = /^[\s:：*]*$/

const rank = { remove: 3, mask: 2, read: 1, copy: 0 } as const
const longestKept = 64
const longestPath = 256
const pathMarks = /[.[\]$:/]+/
const endOfPath = /_([A-Za-z\u4e00-\u9fff]+)$/
const mostKept = 2048

export class Names {
  readonly #fields: FieldCursor
  readonly #labels: LabelledText
  /** By place, what `path` says there. */
  readonly #paths = new Map<Place, Map<string, Place | null>>()
  #kept = 0

  constructor(fields: FieldCursor, labels: LabelledText) {
    this.#fields = fields
    this.#labels = labels
  }

  /** The place of what a label names: `* 手机号：`, `身份证号（必填）`; null where the plan knows nothing of it. */
  label(parent: Place, text: string): Place | null {
    if (text.length > maxLabel) return null
    const name = bare(text)
    const known = this.#known(parent, name)
    return known !== null || !inBrackets.test(name) ? known : this.#known(parent, withoutBrackets(name))
  }

  /** The same where nothing but its words makes it one: what people are is as often a value there, but with a colon. */
  bareLabel(parent: Place, text: string): Place | null {
    const place = this.label(parent, text)
    return place !== null && !endsInColon(text) && this.isOftenValue(bare(text)) ? null : place
  }

  /** The same for the last words of a text that ends with a colon. */
  trailing(parent: Place, text: string): Place | null {
    if (!endsInColon(text)) return null
    const last = text.slice(-maxLabel)
    const end = /([^\s:：;；,，。|]{1,32})[ \t\u00a0\u3000]*[:：][\s*＊]*$/.exec(last)
    return end === null ? null : this.label(parent, end[1]!)
  }

  /** Whether `label` (`marked`; else `bareLabel`) or `trailing` could find anything in a text, wherever it stands: wrong only by saying yes. */
  mayName(text: string, marked: boolean): boolean {
    const trimmed = text.trim()
    if (endsInColon(trimmed)) return true
    const name = bare(trimmed)
    if (name === '' || name.length > maxLabel) return false
    const mayKnow = this.#mayKnow(name) || (inBrackets.test(name) && this.#mayKnow(withoutBrackets(name)))
    return mayKnow && (marked || !this.isOftenValue(name))
  }

  /** Whether `path` could find anything in a name, wherever its element stands: wrong only by saying yes. */
  mayBePath(name: string): boolean {
    if (name.length > longestPath) return false
    const last = endOfPath.exec(name)?.[1]
    return (last !== undefined && this.#mayKnow(last)) || name.split(pathMarks).some(part => this.#mayKnow(part))
  }

  /** Whether a word says what people are: by itself it names no field. */
  isOftenValue(name: string): boolean {
    return this.#fields.isOftenValue(inBrackets.test(name) ? withoutBrackets(name) : name)
  }

  #mayKnow(name: string): boolean {
    if (this.#fields.namesField(name)) return true
    const field = withoutWidget(name)
    return field !== name && this.#fields.namesField(field)
  }

  /** The place that the name of an input means: `student[0].idCard`, `ctl00$Main$txtIdCard`. */
  path(parent: Place, name: string): Place | null {
    if (name.length > longestKept) return name.length > longestPath ? null : this.#path(parent, name)
    let known = this.#paths.get(parent)
    const found = known?.get(name)
    if (found !== undefined) return found
    const place = this.#path(parent, name)
    if (++this.#kept > mostKept) {
      this.#paths.clear()
      this.#kept = 0
      known = undefined
    }
    if (known === undefined) this.#paths.set(parent, (known = new Map()))
    known.set(name, place)
    return place
  }

  #path(parent: Place, name: string): Place | null {
    let place = parent
    let known = false
    for (const part of name.split(pathMarks)) {
      if (part === '') continue
      const found = this.#known(place, part)
      if (found !== null) known = true
      place = found ?? this.#fields.memberNamed(place, '')
    }
    if (known) return place
    const last = endOfPath.exec(name)?.[1]
    return last === undefined ? null : this.#known(parent, last)
  }

  /** The place where most is done with a value; the first of several. */
  strictest(places: readonly (Place | null)[]): Place | null {
    let best: Place | null = null
    for (const place of places) best = this.stricter(best, place)
    return best
  }

  /** The same of two. */
  stricter(one: Place | null, other: Place | null): Place | null {
    if (one === null || other === null || one === other) return one ?? other
    return this.#rank(other) > this.#rank(one) ? other : one
  }

  isTyped(place: Place): boolean {
    return this.#rank(place) >= rank.mask
  }

  isRemoved(place: Place): boolean {
    return this.#rank(place) === rank.remove
  }

  #rank(place: Place): number {
    return rank[this.#fields.standing(place)]
  }

  #known(parent: Place, name: string): Place | null {
    if (name === '') return null
    const found = this.#labels.placeOf(parent, name)
    const field = found === null ? withoutWidget(name) : name
    return field === name ? found : this.#labels.placeOf(parent, field)
  }
}

/** A label without what stands around its name. */
function bare(label: string): string {
  let from = 0
  let to = label.length
  while (from < to && isBefore(label.charCodeAt(from))) from++
  while (to > from && isBehind(label.charCodeAt(to - 1))) to--
  return label.slice(from, to)
}

/** `身份证号（必填）`. */
const inBrackets = /[\]】)）]$/

function withoutBrackets(name: string): string {
  return name.replace(/[（(【[][^（(【[\]】)）]*[\]】)）]$/, '')
}

/** Whether the end of a text, as far as it is looked at, is a colon, with blanks and stars behind it or none. */
export function endsInColon(text: string): boolean {
  const least = Math.max(0, text.length - maxLabel)
  for (let at = text.length - 1; at >= least; at--) {
    const code = text.charCodeAt(at)
    if (code === colon || code === wideColon) return true
    if (!isBehind(code)) return false
  }
  return false
}

const [colon, wideColon, star, wideStar] = [0x3a, 0xff1a, 0x2a, 0xff0a]
const blank = /\s/

/** What is no part of a name at the end of a label: blanks, colons and stars, and the arrows of columns that are sorted. */
function isBehind(code: number): boolean {
  if (code === colon || code === wideColon || code === star || code === wideStar || isArrow(code)) return true
  return code <= 0x20 || (code > 0x7f && !isLetter(code)) ? blank.test(String.fromCharCode(code)) : false
}

/** `↑ ↓ ↕ ⇅ ▲ ▼ △ ▽` and their kin. */
function isArrow(code: number): boolean {
  return (code >= 0x2190 && code <= 0x21ff) || (code >= 0x25b2 && code <= 0x25c5)
}

/** The same at its beginning, where points of lists stand as well. */
function isBefore(code: number): boolean {
  return code === 0x2022 || code === 0xb7 || isBehind(code)
}

function isSmall(code: number): boolean {
  return code >= 0x61 && code <= 0x7a
}

function isLetter(code: number): boolean {
  const isLatin = (code >= 0x41 && code <= 0x5a) || isSmall(code)
  return isLatin || (code >= 0x30 && code <= 0x39) || (code >= 0x4e00 && code <= 0x9fff)
}
