/** One start tag as it is written, split into its attributes as the tokenizer of HTML does (section 13.2.5). */

export type WrittenAttribute = {
  /** Lower case. */
  readonly name: string
  /** From the blanks before the name to the end of the value. */
  readonly from: number
  readonly nameFrom: number
  readonly nameTo: number
  readonly to: number
  /** Whether another of this name stood before: browsers drop it. */
  readonly again: boolean
}

const slash = 0x2f
const equals = 0x3d

/** Offsets are into `source`; `from` and `to` are those of the tag. */
export function writtenAttributes(source: string, from: number, to: number): WrittenAttribute[] {
  const found: WrittenAttribute[] = []
  const seen = new Set<string>()
  let at = from + 1
  const end = source[to - 1] === '>' ? to - 1 : to
  while (at < end && !endsName(source.charCodeAt(at))) at++
  while (at < end) {
    const start = at
    while (at < end && (isSpace(source.charCodeAt(at)) || source.charCodeAt(at) === slash)) at++
    if (at >= end) break
    const nameFrom = at
    if (source.charCodeAt(at) === equals) at++
    while (at < end && !endsName(source.charCodeAt(at)) && source.charCodeAt(at) !== equals) at++
    const nameTo = at
    const next = behindSpace(source, at, end)
    if (next < end && source.charCodeAt(next) === equals) at = valueEnd(source, next + 1, end)
    const name = source.slice(nameFrom, nameTo).toLowerCase()
    found.push({ name, from: start, nameFrom, nameTo, to: at, again: seen.has(name) })
    seen.add(name)
  }
  return found
}

function valueEnd(source: string, from: number, end: number): number {
  let at = behindSpace(source, from, end)
  const quote = source[at]
  if (quote === '"' || quote === "'") {
    const close = source.indexOf(quote, at + 1)
    return close < 0 || close >= end ? end : close + 1
  }
  while (at < end && !isSpace(source.charCodeAt(at))) at++
  return at
}

function behindSpace(source: string, from: number, end: number): number {
  let at = from
  while (at < end && isSpace(source.charCodeAt(at))) at++
  return at
}

function endsName(code: number): boolean {
  return isSpace(code) || code === slash
}

/** Blank, tab, line feed, form feed or carriage return. */
function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0b)
}
