/** Words before a value that say what it is: `护照号：`, `NHS No.`. */

/** What may stand between a label and its value. */
const between = ' \t\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff:：=＝是为号码编（(「“"\'[【#№.．nNoO'
const mostBetween = 6
const standsBetween = new Uint8Array(65_536)
for (const sign of between) standsBetween[sign.charCodeAt(0)] = 1

/** The same as a class of an expression, as often as may be. */
const anyBetween = '[ \\t:：=是为号码编（(「“"\'\\[【#№.nNoO]*'

/** How many kinds of ends labels are told apart by: a pair of characters has one of them, which others may share. */
const kindsOfEnds = 1024

export type Labels = {
  /** Lower case; by their last character. */
  readonly byLast: ReadonlyMap<string, readonly string[]>
  /** By the kind of an end (`endsBefore`), whether one of the labels may end so. */
  readonly ends: Uint8Array
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
  const ends = new Uint8Array(kindsOfEnds)
  for (const word of words) {
    const label = word.toLowerCase()
    const length = label.length
    // Of one character any may stand before; of characters in two units the case is told by both.
    if (length < 2 || /[\ud800-\udfff]/.test(label)) ends.fill(1)
    else ends[kindOfEnd(label.charCodeAt(length - 2), label.charCodeAt(length - 1))] = 1
  }
  const spelt = words.map(word => [...word.toLowerCase()].map(eitherCase).join(''))
  return { byLast, ends, source: `(?:${spelt.join('|')})${anyBetween}` }
}

function eitherCase(letter: string): string {
  if (/[a-z]/.test(letter)) return `[${letter}${letter.toUpperCase()}]`
  return /[0-9\u4e00-\u9fff]/.test(letter) ? letter : `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** The kind of two characters, whatever their case. */
function kindOfEnd(before: number, last: number): number {
  return Math.imul((lowerCase(before) << 16) ^ lowerCase(last), 0x9e3779b1) >>> 22
}

/** Chinese and its punctuation. */
function hasNoCase(code: number): boolean {
  return (code >= 0x2e80 && code < 0xa000) || (code >= 0xff00 && (code < 0xff21 || code > 0xff3a))
}

/** A sigma is another at the end of a word; otherwise case does not depend on what stands around. */
function lowerCase(code: number): number {
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? code + 0x20 : code
  if (hasNoCase(code)) return code
  const lower = String.fromCharCode(code).toLowerCase()
  return lower === 'ς' ? 0x3c3 : lower.charCodeAt(0)
}

/**
 * Adds the kinds of all ends that a label may have which stands before a position: if some labels have none of them in `ends`,
 * none of these stands there. Seven at most.
 */
export function addEndsBefore(text: string, at: number, kinds: number[]): void {
  for (let end = at; end > 0 && at - end <= mostBetween; end--) {
    const last = text.charCodeAt(end - 1)
    kinds.push(kindOfEnd(end > 1 ? text.charCodeAt(end - 2) : 0, last))
    if (standsBetween[last] === 0) break
  }
}

/**
 * Whether one of the labels stands before a position, with some signs between at most. A label in Latin letters is a word of its
 * own. Bounded, whatever the text.
 */
export function hasLabel(text: string, at: number, labels: Labels): boolean {
  for (let end = at; end > 0 && at - end <= mostBetween; end--) {
    const candidates = labels.byLast.get(text[end - 1]!.toLowerCase())
    if (candidates?.some(label => isLabel(text, end, label))) return true
    if (standsBetween[text.charCodeAt(end - 1)] === 0) return false
  }
  return false
}

function isLabel(text: string, end: number, label: string): boolean {
  const start = end - label.length
  if (start < 0 || text.slice(start, end).toLowerCase() !== label) return false
  return start === 0 || !/[a-z]/.test(label[0]!) || !/[A-Za-z]/.test(text[start - 1]!)
}
