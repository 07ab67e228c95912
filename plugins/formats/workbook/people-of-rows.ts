/** The people of a row of a sheet, whose names stand in its other texts as well: `张三补考`, `=B2&"的电话"`. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { atOnce } from '../html/turns.ts'
import { Repeats } from '../repeats.ts'
import type { LabelledText } from '../text/labels.ts'
import { isText } from './offered.ts'
import type { CellAnswer, OfferedRows } from './protocol.ts'

/** Columns that are called so may be of things: whether a value is a person's is asked of the cursor. */
const ofThings = /^name$/i

export class PeopleOfRows {
  /** Whether the cursor is asked while names are noted. */
  readonly asks: boolean
  readonly #repeats: Repeats
  /** Of the row at hand, the values of columns that hold names and are masked. */
  readonly #values = new Set<string>()
  /** By column, where names of people stand; null: none do. */
  readonly #named: readonly (Place | null)[]
  /** By column, whether its texts are read as no field; and of columns without a name. */
  readonly #read: readonly boolean[]
  readonly #isRestRead: boolean

  /** Of rows that stand at `row`, by the names of their columns; null where none holds names of people. */
  static of(fields: FieldCursor, labels: LabelledText, row: Place, names: readonly string[]): PeopleOfRows | null {
    const places = names.map(name => fields.memberNamed(row, name))
    const named = places.map(place => ((fields.byteRule(place)?.person ?? null) === null ? null : place))
    if (named.every(place => place === null)) return null
    const isRead = (place: Place) => fields.treatment(place) === 'read'
    const asks = names.some((name, column) => ofThings.test(name) && named[column] !== null)
    const isRestRead = isRead(fields.memberNamed(row, ''))
    return new PeopleOfRows(new Repeats(fields, labels), named, places.map(isRead), isRestRead, asks)
  }

  private constructor(
    repeats: Repeats,
    named: readonly (Place | null)[],
    read: readonly boolean[],
    isRestRead: boolean,
    asks: boolean,
  ) {
    this.#repeats = repeats
    this.#named = named
    this.#read = read
    this.#isRestRead = isRestRead
    this.asks = asks
  }

  /** Changes the answers to the row whose cells are from one index up to another, where texts in it hold names that it masks. */
  hide(rows: OfferedRows, answers: CellAnswer[], from: number, to: number): void {
    const repeats = this.#repeats
    repeats.forget()
    this.#values.clear()
    for (let at = from; at < to; at++) {
      const answer = answers[at]!
      const place = this.#named[rows.columns[at]!] ?? null
      if (place === null || typeof answer !== 'string') continue
      repeats.note(place, rows.texts[at]!.trim(), answer)
      this.#values.add(rows.texts[at]!)
    }
    if (repeats.isEmpty) return
    for (let at = from; at < to; at++) answers[at] = this.#answer(rows, at, answers[at]!)
  }

  #answer({ columns, kinds, texts, formulas }: OfferedRows, at: number, answer: CellAnswer): CellAnswer {
    // A formula that came to such a value as a whole stays without its result (./hidden.ts): programs find it anew in what is shown.
    if (answer === true && formulas.has(at) && this.#values.has(texts[at]!)) return answer
    if (isText(kinds[at]!) && (this.#read[columns[at]!] ?? this.#isRestRead)) {
      const text = typeof answer === 'string' ? answer : texts[at]!
      const shown = atOnce(this.#repeats.hide(text))
      if (shown !== text) return shown
    }
    const formula = formulas.get(at) ?? ''
    return answer === true && atOnce(this.#repeats.hide(formula)) !== formula ? false : answer
  }
}
