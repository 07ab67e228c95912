/**
 * Text in which characters are written by number or name: references of HTML and XML (`&#49;`, `&nbsp;`), which old systems
 * leave in what they store, and escapes of JavaScript (`\u0031`, `\x31`) that were escaped once more, or several times. Bytes escaped one by one are
 * the text that they are, as logs of web servers (`\xE5\xBC\xA0`) and databases (`\345\274\240`) have it. Pure.
 */
import type { Edit } from '../contracts.ts'
import { editsWhereWritten, type Stretch, stretchesOfBytes } from './stretches.ts'

/** Of HTML's names those of characters that stand in values, between their groups, or around them. */
const names = new Map(
  Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: '\u00a0',
    ensp: '\u2002',
    emsp: '\u2003',
    thinsp: '\u2009',
    shy: '\u00ad',
    zwj: '\u200d',
    zwnj: '\u200c',
    hyphen: '\u2010',
    dash: '\u2010',
    ndash: '\u2013',
    mdash: '\u2014',
    commat: '@',
    period: '.',
    lowbar: '_',
    plus: '+',
    colon: ':',
    sol: '/',
  }),
)
/** One that was escaped several times is several; each run of them is walked once. */
const backslashes = '\\\\+'
const references = new RegExp(
  `&(?:#(\\d{1,8})|#x([0-9a-f]{1,8})|(${[...names.keys()].join('|')})(?=;));?|` +
    `(?<!\\\\)(?:${backslashes}u(?:([0-9a-f]{4})|\\{([0-9a-f]{1,6})\\})|` +
    `((?:${backslashes}x[0-9a-f]{2})+|(?:${backslashes}[0-3][0-7]{2}){3,}))`,
  'gi',
)
const escapedBytes = /\\+(?:x([0-9a-f]{2})|([0-3][0-7]{2}))/giy

/** What a text with references reads as, and how edits of that are carried out; null: it has none. */
export function referenced(written: string): {
  readonly text: string
  rewrite(text: string, edits: readonly Edit[] | null, start: number): readonly Edit[]
} | null {
  if (!/[&\\]/.test(written)) return null
  const stretches = [...stretchesOf(written)]
  if (stretches.every(({ literal }) => literal)) return null
  const isScript = !/&(?:#|[a-z])/i.test(written)
  const encode = isScript ? encodeScript : encodeMarkup
  return {
    text: stretches.map(({ text }) => text).join(''),
    rewrite(text, edits, start) {
      if (edits === null) return [{ start, end: start + written.length, text: encode(text) }]
      return editsWhereWritten(stretches, edits, start, encode)
    },
  }
}

function* stretchesOf(written: string): Generator<Stretch> {
  let done = 0
  for (const match of written.matchAll(references)) {
    const { 0: whole, 6: bytes, index } = match
    const text = bytes === undefined ? characterOf(match) : ''
    if (text === null) continue
    if (index > done) yield { from: done, to: index, text: written.slice(done, index), literal: true }
    done = index + whole.length
    if (bytes === undefined) yield { from: index, to: done, text, literal: false }
    else yield* stretchesIn(bytes, index)
  }
  if (done < written.length) yield { from: done, to: written.length, text: written.slice(done), literal: true }
}

/** Of escaped bytes; one that is no text is a character of Latin-1, as in JavaScript. */
function stretchesIn(run: string, index: number): Generator<Stretch> {
  const escapes = [...run.matchAll(escapedBytes)]
  const bytes = escapes.map(([, hex, octal]) => Number.parseInt(hex ?? octal!, hex === undefined ? 8 : 16))
  const placeOf = (byte: number) => index + (escapes[byte]?.index ?? run.length)
  return stretchesOfBytes(Buffer.from(bytes), placeOf, byte => String.fromCharCode(byte))
}

function characterOf([, decimal, hex, name, unit, point]: RegExpMatchArray): string | null {
  if (name !== undefined) return names.get(name.toLowerCase()) ?? null
  if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16))
  const code = decimal === undefined ? Number.parseInt(hex ?? point!, 16) : Number(decimal)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null
}

function encodeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
}

function encodeScript(text: string): string {
  return text.replace(/["'\\]/g, sign => `\\x${sign.charCodeAt(0).toString(16)}`)
}
