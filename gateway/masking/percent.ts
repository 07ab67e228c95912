/**
 * Text written by percent signs: RFC 3986, section 2.1, and `%uXXXX` as ECMAScript's `escape` has it. Pure.
 */
import { isUtf8 } from 'node:buffer'
import type { EncodedPart } from './encoded-part.ts'
import { editsWhereWritten, type Stretch, stretchesOfBytes } from './stretches.ts'

const escapes = /%(?:[0-9a-f]{2}|u[0-9a-f]{4})/i

export function hasEscapes(text: string): boolean {
  return text.includes('%') && escapes.test(text)
}

/** Parts of an address, or a form, of which one may be a whole JSON text or markup. */
const components = /[^?&=#\s]+/g
const opens = /^(?:%7b|%5b|%3c|[{[<])/i
const closes = /(?:%7d|%5d|%3e|[}\]>])$/i

/** The parts of a text with escapes, in order. */
export function percentParts(text: string): EncodedPart[] {
  const parts: EncodedPart[] = []
  let done = 0
  for (const { 0: component, index } of text.matchAll(components)) {
    if (!opens.test(component) || !closes.test(component)) continue
    if (index > done) parts.push(percentPart(text, done, index))
    done = index + component.length
    parts.push(percentPart(text, index, done, component[0] === '%'))
  }
  if (done < text.length) parts.push(percentPart(text, done, text.length))
  return parts
}

/** What stands from `start` to `end`, with its escapes undone; in a form a plus is a blank. */
export function percentPart(whole: string, start: number, end: number, isForm = false): EncodedPart {
  const part = whole.slice(start, end)
  const written = isForm ? part.replaceAll('+', ' ') : part
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

/** A byte that is no text is a character of which nothing is known. */
function charactersOf(bytes: Buffer, index: number): Generator<Stretch> {
  return stretchesOfBytes(
    bytes,
    byte => index + byte * 3,
    () => '\ufffd',
  )
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

function encodePercent(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
