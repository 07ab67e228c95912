import type { BasisKind, BasisRule, Consumer, TrustedProxies } from '../config/config.ts'
import type { EndedSessions, IdentityPlugin, KeyRing, Learner, Peer, RequestHead } from '../contracts.ts'
import { type ProblemCode, Refusal } from '../errors.ts'
import { type BasisVerifier, createBasisVerifier } from './basis-verifier.ts'
import { callerAddress } from './forwarded.ts'
import { createIdentify, type Identified } from './identify.ts'
import { learnersOf } from './learners.ts'
import { createRateLimits, type MakeLimiter } from './rate-limits.ts'
import { type NamedDetector, readStatement, referencesOf, type Statement } from './statement.ts'
import { fingerprintOf, isTerminal } from './terminals.ts'

export type AccessParts = {
  readonly consumers: ReadonlyMap<string, Consumer>
  readonly anonymous: Consumer | null
  readonly proxies: TrustedProxies
  readonly bases: ReadonlyMap<BasisKind, BasisRule>
  /** IANA name. */
  readonly timezone: string
  /** Wrong or missing credentials from one address within a minute. */
  readonly failedAuthentications: number
  readonly identities: readonly IdentityPlugin[]
  readonly keys: KeyRing
  /** Left out: sessions end in their time alone. */
  readonly ended?: EndedSessions
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Where limits are counted; in this process where left out. */
  readonly makeLimiter?: MakeLimiter
}

/**
 * Who is asking, for whom and why. The steps in the order an exchange takes them; each throws the Refusal that ends the
 * exchange, so that the caller knows as much as was known by then.
 */
export type Access = {
  /** The caller's address in normal form, after the trusted hops. `socket`: the other end of the connection. */
  addressOf(socket: string, head: RequestHead): string
  /**
   * The consumer, known by all it declares; `anonymous` where there are no credentials and the configuration lets
   * such callers in. Until this is done a caller is nobody, and its refusals are counted, not recorded one by one.
   * A promise only where somebody else has to be asked.
   */
  identify(head: RequestHead, peer: Peer): Identified | Promise<Identified>
  /** Counts what a caller failed by, and rejects with it. */
  failed(error: unknown, peer: Peer): Promise<never>
  /** Uses up one request of the consumer's rate; of the address's, where it is anonymous. undefined: it has no limit. */
  limit(consumer: Consumer, address: string): Promise<void> | undefined
  /** Who learns the operator from the system's answers, for this consumer; null: nobody does. */
  learner(consumer: Consumer): { readonly source: string; readonly learner: Learner } | null
  /** Uses up one request of a caller that is slowed down. `rate`: requests a minute. Rejects with Refusal SLOWED_DOWN. */
  slowed(lockdown: string, rate: number): Promise<void>
  /** Operator, purpose and basis as stated by a consumer that is trusted to, and whether it calls from one of its terminals. `detectors`: of the policy in force. */
  statement(head: RequestHead, caller: Identified, detectors: readonly NamedDetector[], peer: Peer): Statement
  /** The statement with its basis verified; null: nobody is to be asked about it. See basis-verifier.ts. */
  verify: BasisVerifier['verify']
}

const failures: ReadonlySet<ProblemCode> = new Set([
  'CREDENTIALS_WRONG',
  'CREDENTIALS_MISSING',
  'ADDRESS_NOT_ALLOWED',
  'TIME_NOT_ALLOWED',
])

export function createAccess(parts: AccessParts): Access {
  const address = callerAddress(parts.proxies)
  const identify = createIdentify(parts)
  const verifier = createBasisVerifier(parts.bases, parts.now)
  const references = referencesOf(parts.bases)
  const limits = createRateLimits(parts.failedAuthentications, parts.makeLimiter)
  /** Shown again within ten minutes, it is a replay. */
  const countOnce = async (found: Identified, peer: Peer): Promise<Identified> => {
    if (found.once === null || (await limits.isFirst(found.consumer, found.once))) return found
    return failed(new Refusal('CREDENTIALS_WRONG', { challenge: 'Signature' }), peer)
  }
  const settle = async (finding: Promise<Identified>, peer: Peer): Promise<Identified> =>
    countOnce(await finding.catch(error => failed(error, peer)), peer)
  const failed = async (error: unknown, peer: Peer): Promise<never> => {
    if (error instanceof Refusal && failures.has(error.code)) await limits.failed(peer.address)
    throw error
  }
  return {
    addressOf: (socket, head) => address(socket, head.headers['x-forwarded-for'] ?? []),
    identify(head, peer) {
      try {
        const found = identify(head, peer)
        if (found instanceof Promise) return settle(found, peer)
        return found.once === null ? found : countOnce(found, peer)
      } catch (error) {
        return failed(error, peer)
      }
    },
    failed,
    limit: (consumer, from) => limits.take(consumer, consumer === parts.anonymous ? from : null),
    learner: learnersOf(parts),
    slowed: limits.slowed,
    statement(head, caller, detectors, peer) {
      const statement = readStatement(head, caller, detectors, references)
      const { basis, grant } = statement
      const isOwn = basis !== null && (parts.bases.get(basis.kind)?.approvers ?? null) !== null
      // its approvers have seen the grant, and nothing of a bare statement
      if (isOwn && grant === null) throw new Refusal('BASIS_UNAPPROVED', { missing: ['grant'] })
      const { terminals } = caller.consumer
      const place = { address: peer.address, certificate: () => fingerprintOf(peer) }
      if (!isTerminal(terminals, place)) return statement
      return { ...statement, presented: new Set([...statement.presented, 'terminal' as const]) }
    },
    verify: verifier.verify,
  }
}
