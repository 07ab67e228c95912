import type { FormatPlugin } from '../contracts.ts'

/** What a body's first bytes look like, whatever its label says. */
export type Look =
  /** White space only. */
  | 'blank'
  /** Begins like a JSON object or array. */
  | 'object'
  /** Begins like a script that holds data (JSONP, an object literal, a JSON text behind a guard), or like what has names and encodings of its own: vCard, iCalendar, LDIF, mail, HL7 version 2, answers of GWT, SYLK, DIF. */
  | 'script'
  /** Begins with `<`. */
  | 'markup'
  /** Any other text. */
  | 'text'
  /** A signature that no text begins with, or bytes that stand in no text. */
  | 'binary'

/** Kinds of files that are known by how they begin, as media types. */
const signatures: readonly (readonly [mediaType: string, at: number, bytes: string])[] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF87a'],
  ['image/gif', 0, 'GIF89a'],
  ['image/webp', 8, 'WEBPVP'],
  ['image/bmp', 6, '\0\0\0\0'],
  ['image/x-icon', 0, '\0\0\x01\0'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
  ['image/avif', 4, 'ftypavif'],
  ['image/heic', 4, 'ftyphei'],
  ['application/pdf', 0, '%PDF-'],
  ['application/postscript', 0, '%!PS'],
  ['application/rtf', 0, '{\\rtf'],
  ['application/zip', 0, 'PK\x03\x04'],
  ['application/zip', 0, 'PK\x05\x06'],
  ['application/zip', 0, 'PK\x07\x08'],
  ['application/x-ole-storage', 0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ['application/gzip', 0, '\x1f\x8b'],
  ['application/x-bzip2', 4, '1AY&SY'],
  ['application/x-xz', 0, '\xfd7zXZ\0'],
  ['application/zstd', 0, '\x28\xb5\x2f\xfd'],
  ['application/x-7z-compressed', 0, '7z\xbc\xaf\x27\x1c'],
  ['application/vnd.rar', 0, 'Rar!\x1a\x07'],
  ['application/x-elf', 0, '\x7fELF'],
  ['application/java-vm', 0, '\xca\xfe\xba\xbe'],
  ['application/vnd.sqlite3', 0, 'SQLite format 3\0'],
  ['application/vnd.apache.arrow.file', 0, 'ARROW1\0\0'],
  ['application/vnd.apache.parquet', 0, 'PAR1'],
  ['font/woff', 0, 'wOFF'],
  ['font/woff2', 0, 'wOF2'],
  ['font/ttf', 0, '\0\x01\0\0'],
  ['font/otf', 0, 'OTTO'],
  ['font/collection', 0, 'ttcf'],
  ['application/vnd.ms-fontobject', 34, 'LP'],
  ['audio/mpeg', 0, 'ID3'],
  ['audio/ogg', 0, 'OggS'],
  ['audio/wav', 8, 'WAVEfmt'],
  ['video/mp4', 4, 'ftyp'],
  ['video/webm', 0, '\x1a\x45\xdf\xa3'],
]

/** Signatures of printable characters with which a text could begin as well: with these, some other byte must be none. */
const printable = /^[\x20-\x7e]*$/
/** Bytes that stand in no text in any charset the gateway reads (WHATWG MIME Sniffing: binary data bytes). */
const noText = /[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/
/** These files can consist of text throughout. */
const textual: ReadonlySet<string> = new Set(['application/pdf', 'application/postscript', 'application/rtf'])

/** The media type of the file that begins so, null where it is none that is known by that. */
export function signatureOf(head: Uint8Array): string | null {
  const start = Buffer.from(head.subarray(0, 64)).toString('latin1')
  for (const [mediaType, at, bytes] of signatures) {
    if (!start.startsWith(bytes, at)) continue
    if (mediaType === 'image/bmp' && !start.startsWith('BM')) continue
    if (!printable.test(bytes) || textual.has(mediaType) || noText.test(start)) return mediaType
  }
  return null
}

/** Looks at the first 1024 bytes. */
export function lookOf(head: Uint8Array): Look {
  return isBinary(head) ? 'binary' : lookOfText(head)
}

/** On the way of every answer, so it makes a string only where it has to. */
function isBinary(head: Uint8Array): boolean {
  const end = Math.min(head.length, 1024)
  for (let at = 0; at < end; at++) if (isNoText[head[at]!] === 1) return true
  const first = head[0] ?? 0
  const second = head[1]
  const wide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  return wide || (couldBeFile(first, second) && signatureOf(head) !== null)
}

function lookOfText(head: Uint8Array): Exclude<Look, 'binary'> {
  const end = Math.min(head.length, 1024)
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
  while (at < end && isBlank(head[at]!)) at++
  if (at === end) return 'blank'
  if (head[at] === 0x3c) return 'markup'
  const text = Buffer.from(head.buffer, head.byteOffset + at, Math.min(end - at, 300)).toString('latin1')
  if (objects.test(text)) return 'object'
  return scripts.test(text) || documents.test(text) ? 'script' : 'text'
}

const isNoText = Uint8Array.from({ length: 256 }, (_, byte) => (noText.test(String.fromCharCode(byte)) ? 1 : 0))

function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d && byte !== 0x0b)
}

