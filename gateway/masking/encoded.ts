/**
 * Text that is written in another text: by percent signs (percent.ts), by references of characters (references.ts), in base64
 * or base64url (RFC 4648) or in hexadecimal, compressed in it or not (gzip, zlib), as a JSON Web Signature (RFC 7515) or as
 * a data: URI (RFC 2397). Pure. Which text bytes are is for text-in-bytes.ts to say;
 * where one may begin, for may-be-encoded.ts.
 */
import { deflateSync, gzipSync } from 'node:zlib'
import type { EncodedPart } from './encoded-part.ts'
import { beginsCompressed, isDocument, textsOfObject } from './known-bytes.ts'
import {
  beginsHex,
  beginsText,
  endOfPiece,
  endOfRun,
  shortestHex,
  shortestRun,
  sign,
  signsIn,
} from './may-be-encoded.ts'
import { hasEscapes, percentPart, percentParts } from './percent.ts'
import { referenced } from './references.ts'
import { apartFrom } from './spans.ts'
import { textInBytes } from './text-in-bytes.ts'
import { gzipStart, type Unpacking } from './unpacking.ts'

/** Two characters of Chinese in quoted-printable (RFC 2045, 6.7), or more; lines may be broken softly. */
const quoted = /=[0-9a-f]{2}(?:(?:=\r?\n)?=[0-9a-f]{2}){5,}/i
const quotedRuns = new RegExp(quoted, 'gi')

/** Not within a run, so that each run is walked once. */
const signatures = /(?<![\w-])(eyJ[\w-]{5,})\.([\w-]{2,})\.[\w-]*/g
const dataUri = /^data:[^,]{0,200},/i
/** Base64 in lines of the same length, as mail and PEM have it. */
const lines = /^[A-Za-z0-9+/_-]{15,}(?:\r?\n[A-Za-z0-9+/_-]+)+={0,2}(?:\r?\n)?$/
const equals = 0x3d
const hexadecimal = /^(?:0x)?((?:[0-9a-f]{2}){11,})$/i

const none: readonly EncodedPart[] = []

/**
 * The encoded parts of a text, in order; those of one signature share a span, others are disjoint. Linear but for what is compressed, which is
 * left where nothing is unpacked (null), as documents and objects are.
 */
export function encodedParts(text: string, unpacking: Unpacking | null): readonly EncodedPart[] {
  const signs = signsIn(text)
  const data = (signs & sign.comma) === 0 ? null : dataUri.exec(text)
  if (data !== null && !/;\s*base64\s*,$/i.test(data[0])) return [percentPart(text, data[0].length, text.length)]
  if ((signs & sign.percent) !== 0 && hasEscapes(text)) return percentParts(text)
  const whole = (signs & sign.reference) === 0 ? null : referenced(text)
  if (whole !== null) {
    const rewrite: EncodedPart['rewrite'] = (changed, edits) => whole.rewrite(changed, edits, 0)
    return [{ start: 0, end: text.length, text: whole.text, sealed: false, rewrite }]
  }
  if (text.length < shortestRun) return none
  if ((signs & sign.line) !== 0 && lines.test(text)) {
    const part = base64Part(text, 0, text.length, unpacking)
    if (part !== null) return [part]
  }
  const signed = (signs & sign.stop) !== 0 && text.includes('eyJ') ? signedParts(text) : none
  const parts = (signs & sign.run) === 0 ? signed : withRuns(signed, text, unpacking)
  const others = (signs & sign.equals) !== 0 && quoted.test(text) ? apartFrom(parts, quotedParts(text)) : none
  return others.length === 0 ? parts : [...parts, ...others].sort((a, b) => a.start - b.start)
}

/** Signatures, and what runs of letters of base64 hold that stand apart from them. */
function withRuns(signed: readonly EncodedPart[], text: string, unpacking: Unpacking | null): EncodedPart[] {
  const parts = [...signed]
  let next = 0
  for (let at = 0; at < text.length; at++) {
    const start = at
    at = endOfRun(text, start)
    if (at - start < shortestRun) continue
    let end = at
    while (end < at + 2 && text[end] === '=') end++
    while (next < signed.length && signed[next]!.end <= start) next++
    if (next === signed.length || signed[next]!.start >= end)
      addRun(parts, text, start, text.slice(start, end), unpacking)
    at = end - 1
  }
  if (signed.length > 0) parts.sort((a, b) => a.start - b.start)
  return parts
}

/** Tried to the end of a run from so many places, so that a run costs what its length is. */
const mostTails = 8

/** Short runs, as most are, are read without a buffer of their own; a zero stands behind each. */
const shortRun = new Uint8Array(64)

