import type { Consumer, TrustedProxies } from '../config/config.ts'
import type { IdentityPlugin, KeyRing, Peer, RequestHead } from '../contracts.ts'
import { type ProblemCode, Refusal } from '../errors.ts'
import { callerAddress } from './forwarded.ts'
import { createIdentify } from './identify.ts'
import { createRateLimits, type MakeLimiter } from './rate-limits.ts'
import { type NamedDetector, readStatement, type Statement } from './statement.ts'

export type AccessParts = {
  readonly consumers: ReadonlyMap<string, Consumer>
  readonly anonymous: Consumer | null
  readonly proxies: TrustedProxies
  /** Wrong or missing credentials from one address within a minute. */
  readonly failedAuthentications: number
  readonly identities: readonly IdentityPlugin[]
  readonly keys: KeyRing
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
   */
  identify(head: RequestHead, peer: Peer): Promise<Consumer>
  /** Uses up one request of the consumer's rate; of the address's, where it is anonymous. */
  limit(consumer: Consumer, address: string): Promise<void>
  /** Operator, purpose and basis as stated by a consumer that is trusted to. `detectors`: of the policy in force. */
  statement(head: RequestHead, consumer: Consumer, detectors: readonly NamedDetector[]): Statement
}

const failures: ReadonlySet<ProblemCode> = new Set(['CREDENTIALS_WRONG', 'CREDENTIALS_MISSING', 'ADDRESS_NOT_ALLOWED'])

export function createAccess(parts: AccessParts): Access {
  const address = callerAddress(parts.proxies)
  const identify = createIdentify(parts)
  const limits = createRateLimits(parts.failedAuthentications, parts.makeLimiter)
  return {
    addressOf: (socket, head) => address(socket, head.headers['x-forwarded-for'] ?? []),
    async identify(head, peer) {
      try {
        return await identify(head, peer)
      } catch (error) {
        if (error instanceof Refusal && failures.has(error.code)) await limits.failed(peer.address)
        throw error
      }
    },
    limit: (consumer, from) => limits.take(consumer, consumer === parts.anonymous ? from : null),
    statement: readStatement,
  }
}
