/** A request's body once it is decided what may be done: what the system gets of it, and what it asks by. */
import type { Readable } from 'node:stream'
import type { Limits } from '../../config/config.ts'
import type { RequestHead } from '../../contracts.ts'
import { Refusal } from '../../errors.ts'
import type { Masking } from '../../masking/engine.ts'
import type { Plan } from '../../policy/plan.ts'
import type { Policy, RoutePolicy } from '../../policy/policy.ts'
import { namedDetectors } from '../parts.ts'
import { parseMediaType } from '../response/media-type.ts'
import { inTurns } from '../turns.ts'
import { asksByBody, checkAskedBody, isAny } from './asking-body.ts'
import { type RequestBodyScope, readRequestBody } from './body.ts'
import { checkGraphqlBody, isOfGraphql } from './graphql/sent.ts'
import type { HeldBody } from './held-bodies.ts'
import { alsoRestored, type WrittenTarget } from './restore.ts'
import { isForm } from './said-in-form.ts'
import { isReserved } from './said-in-query.ts'
import type { Searched } from './searched.ts'
import type { SignInToSystem } from './sign-in-to-system.ts'
import type { Parameter } from './target.ts'

/** What is decided of a request by the time its body is read. */
export type Decided = {
  readonly masking: Masking
  readonly limits: Limits
  readonly policy: Policy
  readonly plan: Plan
  readonly rules: RoutePolicy
  readonly parameters: readonly Parameter[]
  readonly written: WrittenTarget
  /** Whose the tokens in it must be. */
  readonly scope: RequestBodyScope & { readonly now: number }
  readonly held: HeldBody
  /** null: nobody learns who somebody is where they sign in to this system. */
  readonly signIn: SignInToSystem | null
}

/** `bytes`: what is sent in place of the body; null: it goes on as it comes. */
export type ReadBody = {
  readonly bytes: Uint8Array | null
  readonly written: WrittenTarget
  readonly searched: readonly Searched[]
  /** Whether it asks for nothing but the types of a GraphQL system. */
  readonly introspects?: boolean
}

/** A body that can hold tokens or masked values is read before the system sees anything. Throws the Refusal that ends the exchange. */
export async function readSentBody(body: Readable, head: RequestHead, decided: Decided): Promise<ReadBody> {
  const { masking, limits, policy, plan, rules, parameters, scope, signIn, held } = decided
  const read = await readRequestBody(body, head, {
    masking,
    plan,
    limits,
    drop: rules.maskedValues === 'drop',
    refuse: rules.maskedValues === 'refuse',
    asks: rules.body !== 'graphql' && asksByBody(head.method, rules),
    path: decided.written.path,
    held,
    ...scope,
  })
  if (read !== null) signIn?.read(read.pairs() ?? [], parameters, namedDetectors(policy, plan.types))
  const written = read === null ? decided.written : alsoRestored(decided.written, read.findings)
  const restored = read?.findings.restored ?? new Set()
  const { essence } = parseMediaType(head.headers['content-type']?.[0] ?? null)
  if (rules.body === 'graphql') {
    // nobody could tell which of two documents the system takes
    if (parameters.some(isOfGraphql)) throw new Refusal('PARAMETER_UNDECLARED')
    const checked = await inTurns(checkGraphqlBody(read?.bytes ?? null, essence, restored, plan))
    return { bytes: read!.bytes, written, ...checked, searched: [...written.searched, ...checked.searched] }
  }
  const asked = { method: head.method, mediaType: essence, pairs: read?.pairs ?? (() => null) }
  // of a caller that may not state in forms, or by this method
  if (isForm(head) && (await inTurns(isAny(asked.pairs() ?? [], ({ name }) => isReserved(name)))))
    throw new Refusal('PARAMETER_UNDECLARED')
  const searched = await inTurns(checkAskedBody({ ...asked, restored }, rules, plan))
  return { bytes: read?.bytes ?? null, written, searched: [...written.searched, ...searched] }
}
