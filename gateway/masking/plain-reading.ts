/**
 * Text as people read it: digits of other scripts, in circles or raised, letters that look like ASCII, and what nobody sees. A
 * number is the same to whoever reads `١٣٨…`, `①③⑧…` or `138` with marks between, and has to be found alike. Pure.
 */
import type { Span } from '../contracts.ts'

/** What a text reads as, and from where to where each of its UTF-16 units stands in the text. */
export type PlainReading = { readonly text: string; readonly starts: Uint32Array; readonly ends: Uint32Array }

/** The characters of which ordinary text is made; most others have no other reading either. */
const ordinary: readonly (readonly [from: number, to: number])[] = [
  [0x01, 0x7f],
  [0xa0, 0xac],
  [0xb7, 0xb7],
  [0xc0, 0x24f],
  [0x2010, 0x2027],
  [0x3000, 0x31ff],
  [0x3400, 0x9fff],
  [0xff01, 0xff5e],
]
/** By UTF-16 unit, 1 for what may read otherwise than it is written. */
export const oddUnits = new Uint8Array(65_536).fill(1)
for (const [from, to] of ordinary) oddUnits.fill(0, from, to + 1)
/**
 * Marks and signs that are not seen, or only on top of what they follow; and NUL, which stands behind each character of UTF-16 that
 * was read byte by byte. Other control characters part columns.
 */
const unseen = /^[\0\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}\p{Cf}]$/u
const decimal = /^\p{Nd}$/u
/** ASCII alone or, of a number in brackets or with a stop, what stands in them. */
const plain = /^\(?([!-~])[).]?$/
/** Capitals, and x, of Greek and Cyrillic that look like these of ASCII. */
const alike = new Map(
  [...'АВЕКМНОРСТУХхΑΒΕΖΗΙΚΜΝΟΡΤΥΧχ'].map((letter, at) => [letter, 'ABEKMHOPCTYXxABEZHIKMNOPTYXx'[at]!]),
)
/** Dingbats: 1 to 9 in circles, of three kinds. */
const dingbats = [0x2776, 0x2780, 0x278a]

/** How a text reads where that is not how it is written; else null. Linear. */
export function plainReading(text: string): PlainReading | null {
  if (!isOdd(text)) return null
  const starts = new Uint32Array(text.length)
  const ends = new Uint32Array(text.length)
  let read = ''
  let isOther = false
  for (let at = 0; at < text.length; ) {
    const character = String.fromCodePoint(text.codePointAt(at)!)
    const reading = readingOf(character)
    if (reading !== character) isOther = true
    for (let unit = 0; unit < reading.length; unit++) {
      starts[read.length + unit] = at
      ends[read.length + unit] = at + character.length
    }
    at += character.length
    // What is not seen goes with what it follows.
    if (reading === '' && read !== '') ends[read.length - 1] = at
    read += reading
  }
  return isOther ? { text: read, starts, ends } : null
}

function isOdd(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (oddUnits[text.charCodeAt(at)] === 1) return true
  return false
}

/** Where spans of the reading stand in the text. */
export function placesOf({ starts, ends }: PlainReading, spans: readonly Span[]): readonly Span[] {
  return spans.map(({ start, end }) => ({ start: starts[start]!, end: ends[end - 1]! }))
}

/** What is read for one character: itself, ASCII, or nothing. Never longer than the character. */
function readingOf(character: string): string {
  if (!isOdd(character)) return character
  const look = alike.get(character)
  if (look !== undefined) return look
  if (unseen.test(character)) return ''
  const code = character.codePointAt(0)!
  if (character === '⓿') return '0'
  const first = dingbats.find(from => code >= from && code < from + 9)
  if (first !== undefined) return String(code - first + 1)
  const [, ascii] = plain.exec(character.normalize('NFKC')) ?? []
  if (ascii !== undefined) return ascii
  return decimal.test(character) ? String(digitOf(code)) : character
}

/** Decimal digits stand in tens, from 0 to 9, one behind the other (Unicode, section 4.6). */
function digitOf(code: number): number {
  let before = 0
  while (before < 19 && decimal.test(String.fromCodePoint(code - before - 1))) before++
  return before % 10
}
