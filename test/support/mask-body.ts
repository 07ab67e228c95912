/** Runs bodies through the masking engine as traffic would, without a gateway. */
import { createMasking } from '../../gateway/masking/engine.ts'
import type { Tally } from '../../gateway/masking/tally.ts'
import type { Plan } from '../../gateway/policy/plan.ts'
import { plugins } from '../../plugins/index.ts'

export const masking = createMasking(plugins)
export const limits = { scalar: 4 << 20, depth: 128, page: 4 << 20 }

export type Masked = { readonly bytes: Buffer; readonly tally: Tally }

/** Masks a body that arrives in pieces cut at the given offsets. Throws what the engine throws. */
export function maskBody(plan: Plan, body: Uint8Array | string, cuts: readonly number[] = [], format = 'json'): Masked {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const plugin = plugins.formats.find(({ name }) => name === format)!
  const masker = masking.start(plan, plugin, { consumer: 'tester', purpose: 'test' }, limits)
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
  return { bytes: Buffer.concat(out), tally: masker.takeTally() }
}

/** As text. */
export function maskText(plan: Plan, body: string, format = 'json'): string {
  return maskBody(plan, body, [], format).bytes.toString()
}
