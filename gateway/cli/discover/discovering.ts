/** What personal information is in a body at hand: read by the formats, names and detectors of the gateway; values are counted, never shown. */
import { extname } from 'node:path'
import { plugins } from '../../../plugins/index.ts'
import { type ProblemCode, Refusal } from '../../errors.ts'
import { maskAnswer } from '../../exchange/response/answer.ts'
import { fill } from '../../exchange/response/masked-body.ts'
import type { MaskingParts } from '../../exchange/response/opening.ts'
import { addTallies, nothing } from '../../exchange/response/record-of.ts'
import { BodyQueue } from '../../exchange/upstream/body.ts'
import { createMasking } from '../../masking/engine.ts'
import type { Policy } from '../../policy/policy.ts'
import { bodyLimits } from '../policies/policies.ts'

/** `code`: why it could not be read; then what was found before that is told all the same. */
export type Discovered = {
  readonly place: string
  readonly code: ProblemCode | null
  readonly format: string | null
  readonly rows: number
  readonly people: number
  /** How many values, by `type@cell`. */
  readonly values: Readonly<Record<string, number>>
}

export type Sample = {
  readonly place: string
  /** Media type and encoding as a server said; for files null, and the name tells. */
  readonly headers: Readonly<Record<string, string>> | null
  readonly bytes: Uint8Array
}

/** The system whose one route takes everything, under the shipped rules. */
export const anySystem = 'discovered'

/** Media types by extension, of what is text that does not look like its format. Others are told by their bytes. */
const types: ReadonlyMap<string, string> = new Map([
  ['.json', 'application/json'],
  ['.ndjson', 'application/x-ndjson'],
  ['.jsonl', 'application/x-ndjson'],
  ['.csv', 'text/csv'],
  ['.htm', 'text/html'],
  ['.html', 'text/html'],
  ['.xml', 'application/xml'],
  ...['.txt', '.md', '.log', '.sql', '.css', '.ini', '.conf', '.yaml', '.yml'].map(one => [one, 'text/plain'] as const),
])

const page = 'text/html'
const script = /^(?:text|application)\/(?:x-)?javascript\b/i

/** Reads bodies one after the other under the strictest reading of a policy that has `anySystem`. */
export function discoverer(policy: Policy): (sample: Sample) => Promise<Discovered> {
  const system = policy.systems.get(anySystem)!
  const match = system.match('GET', '/')
  if ('refused' in match) throw new Error('the shipped rules take every path')
  const [audience] = policy.audiences.keys()
  const parts: MaskingParts = {
    masking: createMasking(plugins),
    limits: bodyLimits,
    plan: policy.plan(system, match.route, audience!, new Set()),
    scope: { consumer: 'discover', purpose: 'discover', now: Date.now() },
  }
  return async ({ place, headers, bytes }) => {
    if (headers !== null) {
      const found = await read(place, headers, bytes, parts)
      const isScript = found.code === 'FORMAT_UNKNOWN' && headers['content-encoding'] === undefined
      return isScript && script.test(headers['content-type'] ?? '')
        ? await inFile(place, page, asPage(bytes), parts)
        : found
    }
    const extension = extname(place).toLowerCase()
    if (extension === '.js') return await inFile(place, page, asPage(bytes), parts)
    return await inFile(place, types.get(extension) ?? null, bytes, parts)
  }
}

/** Files say no charset: what is not UTF-8 on an old machine is GBK. */
async function inFile(place: string, type: string | null, bytes: Uint8Array, parts: MaskingParts): Promise<Discovered> {
  const found = await read(place, type === null ? {} : { 'content-type': type }, bytes, parts)
  if (found.code !== 'CHARSET_MALFORMED') return found
  return await read(place, { 'content-type': `${type ?? 'text/plain'}; charset=gb18030` }, bytes, parts)
}

/** A script is no format of answers. In a page it is read: its strings by detectors, by the names they are given to, too. */
function asPage(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from('<script>'), bytes, Buffer.from('</script>')])
}

async function read(
  place: string,
  headers: Readonly<Record<string, string>>,
  bytes: Uint8Array,
  parts: MaskingParts,
): Promise<Discovered> {
  const queue = new BodyQueue({ pause() {}, resume() {}, cancel() {} })
  queue.push(bytes)
  queue.end()
  let tally = nothing
  let format: string | null = null
  let code: ProblemCode | null = null
  try {
    const body = await maskAnswer({ status: 200, headers: { ...headers }, body: queue }, 'GET', parts)
    format = body.masker?.format ?? null
    for (;;) {
      body.blocks.take()
      body.size = 0
      if (body.masker !== null) tally = addTallies(tally, body.masker.takeTally())
      if (body.ended) break
      await fill(body, bodyLimits.answerWindow)
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    code = error.code
  }
  const counted = Object.entries(tally.fields).map(([type, forms]) => [type, sum(Object.values(forms))] as const)
  return { place, code, format, rows: tally.rows, people: tally.subjects.length, values: Object.fromEntries(counted) }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
