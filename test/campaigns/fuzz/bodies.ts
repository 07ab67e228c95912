/** Bodies through the gateway's own decoding and masking, without sockets: thousands a second. */
import { gzipSync } from 'node:zlib'
import { bodyLimits } from '../../../gateway/cli/policies/policies.ts'
import { Refusal } from '../../../gateway/errors.ts'
import { maskAnswer } from '../../../gateway/exchange/response/answer.ts'
import { fill } from '../../../gateway/exchange/response/masked-body.ts'
import { BodyQueue } from '../../../gateway/exchange/upstream/body.ts'
import { loadPolicies } from '../../../gateway/policy/load.ts'
import type { Plan } from '../../../gateway/policy/plan.ts'
import { testKeys } from '../../../gateway/policy/run-tests.ts'
import { plugins } from '../../../plugins/index.ts'
import { masking } from '../../support/mask-body.ts'
import { sentinel } from '../../support/sentinels.ts'

/** What is sent to a client for an upstream's answer; `code` where it was withheld. */
export type Sent = { readonly bytes: Buffer; readonly code: string | null }

export type Case = { readonly headers: Readonly<Record<string, string>>; readonly bytes: Buffer }

const plan = planOf()

function planOf(): Plan {
  const loaded = loadPolicies(null, { plugins, keys: testKeys, shippedSystems: ['fuzz'] })
  if (!('policy' in loaded)) throw new Error('the shipped policy does not load')
  const system = loaded.policy.systems.get('fuzz')!
  return loaded.policy.plan(system, system.routes[0]!, 'public', new Set())
}

const limits = { ...bodyLimits, answerBody: 1 << 20 }

/** `cuts` are where the body is parted. Throws only what is a fault of ours. */
export async function send({ headers, bytes }: Case, cuts: readonly number[] = []): Promise<Sent> {
  const queue = new BodyQueue({ pause() {}, resume() {}, cancel() {} })
  let from = 0
  for (const to of [...cuts, bytes.length]) {
    queue.push(Uint8Array.prototype.slice.call(bytes, from, to))
    from = to
  }
  queue.end()
  try {
    const scope = { consumer: 'fuzz', purpose: 'fuzz' }
    const body = await maskAnswer({ status: 200, headers, body: queue }, 'GET', { masking, limits, plan, scope })
    const sent: Uint8Array[] = []
    for (;;) {
      sent.push(...body.blocks.take())
      body.size = 0
      if (body.ended) return { bytes: Buffer.concat(sent), code: null }
      await fill(body, 1 << 20)
    }
  } catch (fault) {
    if (fault instanceof Refusal && fault.code !== 'GATEWAY_FAULT') return { bytes: Buffer.alloc(0), code: fault.code }
    throw fault
  }
}

/** The same body in an encoding, so that what leaves says whether it was read behind it. */
export function gzipped({ headers, bytes }: Case): Case {
  return { headers: { ...headers, 'content-encoding': 'gzip' }, bytes: gzipSync(bytes) }
}

const numbers = [sentinel.id, sentinel.mobile, sentinel.card].map(
  // other digits, letters, dots and signs beside it make it part of something else, also behind the quote that ends a CSV cell
  number => new RegExp(`(?<![\\p{L}\\p{N}.+_%\\\\&#;-]"?)${number}(?!"?[\\p{L}\\p{N}.+_%-])`, 'u'),
)

/** Which sentinel that every detector knows stands in the bytes as it is; null: none. */
export function standsIn(bytes: Uint8Array): string | null {
  // what has no width parts no two numbers, neither to readers nor to detectors
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/\p{Cf}/gu, '')
  return numbers.find(number => number.test(text))?.source ?? null
}
