/**
 * Old clients that cannot set headers say operator, purpose and basis by parameters: `veilgate_operator=u1203`. These are the
 * gateway's own: none reaches a system, and from consumers that are not let to use them they are refused.
 */
import type { Consumer } from '../config/config.ts'
import type { RequestHead } from '../contracts.ts'
import { Refusal } from '../errors.ts'
import type { Target } from './target.ts'

const reserved = /^veilgate[_-]/i
const said: ReadonlyMap<string, string> = new Map(
  ['operator', 'purpose', 'basis', 'grant'].map(word => [`veilgate_${word}`, `veilgate-${word}`]),
)

/**
 * The target without such parameters, and the head with what they say; both as they are where there are none. Throws
 * Refusal PARAMETER_UNDECLARED; HEADER_MALFORMED where a header says it too.
 */
export function takeSaid(head: RequestHead, target: Target, consumer: Consumer): { head: RequestHead; target: Target } {
  if (!target.parameters.some(({ name }) => reserved.test(name))) return { head, target }
  const headers: Record<string, readonly string[]> = Object.assign(Object.create(null), head.headers)
  const parameters = target.parameters.filter(({ name, value }) => {
    if (!reserved.test(name)) return true
    const header = said.get(name)
    if (!consumer.saysInQuery || header === undefined || value === null) throw new Refusal('PARAMETER_UNDECLARED')
    if (headers[header] !== undefined) throw new Refusal('HEADER_MALFORMED')
    headers[header] = [value]
    return false
  })
  return { head: { ...head, headers }, target: { ...target, parameters } }
}
