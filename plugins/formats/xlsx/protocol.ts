/** What the thread that takes a workbook apart asks the one that knows the plan of fields, and what that answers. */
import type { FormatFault, ScalarKind } from '../../../gateway/contracts.ts'

/** A cell that holds something: its column from 0, and the formula behind it. */
export type OfferedCell = {
  readonly column: number
  readonly kind: ScalarKind
  readonly text: string
  readonly formula: string | null
}

/** What a cell becomes: a text in its place (empty: nothing), or it stays, with or without its formula. */
export type CellAnswer = string | { readonly formula: boolean }

export type Questions = {
  /** Names of the sheets, in order; the answer has those they are shown by. */
  sheets: { readonly asks: readonly string[]; readonly answers: readonly string[] }
  /** Rows of one sheet, from its first on. */
  rows: {
    readonly asks: { readonly sheet: number; readonly rows: readonly (readonly OfferedCell[])[] }
    readonly answers: readonly (readonly CellAnswer[])[]
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
