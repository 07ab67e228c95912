/**
 * Old clients that cannot set headers say operator, purpose and basis by parameters: `veilgate_operator=u1203`. These are the
 * gateway's own: none reaches a system, and from consumers that are not let to use them they are refused.
 */
import type { Consumer } from '../../config/config.ts'
import type { RequestHead } from '../../contracts.ts'
import { Refusal } from '../../errors.ts'
import type { Target } from './target.ts'

const reserved = /^veilgate[_-]/i
const said: ReadonlyMap<string, string> = new Map(
  ['operator', 'purpose', 'basis', 'grant'].map(word => [`veilgate_${word}`, `veilgate-${word}`]),
)

/** Whether a name is the gateway's own. */
export function isReserved(name: string): boolean {
  return reserved.test(name)
}

/**
 * The target without such parameters, and the head with what they say; both as they are where there are none. Throws
 * Refusal PARAMETER_UNDECLARED; HEADER_MALFORMED where a header says it too.
 */
export function takeSaid(head: RequestHead, target: Target, consumer: Consumer): { head: RequestHead; target: Target } {
  const fields = target.parameters.filter(({ name }) => isReserved(name))
  if (fields.length === 0) return { head, target }
  if (!consumer.saysInQuery) throw new Refusal('PARAMETER_UNDECLARED')
  const parameters = target.parameters.filter(({ name }) => !isReserved(name))
  return { head: statedBy(head, fields), target: { ...target, parameters } }
}

/** The head with what fields of the gateway's own say. Throws Refusal PARAMETER_UNDECLARED; HEADER_MALFORMED where it is said already. */
export function statedBy(
  head: RequestHead,
  fields: readonly { readonly name: string; readonly value: string | null }[],
): RequestHead {
  const headers: Record<string, readonly string[]> = Object.assign(Object.create(null), head.headers)
  for (const { name, value } of fields) {
    const header = said.get(name)
    if (header === undefined || value === null) throw new Refusal('PARAMETER_UNDECLARED')
    if (headers[header] !== undefined) throw new Refusal('HEADER_MALFORMED')
    headers[header] = [value]
  }
  return { ...head, headers }
}
