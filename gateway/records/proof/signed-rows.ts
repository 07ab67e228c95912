/** A text that people sign: what it is for, then a name and a value on each line. Pure. */
export function signedText(title: string, rows: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(rows).map(([key, value]) => `${key} ${value}\n`)
  return `${title}\n${lines.join('')}`
}

/** What matches a time in such a text: UTC, to the millisecond. */
export const signedTime = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z'
