/** What commands about policies share: a folder from an argument, and the engine to try it with. */
import { relative, resolve } from 'node:path'
import { plugins } from '../../../plugins/index.ts'
import { limitRules, limitsFrom } from '../../config/limits.ts'
import { type ProblemCode, Refusal } from '../../errors.ts'
import { CharsetCodec } from '../../exchange/charset/codec.ts'
import type { Charset } from '../../exchange/charset/labels.ts'
import { checkParameters } from '../../exchange/request/check-parameters.ts'
import { parseTarget } from '../../exchange/request/target.ts'
import { parseMediaType } from '../../exchange/response/media-type.ts'
import { charsetOf, startOf, wayThrough } from '../../exchange/response/opening.ts'
import { createMasking, type Masking } from '../../masking/engine.ts'
import type { ExplainedField } from '../../masking/explain.ts'
import type { StateSeal } from '../../masking/plan-tables.ts'
import { renderFaults } from '../../policy/fault.ts'
import { loadPolicies } from '../../policy/load.ts'
import type { Plan } from '../../policy/plan.ts'
import type { Policy } from '../../policy/policy.ts'
import { type TestEngine, type TestOutcome, testKeys } from '../../policy/run-tests.ts'
import { exit, type Io } from '../command.ts'

/** The folder where none is named. */
export const policyFolder = 'policies'

/** Loads a folder and prints what is wrong with it; without a policy, the exit status the command ends with. */
export function openPolicies(directory: string, io: Io): { policy: Policy } | { status: number } {
  const path = resolve(io.cwd, directory)
  const shown = relative(io.cwd, path) || '.'
  const loaded = loadPolicies(path, { plugins, keys: testKeys, shown })
  io.stderr(renderFaults(loaded.faults, io.lang))
  if ('policy' in loaded) return loaded
  const missing = loaded.faults.some(({ code, file }) => code === 'POLICY_UNREADABLE' && file === shown)
  return { status: missing ? exit.unable : exit.wrong }
}

/**
 * Loads a folder that is compared with another; null, with what is wrong printed, where it cannot be. It has a system of the
 * shipped kind, so that a change of catalogue or audiences shows also where no system is named.
 */
export function openCompared(directory: string, io: Io): Policy | null {
  const path = resolve(io.cwd, directory)
  const shown = relative(io.cwd, path) || '.'
  const loaded = loadPolicies(path, { plugins, keys: testKeys, shown, shippedSystems: ['policy-shipped'] })
  if ('policy' in loaded) return loaded.policy
  io.stderr(renderFaults(loaded.faults, io.lang))
  return null
}

/** What a body is allowed to be where no gateway.yaml says otherwise. */
export const bodyLimits = limitsFrom(limitRules)

const masking = createMasking(plugins)

/** What leaves sealed is another text each time: here a token that is handed out stands as one text, and all else as if it had gone. */
const sealing: StateSeal = {
  seal: () => null,
  sealToken: () => null,
  sealHandedOut: () => 'vgt1.***',
  sealBoxes: () => null,
  of: () => sealing,
}

/** As the gateway masks a body. */
export function maskedBy(masking: Masking): TestEngine['mask'] {
  return (plan, mediaType, body, { on = Date.now(), as } = {}): TestOutcome => {
    try {
      const type = parseMediaType(mediaType)
      const way = wayThrough(masking, plan, type, startOf(body, type), false)
      if ('unread' in way) return { sees: Buffer.from(body).toString('utf8') }
      const { format } = way
      const scope = {
        consumer: 'test',
        purpose: 'test',
        now: on,
        states: sealing,
        ...(as !== undefined && { operator: as }),
      }
      const masker = masking.start(plan, format, scope, bodyLimits)
      return { sees: Buffer.concat([...masker.write(body), ...masker.end()]).toString('utf8') }
    } catch (error) {
      return { refused: refusalOf(error).code }
    }
  }
}

/** The engine of the gateway, for bodies at hand. */
export const engine: TestEngine & {
  /** Why each field of a body becomes what it becomes today; or the code it would be withheld with. */
  explain(
    plan: Plan,
    mediaType: string | null,
    body: Uint8Array,
  ): Promise<readonly ExplainedField[] | { readonly refused: ProblemCode }>
} = {
  target(text) {
    try {
      const { path, parameters } = parseTarget(text, undefined)
      return { path, refuse: (plan, route) => refusalFor(parameters, route, plan) }
    } catch (error) {
      return { refused: refusalOf(error).code }
    }
  },
  mask: maskedBy(masking),
  explain,
}

async function explain(plan: Plan, mediaType: string | null, body: Uint8Array) {
  try {
    const type = parseMediaType(mediaType)
    const start = startOf(body, type)
    const way = wayThrough(masking, plan, type, start, false)
    if ('unread' in way) return []
    const scope = { consumer: 'explain', purpose: 'explain', now: Date.now(), states: sealing }
    const read = way.format.reads === 'bytes' ? body : inUtf8(body, charsetOf(body, start, type, plan).charset)
    return await masking.explain(plan, way.format, read, scope, bodyLimits, type.boundary)
  } catch (error) {
    return { refused: refusalOf(error).code }
  }
}

/** Only to be read: what is made of it is never written in that charset. */
function inUtf8(body: Uint8Array, charset: Charset): Uint8Array {
  if (charset === 'utf-8') return body
  const codec = new CharsetCodec(charset, 'text')
  const read = codec.read(body)
  codec.endRead()
  return read
}

/** Why the audience of a plan may not ask by these parameters; null: it may. */
export function refusalFor(...asked: Parameters<typeof checkParameters>): ProblemCode | null {
  try {
    checkParameters(...asked)
    return null
  } catch (error) {
    return refusalOf(error).code
  }
}

/** A refusal is an answer; anything else is a bug, and ends the command. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  throw error
}