/** Whether a file that holds no byte of `noText` in its first ones could begin so: `%PDF`, `{\\rtf`, and some with bytes above 127. */
function couldBeFile(first: number, second: number | undefined): boolean {
  return first >= 0x80 || first === 0x25 || first === 0x28 || first === 0x37 || (first === 0x7b && second === 0x5c)
}

/** `{"`, `[{`, `[1,`; a head may end anywhere. `[2026-11-21 08:00]` begins a line of a log, and `{xm:` a script. */
const objects =
  /^(?:\{\s*(?:["}]|$)|\[\s*(?:[{["\]]|$|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\s*(?:[,\]]|$)|(?:true|false|null)\s*(?:[,\]]|$)))/i
/** `cb({`, `window.rows = [`, `var a=`, `{xm:`, `({`, `['`, `)]}',`, `while(1);`, with a comment ahead or without. */
const scripts =
  /^(?:\/\*.{0,200}?\*\/\s*)?(?:[\w$.]+\s*\(\s*[[{"']|(?:var|let|const|window|self|export|import|function)\b|[\w$.]+\s*=\s*[[{]|\(\s*(?:\{\s*["'\w$}]|\[\s*[[{"'])|\{\s*['\w$]|\[\s*'|\)\]\}|(?:while|for)\s*\([^)]{0,20}\)\s*;|\/\*|"use strict")/s

/**
 * What says who people are by names that no policy knows, in lines that are folded and in encodings of its own, so that plain
 * text would show it: vCard and iCalendar (RFC 6350, 5545), LDIF (RFC 2849), mail (RFC 5322) and boxes of it; messages and batches of HL7
 * version 2, whose segments have places and no names; what GWT's remote calls answer; and tables with a cell on each line, in which a column is a
 * number (SYLK) or nothing but an order (DIF).
 */
