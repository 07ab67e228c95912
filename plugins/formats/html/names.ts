/** Which field a word of a page means: labels, names of inputs, ids. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import type { LabelledText } from '../text/labels.ts'

/** Longer texts are no label. */
export const maxLabel = 48

/** What frameworks put before a field's name: `txtIdCard`, `lbl_xm`. */
const widget =
  /^(?:txt|lbl|lab|hid|hdn|hf|ddl|tb|rbl|cbl|rb|cb|lit|td|inp|input|sel|span|form|field)[_-]?(?=[A-Z\u4e00-\u9fff]|(?<=[_-]).)/

const rank = { remove: 3, mask: 2, read: 1, copy: 0 } as const

export class Names {
  readonly #fields: FieldCursor
  readonly #labels: LabelledText

  constructor(fields: FieldCursor, labels: LabelledText) {
    this.#fields = fields
    this.#labels = labels
  }

  /** The place of what a label names: `* 手机号：`, `身份证号（必填）`; null where the plan knows nothing of it. */
  label(parent: Place, text: string): Place | null {
    if (text.length > maxLabel) return null
    const name = text.replace(/^[\s*＊•·:：]+|[\s*＊:：]+$/g, '')
    if (name === '') return null
    const known = this.#known(parent, name)
    if (known !== null || !/[\]】)）]$/.test(name)) return known
    return this.#known(parent, name.replace(/[（(【[][^（(【[\]】)）]*[\]】)）]$/, ''))
  }

  /** The same for the last words of a text that ends with a colon. */
  trailing(parent: Place, text: string): Place | null {
    const last = text.slice(-maxLabel)
    if (!last.includes(':') && !last.includes('：')) return null
    const end = /([^\s:：;；,，。|]{1,32})[ \t\u00a0\u3000]*[:：][\s*＊]*$/.exec(last)
    return end === null ? null : this.label(parent, end[1]!)
  }

  /** The place that the name of an input means: `student[0].idCard`, `ctl00$Main$txtIdCard`. */
  path(parent: Place, name: string): Place | null {
    if (name.length > 256) return null
    let place = parent
    let known = false
    for (const part of name.split(/[.[\]$:/]+/)) {
      if (part === '') continue
      const found = this.#known(place, part)
      if (found !== null) known = true
      place = found ?? this.#fields.memberNamed(place, '')
    }
    if (known) return place
    const last = /_([A-Za-z\u4e00-\u9fff]+)$/.exec(name)?.[1]
    return last === undefined ? null : this.#known(parent, last)
  }

  /** The place where most is done with a value; the first of several. */
  strictest(places: readonly (Place | null)[]): Place | null {
    let best: Place | null = null
    for (const place of places) {
      if (place !== null && (best === null || this.#rank(place) > this.#rank(best))) best = place
    }
    return best
  }

  isTyped(place: Place): boolean {
    return this.#rank(place) >= rank.mask
  }

  #rank(place: Place): number {
    return rank[this.#fields.treatment(place)]
  }

  #known(parent: Place, name: string): Place | null {
    if (name === '') return null
    const plain = name.replace(widget, '')
    return this.#labels.placeOf(parent, name) ?? (plain === name ? null : this.#labels.placeOf(parent, plain))
  }
}
