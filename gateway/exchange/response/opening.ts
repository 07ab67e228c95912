/** From the head and the first bytes of an answer to what masks it: which format, in which charset, under which label. */
import type { Limits } from '../../config/config.ts'
import type { FormatPlugin, PathBase } from '../../contracts.ts'
import { Refusal } from '../../errors.ts'
import type { Masker, Masking, MaskingScope } from '../../masking/engine.ts'
import { lookOf } from '../../masking/sniff.ts'
import type { Plan } from '../../policy/plan.ts'
import { type Chosen, chooseCharset } from '../charset/charset.ts'
import { CharsetCodec, type Lacking } from '../charset/codec.ts'
import { declaredIn, prescanned } from '../charset/declared.ts'
import { transcoding } from '../charset/transcode.ts'
import { Ahead, type Body } from '../upstream/body.ts'
import { Blocks } from './blocks.ts'
import { decodeBody } from './decode.ts'
import type { UpstreamHeaders } from './headers.ts'
import { type Links, linksInText } from './links.ts'
import type { MaskedBody } from './masked-body.ts'
import { type MediaType, mediaTypeOf } from './media-type.ts'
import { assetOf, opaqueOf, passUnread, type Unread } from './unread.ts'
import { whyUnreadable } from './unreadable.ts'

/** Blank lines ahead of a body, which old pages begin with. */
const longestBlank = 16 * 1024
const nothing = new Uint8Array(0)

export type MaskingParts = {
  readonly masking: Masking
  readonly limits: Limits
  readonly plan: Plan
  readonly scope: MaskingScope
  /** Left out: links to the system stay as they are. */
  readonly links?: () => Links
  readonly pathBase?: PathBase | undefined
  /** What to write behind the end of a page; left out: nothing. */
  readonly mark?: (() => Uint8Array) | undefined
}

/** A body that is looked at until it is known what it is. It has a first chunk that is not empty, ahead of its decoding. */
export class Opening {
  /** Decoded. */
  readonly body: Body
  readonly #parts: MaskingParts
  readonly #isError: boolean
  /** A page that is saved and not shown stays as the system made it. */
  readonly #mark: (() => Uint8Array) | null
  readonly #type: MediaType
  readonly #blocks = new Blocks()
  #head: Uint8Array = nothing

  /** Throws the Refusal that withholds the answer. */
  constructor(headers: UpstreamHeaders, body: Body, parts: MaskingParts, isError: boolean) {
    if (isError && parts.plan.errors === 'replace') throw new Refusal('UPSTREAM_ERROR')
    this.#parts = parts
    this.#isError = isError
    const { mark } = parts
    this.#mark = mark === undefined || isDownload(headers) ? null : mark
    this.#type = mediaTypeOf(headers['content-type'])
    this.body = decodeBody(body, oneOf(headers['content-encoding']), parts.limits)
  }