function bytesOfRun(run: string): Uint8Array {
  if (run.length >= shortRun.length) return Buffer.from(run, 'latin1')
  for (let at = 0; at < run.length; at++) shortRun[at] = run.charCodeAt(at)
  shortRun[run.length] = 0
  return shortRun
}

/** A run as a whole, or else what follows one of `+ / - _` in it: a name or path may stand before the encoding. */
function addRun(parts: EncodedPart[], text: string, index: number, run: string, unpacking: Unpacking | null): void {
  const bytes = bytesOfRun(run)
  const to = index + run.length
  let tails = 0
  // Padding says nothing, and the other reader does not count it either.
  const letters = endOfRun(run, 0)
  for (let start = 0; letters - start >= shortestRun; ) {
    let stop = endOfPiece(bytes, start, run.length)
    const next = stop + 1
    while (bytes[stop] === equals) stop++
    const isHex = stop - start >= shortestHex && beginsHex(bytes, start)
    const hex = isHex ? hexPart(text, index + start, index + stop, unpacking) : null
    if (hex !== null) parts.push(hex)
    else if (beginsText(bytes, start)) {
      const tail = tails++ < mostTails ? base64Part(text, index + start, to, unpacking) : null
      if (tail !== null) {
        parts.push(tail)
        return
      }
      const piece = stop - start >= shortestRun ? base64Part(text, index + start, index + stop, unpacking) : null
      if (piece !== null) parts.push(piece)
    }
    start = next
  }
}

function base64Part(whole: string, start: number, end: number, unpacking: Unpacking | null): EncodedPart | null {
  const written = whole.slice(start, end)
  const letters = written.replace(/[=\r\n]/g, '')
  if (letters.length % 4 === 1) return null
  return partOfBytes(start, end, Buffer.from(letters, 'base64'), bytes => encodeBytes(bytes, written), unpacking)
}

function hexPart(whole: string, start: number, end: number, unpacking: Unpacking | null): EncodedPart | null {
  const written = whole.slice(start, end)
  const digits = hexadecimal.exec(written)?.[1]
  if (digits === undefined) return null
  const write = (bytes: Buffer): string => {
    const hex = bytes.toString('hex')
    return written.slice(0, -digits.length) + (/[A-F]/.test(digits) ? hex.toUpperCase() : hex)
  }
  return partOfBytes(start, end, Buffer.from(digits, 'hex'), write, unpacking)
}

type Write = (bytes: Buffer) => string

function partOfBytes(
  start: number,
  end: number,
  bytes: Buffer,
  write: Write,
  unpacking: Unpacking | null,
): EncodedPart | null {
  if (unpacking === null) return textPart(start, end, bytes, write)
  if (isDocument(bytes)) return unread(start, end, true)
  const unpacked = beginsCompressed(bytes[0]!, bytes[1]!) ? unpacking.unpack(bytes) : undefined
  if (unpacked === undefined) return textPart(start, end, bytes, write) ?? objectPart(start, end, bytes)
  // What is compressed has no stretches that stand for parts of the text: any change compresses all of it again.
  const pack = bytes[0] === gzipStart ? gzipSync : deflateSync
  if (unpacked !== null) return textPart(start, end, unpacked, one => write(pack(one)))
  return unread(start, end, false)
}

function objectPart(start: number, end: number, bytes: Buffer): EncodedPart | null {
  const text = textsOfObject(bytes)
  return text === null ? null : { start, end, text, sealed: true, rewrite: () => [{ start, end, text: '***' }] }
}

function unread(start: number, end: number, isDocument: boolean): EncodedPart {
  return { start, end, text: null, isDocument, sealed: false, rewrite: () => [] }
}

function textPart(start: number, end: number, bytes: Buffer, write: Write): EncodedPart | null {
  const found = textInBytes(bytes)
  if (found === null) return null
  const { text, encode } = found
  const again = (changed: string) => (encode === null ? '***' : write(encode(changed)))
  return { start, end, text, sealed: encode === null, rewrite: changed => [{ start, end, text: again(changed) }] }
}

function quotedParts(text: string): EncodedPart[] {
  const write = (bytes: Buffer) => bytes.toString('hex').toUpperCase().replace(/../g, '=$&')
  return Array.from(text.matchAll(quotedRuns), ({ 0: run, index }) =>
    textPart(index, index + run.length, Buffer.from(run.replace(/[=\r\n]/g, ''), 'hex'), write),
  ).filter(part => part !== null)
}

/** Encodes in the alphabet, with the padding and in the lines of the model. */
function encodeBytes(bytes: Buffer, model: string): string {
  const url = /[-_]/.test(model)
  const letters = model.replace(/[\r\n]/g, '')
  const padded = letters.endsWith('=') || (!url && letters.length % 4 === 0)
  const encoded = bytes.toString(url ? 'base64url' : 'base64')
  const bare = encoded.replaceAll('=', '')
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
