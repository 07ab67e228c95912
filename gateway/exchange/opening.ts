/** From the head and the first bytes of an answer to what masks it: which format, in which charset, under which label. */
import type { FormatPlugin } from '../contracts.ts'
import { Refusal } from '../errors.ts'
import type { Masker, Masking } from '../masking/engine.ts'
import { lookOf } from '../masking/sniff.ts'
import type { Plan } from '../policy/plan.ts'
import type { MaskedBody, MaskingParts } from './answer.ts'
import type { Body } from './body.ts'
import { type Chosen, chooseCharset } from './charset.ts'
import { CharsetCodec, type Lacking } from './charset-codec.ts'
import { declaredIn, prescanned } from './charset-declared.ts'
import { decodeBody } from './decode.ts'
import { type MediaType, parseMediaType } from './media-type.ts'
import type { UpstreamHeaders } from './response-headers.ts'
import { transcoding } from './transcode.ts'
import { assetOf, opaqueOf, passUnread, type Unread } from './unread.ts'

/** Blank lines ahead of a body, which old pages begin with. */
const longestBlank = 16 * 1024

/** A body that is ready to be masked; null: it is empty. Throws the Refusal that withholds it. */
export async function openBody(
  headers: UpstreamHeaders,
  body: Body,
  parts: MaskingParts,
  isError: boolean,
): Promise<MaskedBody | null> {
  const { masking, limits, plan, scope } = parts
  if (isError && plan.errors === 'replace') throw new Refusal('UPSTREAM_ERROR')
  const type = parseMediaType(oneOf(headers['content-type']))
  const decoded = decodeBody(body, oneOf(headers['content-encoding']), limits)
  const chunks = await headOf(decoded, type)
  if (chunks.length === 0) return null
  const head = Buffer.concat(chunks)
  // as much as there is at least, so that the pieces a body came in decide nothing
  const first = Math.max(0, blankAhead(head))
  const start = head.subarray(first, first + lengthFor(head[first]!, type))
  const opened = (masker: Masker, contentType: string, compressible: boolean): MaskedBody => {
    const source = ahead(decoded, chunks)
    return { masker, contentType, compressible, pieces: [], size: 0, taken: 0, ended: false, source }
  }
  refuseWide(head)
  const way = wayThrough(masking, plan, type, start, isError)
  if ('unread' in way) {
    const { unread } = way
    const links = unread.text ? (parts.links?.() ?? null) : null
    const limit = unread.format === 'asset' ? limits.asset : limits.answerBody
    const masker = transcoding(passUnread(unread, plan, limit), null, links)
    return opened(masker, labelOfUnread(unread, head, type, plan), unread.text)
  }
  const { format } = way
  // an error in words, also on a page, has no fields to go by: what detectors do not know would stay in it
  if (isError && words.has(format.name)) throw new Refusal('UPSTREAM_ERROR')
  const masker = masking.start(plan, format, scope, limits, { errorBody: isError, boundary: type.boundary })
  if (format.reads === 'bytes') return opened(masker, labelOf(format, type, null), false)
  const chosen = charsetOf(head, start, type, plan)
  const codec = chosen.charset === 'utf-8' ? null : new CharsetCodec(chosen.charset, lackingIn(format))
  return opened(transcoding(masker, codec, parts.links?.() ?? null), labelOf(format, type, chosen), true)
}

/**
 * How a body is dealt with: read by a format, or passed unread. `start`: its first bytes, without blanks ahead. Throws
 * FORMAT_UNKNOWN where neither is allowed, and OPAQUE_NOT_ALLOWED.
 */
export function wayThrough(
  masking: Masking,
  plan: Plan,
  type: MediaType,
  start: Uint8Array,
  isError: boolean,
): { readonly format: FormatPlugin } | { readonly unread: Unread } {
  const assets = isError ? null : plan.assets
  const asset = assets === null ? null : assetOf(assets, type, start)
  if (asset !== null) return { unread: asset }
  const format = masking.chooseFormat(type.essence, start)
  const opaque = format === null && !isError ? opaqueOf(plan, type, start) : null
  if (opaque !== null) return { unread: opaque }
  // under the paths of a page's own files only SVG is read: nothing there answers with data
  if (format === null || (assets !== null && type.essence !== 'image/svg+xml')) throw new Refusal('FORMAT_UNKNOWN')
  return { format }
}

function charsetOf(head: Uint8Array, start: Uint8Array, type: MediaType, plan: Plan): Chosen {
  const markup = lookOf(start) === 'markup'
  return chooseCharset(head, { header: type.charset, policy: plan.charset, markup })
}

