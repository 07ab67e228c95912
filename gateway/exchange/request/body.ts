/** A request's body, where it is a form, JSON or XML: read whole before a system sees any of it, tokens restored. */
import type { Readable } from 'node:stream'
import type { FormatPlugin, ReadLimits, RequestHead } from '../../contracts.ts'
import { type ProblemCode, Refusal } from '../../errors.ts'
import type { Masking } from '../../masking/engine.ts'
import type { WriteBack, WriteBackFindings, WriteBackOptions } from '../../masking/write-back.ts'
import type { Plan } from '../../policy/plan.ts'
import { chooseCharset } from '../charset/charset.ts'
import { CharsetCodec } from '../charset/codec.ts'
import { prescanned } from '../charset/declared.ts'
import { besidesTokens } from '../handed-out.ts'
import { boxesField, type PageStates } from '../page-states.ts'
import { parseMediaType } from '../response/media-type.ts'
import { inTurns, type Pausing } from '../turns.ts'
import { type BoxTerms, restoreBoxes } from './boxes.ts'
import { boundedBody } from './framing.ts'
import type { HeldBody } from './held-bodies.ts'
import { readMultipart } from './multipart.ts'
import { type Pair, pairsIn } from './pairs.ts'
import { utf8Form, writtenAs } from './utf8-form.ts'

/** Whose the tokens and the states of pages in a body must be. */
export type RequestBodyScope = {
  readonly consumer: string
  readonly purpose: string
  readonly states: PageStates
}

export type RequestBodyParts = RequestBodyScope &
  BoxTerms & {
    readonly masking: Masking
    readonly plan: Plan
    readonly limits: ReadLimits & { readonly requestBody: number }
    /** Masked values: left out where that is possible. Otherwise the request is refused for them. */
    readonly drop: boolean
    /** Room for it. */
    readonly held: HeldBody
  }

export type ReadBody = {
  /** As the system gets it. */
  readonly bytes: Uint8Array
  readonly findings: WriteBackFindings
  /** Names and values in it; null: it is in no format that is read. */
  readonly pairs: () => Iterable<Pair> | null
}

/** Methods that write, with which a masked value would take the place of a real one. */
export const writing: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

const utf8Labels: ReadonlySet<string | null> = new Set([null, 'utf-8', 'utf8', 'us-ascii', 'ascii'])
const samples = [Buffer.from('{"a":1}'), Buffer.from('a=1'), Buffer.from('<a/>')]

/** What an answer is withheld for is a fault of the request here. */
const ofRequest: Partial<Record<ProblemCode, ProblemCode>> = {
  FORMAT_MALFORMED: 'REQUEST_MALFORMED',
  CHARSET_MALFORMED: 'REQUEST_MALFORMED',
  FORMAT_UNKNOWN: 'REQUEST_MALFORMED',
  CHARSET_UNKNOWN: 'REQUEST_UNREADABLE',
  ANSWER_TOO_LARGE: 'REQUEST_TOO_LARGE',
}

/**
 * Reads a body that is labelled as a form, JSON or XML, or not labelled and JSON or XML; null: it is of another kind, and
 * nothing of it has been read. Throws TOKEN_FORGED, TOKEN_MISPLACED, PAGE_STATE_UNUSABLE, MASKED_VALUE with the fields as the policy names them, or as the body does,
 * REQUEST_MALFORMED, REQUEST_TOO_LARGE, REQUEST_UNREADABLE.
 */
export async function readRequestBody(
  body: Readable,
  head: RequestHead,
  parts: RequestBodyParts,
): Promise<ReadBody | null> {
  const type = parseMediaType(head.headers['content-type']?.[0] ?? null)
  const inParts = type.essence === 'multipart/form-data'
  const labelled = inParts
    ? byLabel(parts.masking, 'application/x-www-form-urlencoded')
    : byLabel(parts.masking, type.essence)
  const isUnlabelled = type.essence === null || type.essence === 'text/plain'
  if (labelled === null && !isUnlabelled) return null
  const coded = !/^\s*(?:identity\s*)?$/i.test(head.headers['content-encoding']?.join() ?? '')
  const isJson = labelled?.name === 'json' || labelled?.name === 'ndjson'
  if (labelled !== null && (coded || (isJson && !utf8Labels.has(type.charset)))) throw new Refusal('REQUEST_UNREADABLE')
  const bytes = await whole(body, parts.limits.requestBody, parts.held)
  if (bytes.length === 0) return { bytes, findings: nothing, pairs: () => [] }
  if (labelled === null) return coded ? unread(bytes) : inTurns(unlabelled(bytes, head, parts))
  const options = optionsOf(head, parts, type.essence!)
  if (inParts) return inTurns(readParts(bytes, labelled, type.boundary, parts, options))
  if (labelled.name === 'xml') return inTurns(readXml(bytes, labelled, type.charset, parts, options))
  const work = isJson ? read(bytes, labelled, parts, options) : readForm(bytes, labelled, type.charset, parts, options)
  return inTurns(work)
}

