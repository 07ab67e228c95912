/**
 * Text that is written in another text: by percent signs (percent.ts), by references of characters (references.ts), in base64
 * or base64url (RFC 4648), compressed in it or not (gzip, RFC 1952), in hexadecimal, as a JSON Web Signature (RFC 7515) or as
 * a data: URI (RFC 2397). Pure. Which text bytes are is for text-in-bytes.ts to say.
 */
import { gunzipSync, gzipSync } from 'node:zlib'
import type { EncodedPart } from './encoded-part.ts'
import { hasEscapes, percentPart, percentParts } from './percent.ts'
import { referenced } from './references.ts'
import { apartFrom } from './spans.ts'
import { mayBeginChinese, mayBeginText, textInBytes } from './text-in-bytes.ts'

/** Two characters of Chinese in quoted-printable (RFC 2045, 6.7), or more; lines may be broken softly. */
const quoted = /=[0-9a-f]{2}(?:(?:=\r?\n)?=[0-9a-f]{2}){5,}/i
const quotedRuns = new RegExp(quoted, 'gi')

/** Shorter runs of the alphabet are not looked at: a mobile number takes 15 characters without padding. */
const shortestRun = 15
const runs = /[A-Za-z0-9+/_-]{15,}={0,2}/g
/** Not within a run, so that each run is walked once. */
const signatures = /(?<![\w-])(eyJ[\w-]{5,})\.([\w-]{2,})\.[\w-]*/g
const dataUri = /^data:[^,]{0,200},/i
/** Base64 in lines of the same length, as mail and PEM have it. */
const lines = /^[A-Za-z0-9+/_-]{15,}(?:\r?\n[A-Za-z0-9+/_-]+)+={0,2}(?:\r?\n)?$/
const equals = 0x3d
/** As many as a mobile number takes: what is shorter may be a number of digits alone, which the compiled reader does not look at. */
const shortestHex = 22
const hexadecimal = /^(?:0x)?((?:[0-9a-f]{2}){11,})$/i

const none: readonly EncodedPart[] = []

/** The encoded parts of a text, in order; those of one signature share a span, others are disjoint. Linear. */
export function encodedParts(text: string): readonly EncodedPart[] {
  const data = dataUri.exec(text)
  if (data !== null && !/;\s*base64\s*,$/i.test(data[0])) return [percentPart(text, data[0].length, text.length)]
  if (hasEscapes(text)) return percentParts(text)
  const whole = referenced(text)
  if (whole !== null) {
    const rewrite: EncodedPart['rewrite'] = (changed, edits) => whole.rewrite(changed, edits, 0)
    return [{ start: 0, end: text.length, text: whole.text, sealed: false, rewrite }]
  }
  if (text.length < shortestRun) return none
  if (text.includes('\n') && lines.test(text)) {
    const part = base64Part(text, 0, text.length)
    if (part !== null) return [part]
  }
  const signed = text.includes('eyJ') ? signedParts(text) : none
  const parts: EncodedPart[] = [...signed]
  let next = 0
  for (const { 0: run, index } of text.matchAll(runs)) {
    while (next < signed.length && signed[next]!.end <= index) next++
    if (next === signed.length || signed[next]!.start >= index + run.length) addRun(parts, text, index, run)
  }
  if (signed.length > 0) parts.sort((a, b) => a.start - b.start)
  const others = quoted.test(text) ? apartFrom(parts, quotedParts(text)) : none
  return others.length === 0 ? parts : [...parts, ...others].sort((a, b) => a.start - b.start)
}

/**
 * Whether text in these bytes could be or hold an encoded text, be a table or name values in it: wrong only by saying yes.
 * ../../plugins/formats/json/wasm says the same with vectors.
 */
export function mayBeEncoded(bytes: Uint8Array, from: number, to: number): boolean {
  let run = 0
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!
    if (sextets[byte]! < 64) run++
    else {
      if (byte === 0x0a || byte === 0x0d) return true
      if ((byte === 0x3a || byte === 0x3d) && standsBeforeChinese(bytes, i, to)) return true
      if (byte === 0x3d && beginsQuoted(bytes, i)) return true
      if (byte === 0x25 || (byte === 0x26 && beginsReference(bytes[i + 1]))) return true
      if (byte === 0x5c && (bytes[i + 1] === 0x75 || bytes[i + 1] === 0x78)) return true
      if (run >= shortestRun && mayDecode(bytes, i - run, i)) return true
      run = 0
    }
  }
  return (run >= shortestRun && mayDecode(bytes, to - run, to)) || beginsData(bytes, from, to)
}

