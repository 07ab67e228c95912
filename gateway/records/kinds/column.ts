/** How a kind of record is declared: its keys in a fixed order, each with its shape. */
import { basisKinds } from '../../config/config.ts'
import type { Shape } from '../shapes.ts'
import * as is from '../shapes.ts'

/** `in` the draft, `key` in the line; optional ones are left out of the line where they are null or absent. */
export type Column = {
  readonly key: string
  readonly in: string
  /** Its value in a draft. A function of its own costs a fifth of asking any draft for any key. */
  of(draft: object): unknown
  readonly need: 'always' | 'optional'
  readonly shape: Shape
  /** What stands before its value. */
  readonly ahead: string
  /** The columns that begin with this one, where they are `together`. */
  readonly run: Run | null
}

/** A value of a draft that has the key. */
type Of<In> = (draft: In) => unknown

function columnOf<In>(key: string, from: string, shape: Shape, need: Column['need'], of?: Of<In>): Column {
  const ofAny: Column['of'] = draft => (draft as Record<string, unknown>)[from]
  return { key, in: from, of: (of as Column['of'] | undefined) ?? ofAny, need, shape, ahead: `,"${key}":`, run: null }
}

/** One that every record of the kind has. `from`: its name in the draft, where that is another. */
export const column = <In>(key: string, shape: Shape, of?: Of<In>, from = key): Column =>
  columnOf(key, from, shape, 'always', of)
/** One that is left out where there is nothing to say. */
export const optional = <In>(key: string, shape: Shape, of?: Of<In>, from = key): Column =>
  columnOf(key, from, shape, 'optional', of)

/**
 * Columns side by side that every record of the kind has, with values of which there are few: what was found to fit is
 * kept as text. So none of them may be personal, as nothing else of the gateway keeps values.
 *
 * @param by which of them varies most: a text is kept for each of its values, with the last of the others.
 */
export function together(by: number, columns: readonly Column[]): Column[] {
  const [first, ...others] = columns as readonly [Column, ...Column[]]
  return [{ ...first, run: new Run(columns, columns[by]!) }, ...others]
}

class Run {
  readonly columns: readonly Column[]
  readonly #by: Column
  readonly #known = new Map<unknown, { readonly values: readonly unknown[]; readonly text: string }>()

  constructor(columns: readonly Column[], by: Column) {
    this.columns = columns
    this.#by = by
  }

  /** As they stand in the line; null: one of them is missing, or has not its shape. */
  text(draft: object): string | null {
    const known = this.#known.get(this.#by.of(draft))
    return known !== undefined && this.#areThose(draft, known.values) ? known.text : this.#learn(draft)
  }

  #areThose(draft: object, values: readonly unknown[]): boolean {
    const { columns } = this
    for (let nth = 0; nth < columns.length; nth++) if (columns[nth]!.of(draft) !== values[nth]) return false
    return true
  }

  #learn(draft: object): string | null {
    const values = this.columns.map(column => column.of(draft))
    const parts: string[] = []
    for (const [nth, { shape, ahead }] of this.columns.entries()) {
      const json = values[nth] === undefined ? null : shape(values[nth])
      if (json === null) return null
      parts.push(ahead, json)
    }
    const text = is.onePiece(...parts)
    if (this.#known.size >= mostKnown) this.#known.clear()
    this.#known.set(this.#by.of(draft), { values, text })
    return text
  }
}
const mostKnown = 1024

/** A name; null: there is none, or nobody knows it. */
export const word = is.orNull(is.name)
/** A basis, as it is stated. */
export const basisParts = {
  kind: is.oneOf(basisKinds),
  ref: is.orNull(is.reference),
}
