/** A request that presents a grant, and what of it is not as the grant has it. Pure. */
import { createHmac } from 'node:crypto'
import { networksOf } from '../../address.ts'
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
    ['terminal', isTerminal(terms.terminals, attempt)],
  ]
  return same.filter(([, holds]) => !holds).map(([name]) => name)
}

const certificatePrefix = 'cert:'

/** Of each kind that is named one must fit. A grant that names none fits nowhere. */
function isTerminal(terminals: readonly string[], { address, certificate }: Attempt): boolean {
  const certificates = terminals.filter(one => one.startsWith(certificatePrefix))
  const networks = terminals.filter(one => !one.startsWith(certificatePrefix))
  if (terminals.length === 0) return false
  if (networks.length > 0 && !networksOf(networks).has(address)) return false
  return certificates.length === 0 || (certificate !== null && certificates.includes(certificatePrefix + certificate))
}

/**
 * What stands for the target of a request in a grant: HMAC-SHA-256 over method, path and parameters, base64url. A target
 * can hold a person's number, so it is never written down; whoever knows one can have it compared. The order of
 * parameters does not count; no name comes twice.
 */
export function queryIndex(
  key: Uint8Array,
  method: string,
  path: string,
  parameters: readonly { readonly name: string; readonly value: string | null }[],
): string {
  const sorted = parameters.map(({ name, value }) => JSON.stringify([name, value])).sort()
  return createHmac('sha256', key)
    .update(JSON.stringify([method, path, sorted]))
    .digest('base64url')
}
