/** A request that presents a grant, and what of it is not as the grant has it. Pure. */
import { createHmac } from 'node:crypto'
import { isTerminal } from '../terminals.ts'
import type { Terms } from './terms.ts'

export type Attempt = {
  readonly grant: string
  readonly consumer: string
  readonly audience: string
  /** As the records have it; null: not said. */
  readonly operator: string | null
  readonly purpose: string | null
  readonly basis: { readonly kind: string; readonly ref: string | null } | null
  readonly system: string
  readonly route: string
  readonly query: string
  readonly address: string
  /** SHA-256 of the client certificate, in lower hexadecimal digits; null: the connection has none. */
  readonly certificate: string | null
}

/** What differs, in words for whoever presents it: names of terms, never what they are. Empty: nothing. */
export function differences(terms: Terms, attempt: Attempt): string[] {
  const same: readonly (readonly [name: string, holds: boolean])[] = [
    ['consumer', terms.consumer === attempt.consumer && terms.audience === attempt.audience],
    ['operator', terms.operator === attempt.operator],
    ['purpose', terms.purpose === attempt.purpose],
    ['basis', terms.basis.kind === attempt.basis?.kind && terms.basis.ref === attempt.basis.ref],
    ['route', terms.system === attempt.system && terms.route === attempt.route],
    ['query', terms.query === attempt.query],
    ['terminal', isTerminal(terms.terminals, { address: attempt.address, certificate: () => attempt.certificate })],
  ]
  return same.filter(([, holds]) => !holds).map(([name]) => name)
}

/**
 * What stands for the target of a request in one grant, by its id: HMAC-SHA-256 over method, path and parameters, base64url.
 * A target can hold a person's number, so it is never written down; whoever knows one can have it compared, a few times.
 * What stands for it in another grant is another, so that no draft tells whom a grant is for. The order of parameters does not count; no name comes twice. `question`: of a body that asks (exchange/request/question.ts).
 */
export function queryIndex(
  key: Uint8Array,
  grant: string,
  method: string,
  path: string,
  parameters: readonly { readonly name: string; readonly value: string | null }[],
  question?: string,
): string {
  const sorted = parameters.map(({ name, value }) => JSON.stringify([name, value])).sort()
  return createHmac('sha256', key)
    .update(JSON.stringify([grant, method, path, sorted, ...(question === undefined ? [] : [question])]))
    .digest('base64url')
}
