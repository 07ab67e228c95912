/** Runs bodies through the masking engine as traffic would, without a gateway. */
import assert from 'node:assert/strict'
import type { FormatPlugin } from '../../gateway/contracts.ts'
import { type ProblemCode, Refusal } from '../../gateway/errors.ts'
import { createMasking, type Masker, type Masking } from '../../gateway/masking/engine.ts'
import type { Tally } from '../../gateway/masking/tally.ts'
import type { Plan } from '../../gateway/policy/plan.ts'
import type { KnownPerson, PersonalValue } from '../../gateway/subject.ts'
import { plugins } from '../../plugins/index.ts'

export const masking = createMasking(plugins)
/** For the ages of people it is this day. */
export const scope = { consumer: 'tester', purpose: 'test', now: Date.UTC(2026, 10, 21) }
export const limits = { scalar: 4 << 20, depth: 128, page: 4 << 20 }

/** JSON by the compiled reader, and by the one in TypeScript that takes its place where it cannot run. */
export const jsonReaders: readonly FormatPlugin[] = ['json', 'ndjson'].flatMap(name => {
  const plugin = formatOf(name)
  return [plugin, { ...plugin, create: () => plugin.create({ reader: 'plain' }) }]
})

const maskings = new Map<FormatPlugin, Masking>()

function formatOf(format: string | FormatPlugin): FormatPlugin {
  return typeof format === 'string' ? plugins.formats.find(({ name }) => name === format)! : format
}

function maskingOf(plugin: FormatPlugin): Masking {
  if (plugins.formats.includes(plugin)) return masking
  const known =
    maskings.get(plugin) ??
    createMasking({ formats: plugins.formats.map(one => (one.name === plugin.name ? plugin : one)) })
  maskings.set(plugin, known)
  return known
}

export type Masked = { readonly bytes: Buffer; readonly tally: SpelledTally }
/** With everybody's values spelled out. */
export type SpelledTally = Omit<Tally, 'subjects'> & { readonly subjects: readonly KnownPerson[] }

/**
 * Masks a body that arrives in pieces cut at the given offsets. Throws what the engine throws. JSON asked for by name is read
 * by both readers, which have to agree in bytes, tally and fault.
 */
export function maskBody(
  plan: Plan,
  body: Uint8Array | string,
  cuts: readonly number[] = [],
  format: string | FormatPlugin = 'json',
): Masked {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  if (typeof format !== 'string') return maskWith(format, plan, bytes, cuts)
  const readers = jsonReaders.filter(({ name }) => name === format)
  const [first, second] = readers.map(reader => outcomeOf(() => maskWith(reader, plan, bytes, cuts)))
  if (first === undefined) return maskWith(formatOf(format), plan, bytes, cuts)
  assert.deepEqual(first, second, 'the two readers of JSON disagree')
  if ('masked' in first) return first.masked
  throw first.error
}

type Result = { readonly masked: Masked } | { readonly code: string; readonly error: Error }

/** What came of it; errors are compared by their code. */
function outcomeOf(mask: () => Masked): Result {
  try {
    return { masked: mask() }
  } catch (error) {
    return Object.defineProperty({ code: faultOf(error), error: error as Error }, 'error', { enumerable: false })
  }
}

/** The code of what is wrong with a body. What is wrong with the gateway, or a test, is thrown again. */
export function faultOf(error: unknown): ProblemCode {
  if (error instanceof Refusal && error.code !== 'GATEWAY_FAULT') return error.code
  throw error
}

function maskWith(plugin: FormatPlugin, plan: Plan, bytes: Uint8Array, cuts: readonly number[]): Masked {
  const masker = maskingOf(plugin).start(plan, plugin, scope, limits)
  const out: Uint8Array[] = []
  let from = 0
  for (const to of [...cuts, bytes.length]) {
    // A copy, so that a reader that keeps hold of what it was given would show.
    const piece = Uint8Array.prototype.slice.call(bytes, from, to)
    out.push(...masker.write(piece).map(part => Buffer.from(part)))
    piece.fill(0x58)
    from = to
  }
  out.push(...masker.end().map(part => Buffer.from(part)))
  return { bytes: Buffer.concat(out), tally: tallyOf(masker) }
}

/** What was done since the last call, so that two can be compared. */
export function tallyOf(masker: Masker): SpelledTally {
  const { subjects, ...counts } = masker.takeTally()
  const known = ({ dataType, value, mostVisible, strictest }: PersonalValue) => ({
    dataType,
    value,
    mostVisible,
    strictest,
  })
  return { ...counts, subjects: Array.from(subjects, one => ({ ...known(one), also: one.also.map(known) })) }
}

/** As text. */
export function maskText(plan: Plan, body: string, format: string | FormatPlugin = 'json'): string {
  return maskBody(plan, body, [], format).bytes.toString()
}
