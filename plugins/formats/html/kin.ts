/**
 * Finds elements that stand beside each other and are alike (model.ts), as rows of tables are: they are compared with the one ahead of
 * them, and neither tokens nor nodes are made of them. The parser would do with each what it did with that one, as it stands as it stood
 * there: in the same element, with the same ones open around it and to be opened again.
 */
import { mayHaveKin, type NameTest } from './kin-outline.ts'
import { isBlank, saidIn } from './kin-text.ts'
import { Model } from './model.ts'
import { joined } from './outline.ts'
import type { KinToken, PageToken, TagToken } from './tokens.ts'
import { type Element, type Kin, type Parent, parentOf } from './tree.ts'

/** How the parser stands. */
export type Standing = {
  /** The element at hand, and how many are open around it. */
  readonly current: Parent
  readonly depth: number
  readonly mode: number
  /** The formatting element that would be opened again last. */
  readonly formatting: object | null
}

/** An element of the page by its first token and its last, and how many are in it; `model` is undefined until it was looked at. */
type Unit = {
  readonly around: Parent
  first: number
  last: number
  readonly size: number
  model: Model | null | undefined
}

/** Behind so many, those that were parsed are taken along. */
const many = 4

/** So often it is tried to no avail, of elements so deep in a page. */
const mostTries = 64

export class KinFinder {
  readonly #source: string
  readonly #units: Uint16Array
  readonly #tokens: PageToken[]
  readonly #names: NameTest
  /** By how many elements are open around it: the one last begun, and the one last ended. */
  readonly #begun: { first: number; ordinal: number; standing: Standing }[] = []
  readonly #ended: (Unit | undefined)[] = []
  #bounds = new Int32Array(256)
  /** How many elements have begun, and by depth how often it may be tried yet. */
  #elements = 0
  readonly #tries: number[] = []
  /** Whether any cell may reach into other rows. */
  #hasRowspan = false

  /** `tokens`: those of the page as they come. */
  constructor(source: string, units: Uint16Array, tokens: PageToken[], names: NameTest) {
    this.#source = source
    this.#units = units
    this.#tokens = tokens
    this.#names = names
  }

  /** A start tag has come, of which a token was made, and ahead of which the parser stood so. */
  begin(tag: TagToken, standing: () => Standing): void {
    this.#elements++
    for (const { name } of tag.attributes) if (name === 'rowspan') this.#hasRowspan = true
    if (!mayHaveKin(tag.name)) return
    const now = standing()
    this.#begun[now.depth] = { first: this.#tokens.length - 1, ordinal: this.#elements, standing: now }
  }

  /** Takes elements that stand behind the end tag that is the last token, and end by `end`; null: there are none. */
  take(standing: () => Standing, end: number): KinToken | null {
    const last = this.#tokens.length - 1
    const tag = this.#tokens[last]!
    if (tag.kind !== 'end' || tag.element === null || !mayHaveKin(tag.name)) return null
    const now = standing()
    const unit = this.#unit(tag.element, last, now)
    if (unit === null) return null
    const before = this.#ended[now.depth]
    this.#ended[now.depth] = unit
    if (before === undefined || before.around !== unit.around || before.size !== unit.size) return null
    if (!this.#isBehind(before, unit) || !this.#comesAgain(unit, tag.to, end)) return null
    const tries = this.#tries[now.depth] ?? mostTries
    if (tries === 0) return null
    this.#tries[now.depth] = tries - 1
    return this.#mayHaveKin(unit, tag.element, before) ? this.#takeBehind(before, unit, now.depth, tag.to, end) : null
  }

  /** The element that the last token ends, if the parser stands as it stood ahead of it. */
  #unit(element: Element, last: number, { current, depth, mode, formatting }: Standing): Unit | null {
    const begun = this.#begun[depth]
    if (begun === undefined || parentOf(element) !== current || current.childNodes.at(-1) !== element) return null
    const { first, standing } = begun
    const tag = this.#tokens[first]
    if (tag?.kind !== 'start' || tag.element !== element) return null
    if (standing.current !== current || standing.mode !== mode || standing.formatting !== formatting) return null
    return { around: current, first, last, size: this.#elements - begun.ordinal, model: undefined }
  }

  /** Whether one stands right behind another. */
  #isBehind(before: Unit, { first }: Unit): boolean {
    for (let at = before.last + 1; at < first; at++) {
      const token = this.#tokens[at]!
      if (token.kind !== 'text' || token.text.trim() !== '') return false
    }
    return true
  }

