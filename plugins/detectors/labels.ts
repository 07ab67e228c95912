/** Words before a value that say what it is: `护照号：`, `NHS No.`. */

/** What may stand between a label and its value. */
const between: ReadonlySet<string> = new Set(
  ' \t\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff:：=＝是为号码编（(「“"\'[【#№.．nNoO',
)
const mostBetween = 6

export type Labels = {
  /** Lower case; by their last character. */
  readonly byLast: ReadonlyMap<string, readonly string[]>
}

export function labelsOf(words: readonly string[]): Labels {
  const byLast = new Map<string, string[]>()
  for (const word of words) {
    const label = word.toLowerCase()
    const last = label.at(-1) ?? ''
    byLast.set(last, [...(byLast.get(last) ?? []), label])
  }
  return { byLast }
}

/**
 * Whether one of the labels stands before a position, with some signs between at most. A label in Latin letters is a word of its
 * own. Bounded, whatever the text.
 */
export function hasLabel(text: string, at: number, labels: Labels): boolean {
  for (let end = at; end > 0 && at - end <= mostBetween; end--) {
    const last = text[end - 1]!
    const candidates = labels.byLast.get(last.toLowerCase())
    if (candidates?.some(label => isLabel(text, end, label))) return true
    if (!between.has(last)) return false
  }
  return false
}

function isLabel(text: string, end: number, label: string): boolean {
  const start = end - label.length
  if (start < 0 || text.slice(start, end).toLowerCase() !== label) return false
  return start === 0 || !/[a-z]/.test(label[0]!) || !/[A-Za-z]/.test(text[start - 1]!)
}