  /** Takes what is there. Whether it suffices; if not, wait until the body is ready. */
  look(): boolean {
    for (;;) {
      const first = blankAhead(this.#head)
      const enough = first < 0 ? longestBlank : first + lengthFor(this.#head[first]!, this.#type)
      if (this.#head.length >= enough) return true
      const chunk = this.body.take()
      if (chunk === undefined) return false
      if (chunk === null) return true
      this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
    }
  }

  /** Once it was looked at: ready to be masked. Throws the Refusal that withholds it. */
  open(): MaskedBody {
    const [head, type, isError] = [this.#head, this.#type, this.#isError]
    const { masking, limits, plan, scope, pathBase } = this.#parts
    if (head.length === 0) return this.#opened(null, null, false)
    const start = startOf(head, type)
    refuseWide(head)
    const way = wayThrough(masking, plan, type, start, isError)
    if ('unread' in way) {
      const { unread } = way
      const limit = unread.format === 'asset' ? limits.asset : limits.answerBody
      const masker = transcoding(passUnread(unread, plan, limit), null, unread.text ? this.#links() : null)
      return this.#opened(masker, labelOfUnread(unread, head, type, plan), unread.text)
    }
    const { format } = way
    // an error in words, also on a page, has no fields to go by: what detectors do not know would stay in it
    if (isError && words.has(format.name)) throw new Refusal('UPSTREAM_ERROR')
    const room = this.#blocks
    const links =
      format.measured === true && this.#parts.links !== undefined ? linksInText(this.#parts.links) : undefined
    const said = { errorBody: isError, boundary: type.boundary, room, pathBase, links }
    if (format.reads === 'bytes') {
      const masker = masking.start(plan, format, scope, limits, said)
      return this.#opened(masker, labelOf(format, type, null), false)
    }
    const chosen = charsetOf(head, start, type, plan)
    const masker = masking.start(plan, format, inCharset(scope, chosen.charset), limits, said)
    const codec = chosen.charset === 'utf-8' ? null : new CharsetCodec(chosen.charset, lackingIn(format))
    const outside = links === undefined ? this.#links() : null
    return this.#opened(transcoding(masker, codec, outside), labelOf(format, type, chosen), true)
  }

  #links(): Links | null {
    return this.#parts.links?.() ?? null
  }

  #opened(masker: Masker | null, contentType: string | null, compressible: boolean): MaskedBody {
    // key by key, as this is every answer's
    return {
      masker,
      contentType,
      compressible,
      blocks: this.#blocks,
      size: 0,
      taken: 0,
      ended: masker === null,
      masking: null,
      source: new Ahead(this.body, this.#head),
      mark: this.#mark !== null && contentType?.startsWith('text/html') === true ? this.#mark() : null,
    }
  }
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
  const format = masking.chooseFormat(type.essence, start, plan)
  const opaque = format === null && !isError ? opaqueOf(plan, type, start) : null
  if (opaque !== null) return { unread: opaque }
  // under the paths of a page's own files only SVG is read: nothing there answers with data
  if (format === null || (assets !== null && type.essence !== 'image/svg+xml'))
    throw new Refusal('FORMAT_UNKNOWN', whyUnreadable(type))
  return { format }
}

/** What a body is known by: its first bytes without blanks ahead, no more than are waited for, so that the pieces it came in decide nothing. */
export function startOf(head: Uint8Array, type: MediaType): Uint8Array {
  const first = Math.max(0, blankAhead(head))
  return head.subarray(first, first + lengthFor(head[first]!, type))
}

/** The charset of an answer that begins with `head`. Throws CHARSET_UNKNOWN and CHARSET_MALFORMED. */
export function charsetOf(head: Uint8Array, start: Uint8Array, type: MediaType, plan: Plan): Chosen {
  const markup = start[0] === 0x3c && lookOf(start) === 'markup'
  return chooseCharset(head, { header: type.charset, policy: plan.charset, markup, relabelled: true })
}

/** What comes back with a page does so in the page's charset; of UTF-8, as most answers are, nothing has to be said. */
function inCharset(scope: MaskingScope, charset: string): MaskingScope {
  return scope.states === undefined || charset === 'utf-8' ? scope : { ...scope, states: scope.states.of(charset) }
}

/** UTF-16 and UTF-32 look like no text at all; that they are a charset is the better word for the operator. */
function refuseWide(head: Uint8Array): void {
  const mark = declaredIn(head, false)
  if (mark !== null && mark.label !== 'utf-8') throw new Refusal('CHARSET_UNKNOWN')
}

const markup: ReadonlySet<string> = new Set(['html', 'xml'])
const words: ReadonlySet<string> = new Set(['html', 'text', 'update_panel'])
const json: ReadonlySet<string> = new Set(['json', 'ndjson', 'jsonp'])

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

function isDownload({ 'content-disposition': disposition }: UpstreamHeaders): boolean {
  return /^\s*attachment/i.test(oneOf(disposition) ?? '')
}

/** A header that came twice says two things: it is read as one that names nothing known. */
function oneOf(value: string | readonly string[] | undefined): string | null {
  if (value === undefined) return null
  return typeof value === 'string' ? value : value.join(', ')
}
