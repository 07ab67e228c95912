import { isDeepStrictEqual } from 'node:util'

// of ES2025, and not in the types yet
const { rawJSON: rawJson } = JSON as unknown as { rawJSON(text: string): unknown }

/** A number as it was written: 1.0 is not 1, and 12345678901234567890 is not 12345678901234567000. */
class NumberText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** Written as it was, where it is shown. */
  toJSON(): unknown {
    return rawJson(this.text)
  }
}

/** The JSON texts in `text`: one, or one on each line (NDJSON). Null where it is neither. Numbers are kept as written. */
export function readJsonTexts(text: string): readonly unknown[] | null {
  const whole = readJson(text)
  if (whole !== undefined) return [whole]
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const values = lines.map(readJson)
  return values.length === 0 || values.includes(undefined) ? null : values
}

/** Whether two texts hold the same JSON values, in whatever order of members. False where one is not JSON. */
export function sameJson(a: string, b: string): boolean {
  if (a === b) return true
  const left = readJsonTexts(a)
  const right = readJsonTexts(b)
  return left !== null && right !== null && isDeepStrictEqual(left, right)
}

type Parsed = (key: string, value: unknown, context: { readonly source?: string }) => unknown

function readJson(text: string): unknown {
  const keepNumbers: Parsed = (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? new NumberText(source) : value
  try {
    // The third argument of a reviver is of ES2025 and not in the types yet.
    return JSON.parse(text, keepNumbers as (key: string, value: unknown) => unknown)
  } catch {
    return undefined
  }
}