const documents =
  /^(?:BEGIN:V(?:CARD|CALENDAR)\b|(?:MSH|[BF]HS)[|^~&#!$%]|\/\/(?:OK|EX)\[|ID;P[^\r\n]{0,64}[\r\n]{1,2}(?:(?:[BCFOPW]|N[ENU]);[A-Z]|E[\r\n])|TABLE\r?\n0,1\r?\n"|(?:version:[ \t]*1\s+)?dn:(?:[ \t]*[a-z][\w.-]*=|:[ \t]*[a-z0-9+/]{8})|From [^\s@]+@\S+ |(?:[A-Za-z][\w-]*: .*\r?\n(?:[ \t].*\r?\n)*){0,20}(?:MIME-Version: ?1|Message-ID: ?<|Return-Path: ?<|Received: ?(?:from|by) |Content-Transfer-Encoding: ?\w))/i

/** Labels that say too little for their word to be taken: the bytes decide. */
const vague =
  /^(?:text\/(?!(?:xml|json)$).*|application\/(?:octet-stream|force-download|x-download|download|unknown|x-msdownload|binary|vnd\.ms-excel|(?:x-)?(?:ms-?)?excel|(?:x-)?xls))$/
/** Labels that say nothing but that there are bytes: what is plain text under them is read as that. */
export const unlabelled =
  /^application\/(?:octet-stream|force-download|x-download|download|unknown|x-msdownload|binary)$/
/** Under these only what is JSON in truth can be read. */
const scriptTypes = /^(?:text|application)\/(?:x-)?(?:javascript|ecmascript|jscript|livescript)$/

/**
 * The format that reads a body, by label and bytes together; null: withheld. A label that a format goes by is taken at
 * its word where the bytes agree. Where they do not, the format that they are a sure sign of reads it, which knows more of
 * fields, or nobody does:
 *
 * | label \ bytes   | object      | markup      | text        | script      | binary              |
 * |-----------------|-------------|-------------|-------------|-------------|---------------------|
 * | JSON, NDJSON    | as labelled | withheld    | as labelled | as labelled | withheld            |
 * | XML             | withheld    | as labelled | withheld    | withheld    | withheld            |
 * | HTML            | JSON        | as labelled | as labelled | withheld    | what it is: a book  |
 * | CSV, text       | JSON        | XML or HTML | as labelled | withheld    | what it is: a book  |
 * | form            | as labelled | as labelled | as labelled | as labelled | withheld            |
 * | XLSX            | withheld    | withheld    | withheld    | withheld    | what it is: a book  |
 * | a script        | JSON        | withheld    | withheld    | withheld    | withheld            |
 * | other `text/`   | JSON        | XML or HTML | withheld    | withheld    | what it is: a book  |
 * | vague, or none  | JSON        | XML or HTML | plain text  | withheld    | what it is: a book  |
 * | any other       | withheld    | withheld    | withheld    | withheld    | withheld            |
 *
 * A book is a workbook, XLSX or XLS: systems label one as the other. What is as labelled and is not in that format after all is withheld by the format. Markup whose first element is none of HTML
 * is read as XML, under the label of HTML too.
 */
export function chooseFormat(
  formats: readonly FormatPlugin[],
  mediaType: string | null,
  head: Uint8Array,
): FormatPlugin | null {
  const named = mediaType === null ? undefined : formats.find(format => carries(format, mediaType))
  const fits = named?.looksLike(head) === true
  const binary = isBinary(head)
  if (binary) return ofBytes(formats, mediaType, named, head)
  if (named?.reads === 'bytes' && !vague.test(mediaType!)) return null
  const isScript = scriptTypes.test(mediaType ?? '')
  if (mediaType !== null && !vague.test(mediaType) && !isScript) return fits ? named! : null
  const look = lookOfText(head)
  if (look === 'markup' && !isScript) {
    const kind = beginsPage(head) ? 'html' : 'xml'
    const reader = formats.find(({ name }) => name === kind)
    if (reader !== undefined) return reader.looksLike(head) ? reader : null
  }
  if (fits && sureOf(named!, head)) return named!
  if (look === 'script' || (isScript && look !== 'object')) return null
  const sure = formats.find(format => format !== named && format.reads !== 'bytes' && format.claims?.(head) === true)
  if (sure !== undefined) return sure
  if (fits) return named!
  if (mediaType !== null && !unlabelled.test(mediaType)) return null
  return formats.find(format => carries(format, 'text/plain') && format.looksLike(head)) ?? null
}

/** Elements of HTML; custom ones have a hyphen. */
const elements: ReadonlySet<string> = new Set(
  (
    'a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br ' +
    'button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed ' +
    'fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe ' +
    'image img input ins kbd label legend li link main map mark marquee menu meta meter nav nobr noframes noscript object ol ' +
    'optgroup option output p param picture plaintext pre progress q rp rt ruby s samp script search section select slot ' +
    'small source span strike strong style sub summary sup table tbody td template textarea tfoot th thead time title tr ' +
    'track tt u ul var video wbr xmp'
  ).split(' '),
)

/**
 * Whether markup begins like a page: its first element is one of HTML. What browsers do not know as an element
 * (`<姓名>`) they read as text, so under a label that says little a document of such elements is XML, and has to be
 * well-formed.
 */
function beginsPage(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 1024))
    .toString('latin1')
    .replace(/<!--.*?(?:-->|$)/gs, '')
  if (/<!doctype\s+html/i.test(text)) return true
  if (/<\?xml[^>]*\?>/.test(text) && !/<html[\s>]/i.test(text)) return false
  const first = /<([^\s<>/!?][^\s<>/]*)/.exec(text)?.[1]?.toLowerCase()
  return first === undefined || first.includes('-') || elements.has(first)
}

/** Bytes that are no text are read by formats of bytes only: any other would take them for the text they are not. */
function ofBytes(
  formats: readonly FormatPlugin[],
  mediaType: string | null,
  named: FormatPlugin | undefined,
  head: Uint8Array,
): FormatPlugin | null {
  const says = named?.reads !== 'bytes' && mediaType !== null
  if (says && (!vague.test(mediaType) || scriptTypes.test(mediaType))) return null
  return formats.find(format => format.reads === 'bytes' && format.looksLike(head)) ?? null
}

function sureOf(format: FormatPlugin, head: Uint8Array): boolean {
  return (format.claims ?? format.looksLike)(head)
}

function carries({ mediaTypes, suffixes }: FormatPlugin, mediaType: string): boolean {
  return mediaTypes.includes(mediaType) || suffixes.some(suffix => mediaType.endsWith(suffix))
}
