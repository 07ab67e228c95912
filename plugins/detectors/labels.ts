/** Words before a value that say what it is: `护照号：`, `NHS No.`. */

/** What may stand between a label and its value. */
const between: ReadonlySet<string> = new Set(
  ' \t\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff:：=＝是为号码编（(「“"\'[【#№.．nNoO',
)
const mostBetween = 6

/** The same as a class of an expression, as often as may be. */
const anyBetween = '[ \\t:：=是为号码编（(「“"\'\\[【#№.nNoO]*'

export type Labels = {
  /** Lower case; by their last character. */
  readonly byLast: ReadonlyMap<string, readonly string[]>
  /** Bits for their last characters, as `labelEnds` has them. */
  readonly ends: number
  /** The source of an expression that matches where one of them stands before a value (`Triggers.shape`). */
  readonly source: string
}

export function labelsOf(words: readonly string[]): Labels {
  const byLast = new Map<string, string[]>()
  for (const word of words) {
    const label = word.toLowerCase()
    const last = label.at(-1) ?? ''
    byLast.set(last, [...(byLast.get(last) ?? []), label])
  }
  const ends = [...byLast.keys()].reduce((bits, last) => bits | bitOf(last), 0)
  const spelt = words.map(word => [...word.toLowerCase()].map(eitherCase).join(''))
  return { byLast, ends, source: `(?:${spelt.join('|')})${anyBetween}` }
}

function eitherCase(letter: string): string {
  if (/[a-z]/.test(letter)) return `[${letter}${letter.toUpperCase()}]`
  return /[0-9\u4e00-\u9fff]/.test(letter) ? letter : `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** One of 32 bits, the same for the same character; other characters may share it. */
function bitOf(character: string): number {
  return 1 << (Math.imul(character.charCodeAt(0), 0x9e3779b1) >>> 27)
}

/** Bits for the characters with which labels may end that stand before a position: without any of its own bits none of some labels does. */
export function labelEnds(text: string, at: number): number {
  let bits = 0
  for (let end = at; end > 0 && at - end <= mostBetween; end--) {
    const last = text[end - 1]!
    bits |= bitOf(last.toLowerCase())
    if (!between.has(last)) break
  }
  return bits
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
