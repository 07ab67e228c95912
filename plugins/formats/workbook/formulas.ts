/** Which formulas may stay in a sheet. */
export type Formula = {
  readonly text: string
  /** Formulas written once for several cells have a number; null: this one stands alone. */
  readonly group: string | null
  /** Whether it is written as formulas are, and all of it is in `text`. */
  readonly plain: boolean
}

/** What fetches from elsewhere, or runs what is gone. */
const reaching =
  /\b(?:WEBSERVICE|RTD|CALL|REGISTER(?:\.ID)?|DDE|IMAGE|CUBE\w+|STOCKHISTORY|FIELDVALUE|EXEC|EVALUATE)\s*\(/i

/**
 * Formulas that go, whatever their cell holds: without an old `result` (what they come to has not been read), into tables and
 * other workbooks (`[`), over the machine's pipes (`|`), and out of the workbook.
 */
export function isDroppedFormula({ text, plain }: Formula, result: string): boolean {
  return !plain || result === '' || /[[|]/.test(text) || reaching.test(text)
}
