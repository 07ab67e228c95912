/** What the thread that takes a workbook apart asks the one that knows the plan of fields, and what that answers. */
import type { FormatFault, ScalarKind } from '../../../gateway/contracts.ts'

/** A cell that holds something: its column from 0, and the formula behind it. */
export type OfferedCell = {
  readonly column: number
  readonly kind: ScalarKind
  readonly text: string
  readonly formula: string | null
}

/** Cells of several rows side by side: an object for each would cost more to hand over than its cell to read. */
export type OfferedRows = {
  /** Cells of each row. */
  readonly lengths: Uint32Array
  readonly columns: Uint16Array
  /** Indices into `scalarKinds`. */
  readonly kinds: Uint8Array
  readonly texts: readonly string[]
  /** By index of the cell. */
  readonly formulas: ReadonlyMap<number, string>
}

/** What a cell becomes: a text in its place (empty: nothing), or it stays, with its formula (true) or without. */
export type CellAnswer = string | boolean

export type Questions = {
  /** Names of the sheets, in order; the answer has those they are shown by. */
  sheets: { readonly asks: readonly string[]; readonly answers: readonly string[] }
  /** Rows of one sheet, from its first on; answered cell by cell, one row after the other. */
  rows: {
    readonly asks: { readonly sheet: number; readonly rows: OfferedRows }
    readonly answers: readonly CellAnswer[]
  }
  /** Texts that stand in no column. */
  texts: { readonly asks: readonly string[]; readonly answers: readonly string[] }
}

export type Ask = <Kind extends keyof Questions>(
  kind: Kind,
  asks: Questions[Kind]['asks'],
) => Promise<Questions[Kind]['answers']>

/** From the thread: a question, the workbook, or why there is none. `again`: it may be given another; `null`: a fault of our own. */
export type FromThread =
  | { readonly kind: keyof Questions; readonly asks: Questions[keyof Questions]['asks'] }
  | { readonly kind: 'done'; readonly bytes: Uint8Array; readonly again: boolean }
  | { readonly kind: 'fault'; readonly code: FormatFault | null }
