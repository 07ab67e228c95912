/**
 * A gateway asks itself for some answers before anybody else can, so that what runs for each of them is compiled by then. They
 * go all the way, over HTTP: undici's parser alone takes V8 a third of the time that everything does.
 */
import { createAccess } from '../../access/access.ts'
import type { Config } from '../../config/config.ts'
import { anonymous } from '../../config/consumers.ts'
import { onlySystem, upstreamOnly } from '../../config/upstream-only.ts'
import type { KeyRing } from '../../contracts.ts'
import type { GatewayParts } from '../../exchange/parts.ts'
import { createGateway } from '../../exchange/server.ts'
import type { Body } from '../../exchange/upstream/body.ts'
import { connectUpstream } from '../../exchange/upstream/upstream.ts'
import type { OperationalLog } from '../../log.ts'
import type { Policy } from '../../policy/policy.ts'
import { Batch } from '../../records/log/batch.ts'
import { beforeFirst, sealBatch } from '../../records/log/frame.ts'
import type { RecordLog } from '../../records/log/log.ts'
import { Numbering } from '../../records/log/numbering.ts'
import { startMadeUpSystem } from './made-up-system.ts'

/** Bytes of each answer: as many small ones as have undici's parser compiled, and one that leaves in windows. */
const answers: readonly number[] = [...Array<number>(20).fill(1000), 4_000_000]
/** Milliseconds after which a gateway serves although it is not warm. */
const longest = 5000

/**
 * Serves answers of a made-up system, under the policy's first route and for the first consumer's audience, from a second
 * gateway of the same parts on the loopback interface. Nothing of it is on record, counted or logged. Never rejects: where a
 * policy or plugin makes it fail, answers are withheld later, with a record and a line in the log; it keeps nobody from being served.
 */
export async function warmUp(parts: GatewayParts, keys: KeyRing): Promise<void> {
  try {
    const system = await startMadeUpSystem()
    try {
      await serve(parts, keys, system.origin)
    } finally {
      await system.close()
    }
  } catch {
    // callers find it as it would be without
  }
}

async function serve({ masking, index, seal, ...parts }: GatewayParts, keys: KeyRing, origin: string): Promise<void> {
  const config = configOf(parts.config, origin)
  const policy = oneRoute(parts.policy)
  if (config === null || policy === null) return
  const { failedAuthentications } = config.limits
  const access = createAccess({ ...config, failedAuthentications, identities: [], keys, now: Date.now })
  const made = { config, policy, access, masking, index, seal, records: nowhere(), log: silent, proofs: new Map() }
  const gateway = await createGateway(made)
  const late = setTimeout(() => gateway.cut(), longest)
  try {
    const { host, port } = await gateway.listen(true)
    await ask(`http://${host}:${port}`, config)
  } finally {
    clearTimeout(late)
    await gateway.close()
  }
}

/** null: there is nobody to serve. */
function configOf({ consumers, anonymous: anybody, limits, timezone }: Config, origin: string): Config | null {
  const [consumer = anybody] = consumers.values()
  if (consumer === null) return null
  const made = upstreamOnly(origin, { directory: '.', listen: '127.0.0.1:0' })!
  return { ...made, limits, timezone, anonymous: anonymous(consumer.audience, [], null) }
}

/** The same policy, whose first route is all there is of the only system, whatever is asked for; null: it has none. */
function oneRoute(policy: Policy): Policy | null {
  const [system] = policy.systems.values()
  const route = system?.routes[0]
  if (system === undefined || route === undefined) return null
  const match = () => ({ route, params: new Map() })
  return { ...policy, systems: new Map([[onlySystem, { ...system, name: onlySystem, match }]]) }
}

async function ask(origin: string, { limits }: Config): Promise<void> {
  const { systems } = upstreamOnly(origin, { directory: '.' })!
  const client = connectUpstream(systems.get(onlySystem)!, limits.answerHeaders)
  try {
    for (const bytes of answers) {
      const { answer } = client.call({ method: 'GET', path: `/${bytes}`, headers: {}, body: null })
      const { status, body } = await answer
      await drain(body)
      if (status !== 200) return
    }
  } finally {
    await client.close()
  }
}

async function drain(body: Body): Promise<void> {
  for (let chunk = body.take(); chunk !== null; chunk = body.take()) if (chunk === undefined) await body.ready()
}

/** Makes lines and seals them, and writes none. */
function nowhere(): RecordLog {
  const log = 'nowhere'
  const numbering = new Numbering(log, Date.now, { seq: 0, time: 0 })
  return {
    log,
    usable: true,
    health: { usable: true, cause: null, lowSpace: false, clockBehind: 0 },
    beganDamaged: false,
    lastTime: 0,
    counts: { entries: 0, batches: 0, bytes: 0, queued: 0 },
    durable: { file: 0, size: 0, seq: 0, prev: beforeFirst },
    async append(drafts) {
      const { seq: first } = numbering
      const { text, receipts, next } = numbering.linesOf(drafts, true)
      numbering.seq = next
      sealBatch(Batch.of(text, next - first), { batch: 0, first, prev: beforeFirst })
      return receipts
    },
    onDurable: () => () => {},
    onChange: () => () => {},
    async close() {},
  }
}

const silent: OperationalLog = { debug() {}, info() {}, warn() {}, error() {} }
