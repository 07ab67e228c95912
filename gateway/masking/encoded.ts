/**
 * Text that is written in another text: by percent signs (RFC 3986, section 2.1, and `%uXXXX` as ECMAScript's `escape`
 * has it), by references of characters (references.ts), in base64 or base64url (RFC 4648), compressed in it or not (gzip, RFC
 * 1952), as a JSON Web Signature (RFC 7515) or as a data: URI (RFC 2397). Pure. What does not decode to UTF-8 text without control characters is no text, and not read:
 * hashes, identifiers, pictures.
 */
import { isUtf8 } from 'node:buffer'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Edit, Span } from '../contracts.ts'
import { referenced } from './references.ts'
import { editsWhereWritten, type Stretch } from './stretches.ts'

/** A part of a text that is an encoding of another text. */
export type EncodedPart = Span & {
  /** null: too much to be read, so all of it goes. */
  readonly text: string | null
  /** It is signed: what is changed in it could not be signed again, so all of it goes. */
  readonly sealed: boolean
  /**
   * The edits of the whole that do to this part what `edits` do to its text; where these are null, `text` takes the place
   * of all its text.
   */
  rewrite(text: string, edits: readonly Edit[] | null): readonly Edit[]
}

/** Shorter runs of the alphabet are not looked at: a mobile number takes 15 characters without padding. */
const shortestRun = 15
const runs = /[A-Za-z0-9+/_-]{15,}={0,2}/g
/** Not within a run, so that each run is walked once. */
const signatures = /(?<![\w-])(eyJ[\w-]{5,})\.([\w-]{2,})\.[\w-]*/g
const escapes = /%(?:[0-9a-f]{2}|u[0-9a-f]{4})/i
const dataUri = /^data:[^,]{0,200},/i
/** Base64 in lines of the same length, as mail and PEM have it. */
const lines = /^[A-Za-z0-9+/_-]{15,}(?:\r?\n[A-Za-z0-9+/_-]+)+={0,2}(?:\r?\n)?$/
const equals = 0x3d
const control = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/

const none: readonly EncodedPart[] = []

/** The encoded parts of a text, in order; those of one signature share a span, others are disjoint. Linear. */
export function encodedParts(text: string): readonly EncodedPart[] {
  const data = dataUri.exec(text)
  if (data !== null && !/;\s*base64\s*,$/i.test(data[0])) return [percentPart(text, data[0].length, text.length)]
  if (text.includes('%') && escapes.test(text)) return percentParts(text)
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
  return signed.length === 0 ? parts : parts.sort((a, b) => a.start - b.start)
}

/**
 * Whether text in these bytes could be or hold an encoded text: wrong only by saying yes. ../../plugins/formats/json/wasm
 * says the same with vectors.
 */
export function mayBeEncoded(bytes: Uint8Array, from: number, to: number): boolean {
  let run = 0
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!
    if (sextets[byte]! < 64) run++
    else {
      if (byte === 0x25 || (byte === 0x26 && beginsReference(bytes[i + 1]))) return true
      if (byte === 0x5c && (bytes[i + 1] === 0x75 || bytes[i + 1] === 0x78)) return true
      if (run >= shortestRun && mayDecode(bytes, i - run, i)) return true
      run = 0
    }
  }
  return (run >= shortestRun && mayDecode(bytes, to - run, to)) || beginsData(bytes, from, to)
}

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
    if (beginsText(bytes, start)) return true
    while (start < to && sextets[bytes[start]!]! < 62) start++
    start++
  }
  return false
}

/** Whether the first twelve characters stand for nine bytes with which a text without control characters, or gzip, can begin. */
function beginsText(bytes: Uint8Array, at: number): boolean {
  if (gzipStart.every((byte, i) => bytes[at + i] === byte)) return true
  let expected = 0
  for (let i = at; i < at + 12; i += 4) {
    const four =
      (sextets[bytes[i]!]! << 18) |
      (sextets[bytes[i + 1]!]! << 12) |
      (sextets[bytes[i + 2]!]! << 6) |
      sextets[bytes[i + 3]!]!
    for (let shift = 16; shift >= 0; shift -= 8) {
      expected = follow(expected, (four >> shift) & 0xff)
      if (expected < 0) return false
    }
  }
  return true
}

