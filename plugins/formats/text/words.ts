/** Words before a colon or an equals sign, and the values behind it, in running text. Pure. */

/** A separator with a word before it that could be a name. */
export type Mark = { readonly at: number; readonly wordFrom: number; readonly wordTo: number }

/** Longer runs of letters are no name. */
const longestWord = 48
/** So much may stand between a word and its separator. */
const mostBetween = 8

/** What a UTF-16 unit may be. */
export const unit = {
  /** Part of a word. */
  word: 1,
  /** A letter or low line: one at least is in a word. */
  letter: 2,
  blank: 4,
  han: 8,
  separator: 16,
  /** What may stand between a word and its separator. */
  closing: 32,
  /** What certainly ends a value: the end of a sentence or a column. Blanks do not: `张  三` is one name. */
  valueEnd: 64,
  /** What stands around a value that is not quoted. */
  padding: 128,
  /** What may open a quoted value. */
  quote: 256,
} as const
const isKnown = 512

const classes: readonly (readonly [pattern: RegExp, bit: number])[] = [
  [/[\p{L}\p{N}_\-.·*#/（）()]/u, unit.word],
  [/\p{L}|_/u, unit.letter],
  [/[ \t\u00a0\u3000]/, unit.blank],
  [/\p{Script=Han}/u, unit.han],
  [/[:：=＝]/, unit.separator],
  [/[ \t\u00a0\u3000"'\\”’*\]]/, unit.closing],
  [/[;；|\t\r\n。]/, unit.valueEnd],
  [/[\s,，、&"'“‘（([{}\\]/, unit.padding],
  [/[\\"'“‘「『]/, unit.quote],
]

/** Each unit is looked at by its expressions when it is met first. */
const units = new Uint16Array(65_536)

/** The bits of the unit at a position of a text. */
export function unitAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  const known = units[code]!
  return known !== 0 ? known : learn(code)
}

function learn(code: number): number {
  const character = String.fromCharCode(code)
  return (units[code] = classes.reduce((bits, [pattern, bit]) => bits | (pattern.test(character) ? bit : 0), isKnown))
}

/** All separators that have a word before them, in order. */
export function marksIn(text: string): Mark[] {
  const marks: Mark[] = []
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x3b) {
      const name = serialized(text, at)
      if (name !== null) marks.push({ at, ...name })
      continue
    }
    if (code !== 0x3a && code !== 0x3d && code !== 0xff1a && code !== 0xff1d) continue
    let to = at
    while (to > 0 && at - to < mostBetween && (unitAt(text, to - 1) & unit.closing) !== 0) to--
    const from = startOfWord(text, to)
    if (holdsLetter(text, from, to)) marks.push({ at, wordFrom: from, wordTo: to })
  }
  return marks
}

/** The name in `s:2:"xm";`, as PHP writes members of arrays and objects down, of which the value follows; null: no semicolon of one. */
function serialized(text: string, semicolon: number): { wordFrom: number; wordTo: number } | null {
  let wordTo = semicolon
  if (text[wordTo - 1] !== '"') return null
  while (wordTo > 0 && (text[wordTo - 1] === '"' || text[wordTo - 1] === '\\')) wordTo--
  const wordFrom = startOfWord(text, wordTo)
  const ahead = text.slice(Math.max(0, wordFrom - 16), wordFrom)
  return /s:\d{1,3}:\\*"(?:\0.{0,8}\0)?$/.test(ahead) && holdsLetter(text, wordFrom, wordTo)
    ? { wordFrom, wordTo }
    : null
}

/** What PHP says of a value ahead of it: `string(8) "`, `int(`, `s:8:"`, `i:`; the sign of a quote is left. */
const ofPhp =
  /[ \t]*(?:\r?\n[ \t]*)?(?:string\(\d{1,9}\) (?=")|(?:int|float|double)\()|(?:s:\d{1,9}:(?=\\*")|[id]:(?=[-\d]))/y

/** The value of a line that says what its type is, and nothing else; null: it does not. */
export function typedValueIn(text: string): { valueFrom: number; valueTo: number } | null {
  return behindType(text, 0) > 0 ? valueAt(text, 0, text.length) : null
}

function behindType(text: string, from: number): number {
  ofPhp.lastIndex = from
  return ofPhp.test(text) ? ofPhp.lastIndex : from
}

function holdsLetter(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((unitAt(text, at) & unit.letter) !== 0) return true
  return false
}

/** Where the word begins that ends there; `to` where there is none. */
export function startOfWord(text: string, to: number): number {
  let from = to
  while (from > 0 && to - from < longestWord && (unitAt(text, from - 1) & unit.word) !== 0) from--
  return from
}

/** The value behind a separator: what is quoted, or all up to what ends it or the next name. */
export function valueAt(text: string, from: number, next: number): { valueFrom: number; valueTo: number } {
  const start = text[from] === '>' ? from + 1 : from
  let at = behindType(text, start)
  // `i:` before a number is no name
  if (at > start && at > next) next = text.length
  while (at < text.length && (unitAt(text, at) & unit.blank) !== 0) at++
  const quoted = at < text.length && (unitAt(text, at) & unit.quote) !== 0
  // In a cell of a table all quotation marks are doubled: `{""xm"":""张三""}`.
  const isDoubled = quoted && text.startsWith(doubled, at) && text.endsWith(doubled, from - 1)
  const opened = isDoubled ? doubled : quoted ? quoteAt(text, at) : undefined
  if (opened !== undefined) {
    const inner = at + opened.length
    return { valueFrom: inner, valueTo: quoteEnd(text, inner, opened) }
  }
  let to = at
  while (to < next && (unitAt(text, to) & unit.valueEnd) === 0) to++
  if (to > next) to = next
  while (to > at && (unitAt(text, to - 1) & unit.padding) !== 0) to--
  if (isClosedAlone(text, at, to)) to--
  return { valueFrom: at, valueTo: Math.max(at, to) }
}

/** Whether a value ends in a bracket that was opened before its name: `Student(xm=…)`. */
function isClosedAlone(text: string, from: number, to: number): boolean {
  if (to - from < 2 || !')）'.includes(text[to - 1]!)) return false
  for (let at = from; at < to - 1; at++) if ('(（'.includes(text[at]!)) return false
  return true
}

const doubled = '""'
const quote = /\\*["'“‘「『]/y
const closers: Readonly<Record<string, string>> = { '“': '”', '‘': '’', '「': '」', '『': '』' }

/** The quote that opens a value, with the backslashes before it. */
function quoteAt(text: string, at: number): string | undefined {
  quote.lastIndex = at
  return quote.exec(text)?.[0]
}

function quoteEnd(text: string, from: number, opened: string): number {
  const sign = opened.at(-1)!
  const closer = opened.slice(0, -1) + (closers[sign] ?? sign)
  for (let at = text.indexOf(closer, from); at >= 0; at = text.indexOf(closer, at + 1)) {
    const escaped = opened.length === 1 && text[at - 1] === '\\' && at > from
    if (!escaped) return at
  }
  return text.length
}