function isBoxes(name: string): boolean {
  return name === boxesField
}

function unread(bytes: Buffer): ReadBody {
  return { bytes, findings: nothing, pairs: () => null }
}

/** What says nothing of itself and is neither JSON nor XML after all is passed on as it came. */
function* unlabelled(bytes: Buffer, head: RequestHead, parts: RequestBodyParts): Pausing<ReadBody> {
  const format = parts.masking.chooseFormat(null, bytes.subarray(0, 1024))
  if (format?.name !== 'json' && format?.name !== 'xml') return unread(bytes)
  try {
    if (format.name === 'xml')
      return yield* readXml(bytes, format, null, parts, optionsOf(head, parts, 'application/xml'))
    return yield* read(bytes, format, parts, optionsOf(head, parts, 'application/json'))
  } catch (fault) {
    if (fault instanceof Refusal && (fault.code === 'REQUEST_MALFORMED' || fault.code === 'REQUEST_UNREADABLE'))
      return unread(bytes)
    throw fault
  }
}

/** XML in the charset that it declares: read as a copy in UTF-8, and passed as it came where nothing is to be done. */
function* readXml(
  bytes: Buffer,
  format: FormatPlugin,
  header: string | null,
  parts: RequestBodyParts,
  options: WriteBackOptions,
): Pausing<ReadBody> {
  const { charset } = asRequest(() =>
    chooseCharset(bytes.subarray(0, prescanned), { header, policy: null, markup: true }),
  )
  if (charset === 'utf-8') return yield* read(bytes, format, parts, options)
  const codec = new CharsetCodec(charset, 'markup')
  const copy = asRequest(() => {
    const text = Buffer.from(codec.read(bytes))
    codec.endRead()
    return text
  })
  const done = yield* read(copy, format, parts, options)
  if (copy.equals(done.bytes)) return { ...done, bytes }
  const again = Buffer.from(codec.write(done.bytes))
  codec.endWrite()
  return { ...done, bytes: again }
}

/** A form with files: its fields are read as a form, and put back where something is done with them. */
function* readParts(
  bytes: Buffer,
  format: FormatPlugin,
  boundary: string | null,
  parts: RequestBodyParts,
  options: WriteBackOptions,
): Pausing<ReadBody> {
  const sent = readMultipart(bytes, boundary)
  const fields = sent.form
  if (fields.length === 0) return { bytes, findings: nothing, pairs: () => [] }
  const restored = restoreBoxes(fields, { ...parts, drop: false })
  const done = yield* read(restored.form, format, parts, options)
  const form = parts.states.openForm(done.bytes)
  return { ...done, bytes: fields.equals(form) ? bytes : sent.with(form, { ...restored, isTaken: isBoxes }) }
}

/** Old pages send forms in their own charset: these are read as a copy in UTF-8, and pass as they came where nothing is to be done. */
function* readForm(
  bytes: Buffer,
  format: FormatPlugin,
  charset: string | null,
  parts: RequestBodyParts,
  options: WriteBackOptions,
): Pausing<ReadBody> {
  const copy = utf8Form(bytes, charset)
  if (copy === null) throw new Refusal('REQUEST_UNREADABLE')
  const { form, charset: ofPage } = restoreBoxes(copy.form, parts)
  const done = yield* read(form, format, parts, options)
  const write = form === copy.form ? copy.write : writtenAs(copy, ofPage)
  const written = copy.form === bytes || !copy.form.equals(done.bytes) ? write(done.bytes) : bytes
  return { ...done, bytes: parts.states.openForm(written) }
}