/** How many continuations are expected behind a byte, of which `expected` were before; -1: it cannot stand there. */
function follow(expected: number, byte: number): number {
  if (byte >= 0x80 && byte < 0xc0) return expected - 1
  if (expected > 0) return -1
  if (byte < 0x80) return (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte === 0x7f ? -1 : 0
  if (byte < 0xc2 || byte > 0xf4) return -1
  return byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
}

/** Tried to the end of a run from so many places, so that a run costs what its length is. */
const mostTails = 8

/** A run as a whole, or else what follows one of `+ / - _` in it: a name or path may stand before the encoding. */
function addRun(parts: EncodedPart[], text: string, index: number, run: string): void {
  const bytes = Buffer.from(run, 'latin1')
  const to = index + run.length
  let tails = 0
  for (let start = 0; run.length - start >= shortestRun; ) {
    let stop = start
    while (stop < run.length && sextets[bytes[stop]!]! < 62) stop++
    const next = stop + 1
    while (bytes[stop] === equals) stop++
    if (beginsText(bytes, start)) {
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
  const text = decodeBase64(written)
  if (text === null) return null
  return {
    start,
    end,
    text,
    sealed: false,
    rewrite: replacement => [{ start, end, text: encodeBase64(replacement, written) }],
  }
}

/** What is compressed has no stretches that stand for parts of the text: any change compresses all of it again. */
function gzipPart(start: number, end: number, written: string): EncodedPart | null {
  const text = unpack(Buffer.from(written, 'base64'))
  if (text === undefined) return null
  const pack = (replacement: string) => encodeBytes(gzipSync(replacement), written)
  return { start, end, text, sealed: false, rewrite: replacement => [{ start, end, text: pack(replacement) }] }
}

/** The text of a gzip stream; null where it is too much, undefined where it is no text, or no gzip. */
function unpack(bytes: Buffer): string | null | undefined {
  try {
    const unpacked = gunzipSync(bytes, { maxOutputLength: mostUnpacked })
    const text = unpacked.toString('utf8')
    return isUtf8(unpacked) && !control.test(text) ? text : undefined
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? null : undefined
  }
}

/** The text of base64 with or without padding; null where it is none. */
function decodeBase64(written: string): string | null {
  const letters = written.replace(/[=\r\n]/g, '')
  if (letters.length % 4 === 1) return null
  const bytes = Buffer.from(letters, 'base64')
  if (!isUtf8(bytes)) return null
  const text = bytes.toString('utf8')
  return control.test(text) ? null : text
}

/** Encodes in the alphabet, with the padding and in the lines of the model. */
function encodeBase64(text: string, model: string): string {
  return encodeBytes(Buffer.from(text, 'utf8'), model)
}

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
    const texts = [header!, payload!].map(decodeBase64)
    if (!texts[0]?.startsWith('{')) continue
    const end = start + whole.length
    for (const inner of texts) {
      if (inner === null) continue
      parts.push({ start, end, text: inner, sealed: true, rewrite: () => [{ start, end, text: '***' }] })
    }
  }
  return parts
}

/** Parts of an address, or a form, of which one may be a whole JSON text or markup. */
const components = /[^?&=#\s]+/g
const opens = /^(?:%7b|%5b|%3c|[{[<])/i
const closes = /(?:%7d|%5d|%3e|[}\]>])$/i

function percentParts(text: string): EncodedPart[] {
  const parts: EncodedPart[] = []
  let done = 0
  for (const { 0: component, index } of text.matchAll(components)) {
    if (!opens.test(component) || !closes.test(component)) continue
    if (index > done) parts.push(percentPart(text, done, index))
    done = index + component.length
    parts.push(percentPart(text, index, done))
  }
  if (done < text.length) parts.push(percentPart(text, done, text.length))
  return parts
}

/** What stands from `start` to `end`, with its escapes undone. */
function percentPart(whole: string, start: number, end: number): EncodedPart {
  const written = whole.slice(start, end)
  return {
    start,
    end,
    text: written.replace(escapeRuns, decodeRun),
    sealed: false,
    rewrite(replacement, edits) {
      if (edits === null) return [{ start, end, text: encodePercent(replacement) }]
      return editsWhereWritten([...stretchesOf(written)], edits, start, encodePercent)
    },
  }
}

/** Of one unit, or of one or more bytes. */
const escapeRuns = /%u([0-9a-f]{4})|(?:%[0-9a-f]{2})+/gi

function decodeRun(run: string, unit: string | undefined): string {
  if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16))
  const bytes = bytesOf(run)
  return isUtf8(bytes) ? bytes.toString('utf8') : [...charactersOf(bytes, 0)].map(({ text }) => text).join('')
}

function bytesOf(run: string): Buffer {
  return Buffer.from(run.replaceAll('%', ''), 'hex')
}

function* stretchesOf(written: string): Generator<Stretch> {
  let done = 0
  for (const { 0: run, 1: unit, index } of written.matchAll(escapeRuns)) {
    if (index > done) yield { from: done, to: index, text: written.slice(done, index), literal: true }
    done = index + run.length
    if (unit !== undefined) yield { from: index, to: done, text: decodeRun(run, unit), literal: false }
    else yield* charactersOf(bytesOf(run), index)
  }
  if (done < written.length) yield { from: done, to: written.length, text: written.slice(done), literal: true }
}

/** Character by character; a byte that is not UTF-8 (GBK, mostly) is a character of which nothing is known. */
function* charactersOf(bytes: Buffer, index: number): Generator<Stretch> {
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at]!
    const length = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    const sequence = bytes.subarray(at, at + length)
    const fine = sequence.length === length && isUtf8(sequence)
    const to = at + (fine ? length : 1)
    const text = fine ? sequence.toString('utf8') : '\ufffd'
    yield { from: index + at * 3, to: index + to * 3, text, literal: false }
    at = to
  }
}

function encodePercent(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
