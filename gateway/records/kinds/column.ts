/** How a kind of record is declared: its keys in a fixed order, each with its shape. */
import { basisKinds } from '../../config/config.ts'
import type { Shape } from '../shapes.ts'
import * as is from '../shapes.ts'

/** `in` the draft, `key` in the line; optional ones are left out of the line where they are null or absent. */
export type Column = {
  readonly key: string
  readonly in: string
  readonly shape: Shape
  readonly need: 'always' | 'optional'
  /** What stands before its value. */
  readonly ahead: string
}

const columnOf = (key: string, from: string, shape: Shape, need: Column['need']): Column => {
  return { key, in: from, shape, need, ahead: `,"${key}":` }
}
/** One that every record of the kind has. `from`: its name in the draft, where that is another. */
export const column = (key: string, shape: Shape, from = key): Column => columnOf(key, from, shape, 'always')
/** One that is left out where there is nothing to say. */
export const optional = (key: string, shape: Shape): Column => columnOf(key, key, shape, 'optional')

/** A name; null: there is none, or nobody knows it. */
export const word = is.orNull(is.name)
/** A name of which there are only as many as gateway.yaml and the policies have. */
export const ofConfig = is.orNull(is.configured)
/** A basis, as it is stated. */
export const basisParts = {
  kind: is.oneOf(basisKinds),
  ref: is.orNull(is.reference),
}
