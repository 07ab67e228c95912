import { displayWidth, padded } from '../../terminal.ts'

/** Rows as a table for a terminal, or as CSV. */

const unprintable = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu

/** A text from a file, safe for a terminal: what could move the cursor or turn the line around is written as `\u…`. */
export function printable(text: string): string {
  return text.replace(unprintable, found => `\\u${found.codePointAt(0)!.toString(16).padStart(4, '0')}`)
}

/** Columns as wide as their widest text; the last one is not padded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows.map(row => row.map(printable))]
  const widths = head.map((_, column) => cells.reduce((most, row) => Math.max(most, displayWidth(row[column]!)), 0))
  const lineOf = (row: readonly string[]) =>
    row
      .map((text, column) => padded(text, widths[column]!))
      .join('  ')
      .trimEnd()
  return `${cells.map(lineOf).join('\n')}\n`
}

const formulaStart = /^[=+\-@\t\r]/

/** One line of CSV (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe before it. */
export function csvLine(values: readonly (string | number | null)[]): string {
  const cells = values.map(value => {
    if (value === null) return ''
    if (typeof value === 'number') return String(value)
    const text = formulaStart.test(value) ? `'${value}` : value
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  })
  return `${cells.join(',')}\r\n`
}