/** Whether two escapes of quoted-printable begin here. */
function beginsQuoted(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 3] === 0x3d && nibbleOf(bytes[at + 1] ?? 0) >= 0 && nibbleOf(bytes[at + 2] ?? 0) >= 0
}

/** Whether a sign behind ASCII has Chinese behind it, with what opens a value between or without. */
function standsBeforeChinese(bytes: Uint8Array, sign: number, to: number): boolean {
  if (bytes[sign - 1]! >= 0x80) return false
  let at = sign + 1
  while (at < to && at < sign + 7 && opensValue.has(bytes[at]!)) at++
  return at < to && bytes[at]! >= 0xe4 && bytes[at]! <= 0xe9
}

const opensValue: ReadonlySet<number> = new Set(Buffer.from(` "'\\[(`))

/** Whether behind an ampersand there is a number sign or a letter. */
function beginsReference(byte: number | undefined): boolean {
  return byte === 0x23 || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a)
}

function beginsData(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 6 || bytes[from + 4] !== 0x3a) return false
  return 'data'.split('').every((letter, i) => (bytes[from + i]! | 0x20) === letter.charCodeAt(0))
}

/** By byte: its value in base64 or base64url; 64: none. */
const sextets = new Uint8Array(256).fill(64)
for (const [value, letter] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  sextets[letter.charCodeAt(0)] = value
}
sextets[0x2d] = 62
sextets[0x5f] = 63

/** What the identification and method of gzip (RFC 1952, 2.3) are in base64. */
const gzipStart = Buffer.from('H4sI')
/** More than this is not unpacked: a few kilobytes can stand for gigabytes. */
const mostUnpacked = 256 << 10

/** Whether a run, or what follows one of `+ / - _` in it, begins as the encoding of a text does. */
function mayDecode(bytes: Uint8Array, from: number, to: number): boolean {
  let start = from
  while (to - start >= shortestRun) {
    if (beginsText(bytes, start) || (to - start >= shortestHex && beginsHex(bytes, start))) return true
    while (start < to && sextets[bytes[start]!]! < 62) start++
    start++
  }
  return false
}

/** The bytes that a run begins with. */
const first = new Uint8Array(11)

/** Whether the first twelve characters stand for nine bytes with which a text can begin, or gzip. */
function beginsText(bytes: Uint8Array, at: number): boolean {
  if (gzipStart.every((byte, i) => bytes[at + i] === byte)) return true
  for (let i = 0; i < 3; i++) {
    const from = at + i * 4
    const four =
      (sextets[bytes[from]!]! << 18) |
      (sextets[bytes[from + 1]!]! << 12) |
      (sextets[bytes[from + 2]!]! << 6) |
      sextets[bytes[from + 3]!]!
    first[i * 3] = four >> 16
    first[i * 3 + 1] = four >> 8
    first[i * 3 + 2] = four
  }
  return mayBeginText(first, 9) || (!areDigits(bytes, at, 12) && mayBeginChinese(first))
}

/** Whether the first 22 characters, or those behind `0x`, are hexadecimal of eleven bytes with which a text can begin. */
function beginsHex(bytes: Uint8Array, at: number): boolean {
  const from = bytes[at] === 0x30 && (bytes[at + 1]! | 0x20) === 0x78 ? at + 2 : at
  for (let i = 0; i < 11; i++) {
    const [high, low] = [nibbleOf(bytes[from + 2 * i]!), nibbleOf(bytes[from + 2 * i + 1]!)]
    if (high < 0 || low < 0) return false
    first[i] = (high << 4) | low
  }
  return mayBeginText(first, 11) || (!areDigits(bytes, from, 22) && mayBeginChinese(first))
}

/** What begins with so many digits is rather a number than Chinese. */
function areDigits(bytes: Uint8Array, from: number, count: number): boolean {
  for (let at = from; at < from + count; at++) if (bytes[at]! < 0x30 || bytes[at]! > 0x39) return false
  return true
}

function nibbleOf(byte: number): number {
  if (byte >= 0x30 && byte < 0x3a) return byte - 0x30
  const letter = (byte | 0x20) - 0x61
  return letter >= 0 && letter < 6 ? letter + 10 : -1
}

/** Tried to the end of a run from so many places, so that a run costs what its length is. */
const mostTails = 8

