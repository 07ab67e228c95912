/** A request's body, where it is a form or JSON: read whole before a system sees any of it, tokens restored. */
import type { Readable } from 'node:stream'
import type { FormatPlugin, ReadLimits, RequestHead } from '../contracts.ts'
import { type ProblemCode, Refusal } from '../errors.ts'
import type { Masking } from '../masking/engine.ts'
import type { WriteBackFindings, WriteBackOptions } from '../masking/write-back.ts'
import type { Plan } from '../policy/plan.ts'
import { boundedBody } from './framing.ts'
import { parseMediaType } from './media-type.ts'
import { gb18030Form, utf8Form } from './utf8-form.ts'

export type RequestBodyParts = {
  readonly masking: Masking
  readonly plan: Plan
  readonly limits: ReadLimits & { readonly requestBody: number }
  readonly consumer: string
  readonly purpose: string
  /** Masked values: left out where that is possible. Otherwise the request is refused for them. */
  readonly drop: boolean
}

export type ReadBody = { readonly bytes: Uint8Array; readonly findings: WriteBackFindings }

/** Methods that write, with which a masked value would take the place of a real one. */
export const writing: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

const utf8Labels: ReadonlySet<string | null> = new Set([null, 'utf-8', 'utf8', 'us-ascii', 'ascii'])
const samples = [Buffer.from('{"a":1}'), Buffer.from('a=1')]

/** What an answer is withheld for is a fault of the request here. */
const ofRequest: Partial<Record<ProblemCode, ProblemCode>> = {
  FORMAT_MALFORMED: 'REQUEST_MALFORMED',
  CHARSET_MALFORMED: 'REQUEST_MALFORMED',
  FORMAT_UNKNOWN: 'REQUEST_MALFORMED',
  ANSWER_TOO_LARGE: 'REQUEST_TOO_LARGE',
}

/**
 * Reads a body that is labelled as a form or JSON, or not labelled and JSON; null: it is of another kind, and nothing of
 * it has been read. Throws TOKEN_FORGED, TOKEN_MISPLACED, MASKED_VALUE with the fields as the policy names them,
 * REQUEST_MALFORMED, REQUEST_TOO_LARGE, REQUEST_UNREADABLE.
 */
export async function readRequestBody(
  body: Readable,
  head: RequestHead,
  parts: RequestBodyParts,
): Promise<ReadBody | null> {
  const type = parseMediaType(head.headers['content-type']?.[0] ?? null)
  const labelled = byLabel(parts.masking, type.essence)
  const isUnlabelled = type.essence === null || type.essence === 'text/plain'
  if (labelled === null && !isUnlabelled) return null
  const coded = !/^\s*(?:identity\s*)?$/i.test(head.headers['content-encoding']?.join() ?? '')
  const isForm = labelled?.name === 'form'
  if (labelled !== null && (coded || (!isForm && !utf8Labels.has(type.charset))))
    throw new Refusal('REQUEST_UNREADABLE')
  const bytes = await whole(body, parts.limits.requestBody)
  if (bytes.length === 0) return { bytes, findings: nothing }
  if (labelled === null) return coded ? { bytes, findings: nothing } : unlabelled(bytes, head, parts)
  const options = optionsOf(head, parts, type.essence!)
  return isForm ? readForm(bytes, labelled, type.charset, parts, options) : read(bytes, labelled, parts, options)
}

/** What says nothing of itself and is no JSON after all is passed on as it came. */
function unlabelled(bytes: Buffer, head: RequestHead, parts: RequestBodyParts): ReadBody {
  const format = parts.masking.chooseFormat(null, bytes.subarray(0, 1024))
  if (format?.name !== 'json') return { bytes, findings: nothing }
  try {
    return read(bytes, format, parts, optionsOf(head, parts, 'application/json'))
  } catch (fault) {
    if (fault instanceof Refusal && fault.code === 'REQUEST_MALFORMED') return { bytes, findings: nothing }
    throw fault
  }
}

/** Old pages send forms in their own charset: these are read as a copy in UTF-8, and pass as they came where nothing is to be done. */
function readForm(
  bytes: Buffer,
  format: FormatPlugin,
  charset: string | null,
  parts: RequestBodyParts,
  options: WriteBackOptions,
): ReadBody {
  const copy = utf8Form(bytes, charset)
  if (copy === null) throw new Refusal('REQUEST_UNREADABLE')
  const done = read(copy, format, parts, options)
  if (copy === bytes) return done
  return { bytes: copy.equals(done.bytes) ? bytes : gb18030Form(done.bytes), findings: done.findings }
}

function read(bytes: Buffer, format: FormatPlugin, parts: RequestBodyParts, options: WriteBackOptions): ReadBody {
  try {
    const { body, findings } = parts.masking.writeBack(parts.plan, format, bytes, options)
    if (findings.masked.size > 0) throw new Refusal('MASKED_VALUE', { fields: [...findings.masked].slice(0, 64) })
    return { bytes: body, findings }
  } catch (fault) {
    const code = fault instanceof Refusal ? ofRequest[fault.code] : undefined
    throw code === undefined ? fault : new Refusal(code, {}, { cause: fault })
  }
}

/** Members can be left out of a form, a merge patch (RFC 7396), and what a PATCH sends as plain JSON. */
function optionsOf(head: RequestHead, { limits, consumer, purpose, drop }: RequestBodyParts, essence: string) {
  const canDrop =
    essence === 'application/x-www-form-urlencoded' ||
    essence === 'application/merge-patch+json' ||
    (head.method === 'PATCH' && essence === 'application/json')
  const masked = !writing.has(head.method) ? 'pass' : drop && canDrop ? 'drop' : 'find'
  return { limits, consumer, purpose, masked } as const
}

/** The format of a form or of JSON that goes by this label. */
function byLabel(masking: Masking, essence: string | null): FormatPlugin | null {
  if (essence === null) return null
  for (const sample of samples) {
    const format = masking.chooseFormat(essence, sample)
    if (format === null || !['json', 'ndjson', 'form'].includes(format.name)) continue
    if (format.mediaTypes.includes(essence) || format.suffixes.some(suffix => essence.endsWith(suffix))) return format
  }
  return null
}

/** A body over the limit is left where it is: destroyed, its connection could carry no answer. */
async function whole(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of boundedBody(body.iterator({ destroyOnReturn: false }), limit)) chunks.push(chunk)
  } catch (fault) {
    // cut short: whoever sent it is gone
    throw fault instanceof Refusal ? fault : new Refusal('REQUEST_MALFORMED', {}, { cause: fault })
  }
  return Buffer.concat(chunks)
}

const nothing: WriteBackFindings = { masked: new Set(), restored: new Set(), tokens: new Map() }