function* read(
  bytes: Buffer,
  format: FormatPlugin,
  parts: RequestBodyParts,
  options: WriteBackOptions,
): Pausing<ReadBody> {
  const { body, findings } = yield* writtenBack(bytes, parts.masking.writeBack(parts.plan, format, options))
  if (findings.masked.size > 0 || findings.maskedUnlisted > 0) {
    const again = parts.masking.maskedPlaces(parts.plan, format, options)
    if (findings.maskedUnlisted > 0) yield* writtenBack(bytes, again)
    throw new Refusal('MASKED_VALUE', { fields: [...findings.masked, ...again.paths].slice(0, 64) })
  }
  const kind = format.name === 'form' || format.name === 'xml' ? format.name : 'json'
  const pairs = () => besidesTokens(pairsIn(kind, body))
  return { bytes: kind === 'json' ? parts.states.openJson(body) : body, findings, pairs }
}

/** Bytes that are read between two pauses. */
const piece = 64 * 1024

function* writtenBack(bytes: Buffer, work: WriteBack) {
  const out: Uint8Array[] = []
  for (let from = 0; from < bytes.length; from += piece) {
    yield
    out.push(...asRequest(() => work.write(bytes.subarray(from, from + piece))))
  }
  out.push(...asRequest(() => work.end()))
  return { body: Buffer.concat(out), findings: work.findings }
}

/** What an answer would be withheld for is a fault of the request. */
function asRequest<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (fault) {
    const code = fault instanceof Refusal ? ofRequest[fault.code] : undefined
    throw code === undefined ? fault : new Refusal(code, {}, { cause: fault })
  }
}

/** Members can be left out of a form, a merge patch (RFC 7396), and what a PATCH sends as plain JSON. */
function optionsOf(head: RequestHead, { limits, consumer, purpose, drop, asks }: RequestBodyParts, essence: string) {
  const canDrop =
    essence === 'application/x-www-form-urlencoded' ||
    essence === 'application/merge-patch+json' ||
    (head.method === 'PATCH' && essence === 'application/json')
  const masked = !writing.has(head.method) ? 'pass' : drop && canDrop ? 'drop' : 'find'
  return { limits, consumer, purpose, masked, asks } as const
}

/** The format of a form, of JSON or XML that goes by this label. */
function byLabel(masking: Masking, essence: string | null): FormatPlugin | null {
  if (essence === null) return null
  for (const sample of samples) {
    const format = masking.chooseFormat(essence, sample)
    if (format === null || !['json', 'ndjson', 'form', 'xml'].includes(format.name)) continue
    if (format.mediaTypes.includes(essence) || format.suffixes.some(suffix => essence.endsWith(suffix))) return format
  }
  return null
}

/**
 * Throws REQUEST_TOO_LARGE, OVERLOADED where there is no room, and REQUEST_MALFORMED where it is cut short. A body over the limit is left
 * where it is: destroyed, its connection could carry no answer.
 */
export async function whole(body: Readable, limit: number, held: HeldBody): Promise<Buffer> {
  const pieces = new Pieces()
  try {
    for await (const chunk of boundedBody(body.iterator({ destroyOnReturn: false }), limit)) {
      held.add(chunk.length)
      pieces.add(chunk)
    }
  } catch (fault) {
    // cut short: whoever sent it is gone
    throw fault instanceof Refusal ? fault : new Refusal('REQUEST_MALFORMED', {}, { cause: fault })
  }
  return pieces.all()
}

/** Chunks that are put together. */
const together = 256

/** What came: kept as chunks of a byte each, as anybody may send them, a body would take a hundred times its size. */
class Pieces {
  readonly #whole: Uint8Array[] = []
  #last: Uint8Array[] = []

  add(chunk: Uint8Array): void {
    if (this.#last.push(chunk) < together) return
    this.#whole.push(Buffer.concat(this.#last))
    this.#last = []
  }

  all(): Buffer {
    return Buffer.concat([...this.#whole, ...this.#last])
  }
}

const nothing: WriteBackFindings = { masked: new Set(), maskedUnlisted: 0, restored: new Set(), tokens: new Map() }
