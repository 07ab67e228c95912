/** Texts of a page that are read without its parser: all but those with odd references, null characters or tags. */

/** References that stand in pages all over, and what they stand for. */
const references: ReadonlyMap<string, string> = new Map([
  ['&nbsp;', '\u00a0'],
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
])
const written = [...references.keys()].map(one => Uint16Array.from(one, letter => letter.charCodeAt(0)))
const changing = /\r\n?|&(?:nbsp|amp|lt|gt|quot);/g
const [ampersand, lessThan, quote, equals] = [0x26, 0x3c, 0x22, 0x3d]

/** Where a text ends that begins at a position of the source in units of UTF-16: at a tag or what is odd, and at `end` at the latest. */
export function endOfText(units: Uint16Array, from: number, end: number): number {
  let at = from
  for (;;) {
    while (at < end && isPlain(units[at]!)) at++
    const length = at < end && units[at] === ampersand ? lengthOfReference(units, at, end) : 0
    if (length === 0) return at
    at += length
  }
}

/** Where the value of an attribute ends that begins there: at a quotation mark, what is odd, or `end`. */
export function endOfValue(units: Uint16Array, from: number, end: number): number {
  let at = from
  for (;;) {
    while (at < end && isPlain(units[at]!) && units[at] !== quote) at++
    const length = at < end && units[at] === ampersand ? lengthInValue(units, at, end) : 0
    if (length === 0) return at
    at += length
  }
}

/** A name behind an ampersand is no reference where an equals sign ends it (13.2.5.73), as in addresses. */
function lengthInValue(units: Uint16Array, from: number, end: number): number {
  let at = from + 1
  while (at < end && isAlphanumeric(units[at]!)) at++
  return at > from + 1 && at < end && units[at] === equals ? at - from : lengthOfReference(units, from, end)
}

function isAlphanumeric(unit: number): boolean {
  const letter = unit | 0x20
  return (letter >= 0x61 && letter <= 0x7a && unit < 0x80) || (unit >= 0x30 && unit <= 0x39)
}

function isPlain(unit: number): boolean {
  return unit > lessThan || (unit !== lessThan && unit !== ampersand && unit !== 0)
}

function lengthOfReference(units: Uint16Array, from: number, end: number): number {
  for (const one of written) {
    let at = 0
    while (at < one.length && from + at < end && units[from + at] === one[at]) at++
    if (at === one.length) return at
  }
  return 0
}

/** What such a text says (13.2.3.5 and 13.2.5.72). */
export function saidIn(source: string, from: number, to: number): string {
  const text = source.slice(from, to)
  if (!text.includes('&') && !text.includes('\r')) return text
  return text.replace(changing, one => references.get(one) ?? '\n')
}

/** Where a part of it ends that is blank or holds no blank: the parser makes a token of each. */
export function endOfPart(source: string, from: number, to: number): number {
  const first = isBlank(source.charCodeAt(from))
  let at = from + 1
  while (at < to && isBlank(source.charCodeAt(at)) === first) at++
  return at
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0x0c
}
