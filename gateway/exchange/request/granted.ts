/** Requests that present a grant: what they are held against, and why they are refused. */
import { type Attempt, queryIndex } from '../../access/grants/attempt.ts'
import type { GrantUses, Refused } from '../../access/grants/desk.ts'
import { sightOf, type Terms } from '../../access/grants/terms.ts'
import type { Statement } from '../../access/statement.ts'
import { fingerprintOf } from '../../access/terminals.ts'
import type { Consumer } from '../../config/config.ts'
import type { Peer } from '../../contracts.ts'
import { Refusal } from '../../errors.ts'
import type { Plan } from '../../policy/plan.ts'
import type { Policy, RoutePolicy, SystemPolicy } from '../../policy/policy.ts'
import type { BlindIndex } from '../../records/blind-index/blind-index.ts'
import { operatorOf } from '../response/record-of.ts'
import type { Parameter } from './target.ts'

/** Where grants are decided, and the key under which they name targets. */
export type Grants = { readonly uses: GrantUses; readonly queryKey: Uint8Array }

/** A request with what it has said, before anything is decided. */
export type Presenting = {
  readonly method: string
  /** What the body asks, of a method that asks by one. */
  readonly question?: string
  readonly path: string
  readonly parameters: readonly Parameter[]
  readonly consumer: Consumer
  readonly statement: Statement
  readonly system: SystemPolicy
  readonly route: RoutePolicy
  readonly peer: Peer
}

/** A request whose grant holds, but is not used up yet. */
export type Granted = {
  readonly terms: Terms
  readonly plan: Plan
  /** Uses it up, durably. Throws as `lookUp` does, where another request was first. */
  use(): Promise<void>
}

/**
 * The grant a request presents, if it holds for this request: its plan, in which nothing is shown but what the grant says.
 * Throws Refusal GRANT_UNUSABLE, GRANT_MISMATCH with what differs, STATEMENT_MISSING with what must be stated beside it.
 * `known`: told of a grant that is there, whatever comes of it.
 */
export async function lookUp(
  grants: Grants | null,
  presenting: Presenting,
  policy: Policy,
  index: BlindIndex,
  known: (grant: string) => void,
): Promise<Granted> {
  const { method, consumer, statement, system, route } = presenting
  if (grants === null) throw new Refusal('GRANT_UNUSABLE')
  // what writes is nothing to be granted; of what asks by its body the body is part of the question
  if (method !== 'GET' && presenting.question === undefined)
    throw new Refusal('GRANT_MISMATCH', { missing: ['method'] })
  const attempt = attemptOf(presenting, grants.queryKey, index)
  const hold = (answer: { readonly terms: Terms } | Refused): Terms => {
    if (!('why' in answer && answer.why === 'unknown')) known(attempt.grant)
    if ('terms' in answer) return answer.terms
    if ('differs' in answer) throw new Refusal('GRANT_MISMATCH', { missing: answer.differs })
    throw new Refusal('GRANT_UNUSABLE')
  }
  const terms = hold(await grants.uses.look(attempt))
  const sees = terms.sees.map(sightOf)
  // the terminal is one that those who approved it have named
  const presented = new Set([...statement.presented, 'terminal' as const])
  const made = policy.grantedPlan(system, route, consumer.audience, { sees, rows: terms.rows }, presented)
  if ('missing' in made) throw new Refusal('STATEMENT_MISSING', { missing: made.missing })
  return { terms, plan: made.plan, use: async () => void hold(await grants.uses.use(attempt)) }
}

function attemptOf(presenting: Presenting, key: Uint8Array, index: BlindIndex): Attempt {
  const { method, path, parameters, question, consumer, statement, system, route, peer } = presenting
  return {
    grant: statement.grant!,
    consumer: consumer.name,
    audience: consumer.audience,
    operator: operatorOf(statement, index),
    purpose: statement.purpose,
    basis: statement.basis && { kind: statement.basis.kind, ref: statement.basis.ref },
    system: system.name,
    route: route.template.text,
    query: queryIndex(key, statement.grant!, method, path, parameters, question),
    address: peer.address,
    certificate: fingerprintOf(peer),
  }
}

/** Throws GRANT_MISMATCH where the answer is in another format than the grant is for. `format`: null: none that is read. */
export function checkFormat({ terms }: Granted, format: string | null): void {
  if (terms.format !== null && terms.format !== format) throw new Refusal('GRANT_MISMATCH', { missing: ['format'] })
}