/** A run as a whole, or else what follows one of `+ / - _` in it: a name or path may stand before the encoding. */
function addRun(parts: EncodedPart[], text: string, index: number, run: string): void {
  const bytes = Buffer.from(run, 'latin1')
  const to = index + run.length
  let tails = 0
  // Padding says nothing, and the other reader does not count it either.
  const letters = run.replace(/=+$/, '').length
  for (let start = 0; letters - start >= shortestRun; ) {
    let stop = start
    while (stop < run.length && sextets[bytes[stop]!]! < 62) stop++
    const next = stop + 1
    while (bytes[stop] === equals) stop++
    const isHex = stop - start >= shortestHex && beginsHex(bytes, start)
    const hex = isHex ? hexPart(text, index + start, index + stop) : null
    if (hex !== null) parts.push(hex)
    else if (beginsText(bytes, start)) {
      const tail = tails++ < mostTails ? base64Part(text, index + start, to) : null
      if (tail !== null) {
        parts.push(tail)
        return
      }
      const piece = stop - start >= shortestRun ? base64Part(text, index + start, index + stop) : null
      if (piece !== null) parts.push(piece)
    }
    start = next
  }
}

function base64Part(whole: string, start: number, end: number): EncodedPart | null {
  const written = whole.slice(start, end)
  if (written.startsWith('H4sI')) return gzipPart(start, end, written)
  const letters = written.replace(/[=\r\n]/g, '')
  if (letters.length % 4 === 1) return null
  return partOfBytes(start, end, Buffer.from(letters, 'base64'), bytes => encodeBytes(bytes, written))
}

function hexPart(whole: string, start: number, end: number): EncodedPart | null {
  const written = whole.slice(start, end)
  const digits = hexadecimal.exec(written)?.[1]
  if (digits === undefined) return null
  const write = (bytes: Buffer): string => {
    const hex = bytes.toString('hex')
    return written.slice(0, -digits.length) + (/[A-F]/.test(digits) ? hex.toUpperCase() : hex)
  }
  return partOfBytes(start, end, Buffer.from(digits, 'hex'), write)
}

function partOfBytes(start: number, end: number, bytes: Buffer, write: (bytes: Buffer) => string): EncodedPart | null {
  const found = textInBytes(bytes)
  if (found === null) return null
  const { text, encode } = found
  const again = (changed: string) => (encode === null ? '***' : write(encode(changed)))
  return { start, end, text, sealed: encode === null, rewrite: changed => [{ start, end, text: again(changed) }] }
}

function quotedParts(text: string): EncodedPart[] {
  const write = (bytes: Buffer) => bytes.toString('hex').toUpperCase().replace(/../g, '=$&')
  return Array.from(text.matchAll(quotedRuns), ({ 0: run, index }) =>
    partOfBytes(index, index + run.length, Buffer.from(run.replace(/[=\r\n]/g, ''), 'hex'), write),
  ).filter(part => part !== null)
}

/** What is compressed has no stretches that stand for parts of the text: any change compresses all of it again. */
function gzipPart(start: number, end: number, written: string): EncodedPart | null {
  const unpacked = unpack(Buffer.from(written, 'base64'))
  if (unpacked === undefined) return null
  if (unpacked !== null) return partOfBytes(start, end, unpacked, bytes => encodeBytes(gzipSync(bytes), written))
  return { start, end, text: null, sealed: false, rewrite: () => [] }
}

/** What a gzip stream holds; null where it is too much, undefined where it is no gzip. */
function unpack(bytes: Buffer): Buffer | null | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostUnpacked })
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? null : undefined
  }
}

/** Encodes in the alphabet, with the padding and in the lines of the model. */
function encodeBytes(bytes: Buffer, model: string): string {
  const url = /[-_]/.test(model)
  const letters = model.replace(/[\r\n]/g, '')
  const padded = letters.endsWith('=') || (!url && letters.length % 4 === 0)
  const encoded = bytes.toString(url ? 'base64url' : 'base64')
  const bare = encoded.replace(/=+$/, '')
  const whole = padded ? bare.padEnd(Math.ceil(bare.length / 4) * 4, '=') : bare
  const [, line, ending] = /^([^\r\n]+)(\r?\n)/.exec(model) ?? []
  if (line === undefined || ending === undefined) return whole
  const wrapped = whole.match(new RegExp(`.{1,${line.length}}`, 'g'))?.join(ending) ?? ''
  return model.endsWith('\n') ? wrapped + ending : wrapped
}

function signedParts(text: string): EncodedPart[] {
  const parts: EncodedPart[] = []
  for (const { 0: whole, 1: header, 2: payload, index: start } of text.matchAll(signatures)) {
    const texts = [header!, payload!].map(one => textInBytes(Buffer.from(one, 'base64'))?.text)
    if (!texts[0]?.startsWith('{')) continue
    const end = start + whole.length
    for (const inner of texts) {
      if (inner === undefined) continue
      parts.push({ start, end, text: inner, sealed: true, rewrite: () => [{ start, end, text: '***' }] })
    }
  }
  return parts
}
