/** What a body is read with: the plan with its tables, who asks, and the readers of what stands inside values. */
import type { FieldCursor, Reader, ReadLimits, ShownBox, Treatment } from '../contracts.ts'
import type { Plan } from '../policy/plan.ts'
import type { FieldAutomaton } from './automaton.ts'
import type { TypedRule } from './byte-rules.ts'
import type { Canaries } from './canaries.ts'
import type { Detection } from './detect.ts'
import type { RowRules } from './row-rules.ts'

/** Reads structured text that stands inside a value; null where the text is not structured after all. */
export type NestedReader = (text: string, fields: FieldCursor, as: 'whole' | 'pieces') => Reader | null

/** Reads a part of a body that has a label of its own; null where no format does. */
export type PartReader = (mediaType: string | null, head: Uint8Array, fields: FieldCursor) => Reader | null

/** What of a plan does not change from body to body. */
export type PlanTables = {
  readonly plan: Plan
  readonly automaton: FieldAutomaton
  /** null: none of them looks at the row. */
  readonly rowRules: RowRules | null
  /** Every detector; those with a check, which may overrule what a field is called. */
  readonly all: Detection
  readonly checked: Detection
  /** By place; filled as places are met. */
  readonly treatments: Treatment[]
  /** By type; likewise. */
  readonly byteRules: (TypedRule | null)[]
  /** Whether no two types that say who a person is have one name: values of such may be the same. */
  readonly namesOnce: boolean
  /** Values that the record of an answer has, whatever else is in it. */
  readonly canaries: Canaries
}

/** Seals what comes back with the forms of a page, for one caller, as `FieldCursor` has it; null: it cannot come back as it was. */
export type StateSeal = {
  seal(name: string, state: string): string | null
  sealToken(name: string, token: string): string | null
  /** A token that a system hands out, whatever it is called. */
  sealHandedOut(token: string): string | null
  sealBoxes(action: string, boxes: readonly ShownBox[]): ReturnType<FieldCursor['sealedBoxes']>
  /** The same for a page in this charset. */
  of(charset: string): StateSeal
}

export type CursorOptions = {
  readonly consumer: string
  readonly purpose: string
  /** Milliseconds since 1970, for the ages of people; left out: nobody's age is known. */
  readonly now?: number
  /** The operator, where whoever vouches for the caller names them. */
  readonly operator?: string
  /** Left out: nothing that leaves comes back. */
  readonly states?: StateSeal
  /** Whether this is where a system may hand out tokens. */
  readonly handsOut?: boolean
  readonly limits: ReadLimits
  /** In the body of an error every unlisted string is free text, whatever the policy says of unlisted values. */
  readonly errorBody: boolean
}