/** UTF-16 and UTF-32 look like no text at all; that they are a charset is the better word for the operator. */
function refuseWide(head: Uint8Array): void {
  const mark = declaredIn(head, false)
  if (mark !== null && mark.label !== 'utf-8') throw new Refusal('CHARSET_UNKNOWN')
}

const markup: ReadonlySet<string> = new Set(['html', 'xml'])
const words: ReadonlySet<string> = new Set(['html', 'text'])
const json: ReadonlySet<string> = new Set(['json', 'ndjson'])

function lackingIn({ name }: FormatPlugin): Lacking {
  return markup.has(name) ? 'markup' : json.has(name) ? 'json' : 'text'
}

/** The format's own name for what leaves; the upstream's where the format knows it and it can hold no number of a person. */
function labelOf(format: FormatPlugin, { essence, charset, boundary }: MediaType, chosen: Chosen | null): string {
  const known =
    essence !== null &&
    (format.mediaTypes.includes(essence) || format.suffixes.some(suffix => essence.endsWith(suffix))) &&
    /^[a-z]+\/[a-z0-9.+-]{1,64}$/.test(essence) &&
    !/\d{3}/.test(essence)
  const name = known ? essence : format.mediaTypes[0]!
  if (boundary !== null && name.startsWith('multipart/')) return `${name}; boundary="${boundary}"`
  if (chosen === null) return name
  // whoever reads it then has no reason to guess
  const told = charset !== null || chosen.charset !== 'utf-8' || name.startsWith('text/') || format.name === 'xml'
  return told ? `${name}; charset=${chosen.label}` : name
}

/** A style sheet or script keeps the charset it is declared in, which has to be one the gateway knows. */
function labelOfUnread({ text, contentType }: Unread, head: Uint8Array, { charset }: MediaType, plan: Plan): string {
  if (!text) return contentType
  const declared = charset ?? plan.charset
  if (declared === null) return contentType
  return `${contentType}; charset=${chooseCharset(head, { header: declared, policy: null, markup: false }).label}`
}

/** The next chunk that is not empty; null at the end. */
export async function chunkOf(body: Body): Promise<Uint8Array | null> {
  for (;;) {
    const chunk = body.take()
    if (chunk === undefined) await body.ready()
    else if (chunk === null || chunk.length > 0) return chunk
  }
}

/** As many chunks as are needed to know what a body is. */
async function headOf(body: Body, type: MediaType): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  let head = Buffer.alloc(0)
  for (;;) {
    const first = blankAhead(head)
    if (head.length >= (first < 0 ? longestBlank : first + lengthFor(head[first]!, type))) return chunks
    const chunk = await chunkOf(body)
    if (chunk === null) return chunks
    chunks.push(chunk)
    head = Buffer.concat([head, chunk])
  }
}

/** Labels under which answers come bit by bit and are known at once: they are not held up. */
const streamed = /^(?:text\/event-stream|application\/(?:.*\+)?(?:json|ndjson|x-ndjson|jsonl|x-jsonlines|jsonlines))$/

/**
 * The bytes that are looked at, from the first that is no blank on. Markup may begin with comments and declare its charset
 * further in; a script may begin with a comment; JSON is known by its first characters; what is no ASCII, by a signature.
 */
function lengthFor(first: number, { essence }: MediaType): number {
  if (first === 0x3c) return prescanned
  if (first === 0x7b || first === 0x5b || streamed.test(essence ?? '')) return 16
  return first >= 0x20 && first < 0x7f ? 320 : 64
}

/** Where the first byte stands that is no white space and no byte order mark; negative: nowhere yet, or too far in. */
function blankAhead(head: Uint8Array): number {
  const mark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
  for (let at = mark; at < Math.min(head.length, longestBlank); at++) {
    const byte = head[at]!
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c) return at
  }
  return -1
}

/** The body with chunks that were looked at put back in front. */
export function ahead(body: Body, chunks: readonly Uint8Array[]): Body {
  let at = 0
  return {
    take: () => (at < chunks.length ? chunks[at++] : body.take()),
    ready: () => (at < chunks.length ? Promise.resolve() : body.ready()),
    cancel: () => body.cancel(),
  }
}

/** A header that came twice says two things: it is read as one that names nothing known. */
function oneOf(value: string | readonly string[] | undefined): string | null {
  if (value === undefined) return null
  return typeof value === 'string' ? value : value.join(', ')
}