  /** Whether an element of this name comes once more, with attributes if this one has any. */
  #comesAgain({ first }: Unit, from: number, end: number): boolean {
    const units = this.#units
    const { from: like, name } = this.#tokens[first] as TagToken
    const at = this.#behindBlanks(from, end)
    if (at + name.length + 2 > end) return false
    for (let nth = 0; nth < name.length + 2; nth++) if (units[like + nth] !== units[at + nth]) return false
    return true
  }

  /**
   * What stands ahead of an element may say what it is, and it must be as it is for those behind it. Rows of a table are told by their
   * columns, which no such row names but the first.
   */
  #mayHaveKin(unit: Unit, element: Element, before: Unit): boolean {
    if (element.tagName !== 'tr') return this.#modelOf(before) !== null && this.#modelOf(unit) !== null
    const { tagName } = unit.around as Element
    return !this.#hasRowspan && (tagName === 'tbody' || tagName === 'tfoot') && this.#modelOf(unit) !== null
  }

  #modelOf(unit: Unit): Model | null {
    if (unit.model === undefined) {
      const tokens = this.#tokens.slice(unit.first, unit.last + 1)
      unit.model = Model.of(tokens, this.#source, this.#units, this.#names)
    }
    return unit.model
  }

  #takeBehind(before: Unit, unit: Unit, depth: number, from: number, end: number): KinToken | null {
    const model = unit.model!
    const width = model.gaps.length * 2
    // Ahead of their bounds is room for those of the two that were parsed.
    const room = width * 2
    let text: string | null = ''
    let length = room
    let to = from
    for (;;) {
      this.#reserve(length + width)
      const at = this.#behindBlanks(to, end)
      const next = model.match(at, end, this.#bounds, length)
      if (next < 0) break
      if (text !== null) text = joined(joined(text, saidIn(this.#source, to, at)), model.said)
      length += width
      to = next
    }
    if (length === room) return null
    this.#tries[depth] = mostTries
    const behind = (length - room) / width
    const node: Kin = { nodeName: '#kin', parentNode: unit.around, text, count: behind }
    unit.around.childNodes.push(node as never)
    const parsed = behind < many ? 0 : this.#takeParsed(before, unit, model)
    const begin = parsed === 0 ? from : this.#tokens[unit.first]!.from
    if (parsed > 0) this.#tokens.length = unit.first
    const bounds = this.#bounds.slice(room - parsed * width, length)
    const token: KinToken = { kind: 'kin', from: begin, to, model, count: parsed + behind, parsed, bounds }
    unit.last = this.#tokens.push(token) - 1
    return token
  }

  /**
   * Takes the last two elements along that are masked as those behind them, one or both: ahead of the first of all but rows may stand what
   * names it. Says how many; `unit` begins with the first of them then.
   */
  #takeParsed(before: Unit, unit: Unit, model: Model): number {
    if (!this.#isLike(unit, model, 1)) return 0
    const isRow = (this.#tokens[unit.first] as TagToken).name === 'tr'
    if (!isRow || !this.#isLike(before, model, 0)) return 1
    unit.first = before.first
    return 2
  }

  /** Whether an element that was parsed is as those behind it; then its bounds are put to where the `nth` has them. */
  #isLike({ first, last }: Unit, model: Model, nth: number): boolean {
    const [tag, { to }] = [this.#tokens[first]!, this.#tokens[last]!]
    return tag.kind === 'start' && model.match(tag.from, to, this.#bounds, nth * model.gaps.length * 2) === to
  }

  #reserve(length: number): void {
    if (length <= this.#bounds.length) return
    const wider = new Int32Array(length * 2)
    wider.set(this.#bounds)
    this.#bounds = wider
  }

  #behindBlanks(from: number, end: number): number {
    let at = from
    while (at < end && isBlank(this.#units[at]!)) at++
    return at
  }
}
